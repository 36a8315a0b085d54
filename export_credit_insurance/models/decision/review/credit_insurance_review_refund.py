from odoo import api, models

from .credit_insurance_review_till import SOLD_STATES, _debtor, _on_account

STAGE = "refund"


class CreditInsuranceReview(models.Model):
    """What the till gives back on a customer's account although nothing was sold.

    It lowers what the buyer owes, and makes room for the next order, like a credit note
    of the books. But anybody at a till may do so, who keeps no books. What refunds a
    sale of the same buyer is left alone; the rest is listed for credit control.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _notice_till_sales(self, receipts):
        # EXTENDS: the sales at the till
        result = super()._notice_till_sales(receipts)
        checked = self.env["res.company"]._credit_check_modes()
        if not checked:
            return result
        # sudo, context: see the sales
        env = self.env(su=True, context={})
        refunds = receipts.with_env(env).filtered(
            lambda receipt: receipt.company_id.id in checked
            and receipt.partner_id
            and receipt.state in SOLD_STATES
            and receipt.currency_id.compare_amounts(_given_for_nothing(receipt), 0) > 0
        )
        reviews = self.with_env(env)
        reviews._check_facts(
            reviews._list_till_refunds, refunds, reviews._prepare_till_base
        )
        return result

    @api.model
    def _list_till_refunds(self, refunds):
        listed = self.env["credit.insurance.review.line"].search(
            [("till_order_id", "in", refunds.ids), ("stage", "=", STAGE)]
        )
        amounts = {line.till_order_id: line.undelivered_amount for line in listed}
        for company, group in refunds.grouped("company_id").items():
            positions = self.env["credit.insurance.position"]._get_credit_position(
                _debtor(group), company, orders=self.env["sale.order"]
            )
            lines = [
                self._prepare_refund_line(receipt, positions[_debtor(receipt)])
                for receipt in group
                if _given_for_nothing(receipt) > amounts.get(receipt.id, 0.0)
            ]
            if lines := [*filter(None, lines)]:
                self._record_facts(STAGE, company, lines)

    @api.model
    def _prepare_refund_line(self, receipt, position):
        """Return the line of a refund, None where nobody checks this buyer's credit."""
        amount = _given_for_nothing(receipt)
        company = receipt.company_id
        in_company = receipt.currency_id._convert(
            amount, company.currency_id, company, position.day
        )
        case = self._prepare_fact_case(
            receipt, position, position.to_limit_currency(in_company), in_company
        )
        checks = self.env["credit.insurance.check"]
        rule = checks._rule(case, "over_limit")
        if (
            rule.severity != "block"
            or checks._is_observed(case)
            or in_company < max(rule.min_amount, 0.01)
        ):
            return None
        return {
            **self._prepare_till_base(receipt),
            "stage": STAGE,
            "undelivered_amount": amount,
        }

    @api.model
    def _fact_stages(self):
        # EXTENDS: the facts in general
        return [*super()._fact_stages(), STAGE]

    def _facts_summary(self, count):
        # EXTENDS: the facts in general
        if self.cause == STAGE:
            return self.env._(
                "Given back at the till without a sale: %(count)s", count=count
            )
        return super()._facts_summary(count)


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    def _text(self):
        # EXTENDS: the lines in general
        if self.stage != STAGE:
            return super()._text()
        return self.env._(
            "%(receipt)s, %(buyer)s: %(user)s gave %(amount)s back on account, for "
            "nothing that this buyer had bought at the till. It can be sold once more: "
            "have it confirmed, or charged again.",
            receipt=self.receipt_ref,
            buyer=self.partner_id.display_name,
            user=self.sold_by.name or self.env._("a job"),
            amount=self.currency_id.format(self.undelivered_amount),
        )


def _given_for_nothing(receipt):
    """Return what a receipt gives back on account that refunds no sale, if anything."""
    given = -_on_account(receipt)
    if given <= 0:
        return 0.0
    return min(
        given,
        -sum(
            line.price_subtotal_incl
            for line in receipt.lines
            if line.price_subtotal_incl < 0 and not _refunds_a_sale(line)
        ),
    )


def _refunds_a_sale(line):
    """Whether a line gives back what this very buyer has bought, and no more of it."""
    sold = line.refunded_orderline_id
    if not sold:
        return _settles_an_order(line)
    was_sold = sold.order_id.state in SOLD_STATES
    if (
        line.qty >= 0
        or not was_sold
        or _debtor(sold.order_id) != _debtor(line.order_id)
    ):
        return False
    is_more = sold.qty + sum(sold.refund_orderline_ids.mapped("qty")) < 0
    price = line.price_subtotal_incl / line.qty
    # a hundredth for what prices are rounded by
    return not is_more and price * sold.qty <= sold.price_subtotal_incl * 1.01


def _settles_an_order(line):
    """Whether a line takes off what its order does, and no more of it.

    An order of this buyer that is settled takes off its deposits, which were paid at
    the till or invoiced, and its discounts.
    """
    if "sale_order_line_id" not in line._fields:
        return False
    ordered = line.sale_order_line_id
    if not ordered or _debtor(line.order_id) not in ordered.order_id._credit_payers():
        return False
    settled = ordered.pos_order_line_ids.filtered(
        lambda other: other.order_id.state in SOLD_STATES
    )
    taken = -sum(settled.mapped("price_subtotal_incl"))
    if ordered.is_downpayment:
        least = sum(
            billed._credit_signed_total_in(ordered.currency_id)
            for billed in ordered.invoice_lines
            if billed.parent_state == "posted"
        )
    else:
        least = -ordered.price_total
    # a hundredth for what prices are rounded by
    return taken <= max(least, 0.0) * 1.01 + ordered.currency_id.rounding
