from odoo import api, fields, models
from odoo.tools import formatLang

from ..reference.number_text import number_text
from .claim_recovery import loss_after


class CreditInsuranceRecovery(models.Model):
    """Why the insurer gets so much of a recovery (DOMAIN 1.14)."""

    _inherit = "credit.insurance.recovery"

    share_text = fields.Text(
        string="How It Is Shared",
        compute="_compute_share_text",
        help="The insurer's percentage of the net amount, and what it comes from.",
    )

    @api.depends("insurer_amount", "net_amount", "is_before_loss", "method", "state")
    @api.depends_context("lang")
    def _compute_share_text(self):
        for recovery in self:
            recovery.share_text = recovery._explain_share()

    def _explain_share(self):
        """Return the insurer's percentage and its reason; False without an amount."""
        if self.is_before_loss:
            return self.env._("Before the loss: it lowers what is claimed")
        if not self.net_amount:
            return False
        pct = number_text(self.env, self.insurer_amount / self.net_amount * 100)
        if self.method == "fifo":
            return self.env._("%s %%: the oldest debt is settled first", pct)
        covered, owed = self._pro_rata_of()
        claim = self.claim_id
        share = claim._rounded(self.net_amount * covered / owed) if owed > 0 else 0.0
        if share == self.insurer_amount:
            return self.env._(
                "%(pct)s %% = %(covered)s covered of %(owed)s owed",
                pct=pct,
                covered=formatLang(self.env, covered, currency_obj=claim.currency_id),
                owed=formatLang(self.env, owed, currency_obj=claim.currency_id),
            )
        if self.state == "draft" and self.insurer_amount < share:
            return self.env._("%s %%: the insurer gets no more than it pays", pct)
        return self.env._("%s %%, as it was declared", pct)

    def _pro_rata_of(self):
        """Return what is covered and owed, after what came in before the loss."""
        debts = self.claim_id.line_ids._as_debts()
        early = self.claim_id._settled_before_loss()
        _base, covered = loss_after(early, debts)
        return covered, sum(debt.gross for debt in debts) - early
