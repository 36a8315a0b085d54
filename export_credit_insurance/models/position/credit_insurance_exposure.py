from odoo import fields, models

COVER_STATES = [
    ("not_insured", "Not Insured"),
    ("ok", "Covered"),
    ("warning", "Warning"),
    ("stopped", "Stopped"),
]
LIMIT_STATES = [
    ("none", "None"),
    ("requested", "Requested"),
    ("in_force", "In Force"),
    ("discretionary", "Discretionary"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
]


class CreditInsuranceExposure(models.Model):
    """One row per buyer, for the active company; ``id`` is the partner's."""

    _name = "credit.insurance.exposure"
    _description = "Buyer's Exposure"
    _inherit = "credit.insurance.position.table"
    _auto = False
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
    limit_date_to = fields.Date(string="Limit Ends On", readonly=True)
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
    deferred = fields.Monetary(
        string="Ordered Beyond the Horizon",
        readonly=True,
        help="Planned later than the company's order horizon: shown, not counted.",
    )
    exposure = fields.Monetary(readonly=True)
    eligible = fields.Monetary(
        readonly=True, help="Shipped, and insurable under the policy."
    )
    covered = fields.Monetary(
        readonly=True, help="What the insurer would pay for a commercial loss today."
    )
    covered_political = fields.Monetary(
        string="Covered (Political)",
        readonly=True,
        help="What the insurer would pay for a political loss today.",
    )
    uncovered = fields.Monetary(
        readonly=True, help="Exposure less what the insurer would pay."
    )
    own_risk_limit = fields.Monetary(string="Own Risk Accepted", readonly=True)
    headroom = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Limit, securities and own risk, less the use of the limit.",
    )
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    overdue_days = fields.Integer(
        string="Days Overdue", readonly=True, aggregator="max"
    )
    cover_state = fields.Selection(COVER_STATES, readonly=True)
    stop_date = fields.Date(string="Cover Stopped From", readonly=True)

    def _position_query(self, query):
        return query.position(with_cover=True)
