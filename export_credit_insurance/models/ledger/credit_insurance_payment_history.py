from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from .payment_history import PaymentHistory


class CreditInsurancePaymentHistory(models.AbstractModel):
    """How buyers paid: read from invoices and their reconciliations, in sets.

    An instalment is paid within terms when it is fully settled and the last
    settlement is not later than its due date. What a credit note settles was not
    paid and counts in no balance.
    """

    _name = "credit.insurance.payment.history"
    _description = "Payment History"

    @api.model
    def _get_payment_history(self, partners, company, day, months):
        """Return the payment history of buyers over the months before a day.

        :param partners: buyers (commercial partners); their contacts are included
        :param company: company whose books are read
        :param day: last day looked at
        :param months: number of months looked back
        :return: ``{commercial partner: PaymentHistory}``
        """
        buyers = partners.commercial_partner_id
        self._flush_books()
        query = self._history_query(buyers, company, day, months)
        rows = {
            partner_id: PaymentHistory(*figures)
            for partner_id, *figures in self.env.execute_query(query)
        }
        return {buyer: rows.get(buyer.id, PaymentHistory()) for buyer in buyers}

    def _flush_books(self):
        """Write what is pending on the tables that the queries read."""
        for model in ("res.partner", "account.move", "account.move.line"):
            self.env[model].flush_model()
        self.env["account.partial.reconcile"].flush_model()

    def _history_query(self, buyers, company, day, months):
        """Query of the history: one row per buyer that has invoices.

        * ``instalment``: the buyers' invoiced receivables up to the day;
        * ``settled``: with the day of the last settlement;
        * ``balance``: per month end, what was open then and paid within terms later.
        """
        first = day - relativedelta(months=months)
        return SQL(
            """
            WITH instalment AS (
                SELECT line.id,
                       partner.commercial_partner_id AS partner_id,
                       COALESCE(move.invoice_date, move.date) AS invoice_date,
                       COALESCE(line.credit_original_due_date, line.date_maturity,
                                move.date) AS due_date,
                       line.reconciled
                  FROM res_partner partner
                  JOIN account_move_line line ON line.partner_id = partner.id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN account_account account ON account.id = line.account_id
                 WHERE partner.commercial_partner_id = ANY(%(buyers)s)
                   AND line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND account.account_type = 'asset_receivable'
                   AND move.move_type IN ('out_invoice', 'out_receipt')
                   AND line.debit > 0
                   AND move.date <= %(day)s
            ),
            settlement AS (
                SELECT instalment.id,
                       part.amount,
                       part.max_date AS day,
                       move.move_type = 'out_refund' AS is_credit_note
                  FROM instalment
                  JOIN account_partial_reconcile part
                    ON part.debit_move_id = instalment.id
                  JOIN account_move_line credit ON credit.id = part.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                 WHERE move.journal_id IS DISTINCT FROM %(exchange_journal)s
            ),
            settled AS (
                SELECT instalment.*,
                       CASE WHEN instalment.reconciled
                             AND settlement.last_day <= %(day)s
                            THEN settlement.last_day
                        END AS settled_on
                  FROM instalment
                  LEFT JOIN (
                       SELECT id, MAX(day) AS last_day FROM settlement GROUP BY id
                  ) settlement ON settlement.id = instalment.id
            ),
            balance AS (
                SELECT settled.partner_id, month_end, SUM(settlement.amount) AS amount
                  FROM settled
                  JOIN settlement ON settlement.id = settled.id
                  JOIN UNNEST(%(month_ends)s::date[]) AS month_end
                    ON settled.invoice_date <= month_end
                   AND settlement.day > month_end
                 WHERE settled.settled_on <= settled.due_date
                   AND NOT settlement.is_credit_note
                 GROUP BY settled.partner_id, month_end
            ),
            highest AS (
                SELECT partner_id, MAX(amount) AS amount
                  FROM balance
                 GROUP BY partner_id
            )
            SELECT settled.partner_id,
                   COALESCE(MAX(highest.amount), 0)::float AS highest_balance,
                   COUNT(*) FILTER (WHERE settled_on <= due_date
                                      AND settled_on >= %(first)s),
                   COUNT(*) FILTER (WHERE settled_on > due_date
                                      AND settled_on >= %(first)s),
                   COALESCE(MAX(GREATEST(
                       COALESCE(settled_on, %(day)s) - due_date, 0
                   )) FILTER (
                       WHERE settled_on IS NULL OR settled_on >= %(first)s
                   ), 0),
                   COALESCE(MAX(GREATEST(%(day)s - due_date, 0))
                       FILTER (WHERE settled_on IS NULL), 0)
              FROM settled
              LEFT JOIN highest ON highest.partner_id = settled.partner_id
             GROUP BY settled.partner_id
            """,
            buyers=list(buyers.ids),
            company=company.id,
            # settles nothing: the exchange difference is posted when it is found out
            exchange_journal=company.currency_exchange_journal_id.id or None,
            day=day,
            first=first,
            month_ends=self._month_ends(first, day),
        )

    @api.model
    def _month_ends(self, first, last):
        """Return the ends of month between two days, both included."""
        ends = []
        end = first + relativedelta(day=31)
        while end <= last:
            ends.append(end)
            end = end + relativedelta(months=1, day=31)
        return ends
