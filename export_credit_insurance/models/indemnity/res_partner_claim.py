from odoo import fields, models

from ..groups import CREDIT_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_claim_count = fields.Integer(
        string="Claims", compute="_compute_credit_claim_count", groups=CREDIT_GROUP
    )

    def _compute_credit_claim_count(self):
        counts = dict(
            self.env["credit.insurance.claim"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.credit_claim_count = counts.get(partner.commercial_partner_id, 0)

    def action_prepare_credit_claims(self):
        """Draft the claims of what these buyers owe late.

        :raise UserError: if nothing insured is overdue that is in no claim
        """
        claims = self.env["credit.insurance.claim"]
        return claims._open_prepared(
            claims._prepare(self.commercial_partner_id, self.env.company)
        )

    def action_open_credit_claims(self):
        """Open the claims on this buyer."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_claim_action"
        )
        buyers = self.commercial_partner_id
        return {**action, "domain": [("partner_id", "in", buyers.ids)], "context": {}}
