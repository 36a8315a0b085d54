from collections import defaultdict
from typing import NamedTuple

from odoo import api, models

PAID_STATES = ("paid", "in_payment", "reversed")


class OwnRiskUsed(NamedTuple):
    """What of two bounds is used, in the company's currency."""

    on_buyer: float = 0.0
    in_month: float = 0.0


class CreditInsuranceHold(models.Model):
    """Own risk used, counted from the releases that put it at our own risk.

    Each counts with the figure of the day it was signed on, in its company's currency.
    Of one order counts the latest release, or what its deliveries were released for
    where that is more. What is accepted on a buyer, without any order, counts besides:
    it lets orders go as a release does.
    """

    _inherit = "credit.insurance.hold"

    def _own_risk_used(self, user, authorities):
        """Return {hold: :class:`OwnRiskUsed`, without the hold's own order}.

        A release of the same order would replace those before it.

        :param authorities: {hold: :class:`Authority`}; figures are read only for
            bounds that there are
        """
        on_buyers, in_month, accepted, signed = {}, {}, {}, {}
        # sudo: all of it counts, not only what the reader may see
        rows = self.env["credit.insurance.own.risk"].sudo()
        if any(found.own_risk_buyer is not None for found in authorities.values()):
            on_buyers = self._own_risk_on_buyers(self.company_id, self.partner_id)
            accepted = rows._accepted_on(self.company_id, self.partner_id)
        if any(found.own_risk_month is not None for found in authorities.values()):
            in_month = self._own_risk_this_month(self.company_id, user)
            signed = rows._accepted_this_month(self.company_id, user)
        found = {}
        for hold in self:
            key = (hold.company_id, hold.partner_id)
            found[hold] = OwnRiskUsed(
                hold._sum_of_others(on_buyers.get(key)) + accepted.get(key, 0.0),
                hold._sum_of_others(in_month.get(hold.company_id))
                + signed.get(hold.company_id, 0.0),
            )
        return found

    def _sum_of_others(self, by_order):
        return sum(
            amount
            for order, amount in (by_order or {}).items()
            if order != self.order_id
        )

    @api.model
    def _own_risk_on_buyers(self, companies, buyers):
        """Return {(company, buyer): {order: own risk}} of what still binds."""
        releases = self._own_risk_releases(
            companies, [("partner_id", "in", buyers.ids)]
        )
        groups = releases._which_bind().grouped(
            lambda hold: (hold.company_id, hold.partner_id)
        )
        return {key: group._own_risk_by_order() for key, group in groups.items()}

    @api.model
    def _own_risk_this_month(self, companies, user):
        """Return {company: {order: own risk}} of what this user has signed.

        In the calendar month of the company's today, be it as the first or the second.
        """
        positions = self.env["credit.insurance.position"]
        found = {}
        for company in companies:
            first_day = positions._today(company).replace(day=1)
            found[company] = self._own_risk_releases(
                company,
                [
                    ("release_day", ">=", first_day),
                    "|",
                    ("decided_by", "=", user.id),
                    ("first_signed_by", "=", user.id),
                ],
            )._own_risk_by_order()
        return found

    @api.model
    def _own_risk_releases(self, companies, domain):
        """Return these companies' releases at own risk, signed by one or by all."""
        # sudo: all of them count, not only those that the reader may see
        return self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("release_own_risk", ">", 0),
                "|",
                ("state", "=", "released"),
                "&",
                ("state", "=", "open"),
                ("first_signed_by", "!=", False),
                *domain,
            ],
            order="id",
        )

    def _which_bind(self):
        """Return the releases that can still be used, or whose order is not paid."""
        positions = self.env["credit.insurance.position"]
        clearances = self.env["credit.insurance.clearance"]  # as superuser, see caller
        used = clearances.search([("order_id", "in", self.order_id.ids)]).hold_id
        return self.filtered(
            lambda hold: not hold._is_paid()
            and (
                hold.state == "open"
                or hold.kind == "delivery"
                or hold in used
                or (
                    hold.release_until
                    and hold.release_until >= positions._today(hold.company_id)
                )
            )
        )

    def _is_paid(self):
        """Whether all of the order is invoiced, and all its invoices are paid."""
        order = self.order_id
        if order.state != "sale" or order.invoice_status not in (
            "invoiced",
            "upselling",
        ):
            return False
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        return all(move.payment_state in PAID_STATES for move in invoices)

    def _own_risk_by_order(self):
        """Return {order: own risk}, the latest release or all deliveries of each."""
        releases, deliveries = {}, defaultdict(float)
        for hold in self:
            if hold.kind == "delivery":
                deliveries[hold.order_id] += hold.release_own_risk
            else:
                releases[hold.order_id] = hold.release_own_risk
        return {
            order: max(releases.get(order, 0.0), deliveries.get(order, 0.0))
            for order in {*releases, *deliveries}
        }
