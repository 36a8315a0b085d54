from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

#: what a source said on a day: recorded once, never rewritten
FACTS = {"partner_id", "source_id", "value", "grade_id", "date"}


class CreditInsuranceBuyerRating(models.Model):
    """The score a source gave a buyer on a day.

    Append-only, as country ratings are. Scores of natural persons are personal data:
    a record rule shows them to controllers only.
    """

    _name = "credit.insurance.buyer.rating"
    _description = "Buyer Rating"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
    )
    source_id = fields.Many2one(
        "credit.insurance.rating.source",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("criterion", "!=", "country")],
    )
    scale = fields.Selection(related="source_id.scale")
    criterion = fields.Selection(related="source_id.criterion")
    value = fields.Float(help="As the source gives it.", aggregator=None)
    grade_id = fields.Many2one(
        "credit.insurance.rating.grade",
        ondelete="restrict",
        domain="[('source_id', '=', source_id)]",
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today()
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        precompute=True,
        aggregator="avg",
        help="The rating brought to 0 worst .. 100 best, when it was recorded.",
    )
    is_stale = fields.Boolean(string="Stale", compute="_compute_is_stale")
    note = fields.Char(string="Reference")

    _fact_uniq = models.Constraint(
        "unique(partner_id, source_id, date)",
        "This source rated this buyer on that date already: a later opinion needs a"
        " later date.",
    )

    # The source's scale is no dependency: a score stays what it was when recorded.
    @api.depends("value", "grade_id", "source_id")
    def _compute_score(self):
        for rating in self:
            source = rating.source_id
            if source.scale == "number":
                place = source._place(rating.value, source.value_min, source.value_max)
                rating.score = min(max(place, 0.0), 100.0)
            else:
                rating.score = rating.grade_id.score

    @api.depends("date", "source_id.stale_days")
    @api.depends_context("company")
    def _compute_is_stale(self):
        today = self.env.company._credit_today()
        for rating in self:
            limit = rating.source_id.stale_days
            age = (today - rating.date).days if rating.date else 0
            rating.is_stale = bool(limit) and age > limit

    @api.constrains("partner_id")
    def _check_partner(self):
        for rating in self:
            buyer = rating.partner_id.commercial_partner_id
            if buyer != rating.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(buyer)s: record the rating on"
                        " %(buyer)s.",
                        contact=rating.partner_id.name or rating.partner_id.type,
                        buyer=buyer.name,
                    )
                )

    @api.constrains("source_id", "grade_id", "value")
    def _check_source(self):
        for rating in self:
            source = rating.source_id
            if source.criterion == "country":
                raise ValidationError(
                    self.env._(
                        "%(rater)s rates countries, not buyers.", rater=source.name
                    )
                )
            if source.scale == "number":
                source._normalise(rating.value)
            elif rating.grade_id.source_id != source:
                raise ValidationError(
                    self.env._(
                        "Choose one of the grades of %(rater)s: %(grades)s.",
                        rater=source.name,
                        grades=", ".join(source.grade_ids.mapped("code")),
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

    def _score(self):
        """Return the recorded score, None when the grade has none."""
        self.ensure_one()
        if self.scale == "grade" and self.grade_id.scoring != "score":
            return None
        return self.score

    def _value_text(self):
        self.ensure_one()
        if self.scale == "grade":
            return self.grade_id.display_name
        return self.source_id._value_text(self.value)

    @api.model
    def _current(self, buyers, day):
        """Return the rating of each source in force on ``day``, per buyer.

        Archived sources do not count.

        :return: ``{buyer: ratings}``, sources in their order
        """
        self.flush_model(["partner_id", "source_id", "date"])
        self.env["credit.insurance.rating.source"].flush_model(["active", "sequence"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rating.partner_id, rating.id
                  FROM (SELECT DISTINCT ON (partner_id, source_id)
                               id, partner_id, source_id
                          FROM credit_insurance_buyer_rating
                         WHERE partner_id = ANY(%(buyers)s) AND date <= %(day)s
                      ORDER BY partner_id, source_id, date DESC) AS rating
                  JOIN credit_insurance_rating_source AS source
                    ON source.id = rating.source_id AND source.active
              ORDER BY source.sequence, source.id
                """,
                buyers=buyers.ids,
                day=day,
            )
        )
        ids_by_buyer = {buyer.id: [] for buyer in buyers}
        for buyer_id, rating_id in rows:
            ids_by_buyer[buyer_id].append(rating_id)
        everything = [rating_id for _buyer, rating_id in rows]
        return {
            buyer: self.browse(ids_by_buyer[buyer.id]).with_prefetch(everything)
            for buyer in buyers
        }
