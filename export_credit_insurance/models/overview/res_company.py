from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..groups import CREDIT_GROUP, SETTINGS


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_use_first_pct = fields.Float(
        string="Use of Limits: First Threshold",
        default=50.0,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
    )
    credit_use_second_pct = fields.Float(
        string="Use of Limits: Second Threshold",
        default=70.0,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
    )
    credit_use_third_pct = fields.Float(
        string="Use of Limits: Third Threshold",
        default=90.0,
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
    )

    @api.constrains(
        "credit_use_first_pct", "credit_use_second_pct", "credit_use_third_pct"
    )
    def _check_credit_use_pct(self):
        for company in self.sudo():  # sudo: settings of credit
            steps = [
                company.credit_use_first_pct,
                company.credit_use_second_pct,
                company.credit_use_third_pct,
            ]
            if steps != sorted(steps) or steps[0] <= 0 or steps[-1] > 100:
                raise ValidationError(
                    self.env._(
                        "The thresholds of %(company)s for the use of limits must rise "
                        "between 0 and 100 %%: %(first)s, %(second)s, %(third)s.",
                        company=company.name,
                        first=steps[0],
                        second=steps[1],
                        third=steps[2],
                    )
                )
