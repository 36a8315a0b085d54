from odoo import api, models
from odoo.exceptions import AccessError

from .credit_insurance_hold_decision import MANAGER_GROUP


class CreditInsuranceOwnRisk(models.Model):
    """Who may accept how much: own risk lets orders go as a release does."""

    _inherit = "credit.insurance.own.risk"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._check_ceiling()
        return rows

    def write(self, vals):
        ends = {row: row.date_to for row in self if "date_to" in vals}
        result = super().write(vals)
        prolonged = [
            row.id
            for row, end in ends.items()
            if end and (not row.date_to or row.date_to > end)
        ]
        self.browse(prolonged)._check_ceiling()
        return result

    def _check_ceiling(self):
        """Check that controllers stay within the ceiling of their releases.

        Rows of one buyer and company never overlap, so each is all that is accepted
        on its days.

        :raise AccessError: where a manager has to sign
        """
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return
        for row in self:
            ceiling = row.company_id.credit_controller_ceiling
            if row.currency_id.compare_amounts(row.amount, ceiling) > 0:
                raise AccessError(
                    self.env._(
                        "%(amount)s at our own risk on %(buyer)s is above the "
                        "controllers' ceiling of %(ceiling)s: ask a credit manager to "
                        "accept it, or lower the amount.",
                        amount=row.currency_id.format(row.amount),
                        buyer=row.partner_id.display_name,
                        ceiling=row.currency_id.format(ceiling),
                    )
                )
