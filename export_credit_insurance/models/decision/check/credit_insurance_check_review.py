import dataclasses
from collections import defaultdict

from odoo import api, models

from .credit_finding import is_uninsurable, joint_key

# No limit is in force because the insurer does not want this buyer.
LOST_BY_INSURER = ("refused", "cancelled")


class CreditInsuranceCheck(models.AbstractModel):
    """Confirmed orders once more: may what is not delivered yet still go?"""

    _inherit = "credit.insurance.check"

    @api.model
    def _assess_undelivered(self, orders):
        """Check what is still to be delivered of confirmed orders.

        What was delivered of them is a debt like any other: it stays as covered as it
        was on its day (DOMAIN 1.17), uses the limit, and is judged no more. What is
        planned beyond the horizon uses no limit yet; it is judged where the buyer is
        barred, whatever the amount. Orders are taken by id: the older one gets what is
        left first.

        :return: {order: :class:`Assessment`}
        """
        if not orders:
            return {}
        positions = self._get_positions(orders)
        parts = self.env["credit.insurance.position"]._get_undelivered(orders)
        groups = {}
        if any(position.shares_limit for position in positions.values()):
            groups = self._group_debtors(orders)
        shipped = defaultdict(lambda: [0.0, 0.0])
        owed = defaultdict(float)
        rest, keys = {}, {}
        for order, position in positions.items():
            debtor_id = position.partner.id
            keys[order] = (groups.get(debtor_id, debtor_id), position.policy.id)
            gone, undelivered = self._split(position, order, parts[order.id])
            rest[order] = self._without_deferred(position, undelivered)
            shipped[keys[order]][0] += gone.company_currency
            shipped[keys[order]][1] += gone.limit_currency
            owed[joint_key(order, position)] += gone.company_currency
        return self._assess(
            orders,
            {
                order: self._with_joint_debt(
                    self._with_debt(
                        position, {order.id: rest[order]}, *shipped[keys[order]]
                    ),
                    owed[joint_key(order, position)],
                )
                for order, position in positions.items()
            },
        )

    @api.model
    def _split(self, position, order, part):
        """Divide what an order adds: (what is delivered, what is not).

        Securities that serve the order absorb what is delivered first.
        """
        amount = position.order_amount(order)
        share = part.delivered_share(position.policy.cover_tax_basis == "ex_tax")
        gone = round(amount.limit_currency * share, position.limit_digits)
        secured = min(gone, amount.security_limit_currency)
        gone_company = round(
            amount.company_currency * part.delivered_share(False),
            position.company_digits,
        )
        return (
            dataclasses.replace(
                amount, company_currency=gone_company, limit_currency=gone - secured
            ),
            dataclasses.replace(
                amount,
                company_currency=amount.company_currency - gone_company,
                limit_currency=amount.limit_currency - gone,
                security_limit_currency=amount.security_limit_currency - secured,
            ),
        )

    @api.model
    def _without_deferred(self, position, amount):
        """Return what counts today of an order that is not delivered."""
        if is_uninsurable(position) or position.limit_state in LOST_BY_INSURER:
            return amount
        in_limit = max(amount.limit_currency - amount.deferred_limit_currency, 0.0)
        return dataclasses.replace(
            amount,
            company_currency=max(
                amount.company_currency - amount.deferred_company_currency, 0.0
            ),
            limit_currency=in_limit,
            security_limit_currency=min(amount.security_limit_currency, in_limit),
        )

    @api.model
    def _with_debt(self, position, amounts, in_company, in_limit):
        """Return the position with what is delivered counted as owed."""
        return dataclasses.replace(
            position,
            delivered=position.delivered + in_company,
            exposure=position.exposure + in_company,
            headroom=position.headroom - in_company,
            exposure_limit_currency=position.exposure_limit_currency + in_limit,
            headroom_limit_currency=position.headroom_limit_currency - in_limit,
            order_amounts=amounts,
        )
