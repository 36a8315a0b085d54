from odoo import fields, models

from ..groups import ADMIN_GROUP


class CreditInsuranceProviderSecret(models.Model):
    """Key, token and webhook secret of an account: no access right lets anybody in."""

    _name = "credit.insurance.provider.secret"
    _description = "Secrets of an Account"
    _log_access = False
    _rec_name = "account_id"

    account_id = fields.Many2one(
        "credit.insurance.provider.account", required=True, ondelete="cascade"
    )
    api_key = fields.Char(groups=ADMIN_GROUP, exportable=False)
    webhook_secret = fields.Char(groups=ADMIN_GROUP, exportable=False)
    token = fields.Char(groups=ADMIN_GROUP, exportable=False)
    token_ends = fields.Datetime(groups=ADMIN_GROUP)

    _account_once = models.UniqueIndex("(account_id)")
