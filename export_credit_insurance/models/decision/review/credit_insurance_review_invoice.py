import dataclasses
from collections import defaultdict

from odoo import api, fields, models

from ...ledger.untaxed_share import BILLS, untaxed_share


class CreditInsuranceReview(models.Model):
    """What was invoiced although no order of that buyer stands for it.

    Invoices are never blocked (DESIGN 4, *Delivery*), and once they are posted they are
    exposure. But nobody has decided on a sale that begins with its invoice, that bills
    more than was ordered, another buyer than the order's, or at longer terms: what
    exceeds the credit, or is not insured so, is listed for credit control, who are told
    at once.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _notice_invoices(self, invoices):
        """List those of these posted invoices that exceed the credit, unordered.

        A fault in here keeps nobody from invoicing, see :meth:`_check_facts`. A receipt
        that names nobody is no buyer's debt.
        """
        checked = self.env["res.company"]._credit_check_modes()
        # sudo: whoever invoices knows nothing of credit; without the context of their
        # request, which could say how what is created here was decided
        env = self.env(su=True, context={})
        posted = invoices.with_env(env).filtered(
            lambda move: move.move_type in BILLS
            and move.state == "posted"
            and move.partner_id
            and move.company_id.id in checked
        )
        reviews = self.with_env(env)
        reviews._check_facts(
            lambda moves: reviews._list_invoices(moves._credit_unordered_amounts()),
            posted,
            lambda move: reviews._prepare_invoice_base(move, abs(move.amount_total)),
        )

    @api.model
    def _list_invoices(self, amounts):
        """List these invoices where they do not fit.

        :param amounts: {invoice: what of it nobody has ordered, in its currency}
        """
        by_company = defaultdict(dict)
        for invoice, amount in amounts.items():
            by_company[invoice.company_id][invoice] = amount
        if self.env["sale.order"]._acting_employee():
            # before anything of the position is read: who confirms or bills meanwhile
            # tries again. A job has nobody to replay it: it posts what was agreed on
            debtors = self.env["res.partner"].union(
                *(invoice.commercial_partner_id for invoice in amounts)
            )
            self.env["credit.insurance.anchor"]._bump(debtors)
        for company, group in by_company.items():
            lines = [
                self._prepare_invoice_line(invoice, group[invoice], found)
                for invoice, found in self._assess_invoices(company, group).items()
                if found.blocking or self._is_wrong_entity(invoice, found)
            ]
            if lines := self._invoices_not_listed(lines):
                self._record_facts("invoice", company, lines)

    @api.model
    def _is_wrong_entity(self, invoice, found):
        """Whether a private person owes what a company has ordered.

        It leaves the company's exposure, and nobody asks for the person's credit.
        """
        case = found.case
        rule = self.env["credit.insurance.check"]._rule(case, "wrong_entity")
        return (
            rule.severity != "ignore"
            and case.debtor._credit_kind() == "private"
            and invoice._credit_bills_a_company()
            and case.total_company_currency >= rule.min_amount
            and not self.env["credit.insurance.check"]._is_observed(case)
        )

    @api.model
    def _invoices_not_listed(self, lines):
        """Leave out invoices that wait on the list with as much already."""
        if not lines:
            return []
        waiting = self.env["credit.insurance.review.line"].search(
            [
                ("invoice_id", "in", [line["invoice_id"] for line in lines]),
                ("reviewed_on", "=", False),
            ]
        )
        listed = {line.invoice_id.id: line.undelivered_amount for line in waiting}
        return [
            line
            for line in lines
            if line["undelivered_amount"] > listed.get(line["invoice_id"], 0.0)
        ]

    @api.model
    def _assess_invoices(self, company, amounts):
        """Return {invoice: :class:`Assessment`}, each with what those before it left.

        The engine counts them already, so they are taken off the exposure first.
        """
        invoices = self.env["account.move"].union(*amounts)
        positions = self.env["credit.insurance.position"]._get_credit_position(
            invoices.commercial_partner_id, company, orders=self.env["sale.order"]
        )
        return self._assess_counted(
            {
                invoice: self._prepare_invoice_case(
                    invoice, positions[invoice.commercial_partner_id], amounts[invoice]
                )
                for invoice in invoices.sorted("id", reverse=True)
            },
            {
                invoice: self.env["sale.order"]._acting_employee()
                | self._makers(invoice)
                for invoice in invoices
            },
        )

    @api.model
    def _prepare_invoice_case(self, invoice, position, amount):
        """Return the :class:`OrderCase` of an invoice, in the order's place."""
        company, currency = invoice.company_id, invoice.currency_id
        base = amount
        if position.policy.cover_tax_basis == "ex_tax":
            base *= untaxed_share(invoice)
        convert = currency._convert
        case = self._prepare_fact_case(
            invoice,
            position,
            convert(base, position.limit_currency, company, position.day),
            convert(amount, company.currency_id, company, position.day),
        )
        return dataclasses.replace(
            case,
            addresses=case.addresses | invoice.partner_shipping_id,
            payment_term=invoice._credit_due(),
            scope="insured" if invoice._credit_bills_a_company() else case.scope,
        )

    @api.model
    def _prepare_invoice_base(self, invoice, amount):
        """Return what a line says of an invoice, whatever was found.

        :param amount: in its currency
        """
        return {
            "invoice_id": invoice.id,
            "receipt_ref": invoice.name or invoice.display_name,
            "sold_by": self.env["sale.order"]._acting_employee().id,
            "involved_ids": self._involved(self._makers(invoice)),
            "partner_id": invoice.commercial_partner_id.id,
            "currency_id": invoice.currency_id.id,
            "limit_currency_id": invoice.currency_id.id,
            "undelivered_amount": amount,
        }

    @api.model
    def _prepare_invoice_line(self, invoice, amount, found):
        return {
            **self._prepare_invoice_base(invoice, amount),
            "stage": "invoice",
            "limit_currency_id": found.case.currency.id,
            "missing_amount": found.case.round(
                self._missing(found) if found.blocking else found.case.missing
            ),
            "main_code": found.blocking[0].code if found.blocking else "wrong_entity",
        }

    def _makers(self, invoice):
        """Return who made and sells an invoice, or the one that it recurs from.

        A job posts what is to be posted by its date.
        """
        made = invoice | invoice.auto_post_origin_id
        return made.create_uid | made.invoice_user_id

    def _facts_summary(self, count):
        # EXTENDS: the facts in general
        if self.cause == "invoice":
            return self.env._(
                "Invoiced without an order, beyond the credit: %(count)s", count=count
            )
        return super()._facts_summary(count)


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    invoice_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="What no order of its buyer stands for, in whole or in part.",
    )

    def action_open_invoice(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.invoice_id.id,
            "view_mode": "form",
        }

    def _text(self):
        # EXTENDS: the lines in general
        if self.stage != "invoice":
            return super()._text()
        return self.env._(
            "%(invoice)s, %(buyer)s: %(amount)s invoiced without an order of this "
            "buyer (%(user)s), %(missing)s more than the authorised credit. Have it "
            "insured, collected or credited.",
            invoice=self.receipt_ref,
            buyer=self.partner_id.display_name,
            amount=self.currency_id.format(self.undelivered_amount),
            user=self.sold_by.name or self.env._("a job"),
            missing=self.limit_currency_id.format(self.missing_amount),
        )
