from odoo import api, fields, models
from odoo.tools import SQL

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
    own_risk_amount = fields.Monetary(
        string="At Own Risk",
        readonly=True,
        help="What is uncovered within the authorised credit: the own share, taxes, "
        "orders not shipped, own risk accepted.",
    )
    beyond_amount = fields.Monetary(
        string="Beyond Authorised Credit",
        readonly=True,
        help="What is uncovered above limit, securities and own risk accepted.",
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

    @api.model
    def _placed(self, rows, company):
        """SQL of rows of the position with country, zone and insurer of the buyer.

        :param rows: SQL of rows of :meth:`~.position_query.PositionQuery.position`
        :param company: the company whose zones count
        """
        self.env["res.partner"].flush_model(["country_id", "credit_zone_override_id"])
        self.env["credit.insurance.policy"].flush_model(["insurer_id"])
        zones = self.env["credit.insurance.zone"]._zone_by_country(company)
        return SQL(
            """
            SELECT row.*, buyer.name AS buyer_name, buyer.country_id,
                   COALESCE(buyer.credit_zone_override_id, place.zone_id) AS zone_id,
                   policy.insurer_id
              FROM (%(rows)s) AS row
              JOIN res_partner AS buyer ON buyer.id = row.partner_id
         LEFT JOIN unnest(%(countries)s::int[], %(zones)s::int[])
                   AS place(country_id, zone_id)
                ON place.country_id = buyer.country_id
         LEFT JOIN credit_insurance_policy AS policy ON policy.id = row.policy_id
            """,
            rows=rows,
            countries=list(zones),
            zones=list(zones.values()),
        )
