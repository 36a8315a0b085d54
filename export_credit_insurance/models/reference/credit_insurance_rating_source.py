from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .number_text import number_text

#: what is rated by grades only
GRADED_CRITERIA = {"country", "sector"}


class CreditInsuranceRatingSource(models.Model):
    """Who rates countries or buyers, and on which scale.

    Raw grades of two sources never compare: each is brought to one scale, 0 worst to
    100 best, by its grade or by its place between the two ends of the scale.
    """

    _name = "credit.insurance.rating.source"
    _description = "Rating Source"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short technical name, for imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    criterion = fields.Selection(
        [
            ("country", "Country Risk"),
            ("agency", "Score of an agency or insurer"),
            ("payment", "Payment Behaviour"),
            ("sector", "Sector Risk"),
        ],
        required=True,
        default="country",
        help="The line of the risk grid that its ratings enter.",
    )
    scale = fields.Selection(
        [("grade", "Grades"), ("number", "Numbers")],
        required=True,
        default="grade",
    )
    value_min = fields.Float(string="Lowest Value")
    value_max = fields.Float(string="Highest Value", default=100.0)
    higher_is_better = fields.Boolean(
        default=True,
        help="Numbers: the highest value is the best. Grades: the highest rank is.",
    )
    weight = fields.Float(
        default=1.0,
        help="Share of this source among the sources of its criterion;"
        " 0 = shown, not counted.",
    )
    stale_days = fields.Integer(
        string="Stale After (days)",
        default=180,
        help="Ratings older than that are marked as stale; 0 = never.",
    )
    grade_ids = fields.One2many(
        "credit.insurance.rating.grade", "source_id", string="Grades"
    )
    is_measured = fields.Boolean(
        string="Measured",
        readonly=True,
        help="Its ratings are worked out from the books; nobody records them by hand.",
    )
    website = fields.Char()
    note = fields.Text(
        translate=True, help="Meaning of the scale, how often it is reviewed, source."
    )

    _code_uniq = models.Constraint(
        "unique(code)", "Another source has this code already: choose another one."
    )
    _weight_positive = models.Constraint(
        "CHECK(weight >= 0)",
        "The weight of a source cannot be negative: enter 0 to show its ratings"
        " without counting them.",
    )
    _stale_days_positive = models.Constraint(
        "CHECK(stale_days >= 0)",
        "The age of a stale rating cannot be negative: enter 0 for never.",
    )

    @api.constrains("scale", "criterion", "value_min", "value_max")
    def _check_scale(self):
        for source in self:
            if source.criterion in GRADED_CRITERIA and source.scale != "grade":
                raise ValidationError(
                    self.env._(
                        "%(rater)s rates countries or sectors: its scale must be made"
                        " of grades.",
                        rater=source.name,
                    )
                )
            if source.scale == "number" and source.value_min >= source.value_max:
                raise ValidationError(
                    self.env._(
                        "The scale of %(rater)s is upside down: its lowest value,"
                        " %(low)s, must be below its highest value, %(high)s. If low"
                        " values are the best ones, untick Higher is better.",
                        rater=source.name,
                        low=source._value_text(source.value_min),
                        high=source._value_text(source.value_max),
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        self.env["res.partner"]._forget_credit_scores()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for source, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=source.name)
            vals["code"] = f"{source.code}_copy"
        return vals_list

    def action_spread_scores(self):
        """Give the scored grades scores at even steps from 0 to 100."""
        for source in self:
            grades = source.grade_ids.filtered(lambda g: g.scoring == "score")
            ranks = grades.mapped("rank")
            if len(set(ranks)) < 2:
                raise UserError(
                    self.env._(
                        "%(rater)s needs two scored grades of different ranks, at"
                        " least, before scores can be spread over them.",
                        rater=source.name,
                    )
                )
            for grade in grades:
                grade.score = source._place(grade.rank, min(ranks), max(ranks))
        return True

    def _normalise(self, value):
        """Bring a number of this source to 0 worst .. 100 best.

        Worst to best is linear: OECD 4 on 0 best .. 7 worst is (7 - 4) / 7 x 100.

        :raise UserError: when the value lies outside the scale
        """
        self.ensure_one()
        if not self.value_min <= value <= self.value_max:
            raise UserError(self._outside_text(value))
        return self._place(value, self.value_min, self.value_max)

    def _outside_text(self, value):
        return self.env._(
            "%(value)s is no value of %(rater)s: its scale goes from %(low)s to"
            " %(high)s.",
            value=self._value_text(value),
            rater=self.name,
            low=self._value_text(self.value_min),
            high=self._value_text(self.value_max),
        )

    def _place(self, value, lowest, highest):
        distance = value - lowest if self.higher_is_better else highest - value
        return distance * 100 / (highest - lowest)

    @api.model
    def _value_text(self, value):
        """Write a value of a scale without needless decimals."""
        return number_text(self.env, value)
