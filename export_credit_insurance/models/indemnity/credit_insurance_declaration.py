from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..contract.credit_insurance_policy_declaration import DECLARATION_BASES
from .declaration_file import to_csv, to_xlsx

# What is declared: chosen in a draft, never changed afterwards.
CONTENT = {
    "company_id", "policy_id", "basis", "date_from", "date_to", "corrects_id",
    "line_ids", "group_ids", "included_line_ids", "excluded_line_ids",
}  # fmt: skip
# Written by the buttons alone.
SERVER_FIELDS = {
    "name", "state", "sent_on", "sent_by", "brought_up_on", "year_id", "reminded",
    "amount", "excluded_amount", "base_amount", "premium_amount", "premium_before",
    "earlier_amount", "earlier_before",
    "minimum_premium", "bonus_malus_pct", "bonus_malus_amount", "fee_amount",
    "fee_before", "tax_amount", "total_amount", "line_ids", "group_ids",
    "included_line_ids", "excluded_line_ids", "corrects_id", "correction_ids",
}  # fmt: skip


class CreditInsuranceDeclaration(models.Model):
    """What the insurer is told of a period's turnover, or of the balance at its end.

    It lists every document of the period before tax, included or left out with the
    reason, credit notes negative, and the premium that follows (DOMAIN 1.12). A draft
    is brought up to date as often as wished; once declared it stays as it was, and what
    changes later is declared by the next one or by a correction.
    """

    _name = "credit.insurance.declaration"
    _description = "Turnover Declaration"
    _inherit = [
        "credit.insurance.told.mixin",
        "credit.insurance.thread.mixin",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, id desc"
    _server_fields = SERVER_FIELDS
    _content = CONTENT

    insurer_id = fields.Many2one(related="policy_id.insurer_id", store=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    year_id = fields.Many2one(
        "credit.insurance.policy.year",
        string="Policy Year",
        compute="_compute_year",
        store=True,
        index=True,
        ondelete="restrict",
        help="The policy year whose premium it makes.",
    )
    basis = fields.Selection(
        DECLARATION_BASES,
        compute="_compute_basis",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What the policy asks to be told: the turnover invoiced, or what is "
        "outstanding at the end of the period.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    deadline = fields.Date(
        string="Declare By",
        compute="_compute_deadline",
        store=True,
        help="Last day to hand it to the insurer.",
    )
    is_over = fields.Boolean(string="Period Has Ended", compute="_compute_is_over")
    rate_note = fields.Char(
        string="Exchange Rates",
        compute="_compute_rate_note",
        help="As the policy's exchange rate says. The ledger counts each invoice at "
        "the rate of its own day: with “Today's rate”, totals differ from it.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("declared", "Declared"),
            ("corrected", "Corrected"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    corrects_id = fields.Many2one(
        "credit.insurance.declaration",
        string="Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The declaration that this one replaces.",
    )
    correction_ids = fields.One2many(
        "credit.insurance.declaration", "corrects_id", string="Corrections"
    )
    line_ids = fields.One2many(
        "credit.insurance.declaration.line", "declaration_id", readonly=True
    )
    group_ids = fields.One2many(
        "credit.insurance.declaration.group", "declaration_id", readonly=True
    )
    included_line_ids = fields.One2many(
        "credit.insurance.declaration.line",
        "declaration_id",
        string="Included",
        domain=[("base_amount", "!=", 0)],
        readonly=True,
    )
    excluded_line_ids = fields.One2many(
        "credit.insurance.declaration.line",
        "declaration_id",
        string="Documents Left Out",
        domain=[("excluded_amount", "!=", 0)],
        readonly=True,
    )
    brought_up_on = fields.Datetime(
        string="Up to Date On",
        readonly=True,
        copy=False,
        help="When sales were last read from the books.",
    )
    sent_on = fields.Date(copy=False, readonly=True, tracking=True)
    sent_by = fields.Many2one("res.users", copy=False, readonly=True)
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", store=True, readonly=True
    )
    insurer_ref = fields.Char(string="Insurer's Reference", copy=False)
    note = fields.Text()
    reminded = fields.Char(readonly=True, copy=False)

    amount = fields.Monetary(
        string="Total Before Tax",
        readonly=True,
        copy=False,
        help="All sales of the period.",
    )
    excluded_amount = fields.Monetary(
        readonly=True,
        copy=False,
        help="Sales that the policy leaves out, each with its reason.",
    )
    base_amount = fields.Monetary(
        string="Insurable",
        readonly=True,
        copy=False,
        help="What the premium is counted on.",
    )
    premium_amount = fields.Monetary(
        string="Premium of the Period",
        readonly=True,
        copy=False,
        help="The insurable sales of this policy year, each at the rate of its "
        "country.",
    )
    earlier_amount = fields.Monetary(
        string="Premium of Earlier Policy Years",
        readonly=True,
        copy=False,
        help="What late documents add to the premium of their own policy year: nothing "
        "below its minimum.",
    )
    earlier_before = fields.Monetary(
        string="Declared So Far of Earlier Policy Years",
        readonly=True,
        copy=False,
        help="What all other declarations of this policy year add to earlier ones.",
    )
    premium_before = fields.Monetary(
        string="Declared So Far in the Policy Year",
        readonly=True,
        copy=False,
        help="Premium of all other declarations of this policy year, also of later "
        "periods.",
    )
    minimum_premium = fields.Monetary(
        string="Annual Minimum Premium",
        readonly=True,
        copy=False,
        help="What the year costs at least.",
    )
    bonus_malus_pct = fields.Float(
        string="Bonus/Malus (%)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="What the insurer gives back, or asks for besides, after the losses of "
        "the year before.",
    )
    bonus_malus_amount = fields.Monetary(
        string="Bonus/Malus",
        readonly=True,
        copy=False,
        help="What the insurer gives back, or asks for besides, in the policy's "
        "currency.",
    )
    fee_amount = fields.Monetary(
        string="Fees of the Period",
        readonly=True,
        copy=False,
        help="Monitoring of limits and other fees of the period.",
    )
    fee_before = fields.Monetary(
        string="Fees Declared So Far",
        readonly=True,
        copy=False,
        help="Fees of all other declarations of this policy year, also of later "
        "periods.",
    )
    tax_amount = fields.Monetary(
        string="Insurance Tax",
        readonly=True,
        copy=False,
        help="Insurance tax on premium and fees.",
    )
    total_amount = fields.Monetary(
        string="Cost of the Policy Year So Far",
        readonly=True,
        copy=False,
        help="The larger of the premium declared so far and the annual minimum, with "
        "bonus or malus, what earlier policy years cost more, fees and insurance tax.",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A declaration cannot end before it begins.",
    )
    # integers as ranges of one: needs no extension of the database
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(policy_id, policy_id, '[]') WITH &&,"
        " int4range(company_id, company_id, '[]') WITH &&,"
        " int4range((basis = 'balance')::int, (basis = 'balance')::int, '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&) WHERE (corrects_id IS NULL)",
        "A declaration of this policy and company for these days is there already.",
    )
    _one_correction = models.UniqueIndex(
        "(corrects_id) WHERE state = 'draft' AND corrects_id IS NOT NULL",
        "A draft that corrects this declaration is there already.",
    )

    # === COMPUTE === #

    @api.depends("policy_id")
    def _compute_basis(self):
        for declaration in self:
            declaration.basis = declaration.policy_id.declaration_basis or "turnover"

    @api.depends("policy_id", "date_to")
    def _compute_year(self):
        for declaration in self:
            day = declaration.date_to
            declaration.year_id = day and declaration.policy_id._premium_year_of(day)

    @api.depends("policy_id", "date_to", "corrects_id")
    def _compute_deadline(self):
        """Count from the end of the period; a correction has no day of its own."""
        for declaration in self:
            days = timedelta(days=declaration.policy_id.declaration_days)
            last = not declaration.corrects_id and declaration.date_to
            declaration.deadline = last and last + days

    @api.depends("date_to", "company_id")
    def _compute_is_over(self):
        for declaration in self:
            last = declaration.date_to
            company = declaration.company_id or self.env.company
            declaration.is_over = bool(last and last < company._credit_today())

    @api.depends("policy_id.rate_rule", "date_to", "is_over")
    @api.depends_context("lang")
    def _compute_rate_note(self):
        """Say which rate turns other currencies into the policy's, as the lines do."""
        for declaration in self:
            last = declaration.date_to
            day = last and format_date(self.env, last)
            if declaration.policy_id.rate_rule == "invoice_date":
                note = self.env._("Other currencies at the rate of each invoice's day")
            elif not last:
                note = False
            elif declaration.is_over:
                note = self.env._("Other currencies at the rate of %s", day)
            else:
                note = self.env._(
                    "Other currencies at the latest rate, in the end that of %s", day
                )
            declaration.rate_note = note

    @api.depends("sent_on", "deadline")
    def _compute_is_late(self):
        for declaration in self:
            sent, last = declaration.sent_on, declaration.deadline
            declaration.is_late = bool(sent and last and sent > last)

    @api.depends("policy_id", "date_from", "date_to", "company_id", "corrects_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for declaration in self:
            if not (declaration.date_from and declaration.date_to):
                declaration.display_name = declaration.policy_id.number  # a new one
                continue
            facts = {
                "policy": declaration.policy_id.number or "",
                "first": format_date(self.env, declaration.date_from),
                "last": format_date(self.env, declaration.date_to),
            }
            declaration.display_name = (
                self.env._("%(policy)s, correction of %(first)s – %(last)s", **facts)
                if declaration.corrects_id
                else self.env._("%(policy)s, %(first)s – %(last)s", **facts)
            )

    # === CONSTRAINTS === #

    @api.constrains("policy_id", "company_id", "date_from", "date_to", "basis")
    def _check_period(self):
        """A period lies in one policy year, of a company that the policy insures."""
        for declaration in self:
            policy = declaration.policy_id
            if declaration.company_id not in policy.company_ids:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s does not insure %(company)s: choose another "
                        "policy or company.",
                        policy=policy.number,
                        company=declaration.company_id.name,
                    )
                )
            if declaration.year_id != policy._premium_year_of(
                declaration.date_from
            ) or (not declaration.year_id):
                raise ValidationError(
                    self.env._(
                        "%(first)s to %(last)s is not within one year of policy "
                        "%(policy)s. Declare each policy year by itself.",
                        first=format_date(self.env, declaration.date_from),
                        last=format_date(self.env, declaration.date_to),
                        policy=policy.number,
                    )
                )

    # === FILES AND DOCUMENTS === #

    def action_download_csv(self):
        """Hand out the totals by country group and reason, as the insurer reads."""
        return self._download("csv", to_csv(self))

    def action_download_xlsx(self):
        """Hand out the totals, with a sheet of all documents."""
        return self._download("xlsx", to_xlsx(self))

    def _download(self, extension, content):
        self.check_access("read")
        name = self.display_name if len(self) == 1 else self.env._("Declarations")
        # sudo: whoever reads declarations takes their file, kept with the first
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name.replace('/', '-')}.{extension}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self[:1].id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_open_lines(self):
        """Open the documents that the figures are made of."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_declaration_line_action"
        )
        return {**action, "domain": [("declaration_id", "in", self.ids)]}

    def _open(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_declaration_action"
        )
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    # === CRUD === #

    def _server_refusal(self):
        return self.env._(
            "The figures of a declaration, and when it was handed to the "
            "insurer, are recorded by its buttons alone."
        )

    def _check_draft(self):
        if told := self.filtered(lambda each: each.state != "draft"):
            raise UserError(
                self.env._(
                    "%s stays as it was declared: what has changed since is declared "
                    "by a correction, or with the next period.",
                    told[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_alone(self):
        self._check_draft()
