from collections import defaultdict

from odoo import api, models

from ..groups import CONTROLLER_GROUP

# What a request has taken back so far: {line id: (quantity before, price before)}
WAITING = "export_credit_insurance.taken_back"


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
        if before:
            waiting = self.env.cr.precommit.data.setdefault(WAITING, {})
            if not waiting:
                self.env.cr.precommit.add(self.browse()._notice_credit_taken_back)
            for line, was in before.items():
                waiting.setdefault(line.id, was)
        return result

    def _credit_recorded(self, vals):
        """Return {line: (quantity, price)} of what was delivered by hand and is owed.

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
            line: (line.qty_delivered, line._credit_terms().price)
            for line in self
            if line.qty_delivered
            and line.state == "sale"
            and line.company_id.id in checked_companies
            and line.qty_delivered_method == "manual"
            and not line.is_downpayment
        }

    def _notice_credit_taken_back(self):
        """List the orders of lines that a request took deliveries back of.

        Once all of it is done: what goes with it is nothing to look at halfway.
        """
        before = self.env.cr.precommit.data.pop(WAITING, {})
        # sudo: the order may be another's by now
        lines = self.sudo().browse(before).exists()
        amounts = defaultdict(float)
        for line in lines:
            was, price = before[line.id]
            left = max(line.qty_delivered * price, line.qty_invoiced * price, 0.0)
            amounts[line.order_id] += max(was * price - left, 0.0)
        # sudo: who records deliveries knows nothing of credit; without the context of
        # their request, which could say how what is created here was decided
        env = self.env(su=True, context={})
        orders = lines.order_id.filtered(lambda order: amounts[order] > 0)
        kept = orders._credit_kept()
        reviews = env["credit.insurance.review"]
        for company, listed in kept.grouped("company_id").items():
            found = [
                reviews._prepare_taken_back(order.with_env(env), amounts[order])
                for order in listed
            ]
            if found := [values for values in found if values]:
                reviews._record_facts("taken_back", company.with_env(env), found)


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
