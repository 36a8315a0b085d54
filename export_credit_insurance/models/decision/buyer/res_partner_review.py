from odoo import api, fields, models

from ...groups import CREDIT_GROUP


class ResPartner(models.Model):
    """When the buyer was looked at, and when it has to be again."""

    _inherit = "res.partner"

    credit_review_ids = fields.One2many(
        "credit.insurance.buyer.review",
        "partner_id",
        string="Reviews",
        groups=CREDIT_GROUP,
    )
    credit_next_review_date = fields.Date(
        string="Next Review",
        compute="_compute_credit_next_review_date",
        groups=CREDIT_GROUP,
        help="As often as the risk band says after the last review, or earlier where "
        "the reviewer said so.",
    )

    @api.depends("credit_band_id", "commercial_partner_id.credit_review_ids")
    @api.depends_context("company", "uid")
    def _compute_credit_next_review_date(self):
        company = self.env.company
        buyers = self.commercial_partner_id._origin
        if not self._sees_credit_of_persons():
            buyers = buyers.filtered("is_company")
        days = self.env["credit.insurance.buyer.review"]._due_dates(buyers, company)
        for partner in self:
            partner.credit_next_review_date = days.get(
                partner.commercial_partner_id._origin.id
            )

    def action_credit_review(self):
        """Open the dialogue that records a review of the buyer."""
        self.ensure_one()
        self.env["credit.insurance.buyer.review"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review"),
            "res_model": "credit.insurance.buyer.review",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }
