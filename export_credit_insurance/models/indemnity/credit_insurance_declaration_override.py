from odoo import api, fields, models
from odoo.exceptions import UserError

from .credit_insurance_declaration_line import EXCLUSION_REASONS

SERVER_FIELDS = {"author_id", "date", "exclusion_reason"}


class CreditInsuranceDeclarationOverride(models.Model):
    """A person's word on a document of declarations, against what the policy says.

    Each reason to leave a document out can be overridden, with reason and author
    (DOMAIN 1.15): the document is declared all the same, under that policy. The latest
    word counts, none is changed or deleted. Credit notes follow the word on their
    invoice, unless there is one on themselves.
    """

    _name = "credit.insurance.declaration.override"
    _description = "Document Declared All the Same"
    _inherit = "credit.insurance.server.fields.mixin"
    _order = "id desc"
    _rec_name = "move_id"
    _server_fields = SERVER_FIELDS

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="move_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Buyer"
    )
    left_out_because = fields.Selection(
        EXCLUSION_REASONS, compute="_compute_left_out_because"
    )
    is_declared = fields.Boolean(
        string="Declare All the Same",
        default=True,
        help="Off: what the policy says counts again.",
    )
    exclusion_reason = fields.Selection(
        EXCLUSION_REASONS, string="Was Left Out Because", readonly=True
    )
    note = fields.Text(
        string="Why", required=True, help="What the insurer agreed to, and where."
    )
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._credit_today(),
    )

    @api.depends("policy_id", "move_id")
    def _compute_left_out_because(self):
        """What the draft that lists the document says, while the dialogue is open."""
        lines = self.env["credit.insurance.declaration.line"].search(
            [
                ("move_id", "in", self.move_id.ids),
                ("policy_id", "in", self.policy_id.ids),
                ("declaration_id.state", "=", "draft"),
            ]
        )
        reasons = {
            (line.policy_id, line.move_id): line.exclusion_reason for line in lines
        }
        for override in self:
            key = (override.policy_id, override.move_id)
            override.left_out_because = reasons.get(key, False)

    @api.model_create_multi
    def create(self, vals_list):
        """Note who says so, and bring the drafts that list the document up to date.

        :raise UserError: if it was declared already
        """
        overrides = super().create(vals_list)
        for override in overrides:
            override.sudo()._apply()  # sudo: lines are the server's
        return overrides

    def _server_refusal(self):
        return self.env._("Who overrides a reason, and which, is recorded.")

    def _apply(self):
        """Note what is overridden, and let the drafts follow."""
        lines = self.env["credit.insurance.declaration.line"].search(
            [
                ("move_id", "=", self.move_id.id),
                ("policy_id", "=", self.policy_id.id),
                ("kind", "!=", "change"),
            ]
        )
        drafts = lines.filtered(lambda line: line.declaration_id.state == "draft")
        if lines and not drafts:
            raise UserError(
                self.env._(
                    "%(document)s was declared already, and stays as it was declared.",
                    document=self.move_id.display_name,
                )
            )
        self.exclusion_reason = drafts[:1].exclusion_reason
        notes = self.env["credit.insurance.declaration.line"].search(
            [
                ("move_id.reversed_entry_id", "=", self.move_id.id),
                ("policy_id", "=", self.policy_id.id),
                ("declaration_id.state", "=", "draft"),
            ]
        )
        (drafts | notes).declaration_id._bring_up_to_date()

    @api.model
    def _latest(self, policy, moves):
        """Return {move id: the last word on it}, of one policy."""
        latest = {}
        for override in self.search(
            [("policy_id", "=", policy.id), ("move_id", "in", moves.ids)], order="id"
        ):
            latest[override.move_id.id] = override
        return latest

    def action_save(self):
        """Close the dialogue: the record is saved, and the drafts follow it."""
        self.check_access("read")
        return {"type": "ir.actions.act_window_close"}
