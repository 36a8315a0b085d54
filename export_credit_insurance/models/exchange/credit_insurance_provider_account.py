import hashlib
import hmac
import uuid

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..groups import ADMIN_GROUP
from .provider_client import is_safe_url

FIELD_MAP = """decision = result.decision
amount = result.amount
currency = result.currency
date_from = result.effectiveDate
date_to = result.expiryDate
decision_date = result.decisionDate
conditions = result.conditions
reason = result.reason
insurer_reference = result.reference
insurer_buyer_ref = result.companyId"""
STATUS_MAP = """approved = approved
partly = partial
conditional = conditional
refused = refused
acknowledged = acknowledged"""


class CreditInsuranceProviderAccount(models.Model):
    """Access of one company to one insurer's service.

    Key and secrets are written and never read back: they lie in a table that nobody but
    the server may read (``credit.insurance.provider.secret``).
    """

    _name = "credit.insurance.provider.account"
    _description = "Account at an Insurer's Service"
    _rec_name = "insurer_id"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    insurer_id = fields.Many2one(
        "credit.insurance.insurer", required=True, index=True, ondelete="restrict"
    )
    provider = fields.Selection(
        [("jobs", "Token, Job and Webhook")], required=True, default="jobs"
    )
    base_url = fields.Char(
        string="Address", required=True, help="Begins with https://."
    )
    token_path = fields.Char(required=True, default="/oauth2/token")
    request_path = fields.Char(required=True, default="/cover-requests")
    overdue_path = fields.Char(required=True, default="/overdues")
    job_path = fields.Char(
        required=True,
        default="/jobs/{job}",
        help="Where answers are read: {job} stands for the number of the job.",
    )
    timeout = fields.Integer(string="Patience (Seconds)", required=True, default=15)
    field_map = fields.Text(
        string="Fields of Answers",
        required=True,
        default=FIELD_MAP,
        help="One “ours = theirs” per line; a dot leads into a nested object.",
    )
    status_map = fields.Text(
        string="Words of Decisions",
        required=True,
        default=STATUS_MAP,
        help="One “theirs = ours” per line: approved, partial, conditional, refused or "
        "acknowledged.",
    )
    api_key = fields.Char(
        string="Key",
        compute="_compute_hidden",
        inverse="_inverse_api_key",
        groups=ADMIN_GROUP,
        exportable=False,
        help="Written, never shown again.",
    )
    webhook_secret = fields.Char(
        compute="_compute_hidden",
        inverse="_inverse_webhook_secret",
        groups=ADMIN_GROUP,
        exportable=False,
        help="Agreed with the insurer, who signs with it. Written, never shown again.",
    )
    has_api_key = fields.Boolean(string="Key Is Set", compute="_compute_has_secrets")
    has_webhook_secret = fields.Boolean(
        string="Webhook Secret Is Set", compute="_compute_has_secrets"
    )
    webhook_ref = fields.Char(
        string="Webhook",
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: uuid.uuid4().hex,
    )
    webhook_url = fields.Char(
        string="Webhook Address", compute="_compute_webhook_url", groups=ADMIN_GROUP
    )

    _one_per_insurer = models.UniqueIndex(
        "(company_id, insurer_id) WHERE active",
        "This company has an account at this insurer's service already.",
    )
    _webhook_ref_once = models.UniqueIndex("(webhook_ref)")
    _timeout_bounded = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 60)", "Patience goes from 1 to 60 seconds."
    )

    # === COMPUTE METHODS === #

    def _compute_hidden(self):
        self.api_key = False
        self.webhook_secret = False

    def _inverse_api_key(self):
        for account in self.filtered("api_key"):
            account._keep(
                {"api_key": account.api_key, "token": False, "token_ends": False}
            )

    def _inverse_webhook_secret(self):
        for account in self.filtered("webhook_secret"):
            account._keep({"webhook_secret": account.webhook_secret})

    def _compute_has_secrets(self):
        # sudo: that they are set, not what they are
        secrets = self.env["credit.insurance.provider.secret"].sudo()
        found = secrets.search([("account_id", "in", self.ids)])
        by_account = {secret.account_id.id: secret for secret in found}
        for account in self:
            secret = by_account.get(account._origin.id, secrets)
            account.has_api_key = bool(secret.api_key)
            account.has_webhook_secret = bool(secret.webhook_secret)

    @api.depends("webhook_ref")
    def _compute_webhook_url(self):
        for account in self:
            path = f"/credit-insurance/insurer/{account.webhook_ref}"
            account.webhook_url = account.get_base_url() + path

    def _secret(self):
        """Return the row of the account's secrets, as superuser; empty without any."""
        self.ensure_one()
        # sudo: nobody else may read them
        secrets = self.env["credit.insurance.provider.secret"].sudo()
        return secrets.search([("account_id", "=", self.id)])

    def _keep(self, values):
        """Write secrets of the account where nobody reads them."""
        secret = self._secret()
        if secret:
            secret.write(values)
        else:
            secret.create({"account_id": self.id, **values})

    # === CONSTRAINTS === #

    @api.constrains("base_url")
    def _check_base_url(self):
        for account in self:
            if not is_safe_url(account.base_url):
                raise ValidationError(
                    self.env._(
                        "The address of the service must begin with https:// and name "
                        "a host, without user, password or question mark."
                    )
                )

    @api.constrains("token_path", "request_path", "overdue_path", "job_path")
    def _check_paths(self):
        for account in self:
            paths = (
                account.token_path,
                account.request_path,
                account.overdue_path,
                account.job_path,
            )
            if not all(path.startswith("/") for path in paths):
                raise ValidationError(
                    self.env._("The paths of the service begin with a slash.")
                )
            if "{job}" not in account.job_path:
                raise ValidationError(
                    self.env._("The path of answers needs {job}, the job's number.")
                )

    # === WEBHOOK === #

    def _is_signed(self, timestamp, body, signature):
        """Whether the insurer signed a message: HMAC-SHA256 of ``timestamp.body``.

        Compared in constant time.
        """
        self.ensure_one()
        secret = self._secret().webhook_secret
        if not secret:
            return False
        expected = hmac.new(
            secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256
        ).hexdigest()
        return hmac.compare_digest(expected.encode(), signature.encode())

    def _service(self):
        """Return the implementation of the service, see CreditInsuranceProvider."""
        self.ensure_one()
        return self.env[f"credit.insurance.provider.{self.provider}"]

    @api.model
    def _known(self, companies, insurers):
        """Return {(company, insurer)} of those that have an account."""
        # sudo: that there is one, not what is in it
        accounts = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("insurer_id", "in", insurers.ids),
            ]
        )
        return {(each.company_id, each.insurer_id) for each in accounts}

    @api.model
    def _of(self, company, insurer):
        """Return the account of a company at an insurer, empty where there is none."""
        # sudo: whoever sends requests uses the account without reading it
        return self.sudo().search(
            [("company_id", "=", company.id), ("insurer_id", "=", insurer.id)], limit=1
        )
