from odoo import api, models

from ...job import do_each


class CreditInsuranceBuyerRating(models.Model):
    _inherit = "credit.insurance.buyer.rating"

    @api.model
    def _cron_purge_persons(self):
        # EXTENDS: what was written of persons at their reviews goes with their scores
        has_time = super()._cron_purge_persons()
        rest = [
            self.env["credit.insurance.buyer.review"],
            self.env["credit.insurance.band.move"],
        ]
        return has_time and do_each(
            self.env, rest, lambda model: model._purge_persons()
        )
