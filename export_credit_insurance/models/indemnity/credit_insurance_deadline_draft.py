from odoo import api, fields, models

from .notice_kinds import family_of

#: the deadlines that a notice meets, and the kind of notice
NOTICE_OF = {"notice": "monitor", "insolvency": "insolvency", "adverse": "adverse"}


class CreditInsuranceDeadline(models.Model):
    _inherit = "credit.insurance.deadline"

    draft_notice_id = fields.Many2one(
        "credit.insurance.overdue.notice",
        string="Draft Notice",
        compute="_compute_draft_notice_id",
        help="The notice that is drafted for this deadline and not sent yet.",
    )

    @api.depends("policy_id", "partner_id", "company_id", "next_kind")
    def _compute_draft_notice_id(self):
        drafts = self.env["credit.insurance.overdue.notice"].search(
            [
                ("state", "=", "draft"),
                ("partner_id", "in", self.partner_id.ids),
                ("policy_id", "in", self.policy_id.ids),
            ]
        )
        by_key = {
            (
                draft.company_id,
                draft.policy_id,
                draft.partner_id,
                family_of(draft.kind),
            ): draft
            for draft in drafts
        }
        for row in self:
            family = family_of(NOTICE_OF.get(row.next_kind))
            key = (row.company_id, row.policy_id, row.partner_id, family)
            row.draft_notice_id = by_key.get(key)
