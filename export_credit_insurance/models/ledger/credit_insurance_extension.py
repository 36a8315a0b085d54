from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from .untaxed_share import BILLS

EXTENSION_STATES = [
    ("requested", "Requested"),
    ("agreed", "Agreed"),
    ("refused", "Refused"),
]


class CreditInsuranceExtension(models.Model):
    """What the insurer is asked to prolong, and what it agreed to in writing.

    Its agreement is the only thing that moves its clock: neither a postponement that
    the seller granted alone nor a request does. All deadlines of the instalment move
    by the days by which its extension period is prolonged (DESIGN 4, *The insurer's
    clock*; DOMAIN 1.8, 1.17). Of several agreements the latest day holds.
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
    state = fields.Selection(
        EXTENSION_STATES,
        required=True,
        default="agreed",
        readonly=True,
        index=True,
        copy=False,
    )
    requested_until = fields.Date(readonly=True, copy=False)
    requested_on = fields.Date(readonly=True, copy=False)
    extension_until = fields.Date(
        string="Extended Until",
        required=True,
        help="Last day of the extension period as the insurer agreed: cover stops the "
        "day after, and the later deadlines move by as many days. A request moves "
        "nothing.",
    )
    agreement_ref = fields.Char(
        string="Insurer's Answer",
        help="Reference of the insurer's letter, e-mail or entry online.",
    )
    agreed_on = fields.Date(
        string="Answered On",
        help="Day of the insurer's letter, e-mail or entry online.",
    )
    note = fields.Text()

    _agreement_in_writing = models.Constraint(
        "CHECK (state <> 'agreed' OR agreed_on IS NOT NULL"
        " AND COALESCE(agreement_ref, '') <> '')",
        "An agreement of the insurer needs its reference and its day.",
    )
    _one_request = models.UniqueIndex(
        "(move_line_id) WHERE state = 'requested'",
        "The insurer was asked to extend this instalment already: record its answer.",
    )

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

    @api.depends("move_line_id", "extension_until", "state")
    def _compute_display_name(self):
        for extension in self:
            if not extension.move_line_id:
                extension.display_name = ""
                continue
            facts = {
                # sudo: the invoice's name alone, for credit users who read no invoices
                "invoice": extension.sudo().move_id.name,
                "day": format_date(self.env, extension.extension_until),
            }
            extension.display_name = {
                "requested": self.env._(
                    "%(invoice)s: until %(day)s asked for", **facts
                ),
                "refused": self.env._("%(invoice)s: until %(day)s refused", **facts),
            }.get(
                extension.state,
                self.env._("%(invoice)s: extended until %(day)s", **facts),
            )

    @api.constrains("move_line_id", "extension_until")
    def _check_instalment(self):
        # sudo: what the instalment is, for controllers who read no invoices
        for extension in self.sudo():
            line = extension.move_line_id
            is_instalment = (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.move_id.move_type in BILLS
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
        for extension in self.filtered("agreed_on"):
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
        """Record agreements, by default of today; requests by :meth:`_request`."""
        today = self.env.company._credit_today()
        prepared = []
        for vals in vals_list:
            values = {"state": "agreed", **vals}
            if values["state"] == "agreed":
                values.setdefault("agreed_on", today)
            elif not self.env.su:
                raise AccessError(
                    self.env._("The insurer is asked by the button of the invoice.")
                )
            prepared.append(values)
        extensions = super().create(prepared)
        agreed = extensions.filtered(lambda each: each.state == "agreed")
        agreed._check_written()
        agreed._lift_stops()
        return extensions

    def _check_written(self):
        for extension in self:
            if not (extension.agreement_ref or "").strip():
                raise ValidationError(
                    self.env._(
                        "Enter the reference of the insurer's letter, e-mail or entry "
                        "online: without it nothing is agreed on."
                    )
                )

    # === REQUESTS === #

    @api.model
    def _request(self, lines, until, note=False):
        """Note that the insurer is to be asked to prolong instalments until a day.

        Nothing moves yet. What is asked for already, what is agreed on as long or
        longer, and what falls due later anyway is left out.

        :return: the new requests
        """
        self.check_access("create")
        # sudo: the requests are this method's; instalments of those who read none
        lines = lines.sudo()
        known = self.sudo().search([("move_line_id", "in", lines.ids)])
        taken = known.filtered(
            lambda each: each.state == "requested"
            or (each.state == "agreed" and each.extension_until >= until)
        ).move_line_id
        due = (lines - taken).filtered(
            lambda line: (
                line.move_id.move_type in BILLS and line._original_due_date() < until
            )
        )
        requests = self.sudo().create(
            [
                {
                    "move_line_id": line.id,
                    "state": "requested",
                    "requested_until": until,
                    "extension_until": until,
                    "requested_on": line.company_id._credit_today(),
                    "note": note,
                }
                for line in due
            ]
        )
        return requests.sudo(False)

    def action_agree(self):
        """Record that the insurer agreed, in writing; now its clock moves.

        :raise ValidationError: without its reference
        """
        self._check_requested()
        self._check_written()
        for extension in self.sudo():  # sudo: the state is this method's
            extension._set_answer(
                {
                    "state": "agreed",
                    "agreed_on": extension.agreed_on
                    or extension.company_id._credit_today(),
                }
            )
        self._lift_stops()
        return True

    def action_refuse(self):
        """Record that the insurer refused: its clock goes on as before."""
        self._check_requested()
        for extension in self.sudo():  # sudo: the state is this method's
            extension._set_answer(
                {
                    "state": "refused",
                    "agreed_on": extension.agreed_on
                    or extension.company_id._credit_today(),
                }
            )
        return True

    def _check_requested(self):
        self.check_access("write")
        if answered := self.filtered(lambda each: each.state != "requested"):
            raise UserError(
                self.env._(
                    "%s: the insurer has answered already. Record another request.",
                    answered[0].display_name,
                )
            )

    def _set_answer(self, vals):
        return super().write(vals)

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
        """An answer of the insurer is history: only a note is added.

        On a request its reference, its day and until when it agrees can be entered.
        """
        answer = {"agreement_ref", "agreed_on", "extension_until"}
        open_for = {"note"} | (
            answer if all(each.state == "requested" for each in self) else set()
        )
        if vals.keys() - open_for:
            raise UserError(
                self.env._(
                    "An agreement of the insurer stays as it was recorded: record the "
                    "next one beside it."
                )
            )
        return super().write(vals)
