from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .request_file import COLUMNS, parse_columns


class CreditInsuranceInsurer(models.Model):
    _inherit = "credit.insurance.insurer"

    request_file_format = fields.Selection(
        [("xlsx", "XLSX"), ("csv", "CSV")],
        string="Files of Requests",
        required=True,
        default="xlsx",
    )
    request_columns = fields.Text(
        string="Columns of Requests",
        help="The insurer's own layout: one column per line, in its order, as "
        "“column = heading”. Empty: every column under its own name.",
    )

    @api.constrains("request_columns")
    def _check_request_columns(self):
        for insurer in self:
            try:
                parse_columns(insurer.request_columns)
            except KeyError as error:
                raise ValidationError(
                    self.env._(
                        "There is no column “%(column)s”. Choose among: %(columns)s.",
                        column=error.args[0],
                        columns=", ".join(COLUMNS),
                    )
                ) from None
