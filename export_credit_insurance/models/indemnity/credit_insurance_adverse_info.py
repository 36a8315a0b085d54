from odoo import fields, models


class CreditInsuranceAdverseInfo(models.Model):
    """What was learned is told to the insurers in the policy's days."""

    _inherit = "credit.insurance.adverse.info"

    notice_ids = fields.Many2many(
        "credit.insurance.overdue.notice",
        "credit_insurance_notice_adverse_info_rel",
        "info_id",
        "notice_id",
        string="Notices",
        readonly=True,
        copy=False,
    )

    def action_prepare_notices(self):
        """Draft what is to be told of these buyers to each insurer, and open it."""
        return self.env["credit.insurance.overdue.notice"]._prepare_of_buyers(
            self.partner_id, "adverse"
        )
