from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class CreditInsuranceExtension(models.Model):
    """What the insurer agreed to in writing: the only thing that moves its clock.

    A postponement granted by the seller alone moves nothing. All deadlines of the
    instalment move by the days by which its extension period is prolonged (DESIGN 4,
    *The insurer's clock*; DOMAIN 1.8, 1.17). Of several agreements the latest day
    holds.
    """

    _name = "credit.insurance.extension"
    _description = "Extension Agreed by the Insurer"
    _order = "agreed_on desc, id desc"

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Instalment",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('account_type', '=', 'asset_receivable'), "
        "('parent_state', '=', 'posted'), ('reconciled', '=', False)]",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        compute="_compute_partner_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="move_line_id.company_id", store=True)
    due_date = fields.Date(string="Original Due Date", compute="_compute_due_date")
    extension_until = fields.Date(
        string="Extended Until",
        required=True,
        help="Last day of the extension period as the insurer agreed: cover stops the "
        "day after, and the later deadlines move by as many days.",
    )
    agreement_ref = fields.Char(
        string="Insurer's Agreement",
        required=True,
        help="Reference of the insurer's letter, e-mail or entry online.",
    )
    agreed_on = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    note = fields.Text()

    @api.depends("move_line_id.partner_id.commercial_partner_id")
    def _compute_partner_id(self):
        for extension in self:
            buyer = extension.move_line_id.partner_id.commercial_partner_id
            extension.partner_id = buyer

    @api.depends("move_line_id")
    def _compute_due_date(self):
        # sudo: the day alone, for credit users who read no invoices
        for extension in self:
            line = extension.move_line_id.sudo()
            extension.due_date = line and line._original_due_date()

    @api.depends("move_line_id", "extension_until")
    def _compute_display_name(self):
        for extension in self:
            if not extension.move_line_id:
                extension.display_name = ""
                continue
            extension.display_name = self.env._(
                "%(invoice)s: extended until %(day)s",
                # sudo: the invoice's name alone, for credit users who read no invoices
                invoice=extension.sudo().move_id.name,
                day=format_date(self.env, extension.extension_until),
            )

    @api.constrains("move_line_id", "extension_until")
    def _check_instalment(self):
        # sudo: what the instalment is, for controllers who read no invoices
        for extension in self.sudo():
            line = extension.move_line_id
            is_instalment = (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.move_id.move_type == "out_invoice"
            )
            if not is_instalment:
                raise ValidationError(
                    self.env._(
                        "%(entry)s is no instalment of a posted customer invoice: an "
                        "insurer extends the cover of those alone.",
                        entry=line.display_name,
                    )
                )
            if extension.extension_until <= extension.due_date:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is due on %(due)s anyway: an extension until "
                        "%(until)s would not prolong it. Correct the day.",
                        invoice=line.move_id.name,
                        due=format_date(self.env, extension.due_date),
                        until=format_date(self.env, extension.extension_until),
                    )
                )

    @api.constrains("agreed_on")
    def _check_agreed_on(self):
        for extension in self:
            today = extension.sudo().company_id._credit_today()  # sudo: its time zone
            if extension.agreed_on > today:
                raise ValidationError(
                    self.env._(
                        "The insurer cannot have agreed on %(day)s yet: enter the day "
                        "of its letter.",
                        day=format_date(self.env, extension.agreed_on),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        extensions = super().create(vals_list)
        extensions._lift_stops()
        return extensions

    def _lift_stops(self):
        """End the recorded stops that these instalments cause: the insurer agreed."""
        stops = self.env["credit.insurance.stop"].search(
            [
                ("move_line_id", "in", self.move_line_id.ids),
                ("cause", "=", "overdue"),
                ("agreement_ref", "=", False),
            ]
        )
        latest = {each.move_line_id: each for each in reversed(self)}
        for stop in stops:
            extension = latest[stop.move_line_id]
            values = {"agreement_ref": extension.agreement_ref}
            if not stop.date_to:
                values["date_to"] = max(stop.date_from, extension.agreed_on)
            stop.write(values)

    def write(self, vals):
        """An agreement is history: only a note is added."""
        if vals.keys() - {"note"}:
            raise UserError(
                self.env._(
                    "An agreement of the insurer stays as it was recorded: record the "
                    "next one beside it."
                )
            )
        return super().write(vals)
