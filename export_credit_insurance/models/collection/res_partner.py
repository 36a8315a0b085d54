from odoo import api, fields, models

from .credit_followup_plan_choice import CHOICE_REASONS

CREDIT_GROUP = "export_credit_insurance.group_credit_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_followup_plan_id = fields.Many2one(
        "credit.followup.plan",
        string="Plan Chosen by Hand",
        company_dependent=True,
        copy=False,  # who copies a partner need not be allowed to write it
        domain="[('company_id', 'in', (current_company_id, False))]",
        groups=CREDIT_GROUP,
        help="Instead of the plan of the buyer's zone, risk band or tags.",
    )
    credit_followup_applied_plan_id = fields.Many2one(
        "credit.followup.plan",
        string="Follow-up Plan",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )
    credit_followup_plan_reason = fields.Selection(
        CHOICE_REASONS,
        string="Plan Chosen By",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )
    credit_followup_plan_explained = fields.Char(
        string="Why This Plan",
        compute="_compute_credit_followup_applied_plan_id",
        groups=CREDIT_GROUP,
    )

    @api.depends(
        "commercial_partner_id.credit_followup_plan_id",
        "commercial_partner_id.category_id",
        "commercial_partner_id.country_id",
        "commercial_partner_id.credit_zone_override_id",
    )
    @api.depends_context("company", "uid", "lang")
    def _compute_credit_followup_applied_plan_id(self):
        Plan = self.env["credit.followup.plan"]
        buyers = self.commercial_partner_id._origin
        choices = Plan._get_plans(buyers, self.env.company)
        for partner in self:
            buyer = partner.commercial_partner_id._origin
            choice = choices.get(buyer)
            partner.credit_followup_applied_plan_id = choice and choice.plan
            partner.credit_followup_plan_reason = choice and choice.reason
            partner.credit_followup_plan_explained = choice and Plan._explain_choice(
                choice, buyer
            )
