from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

ADVERSE_KINDS = [
    ("bounced_cheque", "Bounced Cheque"),
    ("failed_debit", "Failed Direct Debit"),
    ("unpaid_bill", "Unpaid Bill of Exchange"),
    ("delay_request", "Request for Delay"),
    ("negative_report", "Negative Information"),
    ("legal_action", "Legal Action by Others"),
    ("other", "Other"),
]


class CreditInsuranceAdverseInfo(models.Model):
    """Something bad that was learned of a buyer, to be told to the insurer in days.

    The policy counts from the day it was learned (DOMAIN 1.9). Until it is settled no
    discretionary limit holds (DESIGN 4).
    """

    _name = "credit.insurance.adverse.info"
    _description = "Adverse Information on a Buyer"
    _order = "learned_on desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(ADVERSE_KINDS, required=True, default="negative_report")
    learned_on = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="The policy's days to tell the insurer count from it.",
    )
    date_end = fields.Date(
        string="Settled On",
        help="The day it turned out wrong or was mended. Empty: it still holds.",
    )
    source = fields.Char(required=True, help="Bank, agency, salesperson, press, …")
    note = fields.Text()

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= learned_on)",
        "Adverse information cannot be settled before it was learned.",
    )

    @api.depends("partner_id", "kind", "learned_on")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for info in self:
            if not info.partner_id:
                info.display_name = ""
                continue
            info.display_name = self.env._(
                "%(buyer)s: %(kind)s, %(day)s",
                buyer=info.partner_id.display_name,
                kind=kinds.get(info.kind, ""),
                day=format_date(self.env, info.learned_on),
            )

    @api.constrains("partner_id")
    def _check_partner_is_buyer(self):
        for info in self:
            buyer = info.partner_id.commercial_partner_id
            if info.partner_id != buyer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(buyer)s: record the "
                        "information on the company.",
                        contact=info.partner_id.display_name,
                        buyer=buyer.display_name,
                    )
                )

    @api.constrains("learned_on")
    def _check_learned_on(self):
        today = self.env.company._credit_today()
        for info in self:
            if info.learned_on > today:
                raise ValidationError(
                    self.env._(
                        "Nothing can have been learned on %(day)s yet: enter the day "
                        "you heard of it.",
                        day=format_date(self.env, info.learned_on),
                    )
                )

    @api.model
    def _buyers_with_any(self, buyers, day):
        """Return those of these buyers of whom something bad is known on a day."""
        # sudo: that there is any, whoever proposes a limit
        groups = self.sudo()._read_group(
            [
                ("partner_id", "in", buyers.ids),
                ("learned_on", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ],
            ["partner_id"],
        )
        return buyers.browse(buyer.id for (buyer,) in groups)
