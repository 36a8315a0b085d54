from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..groups import CREDIT_GROUP, SETTINGS

#: where the French chart keeps what a claim's entries need, the first found counts
FRENCH_CODES = {
    "receivable": ("4687", "467"),
    "income": ("7587", "791"),
    "doubtful": ("416",),
    "allowance": ("491",),
    "allowance_expense": ("68174", "6817"),
    "allowance_income": ("78174", "7817"),
    "loss": ("6541", "654"),
    "vat": ("44571",),
    "insurer_share": ("4686", "467"),
    "payee": ("467",),
}
VAT_TREATMENTS = [
    ("none", "Lost with the Debt"),
    ("relief", "Taken Back"),
]


class ResCompany(models.Model):
    """Where the entries of claims are made: accounts, journal, treatment of VAT."""

    _inherit = "res.company"

    credit_claim_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Claims",
        domain="[('type', '=', 'general')]",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Empty: the first journal of miscellaneous operations.",
    )
    credit_claim_vat = fields.Selection(
        VAT_TREATMENTS,
        string="VAT of Bad Debts",
        default="none",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Whether the law gives back the VAT of a debt that is written off. It "
        "does so for VAT of one's own country only, under conditions.",
    )
    credit_claim_receivable_account_id = fields.Many2one(
        "account.account",
        string="Indemnities to Receive",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="What the insurer admitted and has not paid.",
    )
    credit_claim_income_account_id = fields.Many2one(
        "account.account",
        string="Indemnities",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Income; the insurer's part of recoveries is taken off it.",
    )
    credit_claim_doubtful_account_id = fields.Many2one(
        "account.account",
        string="Doubtful Debts",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Where debts of a claim stand from a closing on.",
    )
    credit_claim_allowance_account_id = fields.Many2one(
        "account.account",
        string="Allowance for Doubtful Debts",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="What is expected to be lost, ex tax.",
    )
    credit_claim_allowance_expense_account_id = fields.Many2one(
        "account.account",
        string="Allowances Made",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Expense.",
    )
    credit_claim_allowance_income_account_id = fields.Many2one(
        "account.account",
        string="Allowances Released",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Income.",
    )
    credit_claim_loss_account_id = fields.Many2one(
        "account.account",
        string="Bad Debts",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="Expense: what is written off when a claim is closed.",
    )
    credit_claim_vat_account_id = fields.Many2one(
        "account.account",
        string="VAT Taken Back",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="VAT of written-off debts, where the law gives it back.",
    )
    credit_claim_insurer_share_account_id = fields.Many2one(
        "account.account",
        string="Owed to the Insurer",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="The insurer's part of recoveries.",
    )
    credit_claim_payee_account_id = fields.Many2one(
        "account.account",
        string="Loss Payee",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="What the insurer paid to a bank or factor for the company.",
    )

    def _claim_account(self, role):
        """Return the account of a role; in France the chart's, unless one is chosen.

        :raise UserError: naming the setting that is missing
        """
        self.ensure_one()
        # sudo: where entries go, whoever prepares them
        company = self.sudo()
        name = f"credit_claim_{role}_account_id"
        account = company[name] or company._find_claim_account(role)
        if not account:
            raise UserError(
                self.env._(
                    'No account is chosen for "%(setting)s" in %(company)s: set it in '
                    "Configuration, Settings, Entries of Claims.",
                    setting=self._fields[name]._description_string(self.env),
                    company=company.name,
                )
            )
        return account

    def _find_claim_account(self, role):
        """Return the account that the French chart has for a role, if it is there."""
        accounts = self.env["account.account"].with_company(self)
        if self.account_fiscal_country_id.code != "FR":
            return accounts
        mine = Domain("company_ids", "parent_of", self.ids)
        for code in FRENCH_CODES[role]:
            found = accounts.search(
                mine & Domain("code", "=like", f"{code}%"), order="code", limit=1
            )
            if found:
                return found
        return accounts

    def _claim_journal(self):
        """Return the journal of claims' entries.

        :raise UserError: where the company has none
        """
        company = self.sudo()  # sudo: as above
        journal = company.credit_claim_journal_id or self.env[
            "account.journal"
        ].sudo().search(
            [("type", "=", "general"), ("company_id", "parent_of", company.ids)],
            order="sequence, id",
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    'No journal is chosen for "%(setting)s" in %(company)s: set it in '
                    "Configuration, Settings, Entries of Claims.",
                    setting=self.env._("Journal of Claims"),
                    company=company.name,
                )
            )
        return journal

    @api.constrains("credit_claim_journal_id")
    def _check_claim_journal(self):
        for company in self:
            journal = company.credit_claim_journal_id
            if journal and journal.type != "general":
                raise UserError(
                    self.env._(
                        "%s is no journal of miscellaneous operations: entries of "
                        "claims go into one.",
                        journal.display_name,
                    )
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_claim_journal_id = fields.Many2one(
        related="company_id.credit_claim_journal_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_vat = fields.Selection(
        related="company_id.credit_claim_vat", readonly=False
    )
    credit_claim_receivable_account_id = fields.Many2one(
        related="company_id.credit_claim_receivable_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_income_account_id = fields.Many2one(
        related="company_id.credit_claim_income_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_doubtful_account_id = fields.Many2one(
        related="company_id.credit_claim_doubtful_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_allowance_account_id = fields.Many2one(
        related="company_id.credit_claim_allowance_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_allowance_expense_account_id = fields.Many2one(
        related="company_id.credit_claim_allowance_expense_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_allowance_income_account_id = fields.Many2one(
        related="company_id.credit_claim_allowance_income_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_loss_account_id = fields.Many2one(
        related="company_id.credit_claim_loss_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_vat_account_id = fields.Many2one(
        related="company_id.credit_claim_vat_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_insurer_share_account_id = fields.Many2one(
        related="company_id.credit_claim_insurer_share_account_id",
        readonly=False,
        check_company=True,
    )
    credit_claim_payee_account_id = fields.Many2one(
        related="company_id.credit_claim_payee_account_id",
        readonly=False,
        check_company=True,
    )
