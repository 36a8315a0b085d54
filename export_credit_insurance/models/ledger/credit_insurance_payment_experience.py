from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..job import do_each
from ..reference.credit_insurance_buyer_rating import RELIABILITIES
from .money_journals import MONEY_JOURNALS
from .payment_score import PaymentBehaviour

MONTHS = 12
BATCH = 1000
SOURCE = "export_credit_insurance.credit_insurance_rating_source_measured_payments"
#: what is left of an instalment and is no debt any more: bank fees, roundings
RESIDUE_SHARE = 0.01


class CreditInsurancePaymentExperience(models.Model):
    """How a buyer paid a company over twelve months, as recorded on a day.

    Each month one row per buyer and company, with the score that enters the risk grid
    as the company's own experience. The figures are kept beside the score: they are
    its explanation (DOMAIN 2.4). Nothing is rewritten.
    """

    _name = "credit.insurance.payment.experience"
    _description = "Payment Experience"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(
        string="Paid or Overdue",
        help="Paid within twelve months before the date, or overdue on it.",
    )
    instalments = fields.Integer(help="How many of them.")
    days_late = fields.Float(
        string="Days Late on Average",
        aggregator="avg",
        help="Weighted by amount, from the original due date. Early payment counts, as"
        " negative days up to 30, only where nothing was late.",
    )
    share_late = fields.Float(
        aggregator="avg", help="Part of the amount that was late."
    )
    worst_delay = fields.Integer(
        string="Worst Delay (Days)",
        aggregator="max",
        help="Above 90 days it takes 5 points off the score, above 180 days 10.",
    )
    broken_promises = fields.Integer(
        help="Promises to pay that were not kept: 5 points each, at most 15."
    )
    lost_disputes = fields.Integer(
        string="Unfounded Disputes",
        help="Disputes that ended with the invoice due or that the buyer withdrew: 5"
        " points each, at most 15.",
    )
    score = fields.Float(aggregator="avg", help="0 worst .. 100 best.")
    reliability = fields.Selection(
        RELIABILITIES, help="Low: fewer than 3 instalments; high: 12 or more."
    )
    rating_id = fields.Many2one(
        "credit.insurance.buyer.rating", ondelete="cascade", index="btree_not_null"
    )

    _day_uniq = models.Constraint(
        "unique(partner_id, company_id, date)",
        "How this buyer pays was recorded on that date already.",
    )

    # === RECORDING === #

    @api.model
    def _cron_record(self):
        """Record once a month how the buyers of each insured company pay.

        What a run that was cut off left out is recorded by the next.
        """
        companies = (
            self.env["credit.insurance.policy"]
            .search([("state", "=", "active")])
            .company_ids
        )
        do_each(self.env, companies, self._record_month)

    @api.model
    def _record_month(self, company):
        """Record a company's buyers without a row this month; each batch is kept."""
        day = company._credit_today()
        behaviours = self._behaviours(company, day)
        due = self._not_recorded_since(company, behaviours, day.replace(day=1))
        for buyer_ids in split_every(BATCH, due, list):
            self._record(company, day, {id_: behaviours[id_] for id_ in buyer_ids})
            if not self.env["ir.cron"]._commit_progress():
                break

    @api.model
    def _record_now(self, buyers, company):
        """Record how buyers pay today, unless that was done today.

        :param buyers: commercial partners
        :return: the new rows
        """
        day = company._credit_today()
        behaviours = self._behaviours(company, day, buyers)
        due = self._not_recorded_since(company, behaviours, day)
        return self._record(company, day, {id_: behaviours[id_] for id_ in due})

    def _not_recorded_since(self, company, behaviours, day):
        """Return the ids of the buyers without a row from ``day`` on."""
        recorded = self._read_group(
            [("company_id", "=", company.id), ("date", ">=", day)], ["partner_id"]
        )
        return sorted(behaviours.keys() - {buyer.id for (buyer,) in recorded})

    def _record(self, company, day, behaviours):
        """Record behaviours, each with its rating in the risk grid."""
        source = self.env.ref(SOURCE, raise_if_not_found=False)
        if not source or not behaviours:
            return self.browse()
        ratings = self.env["credit.insurance.buyer.rating"].create(
            [
                {
                    "partner_id": buyer_id,
                    "company_id": company.id,
                    "source_id": source.id,
                    "date": day,
                    "value": behaviour.score,
                    "reliability": behaviour.reliability,
                }
                for buyer_id, behaviour in behaviours.items()
            ]
        )
        return self.create(
            [
                {
                    "partner_id": rating.partner_id.id,
                    "company_id": company.id,
                    "date": day,
                    "rating_id": rating.id,
                    "score": behaviour.score,
                    "reliability": behaviour.reliability,
                    **vars(behaviour),
                }
                for rating, behaviour in zip(ratings, behaviours.values(), strict=True)
            ]
        )

    # === FIGURES === #

    @api.model
    def _behaviours(self, company, day, buyers=None):
        """Return how buyers paid a company over twelve months, as its books stand.

        Money received in that time counts with the days between the original due date
        and its receipt; what is overdue today counts as late as it is, without what is
        disputed and without residues of at most 1 %. Only money counts as payment:
        neither credit notes, write-offs, offsets nor exchange differences. Natural
        persons are left out: how they pay is personal data (DESIGN 7).

        :param day: the last day, today
        :param buyers: commercial partners; all that have something to tell by default
        :return: ``{buyer's id: PaymentBehaviour}``
        """
        for model in ("res.partner", "account.move", "account.move.line"):
            self.env[model].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        first = day - relativedelta(months=MONTHS)
        rows = self.env.execute_query(
            self._behaviour_query(company, first, day, buyers)
        )
        incidents = self._incidents(company, first, day)
        return {
            buyer_id: PaymentBehaviour(
                *figures,
                *(incidents[kind].get(buyer_id, 0) for kind in ("promise", "dispute")),
            )
            for buyer_id, *figures in rows
        }

    @api.model
    def _incidents(self, company, first, day):
        """Return how often each buyer broke a promise or disputed without reason.

        The books do not know; who follows up payments does.

        :return: ``{"promise": {buyer's id: count}, "dispute": {buyer's id: count}}``
        """
        return {"promise": {}, "dispute": {}}

    def _behaviour_query(self, company, first, day, buyers):
        """Query of what was paid or is overdue: one row per buyer."""
        return SQL(
            """
            WITH event AS (
                SELECT line.id, line.partner_id, part.amount,
                       part.max_date - %(due)s AS delay
                  FROM account_partial_reconcile part
                  JOIN account_move_line line ON line.id = part.debit_move_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                  JOIN account_move_line credit ON credit.id = part.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id
                 WHERE part.company_id = %(company)s
                   AND part.max_date > %(first)s AND part.max_date <= %(day)s
                   AND journal.type IN %(money)s
                   AND %(invoiced)s
             UNION ALL
                SELECT line.id, line.partner_id,
                       line.amount_residual * (1 - LEAST(
                           COALESCE(move.credit_dispute_amount, 0)
                           / NULLIF(move.amount_residual, 0), 1
                       )),
                       %(day)s - %(due)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.company_id = %(company)s
                   AND NOT line.reconciled
                   AND line.amount_residual > line.debit * %(residue)s
                   AND %(due)s < %(day)s
                   AND %(invoiced)s
            )
            SELECT partner.commercial_partner_id,
                   sum(event.amount)::float,
                   count(DISTINCT event.id),
                   (CASE WHEN max(event.delay) > 0
                         THEN sum(event.amount * GREATEST(event.delay, 0))
                         ELSE sum(event.amount * GREATEST(event.delay, -30))
                    END / sum(event.amount))::float,
                   (COALESCE(sum(event.amount) FILTER (WHERE event.delay > 0), 0)
                    / sum(event.amount))::float,
                   GREATEST(max(event.delay), 0)
              FROM event
              JOIN res_partner partner ON partner.id = event.partner_id
              JOIN res_partner buyer ON buyer.id = partner.commercial_partner_id
             WHERE event.amount > 0 AND %(of_buyers)s
               AND COALESCE(buyer.credit_party_kind,
                            CASE WHEN buyer.is_company THEN 'company'
                                 ELSE 'private' END) <> 'private'
          GROUP BY partner.commercial_partner_id
            """,
            company=company.id,
            first=first,
            day=day,
            due=SQL(
                "COALESCE(line.credit_original_due_date, line.date_maturity, move.date)"
            ),
            invoiced=SQL(
                """(line.parent_state = 'posted'
                    AND account.account_type = 'asset_receivable'
                    AND move.move_type IN ('out_invoice', 'out_receipt')
                    AND line.debit > 0)"""
            ),
            money=MONEY_JOURNALS,
            residue=RESIDUE_SHARE,
            of_buyers=SQL("TRUE")
            if buyers is None
            else SQL("partner.commercial_partner_id = ANY(%s)", list(buyers.ids)),
        )
