from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, email_normalize_all

from odoo.addons.mail.tools.alias_error import AliasError

from ..reference.table_file import Layout
from .limit_words import BUYER_COLUMNS, COLUMNS, MEANINGS

DATE_PATTERNS = {
    "iso": "%Y-%m-%d",
    "dmy_slash": "%d/%m/%Y",
    "dmy_point": "%d.%m.%Y",
    "dmy_dash": "%d-%m-%Y",
    "mdy_slash": "%m/%d/%Y",
    "digits": "%Y%m%d",
    "dmy_short": "%d/%m/%y",
}
MARKS = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'"}
DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t", "pipe": "|"}
#: the day that the formats are shown with
EXAMPLE = date(2026, 12, 31)


class CreditInsuranceLimitProfile(models.Model):
    """How one insurer writes its file of limits (DOMAIN 6.3).

    Which column says what, how dates and amounts are written, and what its words mean.
    A mail to the profile's address makes an import of each table attached to it.
    """

    _name = "credit.insurance.limit.profile"
    _description = "Format of Limit Files"
    _inherit = ["mail.alias.mixin.optional", "credit.insurance.thread.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Empty: for the files of every company."
    )
    insurer_id = fields.Many2one(
        "credit.insurance.insurer", help="Whose files these are, if of one insurer."
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy", help="Of the rows that name no policy."
    )
    is_unsourced = fields.Boolean(
        "Not From the Insurer",
        help="The insurer publishes no such layout: compare it with a real file first.",
    )
    note = fields.Text(translate=True)
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows (Western Europe)"),
            ("iso-8859-1", "Latin-1"),
            ("iso-8859-15", "Latin-9"),
            ("utf-16", "UTF-16"),
        ],
        required=True,
        default="utf-8",
    )
    delimiter = fields.Selection(
        [
            ("semicolon", "Semicolon"),
            ("comma", "Comma"),
            ("tab", "Tab"),
            ("pipe", "Vertical bar"),
        ],
        help="Of CSV files; empty: semicolon or comma, as the first line has it.",
    )
    header_row = fields.Integer(
        "Line of the Column Names", required=True, default=1, aggregator=None
    )
    date_format = fields.Selection(
        [(code, EXAMPLE.strftime(text)) for code, text in DATE_PATTERNS.items()],
        "Dates",
        required=True,
        default="iso",
    )
    decimal_mark = fields.Selection(
        [("point", "Point"), ("comma", "Comma")],
        required=True,
        default="point",
    )
    thousands_mark = fields.Selection(
        [
            ("space", "Space"),
            ("comma", "Comma"),
            ("point", "Point"),
            ("apostrophe", "Apostrophe"),
        ],
        help="Empty: digits are not grouped.",
    )
    multiplier = fields.Integer(
        "Amounts Times", required=True, default=1, help="1000 where they are in k€."
    )
    temporary_mode = fields.Selection(
        [
            ("additional", "On top of the named limit"),
            ("total", "Replaces the named limit until its end"),
        ],
        "Temporary Limits",
        required=True,
        default="additional",
    )
    column_ids = fields.One2many(
        "credit.insurance.limit.profile.column", "profile_id", "Columns", copy=True
    )
    word_ids = fields.One2many(
        "credit.insurance.limit.profile.word", "profile_id", "Words", copy=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        domain=[("share", "=", False)],
        help="Who is told that a mailed file waits.",
    )
    allowed_senders = fields.Char(
        help="Addresses whose mails are taken, separated by commas. Others are refused."
    )
    apply_automatically = fields.Boolean(
        "Apply Without a Controller",
        help="A mailed file without errors or unknown buyers is applied at once."
        " Otherwise it waits, checked, for a controller.",
    )

    # === CONSTRAINTS === #

    @api.constrains("header_row", "multiplier", "decimal_mark", "thousands_mark")
    def _check_numbers(self):
        for profile in self:
            if profile.header_row < 1 or not 1 <= profile.multiplier <= 1_000_000:
                raise ValidationError(
                    self.env._(
                        "The line of the column names and the factor of the amounts"
                        " are at least 1, the factor at most 1,000,000."
                    )
                )
            if profile.decimal_mark == profile.thousands_mark:
                raise ValidationError(
                    self.env._(
                        "One mark cannot stand both before decimals and between"
                        " thousands."
                    )
                )

    @api.constrains("allowed_senders", "apply_automatically")
    def _check_senders(self):
        for profile in self:
            if profile.apply_automatically and not profile._sender_addresses():
                raise ValidationError(
                    self.env._(
                        "Say whose mails are taken before files are applied without a"
                        " controller."
                    )
                )

    # === HELPERS === #

    def _alias_get_creation_values(self):
        # EXTENDS 'mail'
        values = super()._alias_get_creation_values()
        imports = self.env["ir.model"]._get_id("credit.insurance.limit.import")
        values["alias_model_id"] = imports
        if self.id:
            values["alias_defaults"] = {"profile_id": self.id}
        return values

    def _alias_get_error(self, message, message_dict, alias):
        # EXTENDS 'mail': the senders that are named are heard, and no others
        sender = email_normalize(message_dict.get("email_from"))
        if not self or sender not in self._sender_addresses():
            return AliasError(
                "error_credit_insurance_sender",
                self.env._("This address takes files of known senders only."),
            )
        return super()._alias_get_error(message, message_dict, alias)

    def _sender_addresses(self):
        return set(email_normalize_all(self.allowed_senders or ""))

    def _layout(self):
        """Return how the profile's files are written."""
        self.ensure_one()
        return Layout(
            encoding=self.encoding,
            delimiter=DELIMITERS.get(self.delimiter, ""),
            header_row=self.header_row,
            decimal=MARKS[self.decimal_mark],
        )

    def _missing_columns(self, columns):
        """Return the names of the mapped columns without which a file says nothing."""
        self.ensure_one()
        names = {line.field: line.name.strip().lower() for line in self.column_ids}
        missing = [
            names.get(field) or dict(COLUMNS)[field]
            for field in ("decision", "amount")
            if names.get(field) not in columns
        ]
        if not any(names.get(field) in columns for field in BUYER_COLUMNS):
            tells = [names[field] for field in BUYER_COLUMNS if field in names]
            missing.append(
                self.env._("one that tells the buyer (%s)", ", ".join(tells))
            )
        return missing

    def action_try(self):
        """Open a new import of this profile: checking a file writes no limit."""
        self.ensure_one()
        self.env["credit.insurance.limit.import"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.limit.import",
            "view_mode": "form",
            "context": {"default_profile_id": self.id},
        }


class CreditInsuranceLimitProfileColumn(models.Model):
    """Which column of an insurer's file says what."""

    _name = "credit.insurance.limit.profile.column"
    _description = "Column of a Limit File"
    _order = "id"

    profile_id = fields.Many2one(
        "credit.insurance.limit.profile", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char("Column in the File", required=True)
    field = fields.Selection(COLUMNS, "Means", required=True)

    _field_once = models.Constraint(
        "UNIQUE(profile_id, field)", "Two columns of this profile mean the same."
    )


class CreditInsuranceLimitProfileWord(models.Model):
    """What a word in an insurer's file means."""

    _name = "credit.insurance.limit.profile.word"
    _description = "Word of a Limit File"
    _order = "meaning, id"

    profile_id = fields.Many2one(
        "credit.insurance.limit.profile", required=True, index=True, ondelete="cascade"
    )
    word = fields.Char("Word in the File", required=True)
    meaning = fields.Selection(MEANINGS, required=True)
