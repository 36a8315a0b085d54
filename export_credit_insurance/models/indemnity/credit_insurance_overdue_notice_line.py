from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..ledger.untaxed_share import BILLS, untaxed_share


class CreditInsuranceOverdueNoticeLine(models.Model):
    """One instalment of a notice, in the currency of its invoice, as it was then."""

    _name = "credit.insurance.overdue.notice.line"
    _description = "Invoice of an Overdue Notice"
    _order = "due_date, id"

    notice_id = fields.Many2one(
        "credit.insurance.overdue.notice",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    state = fields.Selection(related="notice_id.state")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        index=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_amounts", store=True, precompute=True
    )
    invoice_date = fields.Date(compute="_compute_amounts", store=True, precompute=True)
    due_date = fields.Date(string="Original Due Date", required=True)
    deadline = fields.Date(string="Notify By")
    gross_amount = fields.Monetary(
        string="Owed",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="Tax included.",
    )
    net_amount = fields.Monetary(
        string="Owed Before Tax",
        compute="_compute_amounts",
        store=True,
        precompute=True,
    )

    invoiced_amount = fields.Monetary(
        string="Invoiced",
        compute="_compute_amounts",
        store=True,
        precompute=True,
        help="The whole instalment, tax included.",
    )
    invoiced_net = fields.Monetary(
        string="Invoiced Before Tax",
        compute="_compute_amounts",
        store=True,
        precompute=True,
    )
    extension_until = fields.Date(
        string="Asked For Until",
        compute="_compute_amounts",
        store=True,
        precompute=True,
    )

    _once = models.UniqueIndex(
        "(notice_id, move_line_id)", "This instalment is listed already."
    )

    @api.depends("move_line_id")
    def _compute_amounts(self):
        """Keep what is open when the line is written, net by the invoice's share."""
        requests = self.env["credit.insurance.extension"].search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("state", "=", "requested"),
            ]
        )
        asked = {each.move_line_id.id: each.extension_until for each in requests}
        # sudo: the instalment's figures, for controllers who read no invoices
        for line in self:
            item = line.move_line_id.sudo()
            move = item.move_id
            share = untaxed_share(move)
            line.currency_id = item.currency_id
            line.invoice_date = move.invoice_date
            line.gross_amount = item.amount_residual_currency
            line.net_amount = item.currency_id.round(
                item.amount_residual_currency * share
            )
            line.invoiced_amount = item.amount_currency
            line.invoiced_net = item.currency_id.round(item.amount_currency * share)
            line.extension_until = asked.get(item.id)

    @api.constrains("notice_id", "move_line_id")
    def _check_instalment(self):
        """A line is an instalment of a posted invoice to the notice's buyer.

        The message names no document: who asks may not be allowed to read it.
        """
        # sudo: what the instalment is, for controllers who read no invoices
        for line in self.sudo():
            item, notice = line.move_line_id, line.notice_id
            if (
                item.account_type != "asset_receivable"
                or item.parent_state != "posted"
                or item.move_id.move_type not in BILLS
                or item.company_id != notice.company_id
                or item.partner_id.commercial_partner_id != notice.partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "An overdue notice lists instalments of posted invoices of "
                        "%(company)s to %(buyer)s, nothing else.",
                        company=notice.company_id.name,
                        buyer=notice.partner_id.display_name,
                    )
                )

    def write(self, vals):
        """Lines of a notice that was sent stay as they were, too."""
        self.notice_id._check_draft()
        res = super().write(vals)
        if "notice_id" in vals:
            self.notice_id._check_draft()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.notice_id._check_draft()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts_alone(self):
        self.notice_id._check_draft()
