"""Which journal items are owed: now, or as the books stood at the end of a day."""

from odoo.tools import SQL

RECEIVABLE = SQL(
    "line.account_id = ANY(ARRAY("
    "SELECT id FROM account_account WHERE account_type = 'asset_receivable'))"
)


def open_item(receivable):
    """SQL of which items ``line`` are open receivables and credits.

    What a factor bought without recourse is its own loss (ledger's assignments); what
    a claim's entry moves within the books is owed once all the same.

    :param receivable: SQL of which are on accounts of receivables
    """
    return SQL(
        "line.parent_state = 'posted' AND line.credit_not_exposure IS NOT TRUE"
        " AND %s AND line.reconciled IS NOT TRUE"
        " AND line.amount_residual_currency <> 0",
        receivable,
    )


OPEN_ITEM = open_item(RECEIVABLE)
# Read besides where the books of a past day are asked for.
READ_OF_PAST = {
    "account.move.line": ("date",),
    "account.partial.reconcile": (
        "debit_move_id",
        "credit_move_id",
        "debit_amount_currency",
        "credit_amount_currency",
        "max_date",
    ),
    "credit.insurance.assignment": ("move_id", "recourse", "date", "date_end"),
}


def items_on(day):
    """SQL of the receivable items of a day, as ``line``, with what was open of each.

    An item counts if its accounting date is not later; what was matched with a later
    entry is open again, as in Odoo's own aged receivables. Sales to factors count from
    their own day.
    """
    return SQL(
        """(
        SELECT line.id, line.move_id, line.partner_id, line.company_id,
               line.currency_id, line.date_maturity, line.credit_original_due_date,
               line.amount_residual_currency + COALESCE(later.amount, 0)
                   AS amount_residual_currency
          FROM account_move_line line
          LEFT JOIN (%(later)s) later ON later.line_id = line.id
          LEFT JOIN (%(sold)s) sale ON sale.move_id = line.move_id
         WHERE line.parent_state = 'posted' AND line.date <= %(day)s
           AND (line.reconciled IS NOT TRUE OR later.line_id IS NOT NULL)
           AND %(receivable)s
           AND COALESCE(sale.is_sold, line.credit_not_exposure) IS NOT TRUE
        ) line""",
        later=_later_matches(day),
        sold=_sold_outright(day),
        day=day,
        receivable=RECEIVABLE,
    )


def opened_amount(day):
    """SQL of what was open of one ``line`` at the end of a day, in its currency.

    What has been matched since is added back; by index, for few lines.
    """
    return SQL(
        """(line.amount_residual_currency
            + COALESCE((SELECT sum(debit_amount_currency)
                          FROM account_partial_reconcile
                         WHERE debit_move_id = line.id AND max_date > %(day)s), 0)
            - COALESCE((SELECT sum(credit_amount_currency)
                          FROM account_partial_reconcile
                         WHERE credit_move_id = line.id AND max_date > %(day)s), 0))""",
        day=day,
    )


def opened_moves(day, company_id):
    """SQL of the entries of a company with receivable items open at the end of a day.

    Or that were matched since: the others need not be looked at.
    """
    return SQL(
        """
        SELECT line.move_id FROM account_move_line line
         WHERE line.parent_state = 'posted' AND line.reconciled IS NOT TRUE
           AND line.company_id = %(company)s AND %(receivable)s
         UNION
        SELECT line.move_id
          FROM account_partial_reconcile later
          JOIN account_move_line line
            ON line.id IN (later.debit_move_id, later.credit_move_id)
         WHERE later.max_date > %(day)s AND later.company_id = %(company)s
        """,
        company=company_id,
        receivable=RECEIVABLE,
        day=day,
    )


def _later_matches(day):
    """What was matched after the day, to be added to what is open now."""
    return SQL(
        """
        SELECT line_id, sum(amount) AS amount
          FROM (
            SELECT debit_move_id AS line_id, debit_amount_currency AS amount
              FROM account_partial_reconcile WHERE max_date > %(day)s
            UNION ALL
            SELECT credit_move_id, -credit_amount_currency
              FROM account_partial_reconcile WHERE max_date > %(day)s
          ) matched
         GROUP BY line_id
        """,
        day=day,
    )


def _sold_outright(day):
    """Invoices ever sold to a factor: whether the loss was its own that day."""
    return SQL(
        """
        SELECT move_id, bool_or(
                   recourse = 'without' AND date <= %(day)s
                   AND (date_end IS NULL OR date_end > %(day)s)) AS is_sold
          FROM credit_insurance_assignment
         GROUP BY move_id
        """,
        day=day,
    )
