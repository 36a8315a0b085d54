from odoo import fields, models


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    notice_stops_cover = fields.Boolean(
        string="A Notice Stops Cover of New Deliveries",
        tracking=True,
        help="From the day an overdue is notified, new deliveries to the buyer are not "
        "insured: orders are held and follow-up goes on faster, until all that was "
        "notified is settled.",
    )
