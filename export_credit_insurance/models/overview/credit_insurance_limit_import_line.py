from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..contract.credit_insurance_limit import REASON_CODES
from .limit_words import DECISIONS, OUTCOMES, PRODUCTS, REQUESTS

#: what a person says of a row; all else the server writes
CHOICE_FIELDS = {"chosen_partner_id", "is_set_aside"}


class CreditInsuranceLimitImportLine(models.Model):
    """One row of an insurer's file, and what applying it does."""

    _name = "credit.insurance.limit.import.line"
    _description = "Row of a Limit Import"
    _order = "row_number, id"
    _rec_name = "name"

    import_id = fields.Many2one(
        "credit.insurance.limit.import", required=True, index=True, ondelete="cascade"
    )
    import_state = fields.Selection(related="import_id.state")
    row_number = fields.Integer("Line", readonly=True, aggregator=None)
    outcome = fields.Selection(OUTCOMES, "Result", readonly=True, index=True)
    message = fields.Char("Explanation", readonly=True)
    # what the file says
    name = fields.Char("Name in the File", readonly=True)
    policy_number = fields.Char("Policy in the File", readonly=True)
    insurer_code = fields.Char(readonly=True)
    insurer_buyer_ref = fields.Char("Insurer's Buyer Number", readonly=True)
    own_ref = fields.Char("Our Reference", readonly=True)
    country = fields.Char("Country in the File", readonly=True)
    id_value = fields.Char("Legal Number", readonly=True)
    kind = fields.Selection(PRODUCTS, readonly=True)
    decision = fields.Selection(DECISIONS, readonly=True)
    request = fields.Selection(REQUESTS, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    requested_amount = fields.Monetary("Requested", readonly=True)
    amount = fields.Monetary("Granted", readonly=True, aggregator=None)
    reason_code = fields.Selection(REASON_CODES, "Reason", readonly=True)
    reason = fields.Char("Comment", readonly=True)
    conditions = fields.Char(readonly=True)
    reference = fields.Char("Decision Reference", readonly=True)
    request_date = fields.Date("Requested On", readonly=True)
    decision_date = fields.Date("Decided On", readonly=True)
    effect_date = fields.Date("From", readonly=True)
    end_date = fields.Date("Until", readonly=True)
    insured_pct = fields.Float("Insured %", readonly=True, aggregator=None)
    max_payment_days = fields.Integer(readonly=True, aggregator=None)
    # what is made of it
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Buyer", readonly=True, index=True, ondelete="set null"
    )
    matched_by = fields.Selection(
        [
            ("insurer", "Insurer's number"),
            ("reference", "Our reference"),
            ("legal", "Legal number"),
            ("person", "Chosen"),
        ],
        "Found By",
        readonly=True,
    )
    suggested_partner_id = fields.Many2one(
        "res.partner",
        "Suggestion",
        readonly=True,
        ondelete="set null",
        help="A buyer of the same name. Only you can say that it is the same.",
    )
    chosen_partner_id = fields.Many2one(
        "res.partner",
        "Your Choice",
        ondelete="set null",
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
    )
    is_set_aside = fields.Boolean(
        "Set Aside", help="Nothing of this row is recorded; the file remembers who."
    )
    current_amount = fields.Monetary("Before", readonly=True, aggregator=None)
    limit_id = fields.Many2one(
        "credit.insurance.limit", "Recorded As", readonly=True, index="btree_not_null"
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Rows come from files alone."""
        if not self.env.su:
            raise AccessError(
                self.env._("Rows are read from the insurer's file: upload the file.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Let people say who a buyer is; the rest is what the file says."""
        if not self.env.su:
            if vals.keys() - CHOICE_FIELDS:
                raise AccessError(
                    self.env._(
                        "A row says what the insurer's file says: choose its buyer or "
                        "set it aside."
                    )
                )
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        if any(line.import_state == "applied" for line in self):
            raise UserError(
                self.env._("This file is applied: what was said of its rows stays.")
            )

    # === ACTIONS === #

    def action_take_suggestion(self):
        """Say that the suggested buyers are those of the file."""
        for line in self.filtered("suggested_partner_id"):
            line.chosen_partner_id = line.suggested_partner_id
        return True

    def action_set_aside(self):
        """Leave rows out by name: nothing of them is recorded."""
        self.write({"is_set_aside": True})
        return True

    def action_take_back(self):
        """Take rows in that were set aside."""
        self.write({"is_set_aside": False})
        return True

    # === HELPERS === #

    def _who(self):
        """Return the buyer as the file names it."""
        self.ensure_one()
        return self.name or self.insurer_buyer_ref or self.own_ref or self.id_value
