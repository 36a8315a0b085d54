from collections import defaultdict
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .credit_score import BUYER_CRITERIA, Criterion, weighted_mean
from .number_text import number_text

#: means are compared with bands to so many decimals, in Python and in SQL alike
SCORE_DIGITS = 6


class CreditInsuranceBand(models.Model):
    """A range of scores whose buyers are treated alike.

    A band goes from its lowest score, included, to its highest, not included, except
    100, which belongs to the best band.
    """

    _name = "credit.insurance.band"
    _description = "Risk Band"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name, shown on badges.")
    sequence = fields.Integer(
        default=10,
        help="From the best risk to the worst.",
    )
    active = fields.Boolean(default=True)
    score_min = fields.Float(
        string="Score From", required=True, help="0 worst .. 100 best; included."
    )
    score_max = fields.Float(
        string="Score Below", required=True, help="Not included, except 100."
    )
    review_months = fields.Integer(
        string="Review of Limits (months)",
        default=12,
        help="How often the limits of these buyers are looked at again; 0 = never.",
    )
    no_credit = fields.Boolean(
        string="No Open Credit",
        help="Buyers of this band pay in advance or bring a security.",
    )
    payment_days = fields.Integer(
        string="Payment Terms Up To (days)",
        help="The longest terms that these buyers are offered; longer ones of an order"
        " are warned about. 0 = no such bound.",
    )
    own_risk_max = fields.Float(
        string="Own Risk Up To",
        help="The most that controllers accept at our own risk on one of these buyers,"
        " in the currency of each company; managers may accept more, with their reason."
        " 0 = no such bound.",
    )
    insure_weight = fields.Float(
        string="Weight to Insure",
        default=1.0,
        help="What is uncovered with these buyers counts so many times in the order of"
        " whom to insure first.",
    )
    color = fields.Integer()

    _code_uniq = models.Constraint(
        "unique(code)", "Another band has this code already: choose another one."
    )
    _score_range = models.Constraint(
        "CHECK(score_min >= 0 AND score_min < score_max AND score_max <= 100)",
        "A band goes from a lower to a higher score, between 0 and 100.",
    )
    _review_positive = models.Constraint(
        "CHECK(review_months >= 0)",
        "The months between two reviews cannot be negative: enter 0 for never.",
    )

    _insure_weight_positive = models.Constraint(
        "CHECK(insure_weight >= 0)",
        "The weight to insure cannot be negative: enter 0 to put these buyers last.",
    )

    _own_risk_positive = models.Constraint(
        "CHECK(own_risk_max >= 0)",
        "The bound of own risk cannot be negative: enter 0 for none.",
    )

    _payment_days_positive = models.Constraint(
        "CHECK(payment_days >= 0)",
        "Payment terms cannot be negative: enter 0 for no bound.",
    )

    @api.constrains("score_min", "score_max", "active")
    def _check_overlap(self):
        bands = self.search([("active", "=", True)], order="score_min, id")
        for lower, upper in pairwise(bands):
            if upper.score_min < lower.score_max:
                raise ValidationError(
                    self.env._(
                        "%(upper)s begins at %(start)s, below the end of %(lower)s at"
                        " %(end)s: a score must belong to one band only.",
                        upper=upper.name,
                        start=number_text(self.env, upper.score_min),
                        lower=lower.name,
                        end=number_text(self.env, lower.score_max),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env["res.partner"]._forget_credit_scores()
        return bands

    def write(self, vals):
        result = super().write(vals)
        self.env["res.partner"]._forget_credit_scores()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.partner"]._forget_credit_scores()
        return result

    def _meaning(self, company):
        """Say in the reader's language what it means to stand in this band.

        Each room adds what it makes of bands.

        :return: list of sentences
        """
        self.ensure_one()
        lines = []
        if self.no_credit:
            lines.append(self.env._("No open credit: prepayment or a security."))
        if self.payment_days:
            lines.append(
                self.env._(
                    "Payment terms of at most %(days)s days.", days=self.payment_days
                )
            )
        lines.append(
            self.env._(
                "Limits are reviewed every %(months)s months.",
                months=self.review_months,
            )
            if self.review_months
            else self.env._("Limits are reviewed when something happens only.")
        )
        return lines

    def _matching(self, score):
        """Return the band of ``self`` that holds ``score``; none for None."""
        if score is None:
            return self.browse()
        score = round(score, SCORE_DIGITS)
        return self.filtered(
            lambda band: band.score_min <= score
            and (score < band.score_max or score == band.score_max == 100)
        )[:1]

    @api.model
    def _by_buyer_sql(self, company, sees_persons, weights=None):
        """Return the query of every buyer's band, as ``company`` sees it today.

        The grid of ``res.partner._credit_scores`` over all buyers: the scores of
        countries and sectors are worked out before, the buyers' own ratings are
        joined here.

        :param sees_persons: whether natural persons, whose scores are personal data,
            are among the buyers
        :param weights: other weights of the criteria than the company's
        :return: SQL of a table (``id`` of the buyer, ``band_id``, ``score``), without
            those who have no band
        """
        company = company.sudo()  # its weights are no secret of the caller's
        day = company._credit_today()
        weights = weights or company._credit_weights()
        country_scores = self._scores_of_rated(
            "credit.insurance.country.rating", company
        )
        sector_scores = self._scores_of_rated("credit.insurance.sector.rating", company)
        bands = self.search([("active", "=", True)])
        self.env["res.partner"].flush_model(["country_id", "industry_id", "is_company"])
        self.env["credit.insurance.buyer.rating"].flush_model()
        self.env["credit.insurance.rating.source"].flush_model()
        self.env["credit.insurance.rating.grade"].flush_model()
        return SQL(
            """(
            SELECT scored.id, band.id AS band_id, scored.score
              FROM (SELECT buyer.id,
                           round((COALESCE(country.score * %(country_weight)s, 0)
                                  + COALESCE(sector.score * %(sector_weight)s, 0)
                                  + COALESCE(own.points, 0))::numeric
                                 / NULLIF(CASE WHEN country.score IS NULL THEN 0
                                               ELSE %(country_weight)s END
                                          + CASE WHEN sector.score IS NULL THEN 0
                                                 ELSE %(sector_weight)s END
                                          + COALESCE(own.weight, 0), 0)::numeric,
                                 %(digits)s) AS score
                      FROM res_partner buyer
                 LEFT JOIN unnest(%(countries)s::int[], %(scores)s::float8[])
                           AS country(id, score) ON country.id = buyer.country_id
                 LEFT JOIN unnest(%(sectors)s::int[], %(sector_scores)s::float8[])
                           AS sector(id, score) ON sector.id = buyer.industry_id
                 LEFT JOIN %(own)s AS own ON own.partner_id = buyer.id
                     WHERE buyer.is_company OR %(sees_persons)s) AS scored
              JOIN unnest(%(bands)s::int[], %(lowest)s::numeric[],
                          %(highest)s::numeric[]) AS band(id, lowest, highest)
                ON scored.score >= band.lowest
               AND (scored.score < band.highest
                    OR band.highest = 100 AND scored.score = 100)
            )""",
            country_weight=max(weights["country"], 0.0),
            sector_weight=max(weights["sector"], 0.0),
            digits=SCORE_DIGITS,
            countries=list(country_scores),
            scores=list(country_scores.values()),
            sectors=list(sector_scores),
            sector_scores=list(sector_scores.values()),
            own=self._own_points_sql(weights, day, company),
            sees_persons=sees_persons,
            bands=bands.ids,
            lowest=bands.mapped("score_min"),
            highest=bands.mapped("score_max"),
        )

    @api.model
    def _scores_of_rated(self, model, company):
        """Return ``{id: score}`` of the countries or sectors that ``company`` counts.

        :param model: the model of their ratings
        """
        # no record: the grid of all buyers has no time for them
        rows = self.env[model]._current_grades(company._credit_today())
        Grade = self.env["credit.insurance.rating.grade"]
        parts = defaultdict(list)
        for rated_id, weight, _code, scoring, score in rows:
            counted = Grade._counted_score(scoring, score, company)
            parts[rated_id].append(Criterion("", weight, counted, ()))
        scores = {rated_id: weighted_mean(own) for rated_id, own in parts.items()}
        return {key: score for key, score in scores.items() if score is not None}

    @api.model
    def _own_points_sql(self, weights, day, company):
        """Return the query of what the buyers' own ratings add to the grid."""
        own = {code: weights[code] for code in BUYER_CRITERIA}
        return SQL(
            """(
            SELECT partner_id, sum(weight * score) AS points, sum(weight) AS weight
              FROM (SELECT rating.partner_id, criterion.weight,
                           sum(source.weight * rating.score) / sum(source.weight)
                               AS score
                      FROM (SELECT DISTINCT ON (partner_id, source_id)
                                   partner_id, source_id, grade_id, score
                              FROM credit_insurance_buyer_rating
                             WHERE date <= %(day)s AND %(seen)s
                          ORDER BY partner_id, source_id, date DESC, id DESC) AS rating
                      JOIN credit_insurance_rating_source AS source
                        ON source.id = rating.source_id
                       AND source.active AND source.weight > 0
                      JOIN unnest(%(codes)s::text[], %(weights)s::float8[])
                           AS criterion(code, weight)
                        ON criterion.code = source.criterion AND criterion.weight > 0
                 LEFT JOIN credit_insurance_rating_grade AS grade
                        ON grade.id = rating.grade_id
                     WHERE source.scale <> 'grade' OR grade.scoring = 'score'
                  GROUP BY rating.partner_id, criterion.code, criterion.weight
                   ) AS criterion
          GROUP BY partner_id
            )""",
            day=day,
            seen=self.env["credit.insurance.buyer.rating"]._seen_by_sql(company),
            codes=list(own),
            weights=list(own.values()),
        )
