from odoo import api, fields, models
from odoo.tools import SQL

from .credit_insurance_buyer_table import COVER_BADGES


class CreditInsuranceExposure(models.Model):
    """One row per buyer, for the active company; ``id`` is the partner's."""

    _name = "credit.insurance.exposure"
    _description = "Buyer's Exposure"
    _inherit = "credit.insurance.buyer.table"
    _auto = False

    limit_date_to = fields.Date(string="Limit Ends On", readonly=True)
    deferred = fields.Monetary(
        string="Ordered Beyond the Horizon",
        readonly=True,
        help="Planned later than the company's order horizon: shown, not counted.",
    )
    covered_political = fields.Monetary(
        string="Covered (Political)",
        readonly=True,
        help="What the insurer would pay for a political loss today.",
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
    cover_badge = fields.Selection(
        COVER_BADGES, string="Cover", compute="_compute_cover_badge"
    )

    @api.depends("cover_state", "covered")
    def _compute_cover_badge(self):
        for row in self:
            is_single = row.cover_state == "not_insured" and row.covered
            row.cover_badge = "single" if is_single else row.cover_state

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
