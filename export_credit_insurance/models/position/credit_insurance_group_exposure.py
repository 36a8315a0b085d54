from odoo import fields, models
from odoo.tools import SQL

MEMBERS = "credit_insurance_buyer_group_member"


class CreditInsuranceGroupExposure(models.Model):
    """What the members of each group owe together, beside the group's ceiling.

    One row per group with members today, for the active company: sums of their rows of
    the position. ``id`` is the group's.
    """

    _name = "credit.insurance.group.exposure"
    _description = "Joint Exposure"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _order = "exposure desc, id"
    _rec_name = "group_id"

    group_id = fields.Many2one("credit.insurance.buyer.group", readonly=True)
    member_count = fields.Integer(string="Members", readonly=True)
    ceiling_currency_id = fields.Many2one("res.currency", readonly=True)
    ceiling = fields.Monetary(
        readonly=True, currency_field="ceiling_currency_id", aggregator=None
    )
    has_ceiling = fields.Boolean(readonly=True)
    exposure = fields.Monetary(
        string="Joint Exposure", readonly=True, help="Of all members together."
    )
    covered = fields.Monetary(readonly=True)
    uncovered = fields.Monetary(readonly=True)
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    headroom = fields.Monetary(
        string="Left of the Ceiling",
        readonly=True,
        aggregator=None,
        help="The ceiling, at today's rate, less what the members owe together.",
    )

    def _wanted_partners(self):
        groups = (
            SQL("group_id = ANY(%s)", list(self._ids)) if self._ids else SQL("TRUE")
        )
        return SQL(
            "ARRAY(SELECT partner_id FROM %s WHERE %s)", SQL.identifier(MEMBERS), groups
        )

    def _position_query(self, query):
        for model in ("", ".member", ".ceiling"):
            self.env[f"credit.insurance.buyer.group{model}"].flush_model()
        facts = query.facts
        currencies = list(facts.rates)
        return SQL(
            """
            SELECT joint.group_id AS id, joint.group_id, NULL::int AS partner_id,
                   %(company)s AS company_id, %(own_currency)s AS currency_id,
                   joint.member_count, joint.exposure, joint.covered, joint.uncovered,
                   joint.overdue_amount, ceiling.id IS NOT NULL AS has_ceiling,
                   ceiling.currency_id AS ceiling_currency_id,
                   ceiling.amount AS ceiling,
                   round(ceiling.amount * COALESCE(rate.factor, 1)::numeric, %(digits)s)
                       - joint.exposure AS headroom
              FROM (SELECT member.group_id, count(*) AS member_count,
                           COALESCE(sum(row.exposure), 0) AS exposure,
                           COALESCE(sum(row.covered), 0) AS covered,
                           COALESCE(sum(row.uncovered), 0) AS uncovered,
                           COALESCE(sum(row.overdue_amount), 0) AS overdue_amount
                      FROM (SELECT DISTINCT group_id, partner_id FROM %(members)s
                             WHERE date_from <= %(day)s
                               AND (date_to IS NULL OR date_to >= %(day)s)) member
                 LEFT JOIN (%(position)s) row ON row.partner_id = member.partner_id
                  GROUP BY member.group_id) joint
              JOIN credit_insurance_buyer_group own
                ON own.id = joint.group_id AND own.active
         LEFT JOIN LATERAL (
                   SELECT id, amount, currency_id
                     FROM credit_insurance_buyer_group_ceiling
                    WHERE group_id = joint.group_id AND company_id = %(company)s
                      AND date_from <= %(day)s
                 ORDER BY date_from DESC, id DESC LIMIT 1) ceiling ON TRUE
         LEFT JOIN unnest(%(currencies)s::int[], %(factors)s::float8[])
                   AS rate(id, factor) ON rate.id = ceiling.currency_id
            """,
            company=query.company.id,
            own_currency=facts.own_currency_id,
            digits=facts.own_digits,
            members=SQL.identifier(MEMBERS),
            day=query.day,
            position=query.position(with_cover=True),
            currencies=currencies,
            factors=[facts.to_company(1.0, currency) for currency in currencies],
        )
