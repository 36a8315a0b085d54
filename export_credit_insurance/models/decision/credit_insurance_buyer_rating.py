from odoo import api, models


class CreditInsuranceBuyerRating(models.Model):
    _inherit = "credit.insurance.buyer.rating"

    @api.model
    def _cron_purge_persons(self):
        # EXTENDS: what was written of persons at their reviews goes with their scores
        result = super()._cron_purge_persons()
        self.env["credit.insurance.buyer.review"]._purge_persons()
        self.env["credit.insurance.band.move"]._purge_persons()
        return result
