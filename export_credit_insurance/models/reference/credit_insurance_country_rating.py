from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

#: what a source said on a day: recorded once, never rewritten
FACTS = {"country_id", "source_id", "grade_id", "date", "outlook"}


class CreditInsuranceCountryRating(models.Model):
    """The grade a source gave a country, from a date on.

    Append-only: a new opinion is a new row with a later date, so that the history of
    a country stays. The rating of a day is the latest one up to that day.
    """

    _name = "credit.insurance.country.rating"
    _description = "Country Rating"
    _order = "date desc, id desc"
    _rec_name = "country_id"

    country_id = fields.Many2one("res.country", required=True, ondelete="restrict")
    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("criterion", "=", "country")],
    )
    grade_id = fields.Many2one(
        "credit.insurance.rating.grade",
        required=True,
        ondelete="restrict",
        domain="[('source_id', '=', source_id)]",
    )
    date = fields.Date(
        string="Valid from", required=True, default=fields.Date.context_today
    )
    outlook = fields.Selection(
        [("negative", "Negative"), ("stable", "Stable"), ("positive", "Positive")]
    )
    edition_id = fields.Many2one(
        "credit.insurance.rating.edition", index="btree_not_null", ondelete="set null"
    )
    is_stale = fields.Boolean(
        string="Stale",
        compute="_compute_is_stale",
        help="Older than its source says ratings may be: look for a newer one.",
    )

    _fact_uniq = models.Constraint(
        "unique(country_id, source_id, date)",
        "This source rated this country on that date already: a later opinion needs a"
        " later date.",
    )

    @api.depends("date", "source_id.stale_days")
    @api.depends_context("company")
    def _compute_is_stale(self):
        today = self.env.company._credit_today()
        for rating in self:
            limit = rating.source_id.stale_days
            age = (today - rating.date).days if rating.date else 0
            rating.is_stale = bool(limit) and age > limit

    @api.constrains("source_id", "grade_id")
    def _check_grade(self):
        for rating in self:
            if rating.grade_id.source_id != rating.source_id:
                raise ValidationError(
                    self.env._(
                        "Grade %(grade)s belongs to %(other)s: choose a grade of"
                        " %(rater)s.",
                        grade=rating.grade_id.code,
                        other=rating.grade_id.source_id.name,
                        rater=rating.source_id.name,
                    )
                )
            if rating.source_id.criterion != "country":
                raise ValidationError(
                    self.env._(
                        "%(rater)s rates buyers, not countries.",
                        rater=rating.source_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        self.env["res.partner"]._forget_credit_scores()
        return ratings

    def write(self, vals):
        if FACTS & vals.keys():
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

    def _value_text(self):
        self.ensure_one()
        return self.grade_id.display_name

    @api.model
    def _current(self, countries, day):
        """Return the rating of each source in force on ``day``, per country.

        Archived sources do not count.

        :return: ``{country: ratings}``, sources in their order
        """
        self.flush_model(["country_id", "source_id", "date"])
        self.env["credit.insurance.rating.source"].flush_model(["active", "sequence"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rating.country_id, rating.id
                  FROM (SELECT DISTINCT ON (country_id, source_id)
                               id, country_id, source_id
                          FROM credit_insurance_country_rating
                         WHERE country_id = ANY(%(countries)s) AND date <= %(day)s
                      ORDER BY country_id, source_id, date DESC) AS rating
                  JOIN credit_insurance_rating_source AS source
                    ON source.id = rating.source_id AND source.active
              ORDER BY source.sequence, source.id
                """,
                countries=countries.ids,
                day=day,
            )
        )
        ids_by_country = {country.id: [] for country in countries}
        for country_id, rating_id in rows:
            ids_by_country[country_id].append(rating_id)
        everything = [rating_id for _country, rating_id in rows]
        return {
            country: self.browse(ids_by_country[country.id]).with_prefetch(everything)
            for country in countries
        }
