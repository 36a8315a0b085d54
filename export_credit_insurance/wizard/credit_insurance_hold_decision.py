from datetime import timedelta

from odoo import api, fields, models

from ..models.decision.hold.hold_kinds import RELEASE_KINDS


class CreditInsuranceHoldDecision(models.TransientModel):
    """Release or refuse an order on hold; the hold itself checks who may."""

    _name = "credit.insurance.hold.decision"
    _description = "Decision on a Credit Hold"

    hold_id = fields.Many2one(
        "credit.insurance.hold", required=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [("release", "Release"), ("refuse", "Refuse")], required=True
    )
    release_kind = fields.Selection(
        RELEASE_KINDS,
        default="own_risk",
        help="At our own risk: nobody pays but the buyer. Insurer's agreement: it has "
        "accepted in writing. Security: a bank stands for it. Payment announced: proof "
        "of a transfer.",
    )
    release_amount = fields.Monetary(
        compute="_compute_release_amount",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The order may be confirmed and grow up to this total, tax included.",
    )
    currency_id = fields.Many2one(related="hold_id.currency_id", related_sudo=False)
    release_until = fields.Date(
        compute="_compute_release_until",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="After this day confirmation, growth and delivery are checked again.",
    )
    agreement_ref = fields.Char(
        "Insurer's Reference", help="Number of the insurer's written agreement."
    )
    legal_basis = fields.Char(
        help="Only with sanctions: the exemption or licence that allows the delivery."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="The insurer's letter, the proof of payment, the legal basis.",
    )
    reason = fields.Text(help="Kept with the decision, for whoever asks later.")
    # what is decided on; not as superuser: of holds that the user may read only
    limit_currency_id = fields.Many2one(
        related="hold_id.limit_currency_id", related_sudo=False
    )
    insured_amount = fields.Monetary(
        related="hold_id.insured_amount",
        related_sudo=False,
        currency_field="limit_currency_id",
    )
    secured_amount = fields.Monetary(
        related="hold_id.secured_amount",
        related_sudo=False,
        currency_field="limit_currency_id",
    )
    own_risk_amount = fields.Monetary(
        related="hold_id.own_risk_amount",
        related_sudo=False,
        currency_field="limit_currency_id",
    )
    missing_amount = fields.Monetary(
        related="hold_id.missing_amount",
        related_sudo=False,
        currency_field="limit_currency_id",
    )
    has_sanction = fields.Boolean(related="hold_id.has_sanction", related_sudo=False)
    request_reason = fields.Text(related="hold_id.request_reason", related_sudo=False)

    # who had signed when the dialogue was opened: what was seen is what is confirmed
    second_to = fields.Many2one(
        "res.users",
        compute="_compute_second_to",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    signature_text = fields.Text(compute="_compute_texts", compute_sudo=False)
    signed_attachment_ids = fields.Many2many(
        related="hold_id.attachment_ids", related_sudo=False, string="Signed Files"
    )
    confirmable_amount = fields.Monetary(
        "May Be Confirmed Up To",
        compute="_compute_confirmable_amount",
        help="The released amount and the deviation that the company allows.",
    )
    authority_text = fields.Text(
        string="Your Authority",
        compute="_compute_texts",
        compute_sudo=False,
        help="Up to which amounts you may release by yourself.",
    )

    @api.depends("hold_id")
    def _compute_second_to(self):
        for decision in self:
            decision.second_to = decision.hold_id.first_signed_by

    @api.depends("release_amount", "hold_id")
    def _compute_confirmable_amount(self):
        for decision in self:
            hold = decision.hold_id
            decision.confirmable_amount = hold._confirmable(decision.release_amount)

    @api.depends("hold_id")
    def _compute_texts(self):
        for decision in self:
            hold = decision.hold_id
            decision.authority_text = hold._authority_text(self.env.user)
            decision.signature_text = decision.second_to and hold._signature_text()

    @api.constrains("hold_id")
    def _check_hold_access(self):
        """A dialogue shows no hold that its user may not read."""
        self.sudo(False).hold_id.check_access("read")  # constraints run as superuser

    @api.depends("hold_id")
    def _compute_release_amount(self):
        for decision in self:
            decision.release_amount = decision.hold_id.amount

    @api.depends("hold_id")
    def _compute_release_until(self):
        positions = self.env["credit.insurance.position"]
        for decision in self:
            decision.release_until = False
            if company := decision.hold_id.company_id:
                days = timedelta(days=company.credit_release_days)
                decision.release_until = positions._today(company) + days

    def action_confirm(self):
        """Decide; the hold checks rights, ceiling and what a release has to say."""
        self.ensure_one()
        if self.decision == "refuse":
            self.hold_id._refuse(self.reason)
        else:
            self.hold_id._release(
                {
                    "release_kind": self.release_kind,
                    "release_amount": self.release_amount,
                    "release_until": self.release_until,
                    "reason": self.reason,
                    "agreement_ref": self.agreement_ref,
                    "legal_basis": self.legal_basis,
                    "attachment_ids": self.attachment_ids.ids,
                    "second_to": self.second_to.id,
                }
            )
        return {"type": "ir.actions.act_window_close"}
