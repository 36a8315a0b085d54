from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .untaxed_share import BILLS

RECOURSES = [
    ("with", "With Recourse"),
    ("without", "Without Recourse"),
]


class CreditInsuranceAssignment(models.Model):
    """An invoice sold to a factor, from a day on, until it is handed back.

    Sold *without recourse* the loss is the factor's: whether or not the books still
    show the invoice, it leaves exposure, cover, the insurer's clock, follow-up and
    claims (the risks and rewards are transferred, as IFRS 9, 3.2.6 (a) has it for
    derecognition). Sold *with recourse* the factor hands an unpaid invoice back: the
    loss stays the seller's, and the invoice stays in all of them (IFRS 9, 3.2.6 (b)).
    An open credit note or payment on a sold invoice stays the buyer's credit here.

    The books are the accountant's: nothing is entered or reconciled.
    """

    _name = "credit.insurance.assignment"
    _description = "Receivable Sold to a Factor"
    _order = "date desc, id desc"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('state', '=', 'posted')]",
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        compute="_compute_partner_id",
        store=True,
        index=True,
    )
    factor_id = fields.Many2one(
        "res.partner", string="Factor", required=True, index=True, ondelete="restrict"
    )
    recourse = fields.Selection(
        RECOURSES,
        required=True,
        help="With recourse the factor hands unpaid invoices back: they stay in the "
        "exposure and in claims. Without recourse the loss is the factor's, and they "
        "leave both.",
    )
    date = fields.Date(
        string="Sold On",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    date_end = fields.Date(string="Handed Back On", copy=False)
    reference = fields.Char(help="Number of the factor's schedule or statement.")

    _one_current = models.UniqueIndex(
        "(move_id) WHERE date_end IS NULL",
        "This invoice is sold already: record first that it was handed back.",
    )
    _order_of_dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date)",
        "An invoice cannot be handed back before it was sold.",
    )

    @api.depends("move_id.commercial_partner_id")
    def _compute_partner_id(self):
        # sudo: the buyer alone, for credit users who read no invoices
        for sale in self:
            sale.partner_id = sale.sudo().move_id.commercial_partner_id

    @api.depends("move_id", "factor_id")
    def _compute_display_name(self):
        for sale in self:
            if not sale.move_id:
                sale.display_name = False
                continue
            sale.display_name = self.env._(
                "%(invoice)s sold to %(factor)s",
                # sudo: the invoice's name alone, for credit users who read no invoices
                invoice=sale.sudo().move_id.name or "",
                factor=sale.factor_id.display_name or "",
            )

    @api.constrains("move_id")
    def _check_invoice(self):
        # sudo: what the document is, for controllers who read no invoices
        for move in self.sudo().move_id:
            if move.move_type not in BILLS or move.state != "posted":
                raise ValidationError(
                    self.env._(
                        "%(document)s is no posted customer invoice: only those are "
                        "sold to a factor.",
                        document=move.display_name,
                    )
                )

    @api.constrains("date", "date_end")
    def _check_dates(self):
        for sale in self:
            # sudo: the company's time zone
            today = sale.sudo().company_id._credit_today()
            latest = max(sale.date, sale.date_end or sale.date)
            if latest > today:
                raise ValidationError(
                    self.env._(
                        "%(sale)s: %(day)s lies in the future. Record it once it has "
                        "happened.",
                        sale=sale.display_name,
                        day=format_date(self.env, latest),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        sales = super().create(vals_list)
        sales._mark_invoices()
        return sales

    def write(self, vals):
        """A sale is history: only its end and its reference are added."""
        if vals.keys() - {"date_end", "reference"}:
            raise UserError(
                self.env._(
                    "A sale to a factor stays as it was recorded. Record that the "
                    "invoice was handed back, and the next sale beside it."
                )
            )
        res = super().write(vals)
        self._mark_invoices()
        return res

    def unlink(self):
        moves = self.move_id
        res = super().unlink()
        self._mark_lines(moves)
        return res

    # === BUSINESS === #

    def action_hand_back(self):
        """Record that the factor has handed these invoices back today."""
        for company, sales in (
            self.filtered(lambda s: not s.date_end).grouped("company_id").items()
        ):
            # sudo: the company's time zone
            sales.date_end = company.sudo()._credit_today()
        return True

    def _mark_invoices(self):
        self._mark_lines(self.move_id)

    @api.model
    def _mark_lines(self, moves):
        """Write on the instalments whether they are sold outright, for the engine."""
        sold = (
            self.sudo()
            .search(  # sudo: a fact, whoever records it
                Domain("move_id", "in", moves.ids)
                & Domain("date_end", "=", False)
                & Domain("recourse", "=", "without")
            )
            .move_id
        )
        # sudo: a fact of the ledger, recorded by controllers who write no invoices
        lines = moves.sudo().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        gone = lines.filtered(lambda line: line.move_id in sold)
        gone.filtered(
            lambda line: not line.credit_not_exposure
        ).credit_not_exposure = True
        (lines - gone).filtered("credit_not_exposure").credit_not_exposure = False

    @api.model
    def _get_factors(self, moves):
        """Return {invoice: its current sale}, whatever the recourse; one query."""
        # sudo: whom the money is due to, for controllers of the claim
        sales = self.sudo().search(
            [("move_id", "in", moves.ids), ("date_end", "=", False)]
        )
        return {sale.move_id: sale for sale in sales}
