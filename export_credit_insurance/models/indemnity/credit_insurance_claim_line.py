from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..ledger.untaxed_share import BILLS
from ..position.credit_insurance_cover import INSURABILITY_REASONS
from .claim_recovery import Debt

# What a person may say of a line; its figures come from the cover allocation.
OWN_FIELDS = {"claim_id", "move_line_id"}


class CreditInsuranceClaimLine(models.Model):
    """One instalment of a claim: what is owed on it, and how much the limits cover.

    As the cover allocation says: first shipped, first covered, each under the limit of
    its own shipment date (DOMAIN 1.5, 1.15). In the policy's currency.
    """

    _name = "credit.insurance.claim.line"
    _description = "Invoice of a Claim"
    _order = "shipment_date, move_line_id, id"

    claim_id = fields.Many2one(
        "credit.insurance.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(
        related="claim_id.state", string="Claim Status", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="claim_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    document_currency_id = fields.Many2one("res.currency", readonly=True)
    document_amount = fields.Monetary(
        string="Open on the Invoice",
        currency_field="document_currency_id",
        readonly=True,
        help="In the invoice's currency, tax included.",
    )
    invoice_date = fields.Date(readonly=True)
    shipment_date = fields.Date(
        readonly=True,
        help="The limit in force on this day covers the invoice.",
    )
    due_date = fields.Date(
        string="Original Due Date",
        readonly=True,
        help="The original due date, whatever was agreed with the buyer later.",
    )
    mep_end = fields.Date(string="Extension Period Ends", readonly=True)
    collection_deadline = fields.Date(
        readonly=True,
        help="Last day to hand the invoice over to the insurer.",
    )
    gross_amount = fields.Monetary(
        string="Owed",
        readonly=True,
        help="Less credit notes and receipts not matched, tax included.",
    )
    tax_amount = fields.Monetary(
        string="Tax Not Insured",
        readonly=True,
        help="The value added tax that the policy does not insure.",
    )
    net_amount = fields.Monetary(
        string="Claimed",
        readonly=True,
        help="What is owed, without the tax that the policy does not insure.",
    )
    disputed_amount = fields.Monetary(string="Disputed", readonly=True)
    secured_amount = fields.Monetary(string="Secured", readonly=True)
    is_lc_excluded = fields.Boolean(string="Letter of Credit Excluded", readonly=True)
    ineligible_amount = fields.Monetary(
        string="Not Insured", readonly=True, help="Disputed and secured parts included."
    )
    ineligible_reason = fields.Selection(
        INSURABILITY_REASONS,
        string="Not Insured Because",
        readonly=True,
        help="Why nothing, or only a part, of it is insured.",
    )
    eligible_amount = fields.Monetary(string="Insured Loss", readonly=True)
    limit_amount = fields.Monetary(
        string="Limit on Shipment",
        readonly=True,
        help="The limit in force when the goods were shipped.",
    )
    base_amount = fields.Monetary(
        string="Within the Limit",
        readonly=True,
        help="What of it is within the limit.",
    )
    commercial_pct = fields.Float(string="Commercial %", readonly=True, aggregator=None)
    political_pct = fields.Float(string="Political %", readonly=True, aggregator=None)
    insured_pct = fields.Float(
        string="Insured %",
        compute="_compute_covered",
        store=True,
        aggregator=None,
        help="The share that the policy pays of this invoice.",
    )
    covered_amount = fields.Monetary(
        string="Covered",
        compute="_compute_covered",
        store=True,
        help="What is within the limit, times the insured percentage.",
    )

    _once_alive = models.UniqueIndex(
        "(move_line_id) WHERE state NOT IN ('refused', 'closed')",
        "This instalment is in a claim already: one that is neither refused nor "
        "closed.",
    )

    @api.depends("claim_id.cause", "commercial_pct", "political_pct", "base_amount")
    def _compute_covered(self):
        for line in self:
            is_political = line.claim_id.cause == "political"
            line.insured_pct = (
                line.political_pct if is_political else line.commercial_pct
            )
            line.covered_amount = line.claim_id._rounded(
                line.base_amount * line.insured_pct / 100
            )

    def _left_out_parts(self):
        """Return [(code, amount)] of what is out of the insurer's reach.

        With the amount within the limit they add up to what is owed.
        """
        lc = "lc" if self.is_lc_excluded else "secured"
        apart = self.disputed_amount + self.secured_amount
        beyond = "over_limit" if self.limit_amount else "no_limit"
        return [
            ("dispute", self.disputed_amount),
            (lc, self.secured_amount),
            (self.ineligible_reason or "vat", self.ineligible_amount - apart),
            (beyond, self.eligible_amount - self.base_amount),
            ("vat", self.tax_amount),
        ]

    def _as_debts(self):
        """Return the lines as plain numbers, first shipped first."""
        return [
            Debt(
                line.gross_amount,
                line.net_amount,
                line.eligible_amount,
                line.base_amount,
                line.covered_amount,
            )
            for line in self.sorted(
                lambda line: (
                    line.shipment_date or line.create_date.date(),
                    line.move_line_id.id,
                )
            )
        ]

    @api.constrains("claim_id", "move_line_id")
    def _check_instalment(self):
        """A line is an instalment of a posted invoice to the claim's buyer.

        The message names no document: who asks may not be allowed to read it.
        """
        # sudo: what the instalment is, for controllers who read no invoices
        for line in self.sudo():
            item, claim = line.move_line_id, line.claim_id
            if (
                item.account_type != "asset_receivable"
                or item.parent_state != "posted"
                or item.move_id.move_type not in BILLS
                or item.company_id != claim.company_id
                or item.partner_id.commercial_partner_id != claim.partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "A claim lists instalments of posted invoices of %(company)s "
                        "to %(buyer)s, nothing else.",
                        company=claim.company_id.name,
                        buyer=claim.partner_id.display_name,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        """Lines of a claim that was filed stay as they were, too."""
        self._check_own_fields(vals)
        self.claim_id._check_draft()
        moves = self.sudo().move_id  # sudo: who reads no invoices
        result = super().write(vals)
        self.claim_id._check_draft()
        if OWN_FIELDS & vals.keys():
            moves |= self.sudo().move_id  # sudo: as above
            moves._set_credit_claim()
            self.claim_id._refresh()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_own_fields(vals)
        lines = super().create(vals_list)
        lines.claim_id._check_draft()
        lines.sudo().move_id._set_credit_claim()  # sudo: who reads no invoices
        if not self.env.su:
            lines.claim_id._refresh()
        return lines

    def _check_own_fields(self, vals):
        if vals.keys() - OWN_FIELDS and not self.env.su:
            raise AccessError(
                self.env._("The figures of a claim come from the cover allocation.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts_alone(self):
        self.claim_id._check_draft()

    def unlink(self):
        moves = self.sudo().move_id  # sudo: who reads no invoices
        result = super().unlink()
        moves._set_credit_claim()
        return result
