from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang

from ..position.credit_insurance_cover import INSURABILITY_REASONS


class CreditInsuranceClaim(models.Model):
    """Why each euro of the debt is not paid: the rows add up to it (DOMAIN 1.13)."""

    _inherit = "credit.insurance.claim"

    unpaid_rows = fields.Json(
        compute="_compute_unpaid_rows",
        store=True,
        help="Reasons and amounts, as [code, amount] in the policy's currency.",
    )
    unpaid_table = fields.Html(
        string="Why Each Euro Is Not Paid",
        compute="_compute_unpaid_table",
        sanitize=False,
    )

    @api.depends(
        "gross_amount",
        "base_amount",
        "covered_amount",
        "claim_threshold",
        "deductible",
        "deductible_before_pct",
        "first_loss_left",
        "liability_left",
        "is_liability_limited",
        "line_ids.ineligible_reason",
        "line_ids.ineligible_amount",
        "line_ids.disputed_amount",
        "line_ids.secured_amount",
        "line_ids.limit_amount",
        "line_ids.is_lc_excluded",
    )
    def _compute_unpaid_rows(self):
        """Follow the draft; what was filed stays as it was filed."""
        for claim in self.filtered(lambda each: each.state == "draft"):
            claim.unpaid_rows = claim._prepare_unpaid_rows()

    def _prepare_unpaid_rows(self):
        """Return [[code, amount]]: out of reach first, then what the formula keeps.

        With the indemnity they add up to what is owed, tax included.
        """
        parts = defaultdict(float)
        for line in self.line_ids:
            for code, amount in line._left_out_parts():
                parts[code] += amount
        parts.update(self._indemnity(with_receipts=False).unpaid)
        rounded = {code: self._rounded(amount) for code, amount in parts.items()}
        # the tax is the insured's own loss, apart from what the insurer judges
        order = sorted(rounded, key=lambda code: code == "vat")
        return [[code, rounded[code]] for code in order if rounded[code]]

    def _get_unpaid(self):
        """Return dicts of ``code``, ``label`` in the reader's language, ``amount``."""
        self.ensure_one()
        labels = self._unpaid_labels()
        return [
            {"code": code, "label": labels[code], "amount": amount}
            for code, amount in self.unpaid_rows or ()
        ]

    @api.model
    def _unpaid_labels(self):
        cover = self.env["credit.insurance.cover.line"]._fields["exclusion_reason"]
        return {
            **dict(INSURABILITY_REASONS),
            **dict(cover._description_selection(self.env)),
            "vat": self.env._("Tax, never insured: own loss"),
            "threshold": self.env._("Claim below the policy's threshold"),
            "coinsurance": self.env._("Own share: beyond the insured percentage"),
            "deductible": self.env._("Deductible of each claim"),
            "first_loss": self.env._("Aggregate first loss of the policy year"),
            "liability": self.env._("Above the policy year's maximum liability"),
        }

    @api.depends("unpaid_rows", "gross_amount", "currency_id")
    @api.depends_context("lang")
    def _compute_unpaid_table(self):
        for claim in self:
            rows = claim._get_unpaid()
            unpaid = sum(row["amount"] for row in rows)
            indemnity = claim._rounded(claim.gross_amount - unpaid)
            claim.unpaid_table = Markup(
                '<table class="table table-sm mb-0"><tbody>%s</tbody></table>'
            ) % Markup().join(
                [
                    claim._table_row(self.env._("Owed"), claim.gross_amount, True),
                    *(claim._table_row(row["label"], -row["amount"]) for row in rows),
                    claim._table_row(self.env._("Indemnity"), indemnity, True),
                ]
            )

    def _table_row(self, label, amount, is_total=False):
        shown = formatLang(self.env, amount, currency_obj=self.currency_id)
        row = Markup('<tr%s><td>%s</td><td class="text-end text-nowrap">%s</td></tr>')
        return row % (Markup(' class="fw-bold"') if is_total else "", label, shown)
