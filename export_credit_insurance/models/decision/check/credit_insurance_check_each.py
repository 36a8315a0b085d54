import dataclasses
from collections import defaultdict

from odoo import api, models

from .credit_finding import joint_key


class CreditInsuranceCheck(models.AbstractModel):
    """Looking at many orders, each as it stands among the others.

    The gate leaves all orders of one call out of the exposure and takes them in turn.
    Whoever only looks wants to know of each what would be said of it alone: then the
    other confirmed orders of its buyer count.
    """

    _inherit = "credit.insurance.check"

    @api.model
    def _assess_each(self, orders, wanted=None):
        """Check each order as if it were alone, {order: :class:`Assessment`}.

        :param orders: orders to check, draft or confirmed
        :param wanted: {order: :class:`Wanted`}, for those that shall be changed
        """
        return self._assess(
            orders,
            self._count_other_orders(orders, self._get_positions(orders)),
            together=False,
            wanted=wanted,
            paid=orders._credit_paid_orders(wanted),
        )

    @api.model
    def _count_other_orders(self, orders, positions):
        """Return {order: position in which the other confirmed orders count again}."""
        groups = {}
        if any(position.shares_limit for position in positions.values()):
            groups = self._group_debtors(orders)
        keys, used = {}, defaultdict(float)
        owed = self._joint_uses(orders, positions)
        for order in orders:
            debtor = order._credit_debtor()
            keys[order] = (
                order.company_id.id,
                positions[order].policy.id,
                groups.get(debtor.id, debtor.id),
            )
            used[keys[order]] += self._uses(order, positions[order])
        return {
            order: self._with_joint_debt(
                dataclasses.replace(
                    positions[order],
                    headroom_limit_currency=positions[order].headroom_limit_currency
                    - (used[keys[order]] - self._uses(order, positions[order])),
                ),
                owed[joint_key(order, positions[order])]
                - self._owes(order, positions[order]),
            )
            for order in orders
        }

    @api.model
    def _uses(self, order, position):
        """Return what a confirmed order takes of the headroom, in limit currency.

        Not what is planned beyond the horizon, as in the engine.
        """
        if order.state != "sale":
            return 0.0
        amount = position.order_amount(order)
        return max(
            amount.limit_currency
            - amount.deferred_limit_currency
            - max(amount.security_limit_currency, 0.0),
            0.0,
        )
