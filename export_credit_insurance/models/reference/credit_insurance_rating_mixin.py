from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .credit_score import trust


class CreditInsuranceRatingMixin(models.AbstractModel):
    """What a source said of somebody on a day: recorded once, never rewritten.

    A new opinion is a new row with a later date, so that history stays. The rating of
    a day is the latest one up to that day.
    """

    _name = "credit.insurance.rating.mixin"
    _description = "Rating of a Source"

    #: the field that names who is rated
    _rated_field = None
    #: what may not be rewritten
    _facts = frozenset()

    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True)
    is_stale = fields.Boolean(
        string="Stale",
        compute="_compute_is_stale",
        help="Older than its source says ratings may be: look for a newer one.",
    )

    age_days = fields.Integer(
        string="Age (Days)", compute="_compute_is_stale", aggregator=None
    )

    @api.depends("date", "source_id.stale_days")
    @api.depends_context("company")
    def _compute_is_stale(self):
        today = self.env.company._credit_today()
        for rating in self:
            limit = rating.source_id.stale_days
            age = (today - rating.date).days if rating.date else 0
            rating.age_days = max(age, 0)
            rating.is_stale = bool(limit) and age > limit

    def _trust(self):
        """Return how far the rating can be relied on, see :func:`trust`."""
        self.ensure_one()
        return trust(self.is_stale, self._is_unreliable())

    def _is_unreliable(self):
        """Whether the source itself says that this rating says little."""
        return False

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        self.env["res.partner"]._forget_credit_scores()
        return ratings

    def write(self, vals):
        if self._facts & vals.keys():
            raise UserError(
                self.env._(
                    "A recorded rating is history and stays as it is: record the new"
                    " opinion with its own date."
                )
            )
        return super().write(vals)

    def unlink(self):
        result = super().unlink()
        self.env["res.partner"]._forget_credit_scores()
        return result

    @api.model
    def _seen_by_sql(self, company):
        """Return the condition on the ratings that a company counts: all of them."""
        return SQL("TRUE")

    @api.model
    def _current(self, rated, day, company):
        """Return the rating of each source in force on ``day``, by who is rated.

        Archived sources do not count.

        :param rated: countries, sectors or buyers
        :param company: the company that counts them
        :return: ``{who is rated: ratings}``, sources in their order
        """
        if not rated:
            return {}
        self.flush_model([self._rated_field, "source_id", "date"])
        self.env["credit.insurance.rating.source"].flush_model(["active", "sequence"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rating.rated_id, rating.id
                  FROM (SELECT DISTINCT ON (%(rated)s, source_id)
                               id, %(rated)s AS rated_id, source_id
                          FROM %(table)s
                         WHERE %(rated)s = ANY(%(ids)s) AND date <= %(day)s
                           AND %(seen)s
                      ORDER BY %(rated)s, source_id, date DESC, id DESC) AS rating
                  JOIN credit_insurance_rating_source AS source
                    ON source.id = rating.source_id AND source.active
              ORDER BY source.sequence, source.id
                """,
                rated=SQL.identifier(self._rated_field),
                table=SQL.identifier(self._table),
                ids=rated.ids,
                day=day,
                seen=self._seen_by_sql(company),
            )
        )
        ids_by_rated = {record.id: [] for record in rated}
        for rated_id, rating_id in rows:
            ids_by_rated[rated_id].append(rating_id)
        everything = [rating_id for _rated, rating_id in rows]
        return {
            record: self.browse(ids_by_rated[record.id]).with_prefetch(everything)
            for record in rated
        }

    @api.model
    def _current_grades(self, day, rated=None):
        """Return what the grades of each source in force on ``day`` are worth.

        In one query, without records: for all that is graded, where ratings have a
        grade and no company.

        :param rated: countries or sectors, all of them if not given
        :return: rows (id of who is rated, weight of the source, code, scoring and score
            of the grade), sources in their order; see ``_counted_score`` of grades
        """
        for name in ("grade", "source"):
            self.env[f"credit.insurance.rating.{name}"].flush_model()
        self.flush_model()
        some = SQL("TRUE")
        if rated is not None:
            some = SQL(
                "%s = ANY(%s)", SQL.identifier(self._rated_field), list(rated.ids)
            )
        return self.env.execute_query(
            SQL(
                """
                SELECT rating.rated_id, source.weight, grade.code, grade.scoring,
                       grade.score
                  FROM (SELECT DISTINCT ON (%(rated)s, source_id)
                               %(rated)s AS rated_id, source_id, grade_id
                          FROM %(table)s
                         WHERE date <= %(day)s AND %(some)s
                      ORDER BY %(rated)s, source_id, date DESC, id DESC) AS rating
                  JOIN credit_insurance_rating_source AS source
                    ON source.id = rating.source_id AND source.active
                  JOIN credit_insurance_rating_grade AS grade
                    ON grade.id = rating.grade_id
              ORDER BY source.sequence, source.id
                """,
                rated=SQL.identifier(self._rated_field),
                table=SQL.identifier(self._table),
                day=day,
                some=some,
            )
        )
