from odoo import fields, models

COVER_STATES = [
    ("not_insured", "Not Insured"),
    ("ok", "In Force"),
    ("warning", "Warning"),
    ("stopped", "Stopped"),
]
# what lists show; a buyer whose orders are insured one by one has no limit
COVER_BADGES = [*COVER_STATES, ("single", "Single Orders")]
LIMIT_STATES = [
    ("none", "None"),
    ("requested", "Requested"),
    ("in_force", "In Force"),
    ("discretionary", "Discretionary"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
    ("ended", "Ended at Our Request"),
    ("expired", "Expired"),
]


class CreditInsuranceBuyerTable(models.AbstractModel):
    """The columns that every row of a buyer's position has, of today or of a past day.

    What differs (a help, a name) is said by the model that inherits.
    """

    _name = "credit.insurance.buyer.table"
    _description = "Rows of Buyers' Positions"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _log_access = False
    _order = "exposure desc, id"
    _rec_name = "partner_id"

    country_id = fields.Many2one(related="partner_id.country_id")
    zone_id = fields.Many2one(related="partner_id.credit_zone_id", string="Zone")
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    insurer_id = fields.Many2one(related="policy_id.insurer_id")
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    insured_limit = fields.Monetary(
        readonly=True, currency_field="limit_currency_id", aggregator=None
    )
    limit_state = fields.Selection(LIMIT_STATES, readonly=True)
    receivable = fields.Monetary(string="Receivables", readonly=True)
    unallocated = fields.Monetary(
        readonly=True, help="Receipts and credit notes matched with no invoice."
    )
    draft = fields.Monetary(
        string="Draft Invoices",
        readonly=True,
        help="Where the company counts them; with what was sold on account at the till "
        "and is not posted yet.",
    )
    delivered = fields.Monetary(string="Delivered, Not Invoiced", readonly=True)
    ordered = fields.Monetary(string="Ordered, Not Delivered", readonly=True)
    exposure = fields.Monetary(readonly=True)
    eligible = fields.Monetary(
        readonly=True, help="Shipped, and insurable under the policy."
    )
    covered = fields.Monetary(
        readonly=True, help="What the insurer would pay for a commercial loss today."
    )
    uncovered = fields.Monetary(
        readonly=True, help="Exposure less what the insurer would pay."
    )
    overdue_days = fields.Integer(
        string="Days Overdue", readonly=True, aggregator="max"
    )
    cover_state = fields.Selection(COVER_STATES, readonly=True)
    stop_date = fields.Date(string="Cover Stopped From", readonly=True)
