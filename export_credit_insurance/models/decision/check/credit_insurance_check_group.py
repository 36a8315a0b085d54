import dataclasses
from collections import defaultdict

from odoo import api, models

from .credit_finding import joint_key


class CreditInsuranceCheck(models.AbstractModel):
    """What the group of the buyer owes, beside the buyer's own limit."""

    _inherit = "credit.insurance.check"

    def _find_over_group_ceiling(self, case, rule):
        """Find that the buyer's group would owe more than the company lets it.

        Exposure counts in full, covered or secured or not: the ceiling bounds what is
        concentrated on one risk.
        """
        position, joint = case.position, case.position.joint
        if not joint:
            return None
        owed = joint.exposure + case.joint_taken
        missing = owed + case.added_company_currency - joint.ceiling
        tolerated = joint.ceiling * rule.tolerance_pct / 100
        if round(missing - tolerated, position.company_digits) <= 0:
            return None
        money = position.company.currency_id.format
        # sudo: whom the check tells of the group decides its caller
        group = self.env["credit.insurance.buyer.group"].sudo().browse(joint.group_id)
        currency = self.env["res.currency"].browse(joint.ceiling_currency_id)
        prepaid = min(missing, case.added_company_currency)
        return (
            position.to_limit_currency(missing),
            self._group_ceiling_text(
                case,
                group=group.name,
                buyer=case.debtor.display_name,
                owed=money(owed),
                added=money(case.added_company_currency),
                ceiling=currency.format(joint.ceiling_amount),
                missing=money(missing),
            ),
            self.env._(
                "Collect from the group's companies, agree on prepayment of "
                "%(missing)s, or have a manager raise the group's ceiling.",
                missing=money(prepaid),
            ),
        )

    @api.model
    def _group_ceiling_text(self, case, **figures):
        return self.env._(
            "The group %(group)s of %(buyer)s owes %(owed)s together: with this order "
            "of %(added)s its ceiling of %(ceiling)s is exceeded by %(missing)s.",
            **figures,
        )

    @api.model
    def _joint_uses(self, orders, positions):
        """Return what the confirmed ones of these orders add to their groups' debt."""
        owed = defaultdict(float)
        for order in orders:
            position = positions[order]
            owed[joint_key(order, position)] += self._owes(order, position)
        return owed

    @api.model
    def _owes(self, order, position):
        """Return what a confirmed order adds to the exposure, in company currency."""
        if order.state != "sale" or not position.joint:
            return 0.0
        amount = position.order_amount(order)
        return amount.company_currency - amount.deferred_company_currency

    @api.model
    def _with_joint_debt(self, position, amount):
        """Return the position of a buyer whose group owes so much more.

        :param amount: in the company's currency
        """
        if not position.joint or not amount:
            return position
        joint = dataclasses.replace(
            position.joint, exposure=position.joint.exposure + amount
        )
        return dataclasses.replace(position, joint=joint)
