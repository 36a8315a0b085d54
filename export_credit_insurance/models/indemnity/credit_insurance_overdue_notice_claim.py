from odoo import fields, models
from odoo.exceptions import UserError


class CreditInsuranceOverdueNotice(models.Model):
    """A notice that was sent may become a claim."""

    _inherit = "credit.insurance.overdue.notice"

    claim_ids = fields.One2many("credit.insurance.claim", "notice_id")
    claim_count = fields.Integer(compute="_compute_claim_count")

    def _compute_claim_count(self):
        counts = dict(
            self.env["credit.insurance.claim"]._read_group(
                [("notice_id", "in", self.ids)], ["notice_id"], ["__count"]
            )
        )
        for notice in self:
            notice.claim_count = counts.get(notice, 0)

    def action_prepare_claim(self):
        """Draft the claims of what these notices list and is still open.

        :raise UserError: if one was not sent, or nothing is left to claim
        """
        claims = self.env["credit.insurance.claim"]
        for notice in self:
            if notice.state not in ("sent", "answered"):
                raise UserError(
                    self.env._(
                        "%s was not sent: the insurer is told first, then asked to "
                        "pay.",
                        notice.display_name,
                    )
                )
        for company, notices in self.grouped("company_id").items():
            claims |= claims._prepare(
                notices.partner_id, company, notices.policy_id, notices
            )
        return claims._open_prepared(claims)

    def action_open_claims(self):
        """Open the claims that were made of this notice."""
        return self.env["credit.insurance.claim"]._open_prepared(self.claim_ids)
