from odoo import fields, models
from odoo.tools import SQL

from ...position.credit_insurance_buyer_table import LIMIT_STATES

#: reviews that fall due within so many days are shown as near
NEAR_DAYS = 30
URGENCIES = [("overdue", "Past Due"), ("near", "Within 30 Days"), ("later", "Later")]


class CreditInsuranceBuyerReviewDue(models.Model):
    """When to look at each buyer again: one row per buyer who matters.

    Those with an exposure or a limit in force, and a day (see
    ``credit.insurance.buyer.review._due_sql``). ``id`` is the partner's. Natural
    persons, whose band is personal data, are there for controllers alone.
    """

    _name = "credit.insurance.buyer.review.due"
    _description = "Review Due"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _order = "due_date, id"
    _rec_name = "partner_id"

    country_id = fields.Many2one(related="partner_id.country_id")
    zone_id = fields.Many2one(related="partner_id.credit_zone_id", string="Zone")
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    exposure = fields.Monetary(readonly=True)
    overdue_amount = fields.Monetary(string="Overdue Debt", readonly=True)
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    insured_limit = fields.Monetary(
        readonly=True, currency_field="limit_currency_id", aggregator=None
    )
    limit_state = fields.Selection(LIMIT_STATES, readonly=True)
    band_id = fields.Many2one("credit.insurance.band", readonly=True)
    last_review_id = fields.Many2one(
        "credit.insurance.buyer.review", string="Review Before", readonly=True
    )
    last_review_date = fields.Date(string="Last Review", readonly=True)
    due_date = fields.Date(string="Review Due On", readonly=True)
    urgency = fields.Selection(URGENCIES, string="When", readonly=True)

    def _position_query(self, query):
        partners = self.env["res.partner"]
        sees_persons = partners._sees_credit_of_persons()
        partners.flush_model(["is_company"])
        return SQL(
            """
            SELECT row.id, row.company_id, row.currency_id, row.partner_id,
                   row.policy_id, row.exposure, row.overdue_amount,
                   row.limit_currency_id, row.insured_limit, row.limit_state,
                   due.band_id, due.last_review_id, due.last_review_date, due.due_date,
                   CASE WHEN due.due_date < %(day)s THEN 'overdue'
                        WHEN due.due_date <= %(day)s + %(near)s THEN 'near'
                        ELSE 'later' END AS urgency
              FROM (%(position)s) AS row
              JOIN %(due)s AS due ON due.id = row.partner_id
              JOIN res_partner buyer ON buyer.id = row.partner_id
             WHERE (row.exposure > 0 OR row.insured_limit > 0)
               AND due.due_date IS NOT NULL
               AND (buyer.is_company OR %(sees_persons)s)
            """,
            position=query.position(with_cover=True),
            due=self.env["credit.insurance.buyer.review"]._due_sql(
                query.company,
                query.day,
                query.facts.policy_ids,
                self.env["credit.insurance.band"]._by_buyer_sql(
                    query.company, sees_persons
                ),
            ),
            day=query.day,
            near=NEAR_DAYS,
            sees_persons=sees_persons,
        )

    def action_review(self):
        """Open the dialogue that records a review of this buyer."""
        self.ensure_one()
        return self.partner_id.action_credit_review()
