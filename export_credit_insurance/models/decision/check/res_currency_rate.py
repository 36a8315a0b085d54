from odoo import api, models

from .credit_finding import RATE_CODE


class ResCurrencyRate(models.Model):
    """What waits for a rate is looked at once there is one."""

    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        rates = super().create(vals_list)
        rates._wake_waiting_holds()
        return rates

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        self._wake_waiting_holds()
        return result

    def _wake_waiting_holds(self):
        if not self.env["res.company"]._credit_check_modes():
            return
        # sudo: whoever enters rates knows nothing of holds
        holds = self.env["credit.insurance.hold"].sudo()
        waiting = holds.search(
            [("state", "=", "open"), ("finding_ids.code", "=", RATE_CODE)]
        )
        holds._cover_may_be_back(waiting.partner_id)
