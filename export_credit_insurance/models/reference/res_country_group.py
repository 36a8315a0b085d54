from odoo import api, models


class ResCountryGroup(models.Model):
    _inherit = "res.country.group"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        groups = super().create(vals_list)
        self.env["credit.insurance.zone"]._forget_zone_map()
        return groups

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if "country_ids" in vals:
            self.env["credit.insurance.zone"]._forget_zone_map()
        return result

    def unlink(self):
        # EXTENDS 'base'
        result = super().unlink()
        self.env["credit.insurance.zone"]._forget_zone_map()
        return result
