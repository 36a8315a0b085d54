from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

from ...groups import CONTROLLER_GROUP

# What a request has taken back so far: {line id: :class:`Recorded`}
WAITING = "export_credit_insurance.taken_back"
# How deliveries are counted that are looked at while they are written.
BY_ITSELF = ("manual", "stock_move")


class Recorded(NamedTuple):
    """What was delivered of a line before a request, and for which order."""

    quantity: float
    price: float
    order_id: int


class SaleOrderLine(models.Model):
    """Deliveries that somebody recorded, by hand or hours, and takes back.

    Services, and goods where no stock module counts them: by a quantity, by timesheets,
    milestones or expenses. Then the order can be lowered, and others have the credit,
    although the service may have been rendered. It is not refused, there are mistakes:
    credit control reads of it.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        # EXTENDS 'sale'
        before = {}
        if "qty_delivered" in vals and self.env["sale.order"]._is_employee_at_work():
            by_hand = self.filtered(lambda line: line.qty_delivered_method == "manual")
            before = by_hand._credit_recorded()
        result = super().write(vals)
        self._note_credit_recorded(before)
        return result

    def _compute_qty_delivered(self):
        # EXTENDS 'sale': what hours, milestones or expenses say, and no more
        if not self.env["res.company"]._credit_check_modes():
            return super()._compute_qty_delivered()
        counted = self.filtered(
            lambda line: line.id and line.qty_delivered_method not in BY_ITSELF
        )
        before = counted._credit_recorded()
        result = super()._compute_qty_delivered()
        self._note_credit_recorded(before)
        return result

    def _credit_recorded(self):
        """Return {line: :class:`Recorded`} of what was delivered and is owed.

        Unless a credit controller is at work, who corrects what is recorded.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies or self.env.user.has_group(CONTROLLER_GROUP):
            return {}
        return {
            line: Recorded(
                line.qty_delivered, line._credit_terms().price, line.order_id.id
            )
            for line in self
            if line.qty_delivered
            and line.state == "sale"
            and line.company_id.id in checked_companies
            and not line.is_downpayment
        }

    def _note_credit_recorded(self, before):
        """Have the request look at its end whether something was taken back."""
        if not before:
            return
        waiting = self.env.cr.precommit.data.setdefault(WAITING, {})
        if not waiting:
            self.env.cr.precommit.add(self.browse()._notice_credit_taken_back)
        for line, was in before.items():
            waiting.setdefault(line.id, was)

    def _notice_credit_taken_back(self):
        """List the orders of lines that a request took deliveries back of.

        Once all of it is done: what goes with it is nothing to look at halfway.
        """
        before = self.env.cr.precommit.data.pop(WAITING, {})
        amounts = defaultdict(float)
        # sudo: the line may be of an order of somebody else's by now
        lines = self.sudo().browse(before).exists()
        lines._check_credit_taken_back(
            {
                line: abs(before[line.id].quantity)
                for line in lines
                if before[line.id].price < 0
                and line.qty_delivered_method not in BY_ITSELF
            }
        )
        for line in lines:
            was = before[line.id]
            left = 0.0  # on another order it is no delivery of its own any more
            if line.order_id.id == was.order_id:
                left = max(line.qty_delivered, line.qty_invoiced) * was.price
            taken = was.quantity * was.price - max(left, 0.0)
            amounts[was.order_id] += max(taken, 0.0)
        # sudo: who records deliveries knows nothing of credit; without the context of
        # their request, which could say how what is created here was decided
        env = self.env(su=True, context={})
        orders = env["sale.order"].browse(id_ for id_ in amounts if amounts[id_] > 0)
        kept = orders.exists()._credit_kept()
        sums = env["credit.insurance.clearance"]._take_back(
            {order.id: amounts[order.id] for order in kept}
        )
        reviews = env["credit.insurance.review"]
        for company, listed in kept.grouped("company_id").items():
            found = {
                order.id: reviews._prepare_taken_back(order, sums[order.id])
                for order in listed
            }
            found = {id_: values for id_, values in found.items() if values}
            if found:
                reviews._record_facts("taken_back", company, [*found.values()])
                env["credit.insurance.clearance"]._listed_taken_back(found)


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
        rule = rules._get_rules("insured", None, None, company.id)["over_limit"]
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
