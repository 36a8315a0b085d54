from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, format_date

from ..groups import CREDIT_GROUP
from .deposit_invoice import READ_OF_DEPOSITS, deposit_select
from .untaxed_share import BILLS


class AccountMove(models.Model):
    _inherit = "account.move"

    insured_due_date = fields.Date(
        string="Original Due Date",
        compute="_compute_insured_due_date",
        store=True,
        copy=False,
        groups=CREDIT_GROUP,
        help="The due date at first posting. The insurer counts every delay from it; "
        "postponing the invoice moves nothing.",
    )
    credit_shipment_date = fields.Date(
        string="Corrected Shipment Date",
        copy=False,
        groups=CREDIT_GROUP,
    )
    credit_delivery_date = fields.Date(
        string="Last Delivery",
        copy=False,
        readonly=True,
        groups=CREDIT_GROUP,
        help="The latest done delivery of what the invoice bills, where the inventory "
        "records deliveries.",
    )
    insured_shipment_date = fields.Date(
        string="Shipment Date",
        compute="_compute_insured_shipment_date",
        inverse="_inverse_insured_shipment_date",
        groups=CREDIT_GROUP,
        help="The day the goods left or the service was rendered: the limit in force "
        "on it decides the cover. The last delivery of what is billed, else the "
        "invoice date, unless corrected. A deposit is dated by the shipment of its "
        "order, and not at all before.",
    )
    credit_dispute_amount = fields.Monetary(
        string="Disputed Amount",
        copy=False,
        tracking=True,
        groups=CREDIT_GROUP,
        help="The part the customer contests, in the invoice's currency. It is not "
        "insured until settled or judged; it stays in the exposure.",
    )

    _credit_disputed_idx = models.Index("(id) WHERE credit_dispute_amount > 0")
    _credit_draft_idx = models.Index("(company_id) WHERE state = 'draft'")

    @api.depends("state")
    def _compute_insured_due_date(self):
        """Keep the due date of the first posting.

        Resetting to draft, another term or a later due date never moves it.
        """
        for move in self:
            if move.insured_due_date or not move.is_sale_document(True):
                continue
            if move.state == "posted":
                move.insured_due_date = move.invoice_date_due

    @api.depends("credit_shipment_date", "credit_delivery_date", "invoice_date", "date")
    def _compute_insured_shipment_date(self):
        known = self._credit_known_shipment_dates()
        for move in self:
            move.insured_shipment_date = move.credit_shipment_date or known[move]

    def _credit_known_shipment_dates(self):
        """Return {move: its shipment date as the books say it}, without correction."""
        dates = {
            move: move.credit_delivery_date or move.invoice_date or move.date
            for move in self
        }
        bills = self.filtered(
            lambda move: move.move_type in BILLS and not move.credit_delivery_date
        )
        if not bills._origin:
            return dates
        for model, names in READ_OF_DEPOSITS.items():
            self.env[model].flush_model(names)
        deposits = dict(
            self.env.execute_query(
                deposit_select(SQL("move.id = ANY(%s)", bills._origin.ids))
            )
        )
        for move in bills:
            if move._origin.id in deposits:
                dates[move] = deposits[move._origin.id] or False
        return dates

    def write(self, vals):
        # EXTENDS 'account': the insurer's clock never moves (DOMAIN 1.8)
        if "insured_due_date" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The original due date stays as it was. Record the insurer's "
                    "agreement on the cover stop instead."
                )
            )
        if "credit_delivery_date" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The last delivery is what the inventory says. Correct the "
                    "shipment date instead."
                )
            )
        return super().write(vals)

    def _inverse_insured_shipment_date(self):
        known = self._credit_known_shipment_dates()
        for move in self:
            corrected = move.insured_shipment_date
            if corrected == known[move]:
                corrected = False
            move.credit_shipment_date = corrected

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base': the shipment date sorts, filters and groups
        if field_expr != "insured_shipment_date":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return SQL(
            "COALESCE(%s, %s, %s, %s)",
            super()._field_to_sql(alias, "credit_shipment_date", query),
            super()._field_to_sql(alias, "credit_delivery_date", query),
            super()._field_to_sql(alias, "invoice_date", query),
            super()._field_to_sql(alias, "date", query),
        )

    @api.constrains("credit_dispute_amount")
    def _check_credit_dispute_amount(self):
        for move in self:
            amount = move.credit_dispute_amount
            is_above = move.state == "posted" and (
                move.currency_id.compare_amounts(amount, move.amount_total) == 1
            )
            if amount < 0 or is_above:
                raise ValidationError(
                    self.env._(
                        "The disputed amount of %(invoice)s must lie between 0 and "
                        "its total of %(total)s.",
                        invoice=move.display_name,
                        total=move.currency_id.format(move.amount_total),
                    )
                )

    @api.constrains("credit_shipment_date", "invoice_date")
    def _check_credit_shipment_date(self):
        for move in self.filtered("credit_shipment_date"):
            today = move.company_id._credit_today()
            shipped = move.credit_shipment_date
            if shipped > max(today, move.invoice_date or today):
                raise ValidationError(
                    self.env._(
                        "The shipment date of %(invoice)s (%(day)s) lies in the "
                        "future: enter the day the goods really left.",
                        invoice=move.display_name,
                        day=format_date(self.env, shipped),
                    )
                )
