from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

OUTCOMES = [
    ("kept", "Credit Stays as It Is"),
    ("raise", "Higher Limit to Ask For"),
    ("reduce", "Less Credit"),
    ("security", "Security to Obtain"),
    ("stop", "No More Credit"),
]
#: what nobody enters
FIGURES = ("band_id", "exposure")


class CreditInsuranceBuyerReview(models.Model):
    """Somebody looked at a buyer again: when, what came of it, when next.

    How often is said by the buyer's risk band (DESIGN 1, *Grid*); ``exposure`` and
    ``band_id`` are those of the moment. Reviews are history: a later one is another
    row. What is kept of natural persons ends with their scores (DESIGN 7).
    """

    _name = "credit.insurance.buyer.review"
    _description = "Review of a Buyer"
    _inherit = ["credit.insurance.buyer.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Reviewed On",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    author_id = fields.Many2one(
        "res.users",
        string="Reviewed By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    outcome = fields.Selection(OUTCOMES, required=True)
    note = fields.Text(required=True)
    next_date = fields.Date(
        string="Next Review",
        help="Empty: as the buyer's risk band says. A later day than the band's does "
        "not put it off.",
    )
    band_id = fields.Many2one(
        "credit.insurance.band",
        compute="_compute_figures",
        store=True,
        precompute=True,
        ondelete="set null",
    )
    exposure = fields.Monetary(
        compute="_compute_figures", store=True, precompute=True, aggregator=None
    )

    _latest_idx = models.Index("(partner_id, company_id, date DESC, id DESC)")

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Legal persons are reviewed: "
            "choose %(company)s.",
            **names,
        )

    @api.constrains("date", "next_date")
    def _check_dates(self):
        for review in self:
            today = review.company_id._credit_today()
            if review.date > today:
                raise ValidationError(
                    self.env._(
                        "A review on %(day)s has not taken place yet: enter the day on "
                        "which the buyer was looked at, today at the latest.",
                        day=format_date(self.env, review.date),
                    )
                )
            if review.next_date and review.next_date <= review.date:
                raise ValidationError(
                    self.env._(
                        "The next review, on %(next)s, has to follow the one of "
                        "%(day)s: enter a later day.",
                        next=format_date(self.env, review.next_date),
                        day=format_date(self.env, review.date),
                    )
                )

    @api.depends("partner_id", "company_id")
    def _compute_figures(self):
        """Keep the band and the exposure of the moment."""
        for company, reviews in self.grouped("company_id").items():
            for review in reviews:
                buyer = review.partner_id.with_company(company)
                review.band_id = buyer.credit_band_id
                review.exposure = buyer.credit_exposure

    @api.model_create_multi
    def create(self, vals_list):
        """Sign with the user who creates, whatever was sent."""
        reviews = super().create(
            [
                {
                    **{key: val for key, val in values.items() if key not in FIGURES},
                    "author_id": self.env.uid,
                }
                for values in vals_list
            ]
        )
        self.env["credit.insurance.buyer.review.reminder"]._settle(reviews)
        return reviews

    def write(self, vals):
        """Refuse to rewrite history."""
        if not vals:
            return super().write(vals)
        self.check_access("write")
        raise UserError(
            self.env._(
                "A review is history and stays as it is: record another one with its "
                "own date."
            )
        )

    @api.model
    def _purge_persons(self):
        """Delete the reviews of natural persons older than a company keeps scores."""
        of_persons = [("partner_id.is_company", "=", False)]
        for (company,) in self._read_group(of_persons, ["company_id"]):
            months = company.credit_person_score_months
            last = company._credit_today() - relativedelta(months=months)
            self.search(
                [*of_persons, ("company_id", "=", company.id), ("date", "<", last)]
            ).unlink()

    # === WHEN THE NEXT ONE IS DUE === #

    @api.model
    def _due_sql(self, company, day, policy_ids, rated):
        """Return the query of when each buyer has to be looked at again.

        So many months after the last review as the buyer's band says, or earlier where
        the reviewer said so. Who was never reviewed counts from the last decision on a
        limit, and without any from the day it was entered.

        :param policy_ids: policies whose decisions count
        :param rated: SQL of a table (``id`` of the buyer, ``band_id``)
        :return: SQL of a table (``id``, ``band_id``, ``last_review_id``,
            ``last_review_date``, ``due_date``), the last one NULL where none is due
        """
        self.flush_model()
        self.env["credit.insurance.band"].flush_model(["review_months"])
        self.env["credit.insurance.limit"].flush_model(
            ["partner_id", "policy_id", "decision_date"]
        )
        return SQL(
            """(
            SELECT buyer.id, band.id AS band_id, latest.id AS last_review_id,
                   latest.date AS last_review_date,
                   LEAST(latest.next_date, CASE WHEN band.review_months > 0 THEN
                       (COALESCE(latest.date, decided.date, buyer.create_date::date)
                        + band.review_months * interval '1 month')::date END)
                       AS due_date
              FROM res_partner buyer
         LEFT JOIN %(rated)s AS rated ON rated.id = buyer.id
         LEFT JOIN credit_insurance_band band ON band.id = rated.band_id
         LEFT JOIN (SELECT DISTINCT ON (partner_id) partner_id, id, date, next_date
                      FROM credit_insurance_buyer_review
                     WHERE company_id = %(company)s
                  ORDER BY partner_id, date DESC, id DESC) latest
                ON latest.partner_id = buyer.id
         LEFT JOIN (SELECT partner_id, max(decision_date) AS date
                      FROM credit_insurance_limit
                     WHERE policy_id = ANY(%(policies)s) AND decision_date <= %(day)s
                  GROUP BY partner_id) decided
                ON decided.partner_id = buyer.id
            )""",
            company=company.id,
            day=day,
            policies=list(policy_ids),
            rated=rated,
        )

    @api.model
    def _due_dates(self, buyers, company):
        """Return {buyer id: day of the next review}, without those who have none.

        :param buyers: commercial partners, whose bands are known to the caller
        """
        if not buyers:
            return {}
        policies = self.env["credit.insurance.position"]._facts(
            company.id, company._credit_today()
        )
        rated = SQL(
            "(SELECT * FROM unnest(%s::int[], %s::int[]) AS band (id, band_id))",
            buyers.ids,
            [buyer.credit_band_id.id or None for buyer in buyers],
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id, due_date FROM %s AS due WHERE id = ANY(%s)"
                " AND due_date IS NOT NULL",
                self._due_sql(
                    company, company._credit_today(), policies.policy_ids, rated
                ),
                buyers.ids,
            )
        )
        return dict(rows)
