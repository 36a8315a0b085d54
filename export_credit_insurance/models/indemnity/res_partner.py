from odoo import models

from ..decision.buyer.res_partner_agreements import Agreement
from .notice_kinds import family_of


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_agreements(self):
        # EXTENDS 'decision': what insurers were told of one legal person
        agreements = super()._credit_agreements()
        for partner, agreement in self._credit_notice_agreements():
            agreements.setdefault(partner, []).append(agreement)
        return agreements

    def _credit_notice_agreements(self):
        """Yield drafts, of each kind one, and notices with anything still open.

        The insurer keeps its case under one legal person's number.
        """
        # sudo: whoever changes a partner, what the insurer was told of it counts
        notices = (
            self.env["credit.insurance.overdue.notice"]
            .sudo()
            .search(
                [("partner_id", "in", self.ids), ("state", "!=", "withdrawn")],
                order="id",
            )
        )
        for notice in notices:
            partner = self.browse(notice.partner_id.id)
            if notice.state == "draft":
                holder = (notice.policy_id, notice.company_id, family_of(notice.kind))
                text = self.env._(
                    "draft of a notice under policy %s", notice.policy_id.name
                )
                yield partner, Agreement("notice_draft", holder, text)
            elif not all(notice.line_ids.move_line_id.mapped("reconciled")):
                text = self.env._(
                    "notice %(notice)s under policy %(policy)s",
                    notice=notice.name,
                    policy=notice.policy_id.name,
                )
                yield partner, Agreement("notice", notice.policy_id, text)
