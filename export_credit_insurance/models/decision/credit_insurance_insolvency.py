from odoo import api, models


class CreditInsuranceInsolvency(models.Model):
    """An insolvency has the buyer's open orders looked through."""

    _name = "credit.insurance.insolvency"
    _inherit = ["credit.insurance.insolvency", "credit.insurance.review.source.mixin"]
    _review_field = "insolvency_ids"

    @api.model_create_multi
    def create(self, vals_list):
        insolvencies = super().create(vals_list)
        lasting = insolvencies.filtered(lambda insolvency: not insolvency.date_end)
        self.env["credit.insurance.review"]._notice(
            "insolvency", partners=lasting.partner_id, insolvency_ids=lasting
        )
        return insolvencies
