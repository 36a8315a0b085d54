from odoo import api, fields, models


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
    score = fields.Float(help="0 worst .. 100 best.", aggregator=None)

    _code_uniq = models.Constraint(
        "unique(source_id, code)",
        "This source has a grade with this code already.",
    )
    _score_range = models.Constraint(
        "CHECK(score >= 0 AND score <= 100)",
        "The score of a grade goes from 0 (worst) to 100 (best).",
    )

    @api.depends("code", "name", "scoring")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """A grade is known by its code; what is no grade says what it means."""
        for grade in self:
            is_grade = grade.scoring == "score" or not grade.name
            grade.display_name = grade.code if is_grade else grade.name

    def _score_for(self, company):
        """Return the grade's score as ``company`` counts it, None when it has none."""
        self.ensure_one()
        if self.scoring == "score":
            return self.score
        if self.scoring == "best" and company.credit_high_income_best:
            return 100.0
        return None
