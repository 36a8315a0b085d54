import logging

from odoo import api, models

from ..background_flow import background_flow, in_background
from ..wrapped_method import keep_wrapped, wrap
from .credit_insurance_review_till_self import said_by_customer

_logger = logging.getLogger(__name__)

SOLD_STATES = ("paid", "done")
# Which invoice bills a sale: Odoo says so, as superuser, when it makes one.
BILLED_BY = "account_move"
# What customers order for themselves, as Odoo says when it takes it in.
SELF_ORDERED = ("kiosk", "mobile")


class CreditInsuranceReview(models.Model):
    """What was sold on account at the till: somebody has to decide on it.

    The goods are gone when the till tells of them, and it may have been offline: there
    is nothing to refuse. What exceeds the buyer's credit is listed for credit control,
    who are told at once; it is exposure like any other (DESIGN 4, *Enforcement*).
    """

    _inherit = "credit.insurance.review"

    def _register_hook(self):
        # EXTENDS 'base': the point of sale may be installed or not
        super()._register_hook()
        if "pos.order" in self.env:
            keep_wrapped(self.env)
            registry = self.env.registry
            receipts = registry["pos.order"]
            wrap(receipts, "sync_from_ui", _then_notice_synced)
            wrap(receipts, "_generate_pos_order_invoice", _then_notice_billed)
            wrap(registry["pos.session"], "create", _identifying_customers)
            wrap(registry["pos.session"], "_validate_session", _then_notice_closed)

    @api.model
    def _notice_till_sales(self, receipts):
        """List what of these sales exceeds the credit; let no till wait for a fault.

        :param receipts: orders of the point of sale
        """
        checked = self.env["res.company"]._credit_check_modes()
        if not checked:
            return
        # sudo: whoever sells at the till knows nothing of credit; without the context
        # of their request, which could say how what is created here was decided
        env = self.env(su=True, context={})
        sold = receipts.with_env(env).filtered(
            lambda receipt: receipt.company_id.id in checked
            and receipt.partner_id
            and receipt.state in SOLD_STATES
            and receipt.currency_id.compare_amounts(_on_account(receipt), 0.0) > 0
        )
        reviews = self.with_env(env)
        reviews._check_facts(reviews._list_till_sales, sold, reviews._prepare_till_base)

    @api.model
    def _identify_customers(self, tills):
        """Have these tills ask who the customer is, whoever is sold to on account.

        Without it Odoo books the debts of a whole session without their customers, and
        no ledger knows whose they are. To be called before a session is opened: until
        it is closed, nobody changes its methods of payment.

        :param tills: ``pos.config``
        """
        checked = self.env["res.company"]._credit_check_modes()
        # sudo: whoever opens a till may not configure it
        methods = tills.sudo().filtered(lambda till: till.company_id.id in checked)
        methods = methods.payment_method_ids.filtered(
            lambda method: method.type == "pay_later"
            and not method.split_transactions
            and not method.open_session_ids
        )
        if methods:
            methods.split_transactions = True
            _logger.info("Payment methods %s identify their customers", methods.ids)

    @api.model
    def _notice_missed_till_sales(self):
        """Each night: look at what the till's own telling has missed.

        Payments that were changed later, orders paid by ways that no method above
        knows, and what could not be checked. A session does so when it is closed, too:
        nothing changes any more then.
        """
        if "pos.order" not in self.env:
            return
        checked = self.env["res.company"]._credit_check_modes()
        receipts = self.env["pos.order"].search(
            [
                ("state", "=", "paid"),
                ("account_move", "=", False),
                ("payment_ids.payment_method_id.journal_id", "=", False),
                ("company_id", "in", list(checked)),
            ]
        )
        self._notice_till_sales(receipts)

    def _list_till_sales(self, receipts):
        receipts = self._not_listed_so(receipts)
        # before anything of the position is read: who confirms meanwhile tries again
        self.env["credit.insurance.anchor"]._bump(_debtor(receipts))
        for company, group in receipts.grouped("company_id").items():
            worse = {
                receipt: found
                for receipt, found in self._assess_till_sales(company, group).items()
                if any(finding.rule_severity == "block" for finding in found.findings)
            }
            if worse:
                self._record_till_sales(company, worse)

    @api.model
    def _not_listed_so(self, receipts):
        """Leave out sales that were listed with as much, whatever was decided."""
        lines = self.env["credit.insurance.review.line"].search(
            [("till_order_id", "in", receipts.ids)]
        )
        listed = {
            number: max(lines.mapped("undelivered_amount"))
            for number, lines in lines.grouped("till_order_id").items()
        }
        return receipts.filtered(
            lambda receipt: receipt.currency_id.compare_amounts(
                _on_account(receipt), listed.get(receipt.id, 0.0)
            )
            > 0
        )

    @api.model
    def _assess_till_sales(self, company, receipts):
        """Return {receipt: :class:`Assessment`}, each with what those before it left.

        The engine counts them already, so they are taken off the exposure first.
        """
        positions = self.env["credit.insurance.position"]._get_credit_position(
            _debtor(receipts), company, orders=self.env["sale.order"]
        )
        return self._assess_counted(
            {
                receipt: self._prepare_till_case(receipt, positions[_debtor(receipt)])
                for receipt in receipts.sorted("id", reverse=True)
            },
            {receipt: receipt.user_id | _changed_by(receipt) for receipt in receipts},
        )

    @api.model
    def _prepare_till_case(self, receipt, position):
        """Return the :class:`OrderCase` of a sale at the till, in the order's place."""
        company, currency = receipt.company_id, receipt.currency_id
        on_account = _on_account(receipt)
        base = on_account
        if position.policy.cover_tax_basis == "ex_tax" and receipt.amount_total:
            base *= 1 - receipt.amount_tax / receipt.amount_total
        convert = currency._convert
        return self._prepare_fact_case(
            receipt,
            position,
            convert(base, position.limit_currency, company, position.day),
            convert(on_account, company.currency_id, company, position.day),
        )

    def _record_till_sales(self, company, assessments):
        """List these sales and tell who decides.

        :param assessments: {receipt: :class:`Assessment`}
        """
        self._record_facts(
            "till",
            company,
            [
                self._prepare_till_line(receipt, found)
                for receipt, found in assessments.items()
            ],
        )

    def _prepare_till_base(self, receipt):
        """Return what a line says of a sale, or of what is given back, in any case."""
        return {
            "till_order_id": receipt.id,
            "receipt_ref": receipt.pos_reference or receipt.name,
            "sold_by": receipt.user_id.id,
            "involved_ids": self._involved(_changed_by(receipt)),
            "partner_id": _debtor(receipt).id,
            "currency_id": receipt.currency_id.id,
            "limit_currency_id": receipt.currency_id.id,
            "undelivered_amount": abs(_on_account(receipt)),
        }

    def _prepare_till_line(self, receipt, found):
        return {
            **self._prepare_till_base(receipt),
            "stage": "till",
            "limit_currency_id": found.case.currency.id,
            "missing_amount": found.case.round(self._missing(found)),
            "main_code": found.findings[0].code,
        }


def _then_notice_synced(method):
    """Let a till act as a flow of the background; look at what it has sold."""

    def sync_from_ui(self, orders, *args, **kwargs):
        if not self.env["res.company"]._credit_check_modes():
            return method(self, orders, *args, **kwargs)
        orders = [_as_it_may_be_said(self.env, order) for order in orders]
        answer = method(in_background(self, "point_of_sale"), orders, *args, **kwargs)
        synced = self.browse([row["id"] for row in answer["pos.order"]])
        self.env["credit.insurance.review"]._notice_till_sales(synced)
        return answer

    return sync_from_ui


def is_told_by_till(env):
    """Whether a till is telling of its sales, which are looked at when it is done."""
    return background_flow(env) == "point_of_sale"


def _then_notice_billed(method):
    """Look at what is billed later: a sale never completed is owed by then."""

    def _generate_pos_order_invoice(self):
        invoice = method(self)
        if not is_told_by_till(self.env):
            self.env["credit.insurance.review"]._notice_till_sales(self)
        return invoice

    return _generate_pos_order_invoice


def _identifying_customers(method):
    """Have a till identify customers before its session is opened."""

    def create(self, vals_list):
        if self.env["res.company"]._credit_check_modes():
            sessions = [vals_list] if isinstance(vals_list, dict) else vals_list
            default = self.env.context.get("default_config_id")
            ids = {vals.get("config_id") or default for vals in sessions}
            tills = self.env["pos.config"].browse(filter(None, ids))
            self.env["credit.insurance.review"]._identify_customers(tills)
        return method(self, vals_list)

    return create


def _then_notice_closed(method):
    """Look at the sales of a session when it is closed: nobody changes them then."""

    def _validate_session(self, *args, **kwargs):
        if self.env["res.company"]._credit_check_modes():
            # sudo: see _notice_till_sales
            sold = self.sudo().order_ids
            self.env["credit.insurance.review"]._notice_till_sales(sold)
        return method(self, *args, **kwargs)

    return _validate_session


def _as_it_may_be_said(env, order):
    """Return a sale as it was sent, without what only the server says.

    Which invoice bills it; and where customers order for themselves, by a kiosk or
    their own phone, whatever is not of the sale itself. Odoo takes theirs in as
    superuser; an employee at the till says how such a sale is paid.
    """
    if env.su and order.get("source") in SELF_ORDERED:
        return said_by_customer(env, order)
    return {name: value for name, value in order.items() if name != BILLED_BY}


def _debtor(receipts):
    return receipts.partner_id.commercial_partner_id


def _changed_by(receipt):
    """Return who changed how a sale was paid, after the till had sent it."""
    changed = receipt.payment_ids.filtered(
        lambda payment: payment.write_uid != payment.create_uid
    )
    return changed.write_uid


def _on_account(receipt):
    """Return what of a sale goes on the customer's account, in its currency.

    What its invoice bills beyond all payments does, too: told with one of its sales.
    """
    paid_later = sum(
        payment.amount
        for payment in receipt.payment_ids
        if payment.payment_method_id.type == "pay_later"
    )
    invoice = receipt.account_move
    if not invoice or receipt != invoice.pos_order_ids[:1]:
        return paid_later
    return paid_later + invoice._credit_beyond_till()
