from odoo import fields, models
from odoo.tools import SQL

#: what a buyer weighs where no band has a weight
NEUTRAL_WEIGHT = 1.0


class CreditInsuranceToInsure(models.Model):
    """Whom to insure first: one row per buyer with something uncovered.

    The rank is what is uncovered times the weight of the buyer's band (DOMAIN 2.4). A
    buyer without a band weighs what the bands weigh on average: not to know a risk
    makes it neither good nor bad. In the active company's currency; ``id`` is the
    partner's.
    """

    _name = "credit.insurance.to.insure"
    _description = "Buyer to Insure"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _order = "weighted_uncovered desc, id"
    _rec_name = "partner_id"

    country_id = fields.Many2one(related="partner_id.country_id")
    zone_id = fields.Many2one(related="partner_id.credit_zone_id", string="Zone")
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    exposure = fields.Monetary(readonly=True)
    covered = fields.Monetary(
        readonly=True, help="What the insurer would pay for a commercial loss today."
    )
    uncovered = fields.Monetary(
        readonly=True, help="Exposure less what the insurer would pay."
    )
    band_id = fields.Many2one("credit.insurance.band", readonly=True)
    insure_weight = fields.Float(
        string="Weight",
        readonly=True,
        aggregator=None,
        help="The weight of the buyer's band; without a band, the bands' average.",
    )
    weighted_uncovered = fields.Monetary(
        string="Weighted",
        readonly=True,
        help="What is uncovered times the weight: the highest is to be insured first.",
    )

    def _position_query(self, query):
        band = self.env["credit.insurance.band"]
        band.flush_model(["insure_weight", "active"])
        sees_persons = self.env["res.partner"]._sees_credit_of_persons()
        return SQL(
            """
            SELECT row.id, row.company_id, row.currency_id, row.partner_id,
                   row.policy_id, row.exposure, row.covered, row.uncovered,
                   band.id AS band_id,
                   weight.factor AS insure_weight,
                   row.uncovered * weight.factor AS weighted_uncovered
              FROM (%(position)s) AS row
         LEFT JOIN %(bands)s AS rated ON rated.id = row.partner_id
         LEFT JOIN credit_insurance_band AS band ON band.id = rated.band_id
        CROSS JOIN (SELECT avg(insure_weight) AS factor
                      FROM credit_insurance_band WHERE active) AS usual
        CROSS JOIN LATERAL (
                   SELECT COALESCE(band.insure_weight, usual.factor,
                                   %(neutral)s)::numeric AS factor) AS weight
             WHERE row.uncovered > 0
            """,
            position=query.position(with_cover=True),
            bands=band._by_buyer_sql(self.env.company, sees_persons),
            neutral=NEUTRAL_WEIGHT,
        )

    def action_ask_for_limit(self):
        """Draft requests of limits for these buyers; open those that wait already."""
        return self.env["credit.insurance.limit.request"]._ask(
            self.partner_id, self.env.company
        )
