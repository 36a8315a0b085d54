from odoo import models


class CreditInsuranceBand(models.Model):
    _inherit = "credit.insurance.band"

    def _meaning(self, company):
        # EXTENDS: the scenarios made for the band
        # sudo: the names of the plans, for whoever sees the band
        plans = (
            self.env["credit.followup.plan"]
            .sudo()
            .search(
                [
                    ("band_ids", "in", self.ids),
                    ("company_id", "in", (False, company.id)),
                ]
            )
        )
        lines = super()._meaning(company)
        if plans:
            lines.append(
                self.env._(
                    "Follow-up by the plan: %(plans)s.",
                    plans=", ".join(plans.mapped("name")),
                )
            )
        return lines
