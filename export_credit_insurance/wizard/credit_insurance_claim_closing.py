from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditInsuranceClaimClosing(models.TransientModel):
    """Prepare what a closing asks for of a claim: doubtful debt and allowance."""

    _name = "credit.insurance.claim.closing"
    _description = "Entries of a Claim at Closing"

    claim_id = fields.Many2one("credit.insurance.claim", required=True)
    date = fields.Date(
        string="Closing Date",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    with_doubtful = fields.Boolean(
        string="Move to Doubtful Debts",
        compute="_compute_with_doubtful",
        store=True,
        readonly=False,
    )
    with_provision = fields.Boolean(string="Make the Allowance", default=True)

    @api.depends("claim_id")
    def _compute_with_doubtful(self):
        """Once per claim: the debt stays there."""
        for closing in self:
            events = closing.claim_id.entry_ids.filtered(
                lambda entry: entry.state != "cancel"
            ).mapped("event")
            closing.with_doubtful = "doubtful" not in events

    def action_prepare(self):
        """Prepare the entries as drafts and open them.

        :raise UserError: if there is nothing to move or to provide for
        """
        self.ensure_one()
        claim = self.claim_id
        claim._check_may_prepare()
        # sudo: entries are written by the server
        claim.sudo().entry_ids._forget_cancelled()
        entries = self.env["credit.insurance.claim.entry"]
        if self.with_doubtful and claim._open_items():
            entries |= claim._prepare_entry("doubtful", self.date)
        if self.with_provision and claim._provision_due(self.date):
            entries |= claim._prepare_entry("provision", self.date)
        if not entries:
            raise UserError(
                self.env._(
                    "Nothing to enter for %(claim)s: nothing is open, or the allowance "
                    "is what it must be already.",
                    claim=claim.display_name,
                )
            )
        return claim._open_entries(entries)
