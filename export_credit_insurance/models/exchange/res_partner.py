from odoo import models

from ..decision.buyer.res_partner_agreements import Agreement


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_agreements(self):
        # EXTENDS 'decision': what is about to be asked for one legal person
        agreements = super()._credit_agreements()
        for partner, agreement in self._credit_request_drafts():
            agreements.setdefault(partner, []).append(agreement)
        return agreements

    def _credit_request_drafts(self):
        """Yield drafts, of each kind of limit one; those sent are lines of limits."""
        # sudo: whoever changes a partner, what is asked for it counts
        drafts = (
            self.env["credit.insurance.limit.request"]
            .sudo()
            .search(
                [("partner_id", "in", self.ids), ("state", "=", "draft")], order="id"
            )
        )
        for draft in drafts:
            text = self.env._(
                "draft of a request under policy %s", draft.policy_id.name
            )
            holder = (draft.policy_id, draft.limit_kind)
            yield (
                self.browse(draft.partner_id.id),
                Agreement("request_draft", holder, text),
            )

    def action_ask_limit(self):
        """Draft requests of limits for these buyers; open those that wait already."""
        return self.env["credit.insurance.limit.request"]._ask(
            self.commercial_partner_id, self.env.company
        )
