from odoo import fields, models

from ..groups import CREDIT_GROUP, SETTINGS


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_retention_of_title = fields.Boolean(
        string="Retention of Title",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="The terms of sale say that goods stay the seller's until they are paid.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_retention_of_title = fields.Selection(
        [("agreed", "Agreed"), ("excluded", "Excluded")],
        string="Retention of Title",
        copy=False,
        groups=CREDIT_GROUP,
        help="Where it differs from the company's terms of sale: agreed with this "
        "buyer, or excluded by its contract or by its law.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_retention_of_title = fields.Boolean(
        related="company_id.credit_retention_of_title", readonly=False
    )
