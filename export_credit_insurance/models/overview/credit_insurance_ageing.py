from odoo import api, fields, models

from ..position.credit_insurance_cover import buyers_of_items

# Buckets of days overdue, as the engine names them.
BUCKETS = [
    ("overdue_000", "Not Due"),
    ("overdue_001", "1–30 Days"),
    ("overdue_031", "31–60 Days"),
    ("overdue_061", "61–90 Days"),
    ("overdue_091", "91–180 Days"),
    ("overdue_181", "Over 180 Days"),
]
INSURANCE = [
    ("insured", "Insured"),
    ("partly", "Partly Insured"),
    ("uninsured", "Not Insured"),
    ("stopped", "Shipped after Cover Stopped"),
    ("unmatched", "Paid by Credits Not Matched"),
]


class CreditInsuranceAgeing(models.Model):
    """How late each open instalment is, by what is insured of it, as of a day.

    Days count from the due date agreed with the buyer; ``id`` is the journal item's.
    The sum of what is open is what the exposure counts as receivables.
    """

    _name = "credit.insurance.ageing"
    _description = "Ageing by Cover"
    _inherit = ["credit.insurance.dated.table", "credit.insurance.cover"]
    _auto = False
    _order = "days_overdue desc, date_maturity, id"
    _rec_name = "move_id"

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    country_id = fields.Many2one(related="partner_id.country_id")
    zone_id = fields.Many2one(related="partner_id.credit_zone_id", string="Zone")
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    date_maturity = fields.Date(string="Due Date", readonly=True)
    due_date = fields.Date(
        string="Original Due Date",
        readonly=True,
        help="The insurer's clock counts from it.",
    )
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    bucket = fields.Selection(BUCKETS, string="Overdue", readonly=True)
    insurance = fields.Selection(
        INSURANCE,
        readonly=True,
        help="Insured: the limit takes all that is due, the own share aside. Partly: "
        "it takes less, or no tax.",
    )
    due_amount = fields.Monetary(
        string="Net Due", readonly=True, help="Open, less credits that are not matched."
    )
    own_share_amount = fields.Monetary(string="Own Share", readonly=True)
    uninsured_amount = fields.Monetary(
        string="Not Insured", readonly=True, help="Due, and taken by no limit."
    )

    @api.depends("move_id")
    def _compute_display_name(self):
        for line in self:
            # sudo: the invoice's name alone, for credit users who read no invoices
            line.display_name = line.move_id.sudo().display_name

    def _position_query(self, query):
        return query.ageing()

    def _partners_of(self, ids):
        return buyers_of_items(ids)
