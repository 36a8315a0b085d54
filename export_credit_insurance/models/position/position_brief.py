import json

from odoo.tools import SQL

from .position_sources import INVOICE_TYPES, OPEN_ITEM, OPEN_QUANTITY, unit_price


class PositionBrief:
    """The sums of ordinary buyers, by a query that PostgreSQL plans at once.

    Planning the full query takes many times longer than a confirmation may wait for
    it, and most buyers need little of it: open items, open orders, a limit. This one
    sums them by the same rules and says where a buyer is not ordinary (drafts,
    deposits, payments not booked, returns, securities, stops, insolvency, a limit
    shared with others, taxed debts paid in part); then the full query answers. A test
    compares the two.

    :param facts: :class:`~.credit_insurance_position.PositionFacts` of the company
    :param company: the company that asks
    :param day: the day that counts as today
    :param targets: one dict per buyer: ``partner_id``, ``currency_id`` of the limit
        with ``rate`` and ``digits``, ``untaxed`` (what the limit is compared with)
        and ``company_ids`` (whose debts use the limit)
    :param order_ids: orders asked about, reported apart
    """

    def __init__(self, facts, company, day, targets, order_ids):
        self.facts = facts
        self.company = company
        self.day = day
        self.targets = targets
        self.partner_ids = [target["partner_id"] for target in targets]
        self.order_ids = order_ids

    def query(self):
        """Return one row: JSON of lines, orders and own risk, and ``is_unusual``."""
        return SQL(
            """
            WITH target AS (SELECT * FROM jsonb_to_recordset(%(targets)s) AS target(
                partner_id int, currency_id int, rate numeric, digits int,
                untaxed boolean, company_ids int[]))
            SELECT (SELECT json_agg(line) FROM (%(lines)s) line) AS lines,
                   (SELECT json_agg(part) FROM (%(orders)s) part) AS orders,
                   (SELECT json_object_agg(partner_id, amount) FROM (
                       SELECT partner_id, sum(amount) AS amount
                         FROM credit_insurance_own_risk
                        WHERE partner_id = ANY(%(partners)s)
                          AND company_id = %(company)s AND date_from <= %(day)s
                          AND (date_to IS NULL OR date_to >= %(day)s)
                        GROUP BY partner_id) accepted) AS own_risk,
                   %(unusual)s AS is_unusual
            """,
            targets=json.dumps(self.targets),
            lines=self._lines(),
            orders=self._orders(),
            partners=self.partner_ids,
            company=self.company.id,
            day=self.day,
            unusual=self._unusual(),
        )

    # ------------------------------------------------------------ conversions

    def _source_rate(self, column):
        """The rate of a document's currency, without a table to join."""
        return SQL(
            "CASE %s %s END",
            SQL(column),
            SQL(" ").join(
                SQL("WHEN %s THEN %s::numeric", currency_id, rate["rate"])
                for currency_id, rate in self.facts.rates.items()
            ),
        )

    def _to_company(self, amount, currency):
        facts = self.facts
        return SQL(
            "CASE WHEN %(currency)s = %(own)s THEN %(amount)s"
            " ELSE round(%(amount)s * %(rate)s / %(source)s, %(digits)s) END",
            currency=SQL(currency),
            own=facts.own_currency_id,
            amount=SQL(amount),
            rate=facts.own_rate,
            source=self._source_rate(currency),
            digits=facts.own_digits,
        )

    def _to_limit(self, gross, untaxed, currency):
        return SQL(
            "CASE WHEN %(currency)s = target.currency_id THEN %(amount)s"
            " ELSE round(%(amount)s * target.rate / %(source)s, target.digits) END",
            currency=SQL(currency),
            amount=SQL(
                "CASE WHEN target.untaxed THEN round(%s, target.digits) ELSE %s END",
                SQL(untaxed),
                SQL(gross),
            ),
            source=self._source_rate(currency),
        )

    # ------------------------------------------------------------ open items

    def _lines(self):
        """Open items per buyer: what is due, credits, overdue, use of the limit."""
        return SQL(
            """
            SELECT partner_id,
                   COALESCE(sum(own) FILTER (WHERE amount > 0), 0) AS receivable,
                   COALESCE(sum(own) FILTER (WHERE amount < 0), 0) AS unallocated,
                   COALESCE(sum(own) FILTER (WHERE is_late), 0) AS overdue,
                   COALESCE(max(%(day)s - date_maturity) FILTER (
                       WHERE is_late AND own IS NOT NULL), 0) AS overdue_days,
                   COALESCE(sum(used), 0) AS used,
                   bool_or(amount < 0) AS has_credits,
                   bool_or(untaxed AND is_payment AND amount < 0)
                       AND bool_or(untaxed_share < 1) AS is_unusual,
                   min(LEAST(due_date, invoice_date, shipment_date))
                       FILTER (WHERE amount > 0) AS oldest
              FROM (
                SELECT target.partner_id, target.untaxed, share.untaxed_share,
                       line.amount_residual_currency AS amount, line.date_maturity,
                       line.amount_residual_currency > 0
                           AND line.date_maturity < %(day)s AS is_late,
                       move.move_type NOT IN %(invoice_types)s AS is_payment,
                       COALESCE(line.credit_original_due_date, line.date_maturity
                           - GREATEST(move.invoice_date_due - move.insured_due_date, 0),
                           move.date) AS due_date,
                       %(invoice_date)s AS invoice_date,
                       %(shipment_date)s AS shipment_date,
                       CASE WHEN line.company_id = %(company)s THEN %(own)s END AS own,
                       CASE WHEN line.company_id = ANY(target.company_ids)
                            THEN %(used)s END AS used
                  FROM target
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = target.partner_id
                  JOIN account_move_line line ON line.partner_id = contact.id
                  JOIN account_move move ON move.id = line.move_id
                  CROSS JOIN LATERAL (SELECT CASE
                      WHEN move.move_type IN %(invoice_types)s
                           AND move.amount_total <> 0
                      THEN move.amount_untaxed / move.amount_total
                      ELSE 1 END) share(untaxed_share)
                 WHERE %(open_item)s AND line.company_id = ANY(%(companies)s)
              ) item
             GROUP BY partner_id
            """,
            day=self.day,
            company=self.company.id,
            companies=list(self.facts.company_ids),
            invoice_types=INVOICE_TYPES,
            open_item=OPEN_ITEM,
            # dates from which some policy counts its extension period, besides the due
            invoice_date=self._clock("invoice_date"),
            shipment_date=self._clock("shipment_date"),
            own=self._to_company("line.amount_residual_currency", "line.currency_id"),
            used=self._to_limit(
                "line.amount_residual_currency",
                "(line.amount_residual_currency * share.untaxed_share)",
                "line.currency_id",
            ),
        )

    def _clock(self, base):
        """The day a policy's extension period starts, where one counts from it."""
        if base not in self.facts.mep_bases:
            return SQL("NULL::date")
        if base == "invoice_date":
            return SQL("COALESCE(move.invoice_date, move.date)")
        return SQL("COALESCE(move.credit_shipment_date, move.invoice_date, move.date)")

    # ------------------------------------------------------------ open orders

    def _orders(self):
        """Open order lines per buyer, and apart for each order asked about."""
        return SQL(
            """
            SELECT partner_id, CASE WHEN is_candidate THEN order_id END AS order_id,
                   COALESCE(sum(own_delivered), 0) AS delivered,
                   COALESCE(sum(own_ordered) FILTER (WHERE NOT is_deferred), 0)
                       AS ordered,
                   COALESCE(sum(own_ordered) FILTER (WHERE is_deferred), 0)
                       AS deferred,
                   COALESCE(sum(used_delivered), 0) + COALESCE(sum(used_ordered)
                       FILTER (WHERE is_candidate OR NOT is_deferred), 0) AS used,
                   bool_or(is_unusual) AS is_unusual
              FROM (
                SELECT line.partner_id, line.order_id, line.is_candidate,
                       line.is_deferred, line.is_unusual
                           OR quantity.delivered < 0 OR quantity.ordered < 0
                           OR unit_total < 0 AS is_unusual,
                       CASE WHEN mine THEN %(own_delivered)s END AS own_delivered,
                       CASE WHEN mine THEN %(own_ordered)s END AS own_ordered,
                       CASE WHEN shares THEN %(used_delivered)s END AS used_delivered,
                       CASE WHEN shares THEN %(used_ordered)s END AS used_ordered
                  FROM (%(source)s) line
                  JOIN target ON target.partner_id = line.partner_id
                  CROSS JOIN LATERAL %(quantity)s quantity
              ) part
             GROUP BY 1, 2
            """,
            own_delivered=self._to_company(_rounded("delivered"), "line.currency_id"),
            own_ordered=self._to_company(_rounded("ordered"), "line.currency_id"),
            used_delivered=self._to_limit(
                _rounded("delivered"),
                _rounded("delivered", "untaxed"),
                "line.currency_id",
            ),
            used_ordered=self._to_limit(
                _rounded("ordered"), _rounded("ordered", "untaxed"), "line.currency_id"
            ),
            source=self._order_lines(),
            quantity=OPEN_QUANTITY,
        )

    def _order_lines(self):
        return SQL(
            """
            SELECT target.partner_id, so.id AS order_id, so.currency_id,
                   so.company_id = %(company)s AS mine,
                   so.company_id = ANY(target.company_ids) AS shares,
                   so.id = ANY(%(orders)s) AS is_candidate,
                   %(horizon)s > 0 AND COALESCE(so.commitment_date, so.date_order
                       + sol.customer_lead * interval '1 day')::date
                       > %(day)s + %(horizon)s AS is_deferred,
                   COALESCE(so.credit_remainder_closed, FALSE)
                       AND NOT so.id = ANY(%(orders)s) AS is_closed,
                   COALESCE(sol.is_downpayment, FALSE) OR EXISTS (
                       SELECT 1 FROM sale_order_transaction_rel paid
                        WHERE paid.sale_order_id = so.id) AS is_unusual,
                   CASE so.currency_id %(digits)s END AS digits,
                   sol.product_uom_qty AS wanted,
                   COALESCE(sol.qty_delivered, 0) AS shipped,
                   COALESCE(sol.qty_invoiced, 0) AS invoiced,
                   %(unit_total)s AS unit_total, %(unit_untaxed)s AS unit_untaxed
              FROM target
              JOIN res_partner payer ON payer.commercial_partner_id = target.partner_id
              JOIN sale_order so ON so.partner_invoice_id = payer.id
              JOIN sale_order_line sol ON sol.order_id = so.id
             WHERE (so.state = 'sale' OR so.id = ANY(%(orders)s))
               AND so.company_id = ANY(%(companies)s)
               AND sol.display_type IS NULL
               AND (sol.product_uom_qty <> sol.qty_invoiced
                    OR sol.qty_delivered <> sol.qty_invoiced OR sol.is_downpayment)
            """,
            company=self.company.id,
            companies=list(self.facts.company_ids),
            orders=self.order_ids,
            day=self.day,
            horizon=SQL(
                "CASE so.company_id %s END",
                SQL(" ").join(
                    SQL("WHEN %s THEN %s", company_id, days)
                    for company_id, days in self.facts.horizons.items()
                ),
            ),
            digits=SQL(" ").join(
                SQL("WHEN %s THEN %s", currency_id, rate["digits"])
                for currency_id, rate in self.facts.rates.items()
            ),
            unit_total=unit_price("price_total"),
            unit_untaxed=unit_price("price_subtotal"),
        )

    # ------------------------------------------------------- not ordinary at all

    def _unusual(self):
        """Whether anything else concerns one of the buyers."""
        partners = self.partner_ids
        doubts = [
            SQL(
                """EXISTS (SELECT 1 FROM credit_insurance_limit own
                  JOIN credit_insurance_limit mate
                    ON mate.insurer_buyer_ref = own.insurer_buyer_ref
                   AND mate.insurer_id = own.insurer_id
                   AND mate.partner_id <> own.partner_id
                 WHERE own.partner_id = ANY(%s))""",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM credit_insurance_stop"
                " WHERE partner_id = ANY(%s))",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM credit_insurance_insolvency"
                " WHERE partner_id = ANY(%s))",
                partners,
            ),
            SQL(
                "EXISTS (SELECT 1 FROM account_move WHERE state = 'draft'"
                " AND move_type IN %s AND company_id = ANY(%s)"
                " AND commercial_partner_id = ANY(%s))",
                INVOICE_TYPES,
                list(self.facts.company_ids),
                partners,
            ),
        ]
        if self.facts.has_securities:
            doubts.append(
                SQL(
                    "EXISTS (SELECT 1 FROM credit_insurance_security"
                    " WHERE state = 'active' AND partner_id = ANY(%s))",
                    partners,
                )
            )
        return SQL(" OR ").join(doubts)


def _rounded(quantity, price="total"):
    return f"round(quantity.{quantity} * unit_{price}, line.digits)"
