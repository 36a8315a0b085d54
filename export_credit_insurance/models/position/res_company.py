from odoo import fields, models

from ..groups import CREDIT_GROUP, SETTINGS


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_cover_warning_days = fields.Integer(
        string="Cover Warning (days)",
        default=15,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="A buyer turns to warning this many days before an unpaid instalment "
        "stops the cover.",
    )

    credit_exposure_recorded_until = fields.Date(
        readonly=True,
        copy=False,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        help="The last month's end whose exposure was recorded.",
    )

    _credit_cover_warning_days_positive = models.Constraint(
        "CHECK (credit_cover_warning_days >= 0)",
        "The cover warning cannot be a negative number of days.",
    )
