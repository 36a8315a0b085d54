from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditInsuranceSectorRating(models.Model):
    """The grade a source gave a sector of business, from a date on.

    Insurers and agencies publish the risk of sectors like that of countries; firms
    also have opinions of their own (construction, textile and raw materials are
    watched closely, DOMAIN 2.4).
    """

    _name = "credit.insurance.sector.rating"
    _inherit = ["credit.insurance.rating.mixin"]
    _description = "Sector Rating"
    _order = "date desc, id desc"
    _rec_name = "industry_id"
    _rated_field = "industry_id"
    _facts = frozenset({"industry_id", "source_id", "grade_id", "date"})

    industry_id = fields.Many2one(
        "res.partner.industry", string="Sector", required=True, ondelete="restrict"
    )
    source_id = fields.Many2one(domain=[("criterion", "=", "sector")])
    grade_id = fields.Many2one(
        "credit.insurance.rating.grade",
        required=True,
        ondelete="restrict",
        domain="[('source_id', '=', source_id)]",
    )
    date = fields.Date(
        string="Valid From", default=lambda self: self.env.company._credit_today()
    )
    note = fields.Char(string="Reference")

    _fact_uniq = models.Constraint(
        "unique(industry_id, source_id, date)",
        "This source rated this sector on that date already: a later opinion needs a"
        " later date.",
    )

    @api.constrains("source_id", "grade_id")
    def _check_grade(self):
        for rating in self:
            source = rating.source_id
            if source.criterion != "sector":
                raise ValidationError(
                    self.env._("%(rater)s does not rate sectors.", rater=source.name)
                )
            if rating.grade_id.source_id != source:
                raise ValidationError(
                    self.env._(
                        "Choose one of the grades of %(rater)s: %(grades)s.",
                        rater=source.name,
                        grades=", ".join(source.grade_ids.mapped("code")),
                    )
                )

    def _value_text(self):
        self.ensure_one()
        return self.grade_id.display_name
