from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    insured_limit_line_ids = fields.One2many(
        "credit.insurance.limit",
        "partner_id",
        string="Limits",
        groups="export_credit_insurance.group_credit_user",
    )
    own_risk_line_ids = fields.One2many(
        "credit.insurance.own.risk",
        "partner_id",
        string="Own Risk Accepted",
        groups="export_credit_insurance.group_credit_user",
    )
    credit_security_ids = fields.One2many(
        "credit.insurance.security",
        "partner_id",
        string="Securities",
        groups="export_credit_insurance.group_credit_user",
    )
    own_risk_limit = fields.Monetary(
        compute="_compute_own_risk_limit",
        groups="export_credit_insurance.group_credit_user",
        help="What the company accepts today beyond any cover, at its own risk.",
    )

    @api.depends(
        "commercial_partner_id.own_risk_line_ids.amount",
        "commercial_partner_id.own_risk_line_ids.date_from",
        "commercial_partner_id.own_risk_line_ids.date_to",
    )
    @api.depends_context("company")
    def _compute_own_risk_limit(self):
        accepted = self.env["credit.insurance.own.risk"]._accepted(
            self, self.env.company, self.env.company._credit_today()
        )
        for partner in self:
            partner.own_risk_limit = accepted.get(partner.commercial_partner_id, 0.0)
