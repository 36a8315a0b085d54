from odoo import api, fields, models

from ..groups import CREDIT_GROUP


class ResPartner(models.Model):
    """What a buyer's band means, and how it came to stand there."""

    _inherit = "res.partner"

    credit_band_meaning = fields.Text(
        string="What This Band Means",
        compute="_compute_credit_band_meaning",
        groups=CREDIT_GROUP,
    )

    @api.depends("credit_band_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_credit_band_meaning(self):
        company = self.env.company
        texts = {
            band: "\n".join(band._meaning(company)) for band in self.credit_band_id
        }
        for partner in self:
            partner.credit_band_meaning = texts.get(partner.credit_band_id)

    def action_credit_ratings(self):
        """Open the buyer's scores, as they went."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_buyer_rating_action"
        )
        return action | {
            "views": [(False, "graph"), (False, "list"), (False, "form")],
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
