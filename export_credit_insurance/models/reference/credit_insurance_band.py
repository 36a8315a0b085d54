from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .number_text import number_text


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
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    score_min = fields.Float(
        string="Score from", required=True, help="0 worst .. 100 best; included."
    )
    score_max = fields.Float(
        string="Score below", required=True, help="Not included, except 100."
    )
    review_months = fields.Integer(
        string="Review of limits (months)",
        default=12,
        help="How often the limits of these buyers are looked at again; 0 = never.",
    )
    no_credit = fields.Boolean(
        string="No open credit",
        help="Buyers of this band pay in advance or bring a security.",
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

    def _matching(self, score):
        """Return the band of ``self`` that holds ``score``; none for None."""
        if score is None:
            return self.browse()
        return self.filtered(
            lambda band: band.score_min <= score
            and (score < band.score_max or score == band.score_max == 100)
        )[:1]
