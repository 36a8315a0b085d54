from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..job import do_each
from .credit_score import BUYER_CRITERIA

RELIABILITIES = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class CreditInsuranceBuyerRating(models.Model):
    """The score a source gave a buyer on a day.

    Scores of natural persons are personal data: a record rule shows them to
    controllers only.
    """

    _name = "credit.insurance.buyer.rating"
    _inherit = ["credit.insurance.rating.mixin"]
    _description = "Buyer Rating"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _rated_field = "partner_id"
    _facts = frozenset(
        {
            "partner_id",
            "source_id",
            "value",
            "grade_id",
            "date",
            "company_id",
            "reliability",
        }
    )

    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
    )
    source_id = fields.Many2one(
        domain=[("criterion", "in", BUYER_CRITERIA), ("is_measured", "=", False)]
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        help="The company whose own experience this is; empty for what agencies and"
        " insurers say, which counts in all companies.",
    )
    scale = fields.Selection(related="source_id.scale")
    criterion = fields.Selection(related="source_id.criterion")
    value = fields.Float(help="As the source gives it.", aggregator=None)
    grade_id = fields.Many2one(
        "credit.insurance.rating.grade",
        ondelete="restrict",
        domain="[('source_id', '=', source_id)]",
    )
    date = fields.Date(default=lambda self: self.env.company._credit_today())
    score = fields.Float(
        compute="_compute_score",
        store=True,
        precompute=True,
        aggregator="avg",
        help="The rating brought to 0 worst .. 100 best, when it was recorded.",
    )
    reliability = fields.Selection(
        RELIABILITIES, help="How much the score says, where its source knows."
    )
    note = fields.Char(string="Reference")
    edition_id = fields.Many2one(
        "credit.insurance.rating.edition", index="btree_not_null", ondelete="set null"
    )

    _fact_uniq = models.UniqueIndex(
        "(partner_id, source_id, date, COALESCE(company_id, 0))",
        "This source rated this buyer on that date already: a later opinion needs a"
        " later date.",
    )

    @api.model
    def _seen_by_sql(self, company):
        # EXTENDS 'credit.insurance.rating.mixin': each company has its own experience
        return SQL("(company_id IS NULL OR company_id = %s)", company.id)

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

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'credit.insurance.rating.mixin'
        ratings = super().create(vals_list)
        if not self.env.su and (ratings.source_id.filtered("is_measured")):
            raise AccessError(
                self.env._(
                    "These scores are measured from the books: press Measure Now on"
                    " the buyer instead of recording one. Your own judgment has a"
                    " source of its own."
                )
            )
        return ratings

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
            if source.criterion not in BUYER_CRITERIA:
                raise ValidationError(
                    self.env._("%(rater)s does not rate buyers.", rater=source.name)
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

    @api.model
    def _cron_purge_persons(self):
        """Delete scores of natural persons that are older than a company keeps them.

        They are personal data, and append-only history yields to that (DESIGN 7). What
        agencies say counts in all companies: the longest of their periods holds.
        """
        of_persons = [("partner_id.is_company", "=", False)]
        groups = self._read_group(of_persons, ["company_id"])
        companies = [company for (company,) in groups]
        return do_each(self.env, companies, self._purge_persons_of)

    @api.model
    def _purge_persons_of(self, company):
        """Delete what is too old of one company, or of what agencies say to all."""
        [(longest,)] = self.env["res.company"]._read_group(
            [], aggregates=["credit_person_score_months:max"]
        )
        months = company.credit_person_score_months or longest
        today = (company or self.env.company)._credit_today()
        old = ("date", "<", today - relativedelta(months=months))
        of_persons = ("partner_id.is_company", "=", False)
        self.search([of_persons, ("company_id", "=", company.id), old]).unlink()

    def _is_unreliable(self):
        # EXTENDS 'credit.insurance.rating.mixin'
        return self.reliability == "low"

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
