from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .rating_table import Found

REQUIRED_COLUMNS = ("iso2", "code", "date")


class CreditInsuranceCountryRating(models.Model):
    """The grade a source gave a country, from a date on."""

    _name = "credit.insurance.country.rating"
    _inherit = ["credit.insurance.rating.mixin"]
    _description = "Country Rating"
    _order = "date desc, id desc"
    _rec_name = "country_id"
    _rated_field = "country_id"
    _facts = frozenset({"country_id", "source_id", "grade_id", "date", "outlook"})

    country_id = fields.Many2one("res.country", required=True, ondelete="restrict")
    source_id = fields.Many2one(domain=[("criterion", "=", "country")])
    grade_id = fields.Many2one(
        "credit.insurance.rating.grade",
        required=True,
        ondelete="restrict",
        domain="[('source_id', '=', source_id)]",
    )
    date = fields.Date(
        string="Valid From", default=lambda self: self.env.company._credit_today()
    )
    outlook = fields.Selection(
        [("negative", "Negative"), ("stable", "Stable"), ("positive", "Positive")]
    )
    edition_id = fields.Many2one(
        "credit.insurance.rating.edition", index="btree_not_null", ondelete="set null"
    )

    _fact_uniq = models.Constraint(
        "unique(country_id, source_id, date)",
        "This source rated this country on that date already: a later opinion needs a"
        " later date.",
    )

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

    # === TABLES === #

    @api.model
    def _check_columns(self, source, columns):
        """Tables of countries have a code of two letters, the grade's, and a date."""
        missing = [name for name in REQUIRED_COLUMNS if name not in columns]
        if missing:
            raise self._missing_columns_error(
                missing, self.env._("iso2, code and date")
            )

    @api.model
    def _rated_finder(self, columns):
        """Return how to find the country of a row, see :meth:`_check_table`."""
        countries = {c.code: c for c in self.env["res.country"].search([])}

        def find(row):
            country = countries.get(row["iso2"].upper())
            if country:
                return Found(country)
            error = self.env._(
                "%(iso2)s is no country: give its two-letter code.",
                iso2=row["iso2"] or self._empty_text(),
            )
            return Found(error=error)

        return find

    @api.model
    def _table_value(self, source, row):
        """Return what a row says, its score, and what is wrong with it."""
        grade, errors = self._table_grade(source, row["code"])
        outlook = row.get("outlook", "").lower() or False
        if outlook not in (False, "negative", "stable", "positive"):
            errors.append(
                self.env._(
                    "%(outlook)s is no outlook: negative, stable or positive.",
                    outlook=row["outlook"],
                )
            )
        # sudo: whether high-income countries are the best is no secret
        score = grade._score_for(self.env.company.sudo()) if grade else None
        return {"grade_id": grade and grade.id, "outlook": outlook}, score, errors

    def _table_opinion(self):
        return {"grade_id": self.grade_id.id}

    def _table_score(self):
        # sudo: as above
        return self.grade_id._score_for(self.env.company.sudo())

    @api.model
    def _table_value_text(self, value):
        grade = self.env["credit.insurance.rating.grade"].browse(value["grade_id"])
        return grade.code

    def _value_text(self):
        self.ensure_one()
        return self.grade_id.display_name
