from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

STOP_CAUSES = [
    ("overdue", "Overdue Beyond the Extension Period"),
    ("insolvency", "Insolvency"),
    ("adverse_information", "Adverse Information"),
    ("handed_over", "Handed Over to Collection"),
    ("notified", "Overdue Notified to the Insurer"),
    ("insurer", "Stopped by the Insurer"),
    ("other", "Other"),
]


class CreditInsuranceStop(models.Model):
    _name = "credit.insurance.stop"
    _description = "Cover Stop"
    _order = "date_from desc, id desc"

    policy_id = fields.Many2one(
        "credit.insurance.policy",
        index=True,
        ondelete="restrict",
        help="Empty: under every policy.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="Shipments from this day on are not insured.",
    )
    date_to = fields.Date(
        string="Last Day", help="Empty as long as the cover is stopped."
    )
    cause = fields.Selection(STOP_CAUSES, required=True, default="other")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Caused By",
        index="btree_not_null",
        ondelete="restrict",
    )
    agreement_ref = fields.Char(
        string="Insurer's Agreement",
        help="Reference of the written agreement that lifted the stop.",
    )
    note = fields.Text()

    _handed_over_once = models.UniqueIndex(
        "(move_line_id) WHERE cause = 'handed_over' AND date_to IS NULL",
        "This instalment is handed over already: a file goes to the insurer once.",
    )
    _overdue_once = models.UniqueIndex(
        "(partner_id, policy_id, move_line_id)"
        " WHERE cause = 'overdue' AND date_to IS NULL",
        "This instalment stops the buyer's cover already.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A cover stop cannot end before it begins.",
    )

    @api.depends("partner_id", "date_from")
    def _compute_display_name(self):
        for stop in self:
            if not stop.partner_id:
                stop.display_name = ""
                continue
            stop.display_name = self.env._(
                "%(buyer)s: cover stopped from %(day)s",
                buyer=stop.partner_id.display_name,
                day=format_date(self.env, stop.date_from),
            )

    @api.constrains("partner_id")
    def _check_partner_is_buyer(self):
        for stop in self:
            buyer = stop.partner_id.commercial_partner_id
            if stop.partner_id != buyer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(buyer)s: stop the cover of "
                        "the company.",
                        contact=stop.partner_id.display_name,
                        buyer=buyer.display_name,
                    )
                )

    @api.model
    def _buyers_stopped(self, buyers, policy, day):
        """Return those of these buyers whose cover by a policy is stopped on a day."""
        # sudo: that there are any, whoever proposes a limit
        groups = self.sudo()._read_group(
            [
                ("partner_id", "in", buyers.ids),
                ("policy_id", "in", (False, policy.id)),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            ["partner_id"],
        )
        return buyers.browse(buyer.id for (buyer,) in groups)

    def write(self, vals):
        """A stop is history: only its end and the agreement are added, once."""
        fixed = {"policy_id", "partner_id", "date_from", "cause", "move_line_id"}
        if changed := fixed & vals.keys():
            labels = ", ".join(
                self._fields[name]._description_string(self.env)
                for name in sorted(changed)
            )
            raise UserError(
                self.env._(
                    "A recorded cover stop stays as it was (%(fields)s): end it and "
                    "record another.",
                    fields=labels,
                )
            )
        if "date_to" in vals and self.filtered("date_to"):
            raise UserError(
                self.env._("This cover stop has ended already: record another one.")
            )
        return super().write(vals)
