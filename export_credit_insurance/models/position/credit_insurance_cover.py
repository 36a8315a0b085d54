from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger.loss_cause import LOSS_CAUSES

INSURABILITY_REASONS = [
    ("related", "Company of the same group"),
    ("public", "Public buyer"),
    ("private", "Private person"),
    ("country_off", "Country off cover"),
    ("outside_period", "Outside every policy's period or scope"),
    ("not_shipped", "Not shipped yet"),
    ("terms_exceeded", "Payment terms too long"),
    ("invoiced_late", "Invoiced too late"),
    ("shipped_after_stop", "Shipped after cover stopped"),
    ("lc", "Borne by a letter of credit"),
    ("secured", "Borne by a security"),
    ("dispute", "Disputed"),
    ("vat", "Tax not insured"),
    ("no_limit", "No limit on the day of shipment"),
    ("over_limit", "Above the limit of the day of shipment"),
]


class CreditInsuranceCover(models.AbstractModel):
    """What one debt's row of the allocation says; amounts in company currency."""

    _name = "credit.insurance.cover"
    _description = "Row of the Cover Allocation"
    _inherit = "credit.insurance.position.table"

    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    shipment_date = fields.Date(readonly=True)
    invoice_date = fields.Date(readonly=True)
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    usable_limit = fields.Monetary(
        string="Limit on Shipment",
        readonly=True,
        currency_field="limit_currency_id",
        aggregator=None,
    )
    limit_kind = fields.Selection(
        [
            ("named", "Named"),
            ("express", "Express"),
            ("temporary", "Temporary"),
            ("topup", "Top-up"),
            ("discretionary", "Discretionary"),
        ],
        readonly=True,
    )
    insured_pct = fields.Float(string="Insured %", readonly=True, aggregator=None)
    open_amount = fields.Monetary(readonly=True)
    credited_amount = fields.Monetary(string="Credit Notes", readonly=True)
    received_amount = fields.Monetary(string="Receipts Not Matched", readonly=True)
    secured_amount = fields.Monetary(string="Secured", readonly=True)
    disputed_amount = fields.Monetary(string="Disputed", readonly=True)
    eligible_amount = fields.Monetary(string="Eligible", readonly=True)
    base_amount = fields.Monetary(string="Within the Limit", readonly=True)
    covered_amount = fields.Monetary(string="Covered", readonly=True)
    covered_political_amount = fields.Monetary(
        string="Covered (Political)", readonly=True
    )
    uncovered_amount = fields.Monetary(string="Uncovered", readonly=True)
    exclusion_reason = fields.Selection(
        INSURABILITY_REASONS,
        string="Left Out Because",
        readonly=True,
        help="The first reason for which the whole amount is not insured.",
    )
    uninsured_reason = fields.Selection(
        INSURABILITY_REASONS,
        string="Not Insured Because",
        compute="_compute_uninsured_reason",
        help="The first reason for which a part of the amount is not insured. The own"
        " share needs none.",
    )
    lc_excluded = fields.Boolean(readonly=True)
    cover_stop_date = fields.Date(string="Cover Stopped From", readonly=True)

    @api.depends("exclusion_reason", "eligible_amount", "base_amount")
    def _compute_uninsured_reason(self):
        for row in self:
            row.uninsured_reason = uninsured_reason(row)


class CreditInsuranceCoverLine(models.Model):
    """One row per open instalment; ``id`` is the journal item's."""

    _name = "credit.insurance.cover.line"
    _description = "Cover of an Open Instalment"
    _inherit = "credit.insurance.cover"
    _auto = False
    _order = "shipment_date, id"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    due_date = fields.Date(string="Original Due Date", readonly=True)
    mep_end = fields.Date(string="Extension Period Ends", readonly=True)

    loss_cause = fields.Selection(
        LOSS_CAUSES,
        string="Cause Proposed",
        compute="_compute_loss_cause",
        help="Why the instalment is overdue, as events and insolvency speak for it.",
    )

    @api.depends("partner_id", "due_date")
    def _compute_loss_cause(self):
        causes = {}
        for company, lines in self.grouped("company_id").items():
            causes |= self.env["res.partner"]._credit_loss_causes(
                {line: (line.partner_id, line.due_date) for line in lines},
                company._credit_today(),
            )
        for line in self:
            found = causes.get(line)
            line.loss_cause = found and found.cause

    @api.depends("move_id")
    def _compute_display_name(self):
        for line in self:
            # sudo: the invoice's name alone, for credit users who read no invoices
            line.display_name = line.move_id.sudo().display_name

    def _position_query(self, query):
        return query.cover(0)

    def _partners_of(self, ids):
        return buyers_of_items(ids)


class CreditInsuranceCoverDelivery(models.Model):
    """One row per order line delivered and not invoiced; ``id`` is the line's."""

    _name = "credit.insurance.cover.delivery"
    _description = "Cover of a Delivery Not Invoiced"
    _inherit = "credit.insurance.cover"
    _auto = False
    _order = "shipment_date, id"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", string="Order", readonly=True)

    def _position_query(self, query):
        return query.cover(1)

    def _partners_of(self, ids):
        return _buyers(
            "SELECT partner.commercial_partner_id FROM sale_order_line line"
            " JOIN sale_order so ON so.id = line.order_id"
            " JOIN res_partner partner ON partner.id = so.partner_invoice_id"
            " WHERE line.id = ANY(%s)",
            ids,
        )


def buyers_of_items(ids):
    """Return the SQL array of the buyers behind journal items."""
    return _buyers(
        "SELECT partner.commercial_partner_id FROM account_move_line line"
        " JOIN res_partner partner ON partner.id = line.partner_id"
        " WHERE line.id = ANY(%s)",
        ids,
    )


def _buyers(query, ids):
    return SQL("ARRAY(%s)", SQL(query, ids))


def amount_due(row):
    """Return what is owed on a row of the allocation, credits taken off.

    Rows hold floats: the sixth digit is below every currency's.
    """
    return round(
        row["open_amount"] - row["credited_amount"] - row["received_amount"], 6
    )


def uninsured_reason(row):
    """Return the first reason for which a part of the instalment is not insured."""
    due = amount_due(row)
    if due <= 0:
        return None
    if row["exclusion_reason"]:
        return row["exclusion_reason"]
    if row["secured_amount"]:
        return "lc" if row["lc_excluded"] else "secured"
    if row["disputed_amount"]:
        return "dispute"
    if round(due - row["eligible_amount"], 6) > 0:  # records hold floats
        return "vat"
    if not row["usable_limit"]:
        return "no_limit"
    if round(row["eligible_amount"] - row["base_amount"], 6) > 0:
        return "over_limit"
    return None
