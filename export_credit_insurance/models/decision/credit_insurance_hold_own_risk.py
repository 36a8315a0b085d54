from collections import defaultdict
from typing import NamedTuple

from odoo import models

PAID_STATES = ("paid", "in_payment", "reversed")


class OwnRiskUsed(NamedTuple):
    """What of two bounds is used, in the company's currency."""

    on_buyer: float = 0.0
    in_month: float = 0.0


class CreditInsuranceHold(models.Model):
    """Own risk used, counted from the releases that put it at our own risk.

    Each counts with the figure of the day it was signed on, in its company's currency.
    Of one order counts the latest release, or what its deliveries were released for
    where that is more.
    """

    _inherit = "credit.insurance.hold"

    def _own_risk_used(self, user, authorities):
        """Return {hold: :class:`OwnRiskUsed`, without the hold's own order}.

        A release of the same order would replace those before it.

        :param authorities: {hold: :class:`Authority`}; figures are read only for
            bounds that there are
        """
        on_buyers, in_month = {}, {}
        if any(found.own_risk_buyer is not None for found in authorities.values()):
            on_buyers = self._own_risk_on_buyers()
        if any(found.own_risk_month is not None for found in authorities.values()):
            in_month = self._own_risk_this_month(user)
        return {
            hold: OwnRiskUsed(
                hold._sum_of_others(on_buyers.get((hold.company_id, hold.partner_id))),
                hold._sum_of_others(in_month.get(hold.company_id)),
            )
            for hold in self
        }

    def _sum_of_others(self, by_order):
        return sum(
            amount
            for order, amount in (by_order or {}).items()
            if order != self.order_id
        )

    def _own_risk_on_buyers(self):
        """Return {(company, buyer): {order: own risk}} of what still binds."""
        releases = self._own_risk_releases([("partner_id", "in", self.partner_id.ids)])
        groups = releases._which_bind().grouped(
            lambda hold: (hold.company_id, hold.partner_id)
        )
        return {key: group._own_risk_by_order() for key, group in groups.items()}

    def _own_risk_this_month(self, user):
        """Return {company: {order: own risk}} of what this user has signed.

        In the calendar month of the company's today, be it as the first or the second.
        """
        positions = self.env["credit.insurance.position"]
        found = {}
        for company, holds in self.grouped("company_id").items():
            first_day = positions._today(company).replace(day=1)
            found[company] = holds._own_risk_releases(
                [
                    ("release_day", ">=", first_day),
                    "|",
                    ("decided_by", "=", user.id),
                    ("first_signed_by", "=", user.id),
                ]
            )._own_risk_by_order()
        return found

    def _own_risk_releases(self, domain):
        """Return these companies' releases at own risk, signed by one or by all."""
        # sudo: all of them count, not only those that the reader may see
        return self.sudo().search(
            [
                ("company_id", "in", self.company_id.ids),
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
