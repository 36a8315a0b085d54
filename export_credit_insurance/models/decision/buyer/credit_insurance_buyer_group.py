"""Groups of buyers have their members' open orders looked through."""

from odoo import api, models


class CreditInsuranceBuyerGroupMember(models.Model):
    """Who enters a group shares its ceiling; who leaves it sets room free."""

    _inherit = "credit.insurance.buyer.group.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        buyers = members.group_id.member_ids.partner_id
        self.env["credit.insurance.review"]._notice("group", partners=buyers)
        return members

    def write(self, vals):
        result = super().write(vals)
        self.env["credit.insurance.hold"]._cover_may_be_back(
            self.group_id.member_ids.partner_id
        )
        return result


class CreditInsuranceBuyerGroupCeiling(models.Model):
    """A lower ceiling has the orders reviewed, a higher one lets them go."""

    _inherit = "credit.insurance.buyer.group.ceiling"

    @api.model_create_multi
    def create(self, vals_list):
        ceilings = super().create(vals_list)
        for company, own in ceilings.grouped("company_id").items():
            self.env["credit.insurance.review"]._notice(
                "group", partners=own.group_id.member_ids.partner_id, companies=company
            )
        self.env["credit.insurance.hold"]._cover_may_be_back(
            ceilings.group_id.member_ids.partner_id
        )
        return ceilings
