from odoo import api, fields, models
from odoo.tools import SQL

TRENDS = [
    ("up", "▲ Better"),
    ("down", "▼ Worse"),
    ("same", "= Unchanged"),
    ("first", "First"),
]


class CreditInsuranceRatingMixin(models.AbstractModel):
    """What a source said before, and whether that was better or worse."""

    _inherit = "credit.insurance.rating.mixin"

    previous_value = fields.Char(
        string="Before",
        compute="_compute_trend",
        help="The same source's opinion before this one.",
    )
    trend = fields.Selection(
        TRENDS,
        compute="_compute_trend",
        help="Beside the same source's opinion before; nothing where one of the two"
        " has no score.",
    )

    @api.depends("source_id", "date")
    @api.depends_context("lang")
    def _compute_trend(self):
        before = self._previous()
        for rating in self:
            previous = before.get(rating._origin)
            rating.previous_value = previous and previous._value_text()
            rating.trend = rating._trend_since(previous) if rating._origin else False

    def _trend_since(self, previous):
        if not previous:
            return "first"
        before, now = previous._trend_score(), self._trend_score()
        if before is None or now is None:
            return False
        return "same" if before == now else "up" if now > before else "down"

    def _trend_score(self):
        """Return the score that is compared, None for a grade that has none."""
        self.ensure_one()
        # sudo: whether high-income countries are the best is no secret
        return self.grade_id._score_for(self.env.company.sudo())

    def _previous(self):
        """Return ``{rating: the same source's rating before it}``, in one query.

        Of the same company, where ratings have one.
        """
        if not self._origin:
            return {}
        self.flush_model([self._rated_field, "source_id", "date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rating.id, previous.id
                  FROM %(table)s AS rating
                  JOIN LATERAL (
                       SELECT earlier.id FROM %(table)s AS earlier
                        WHERE earlier.%(rated)s = rating.%(rated)s
                          AND earlier.source_id = rating.source_id
                          AND earlier.date < rating.date AND %(same_scope)s
                     ORDER BY earlier.date DESC, earlier.id DESC LIMIT 1) previous
                    ON TRUE
                 WHERE rating.id = ANY(%(ids)s)
                """,
                table=SQL.identifier(self._table),
                rated=SQL.identifier(self._rated_field),
                same_scope=self._same_scope_sql(),
                ids=self._origin.ids,
            )
        )
        everything = [previous_id for _id, previous_id in rows]
        return {
            self.browse(rating_id): self.browse(previous_id).with_prefetch(everything)
            for rating_id, previous_id in rows
        }

    @api.model
    def _same_scope_sql(self):
        """Return the condition on ``rating`` and ``earlier`` to compare them."""
        return SQL("TRUE")


class CreditInsuranceBuyerRating(models.Model):
    _inherit = "credit.insurance.buyer.rating"

    @api.model
    def _same_scope_sql(self):
        # OVERRIDES 'credit.insurance.rating.mixin': each company has its own experience
        return SQL("earlier.company_id IS NOT DISTINCT FROM rating.company_id")

    def _trend_score(self):
        # OVERRIDES 'credit.insurance.rating.mixin': the score as it was recorded
        return self._score()

    @api.depends("partner_id", "value", "grade_id")
    def _compute_trend(self):
        # EXTENDS the mixin: by what the dates depend on here
        return super()._compute_trend()


class CreditInsuranceCountryRating(models.Model):
    _inherit = "credit.insurance.country.rating"

    score = fields.Float(
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="The grade brought to 0 worst .. 100 best, for the graph.",
    )

    @api.depends("country_id", "grade_id")
    def _compute_trend(self):
        # EXTENDS the mixin: by what the dates depend on here
        return super()._compute_trend()

    @api.depends("grade_id.score", "grade_id.scoring")
    def _compute_score(self):
        for rating in self:
            grade = rating.grade_id
            rating.score = 100.0 if grade.scoring == "best" else grade.score


class CreditInsuranceSectorRating(models.Model):
    _inherit = "credit.insurance.sector.rating"

    @api.depends("industry_id", "grade_id")
    def _compute_trend(self):
        # EXTENDS the mixin: by what the dates depend on here
        return super()._compute_trend()
