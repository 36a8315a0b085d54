from odoo import api, fields, models


class ResPartner(models.Model):
    """The buyer's own payment terms, held against the law of its contracts."""

    _inherit = "res.partner"

    credit_terms_warning = fields.Char(
        compute="_compute_credit_terms_warning",
        groups="export_credit_insurance.group_credit_user",
    )

    @api.depends("property_payment_term_id", "commercial_partner_id.country_id")
    @api.depends_context("company", "lang")
    def _compute_credit_terms_warning(self):
        company = self.env.company
        if company.id not in company._credit_check_modes():
            self.credit_terms_warning = False  # installing changes nothing
            return
        day = company._credit_today()
        for partner in self:
            buyer = partner.commercial_partner_id._origin
            term = partner.property_payment_term_id.sudo()  # sudo: its days alone
            partner.credit_terms_warning = term._credit_law_warning(company, buyer, day)
