from odoo import api, fields, models

from ..position.credit_insurance_cover import INSURABILITY_REASONS

LINE_KINDS = [
    ("document", "Of the Period"),
    ("late", "Of an Earlier Period"),
    ("change", "Changed since Declared"),
]
EXCLUSION_REASONS = [
    *(
        (code, label)
        for code, label in INSURABILITY_REASONS
        if code not in ("secured", "dispute", "vat", "no_limit", "over_limit")
    ),
    ("limit_withdrawn", "After the limit was withdrawn or refused"),
    ("prepaid", "Paid before shipment"),
    ("other_policy", "Insured by another policy"),
]


class CreditInsuranceDeclarationLine(models.Model):
    """One document of a declaration before tax, as it was then; never edited.

    In the currency of the policy, at the rate of the invoice's day or of the period's
    last day, as the policy says. A credit note is negative.
    """

    _name = "credit.insurance.declaration.line"
    _description = "Document of a Declaration"
    _order = "declaration_id, document_date, id"
    _rec_name = "document_name"

    declaration_id = fields.Many2one(
        "credit.insurance.declaration",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, precompute=True
    )
    policy_id = fields.Many2one(
        related="declaration_id.policy_id", store=True, precompute=True
    )
    basis = fields.Selection(
        related="declaration_id.basis", store=True, precompute=True
    )
    group_id = fields.Many2one(
        "credit.insurance.declaration.group",
        string="Country Group",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        LINE_KINDS, required=True, default="document", readonly=True
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    document_name = fields.Char(string="Number", readonly=True)
    document_date = fields.Date(string="Invoice Date", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", readonly=True, index=True, ondelete="restrict"
    )
    country_id = fields.Many2one("res.country", readonly=True)
    is_named = fields.Boolean(
        string="Named Buyer",
        readonly=True,
        help="A limit was in force on the day of shipment.",
    )
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary(
        string="Before Tax",
        currency_field="document_currency_id",
        readonly=True,
        aggregator=None,
    )
    currency_id = fields.Many2one(related="policy_id.currency_id")
    amount = fields.Monetary(string="Declared Amount", readonly=True)
    excluded_amount = fields.Monetary(
        readonly=True,
        help="What of the document the policy leaves out.",
    )
    base_amount = fields.Monetary(
        string="Insurable",
        readonly=True,
        help="What of the document the premium is counted on.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=(16, 4), readonly=True, aggregator=None
    )
    exclusion_reason = fields.Selection(
        EXCLUSION_REASONS,
        string="Left Out Because",
        readonly=True,
        help="Why it is left out.",
    )
    override_id = fields.Many2one(
        "credit.insurance.declaration.override",
        string="Declared All the Same",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    override_note = fields.Text(related="override_id.note", string="All the Same, Why")
    override_author_id = fields.Many2one(
        related="override_id.author_id", string="Decided By"
    )

    _told_once = models.UniqueIndex(
        "(policy_id, move_id) WHERE basis = 'turnover' AND kind <> 'change'",
        "A document of this declaration is in another one already: bring the draft up "
        "to date.",
    )
    _once = models.UniqueIndex(
        "(declaration_id, move_id)",
        "A declaration lists each document once.",
    )

    def action_open_document(self):
        """Open the invoice or credit note."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def action_declare_all_the_same(self):
        """Ask why the document is declared in spite of the reason to leave it out."""
        return self._open_override(self.env._("Declare All the Same"), is_declared=True)

    def action_leave_out_again(self):
        """Ask why what the policy says of the document counts again."""
        return self._open_override(self.env._("Leave Out Again"), is_declared=False)

    def _open_override(self, title, is_declared):
        self.ensure_one()
        self.check_access("read")
        self.env["credit.insurance.declaration.override"].check_access("create")
        self.declaration_id._check_draft()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "credit.insurance.declaration.override",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_policy_id": self.policy_id.id,
                "default_move_id": self.move_id.id,
                "default_is_declared": is_declared,
            },
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.declaration_id._check_draft()
        return lines

    def write(self, vals):
        """Lines are frozen: a draft is brought up to date as a whole."""
        self.declaration_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts_alone(self):
        self.declaration_id._check_draft()
