from odoo import fields, models


class CreditInsuranceInsurer(models.Model):
    _inherit = "credit.insurance.insurer"

    notice_layout = fields.Selection(
        [
            ("readable", "Readable: headings in your language"),
            ("canonical", "For programs: fixed column names"),
        ],
        string="Layout of Notices",
        required=True,
        default="readable",
        help="The columns of the CSV and XLSX files of notices.",
    )
