from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


class CreditInsuranceRatingGrade(models.Model):
    """One step of a source's scale."""

    _name = "credit.insurance.rating.grade"
    _description = "Rating Grade"
    _order = "source_id, rank, id"
    _rec_names_search = ["code", "name"]

    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        index=True,
        ondelete="cascade",
    )
    code = fields.Char(required=True)
    name = fields.Char(string="Meaning", translate=True)
    rank = fields.Integer(required=True, help="Place in the source's scale.")
    scoring = fields.Selection(
        [
            ("score", "Scored"),
            ("best", "Best, if the company chooses so"),
            ("none", "Not scored"),
        ],
        required=True,
        default="score",
        help="High-income countries, which OECD does not classify, count as 100 if"
        " the company chooses so. What is not scored is left out of the grid, never"
        " counted as 0.",
    )
    cover_status = fields.Selection(
        [("restricted", "Restricted"), ("off_cover", "Off Cover")],
        string="Effect on Cover",
        help="Countries that this source rates so are restricted or off cover from the"
        " day the rating is recorded, until a better one. Empty: the insurer decides.",
    )
    score = fields.Float(help="0 worst .. 100 best.", aggregator=None)

    _code_uniq = models.Constraint(
        "unique(source_id, code)",
        "This source has a grade with this code already.",
    )
    _score_range = models.Constraint(
        "CHECK(score >= 0 AND score <= 100)",
        "The score of a grade goes from 0 (worst) to 100 (best).",
    )

    @api.constrains("cover_status", "source_id")
    def _check_cover_status(self):
        for grade in self:
            if grade.cover_status and grade.source_id.criterion != "country":
                raise ValidationError(
                    self.env._(
                        "%(rater)s does not rate countries: its grades have no effect"
                        " on a country's cover.",
                        rater=grade.source_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        grades = super().create(vals_list)
        self.env.registry.clear_cache()
        return grades

    def write(self, vals):
        result = super().write(vals)
        if "cover_status" in vals:
            self.env.registry.clear_cache()
        self.env["res.partner"]._forget_credit_scores()
        return result

    @api.model
    @ormcache()
    def _decide_on_cover(self):
        """Whether any grade has an effect on cover."""
        # sudo: the same for all users, as the cache it lives in
        return bool(self.sudo().search_count([("cover_status", "!=", False)], limit=1))

    @api.depends("code", "name", "scoring", "source_id.criterion")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """A grade is known by its code; what is no grade says what it means.

        Codes of sectors are words, which their name says in the reader's language.
        """
        for grade in self:
            is_code = grade.scoring == "score" and grade.source_id.criterion != "sector"
            grade.display_name = (not is_code and grade.name) or grade.code

    def _score_for(self, company):
        """Return the grade's score as ``company`` counts it, None when it has none."""
        self.ensure_one()
        return self._counted_score(self.scoring, self.score, company)

    @api.model
    def _counted_score(self, scoring, score, company):
        """Return what :meth:`_score_for` does, of the values of a grade."""
        if scoring == "score":
            return score
        if scoring == "best" and company.credit_high_income_best:
            return 100.0
        return None
