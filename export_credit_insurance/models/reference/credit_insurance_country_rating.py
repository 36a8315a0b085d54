from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
        string="Valid from", default=lambda self: self.env.company._credit_today()
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

    def _value_text(self):
        self.ensure_one()
        return self.grade_id.display_name
