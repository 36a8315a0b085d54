from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .credit_insurance_review_causes import RECENT_DAYS


class CreditInsuranceReview(models.Model):
    """Ratings whose day has come: their buyers may stand in a lower band.

    A country's rating is noticed when it is recorded, unless it is dated ahead; then,
    and for the scores of buyers, the night's job does it. Natural persons are left
    out: their scores decide on nothing (DESIGN 7).
    """

    _inherit = "credit.insurance.review"

    country_rating_ids = fields.Many2many(
        "credit.insurance.country.rating",
        "credit_insurance_review_country_rating_rel",
        "review_id",
        "rating_id",
        string="Country Ratings",
        readonly=True,
    )
    buyer_rating_ids = fields.Many2many(
        "credit.insurance.buyer.rating",
        "credit_insurance_review_buyer_rating_rel",
        "review_id",
        "rating_id",
        string="Buyer Ratings",
        readonly=True,
    )

    @api.model
    def _notice_recent_ratings(self):
        """Have orders reviewed for ratings that came of age, before other moves."""
        today = self.env.company._credit_today()
        self._notice_ratings(today - timedelta(days=RECENT_DAYS), today)

    @api.model
    def _notice_ratings(self, since, today):
        """Have orders reviewed for ratings that hold by now and lower a band.

        :param since: what is dated earlier is history
        """
        if not self.env["credit.insurance.check.rule"]._bands_matter():
            return
        of_countries = self.env["credit.insurance.country.rating"].search(
            [
                ("date", ">=", since),
                ("date", "<=", today),
                ("id", "not in", self._reviewed("country_rating_ids", since)),
            ]
        )
        of_countries._have_orders_reviewed()
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._credit_check_modes())
        )
        for company in companies:
            ratings = self._find_lowering_scores(
                company, since, company._credit_today()
            )
            self._notice(
                "score",
                partners=ratings.partner_id,
                companies=company,
                buyer_rating_ids=ratings,
            )

    @api.model
    def _find_lowering_scores(self, company, since, today):
        """Return the scores in force not noticed yet whose buyers' band is lower.

        Than on the day before the first of them; or they had none.
        """
        ratings = self._find_lower_scores(company, since, today)
        if not ratings:
            return ratings
        buyers = ratings.partner_id
        eve = min(ratings.mapped("date")) - timedelta(days=1)
        bands = self.env["credit.insurance.band"].search([("active", "=", True)])
        then, now = (buyers._credit_scores(company, day) for day in (eve, today))

        def is_lower(buyer):
            before = bands._matching(then[buyer].total)
            after = bands._matching(now[buyer].total)
            return after and (not before or after.score_min < before.score_min)

        fallen = buyers.filtered(is_lower)
        return ratings.filtered(lambda rating: rating.partner_id in fallen)

    @api.model
    def _find_lower_scores(self, company, since, today):
        """Return the newest scores of their sources, lower than what these said before.

        Of companies, dated within the days that count, without a review yet.
        """
        ratings = self.env["credit.insurance.buyer.rating"].sudo()
        # sudo: whoever runs the job, the scores of all sources count
        ratings.flush_model()
        self.flush_model(["company_id", "buyer_rating_ids"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rating.id
                  FROM (SELECT DISTINCT ON (partner_id, source_id) *
                          FROM credit_insurance_buyer_rating
                         WHERE date <= %(today)s AND %(seen)s
                      ORDER BY partner_id, source_id, date DESC, id DESC) rating
                  JOIN credit_insurance_rating_source source
                    ON source.id = rating.source_id
                   AND source.active AND source.weight > 0
                  JOIN res_partner buyer ON buyer.id = rating.partner_id
                   AND buyer.is_company
                   AND buyer.credit_party_kind IS DISTINCT FROM 'private'
             LEFT JOIN LATERAL (
                       SELECT score FROM credit_insurance_buyer_rating former
                        WHERE former.partner_id = rating.partner_id
                          AND former.source_id = rating.source_id
                          AND former.date < rating.date AND %(seen)s
                     ORDER BY former.date DESC, former.id DESC LIMIT 1) before ON TRUE
                 WHERE rating.date >= %(since)s
                   AND (before.score IS NULL OR before.score > rating.score)
                   AND NOT EXISTS (
                       SELECT FROM credit_insurance_review_buyer_rating_rel reviewed
                         JOIN credit_insurance_review review
                           ON review.id = reviewed.review_id
                          AND review.company_id = %(company)s
                        WHERE reviewed.rating_id = rating.id)
              ORDER BY rating.id
                """,
                since=since,
                today=today,
                company=company.id,
                seen=ratings._seen_by_sql(company),
            )
        )
        return ratings.browse(rating_id for (rating_id,) in rows)
