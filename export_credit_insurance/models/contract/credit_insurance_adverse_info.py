from odoo import api, models

from .credit_insurance_limit import OPEN_STATES


class CreditInsuranceAdverseInfo(models.Model):
    """Adverse information ends the discretionary limits of the buyer.

    Their justification was a good experience; from the day it was learned that they
    are not justified any more, shipments are not insured under them (DOMAIN 1.6). A
    new one can be validated once the information is settled.
    """

    _inherit = "credit.insurance.adverse.info"

    @api.model_create_multi
    def create(self, vals_list):
        infos = super().create(vals_list)
        infos.filtered(lambda info: not info.date_end)._end_discretionary_limits()
        return infos

    def _end_discretionary_limits(self):
        # sudo: a consequence, whoever records the information
        lines = (
            self.env["credit.insurance.limit"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("kind", "=", "discretionary"),
                    ("state", "in", OPEN_STATES),
                ]
            )
        )
        learned = {
            info.partner_id: info.learned_on
            for info in self.sorted("learned_on", reverse=True)
        }
        for line in lines:
            effect = max(learned[line.partner_id], line.date_from)
            line._end(effect, "cancelled", cancelled_by="insured")
