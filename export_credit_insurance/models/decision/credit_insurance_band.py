from odoo import api, models


class CreditInsuranceBand(models.Model):
    _inherit = "credit.insurance.band"

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env.registry.clear_cache()
        return bands

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
