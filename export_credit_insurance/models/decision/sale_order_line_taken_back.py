from collections import defaultdict

from odoo import api, models

from ..groups import CONTROLLER_GROUP


class SaleOrderLine(models.Model):
    """Deliveries that somebody recorded by hand, and takes back.

    Services, and goods where no stock module counts them. Then the order can be
    lowered, and others have the credit, although the service may have been rendered.
    It is not refused, there are mistakes: credit control reads of it.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        # EXTENDS 'sale'
        before = self._credit_recorded(vals)
        result = super().write(vals)
        taken = {line: was for line, was in before.items() if line.qty_delivered < was}
        if taken:
            self.browse().union(*taken)._notice_credit_taken_back(taken)
        return result

    def _credit_recorded(self, vals):
        """Return {line: quantity} of what was delivered by hand and is not invoiced.

        Unless a credit controller writes: they correct what is recorded.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if (
            "qty_delivered" not in vals
            or not checked_companies
            or not self.env["sale.order"]._is_employee_at_work()
            or self.env.user.has_group(CONTROLLER_GROUP)
        ):
            return {}
        return {
            line: line.qty_delivered
            for line in self
            if line.qty_delivered > max(line.qty_invoiced, 0.0)
            and line.state == "sale"
            and line.company_id.id in checked_companies
            and line.qty_delivered_method == "manual"
            and not line.is_downpayment
        }

    def _notice_credit_taken_back(self, before):
        """List the orders of these lines, above the smallest amount checked.

        :param before: {line: quantity delivered before}
        """
        amounts = defaultdict(float)
        for line, was in before.items():
            left = max(line.qty_delivered, line.qty_invoiced, 0.0)
            amounts[line.order_id] += max(
                (was - left) * line._credit_terms().price, 0.0
            )
        # sudo: who records deliveries knows nothing of credit; without the context of
        # their request, which could say how what is created here was decided
        env = self.env(su=True, context={})
        kept = self.order_id.sudo()._credit_kept()
        reviews = env["credit.insurance.review"]
        for company, orders in kept.grouped("company_id").items():
            lines = [
                reviews._prepare_taken_back(order.with_env(env), amounts[order])
                for order in orders
            ]
            lines = [line for line in lines if line]
            if lines:
                reviews._record_facts("taken_back", company.with_env(env), lines)


class CreditInsuranceReview(models.Model):
    _inherit = "credit.insurance.review"

    @api.model
    def _fact_stages(self):
        # EXTENDS: the facts in general
        return [*super()._fact_stages(), "taken_back"]

    def _facts_summary(self, count):
        # EXTENDS: the facts in general
        if self.cause == "taken_back":
            return self.env._("Recorded deliveries taken back: %(count)s", count=count)
        return super()._facts_summary(count)

    @api.model
    def _prepare_taken_back(self, order, amount):
        """Return the line of an order, None below the smallest amount checked.

        :param amount: what was taken back, in the order's currency
        """
        rules = self.env["credit.insurance.check.rule"]
        company = order.company_id
        rule = rules._get_rule("over_limit", "insured", None, None, company.id)
        facts = self.env["credit.insurance.position"]._facts(
            company.id, company._credit_today()
        )
        if facts.to_company(amount, order.currency_id.id) < max(rule.min_amount, 0.01):
            return None
        return {
            "order_id": order.id,
            "sold_by": order._acting_employee().id,
            "stage": "taken_back",
            "partner_id": order._credit_debtor().id,
            "currency_id": order.currency_id.id,
            "limit_currency_id": order.currency_id.id,
            "undelivered_amount": amount,
        }


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    def _text(self):
        # EXTENDS: the lines in general
        if self.stage != "taken_back":
            return super()._text()
        return self.env._(
            "%(order)s, %(buyer)s: %(user)s has taken %(amount)s off what was recorded "
            "as delivered, so that it can be sold once more. Have it confirmed, or "
            "corrected, if the buyer has it.",
            order=self.order_id.name,
            buyer=self.partner_id.display_name,
            user=self.sold_by.name or self.env._("a job"),
            amount=self.currency_id.format(self.undelivered_amount),
        )
