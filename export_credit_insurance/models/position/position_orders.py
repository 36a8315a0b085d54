from datetime import timedelta

from odoo.tools import SQL

from .order_quantities import (
    counted_delivery,
    delivered_quantity,
    ordered_quantity,
    part_of,
    rest_of,
)
from .position_adjustments import BILLED_AS_ORDERED, IS_NOT_BILLED, ORDER_PARTS

LINE_COLUMNS = (
    "id",
    "order_id",
    "partner_id",
    "company_id",
    "currency_id",
    "rate",
    "shipment_date",
    "invoice_date",
    "is_deferred",
    "is_candidate",
)

DELIVERED_PARTS = ("delivered", "delivered_untaxed")
TAXED_PARTS = ("delivered", "ordered")

# When a line is delivered whose order says no date. At most a century: a line that says
# more must not break every query.
BY_LEAD = SQL(
    "(so.date_order + LEAST(GREATEST(sol.customer_lead, -36500), 36500)"
    " * interval '1 day')"
)


class PositionOrders:
    """What confirmed orders, and those asked about, still owe us or will.

    Most orders are the sum of their open lines. A few are *adjusted*: by deposits, by
    payments that are no entry in the books yet, by returns and discount lines, by
    draft invoices. Only these take the longer way.

    Where a delivery is asked about, only what was shipped counts: ``leaving`` says
    what leaves besides, {order line id: quantity in the line's unit}. Otherwise it is
    None.
    """

    leaving = None

    def _delivered_quantity(self):
        """What of an order line is delivered, or leaves now.

        Or has left, where that is more: of nearly all lines it is NULL or 0.
        """
        gone = SQL("GREATEST(sol.qty_delivered, NULLIF(sol.credit_left_qty, 0))")
        if not self.leaving:
            return gone
        return SQL("(COALESCE(%s, 0) + COALESCE(leaving.quantity, 0))", gone)

    def _leaving_join(self):
        if not self.leaving:
            return SQL()
        return SQL(
            "LEFT JOIN unnest(%s::int[], %s::numeric[]) AS leaving(line_id, quantity)"
            " ON leaving.line_id = sol.id",
            *self._leaving_columns(),
        )

    def _leaving_columns(self):
        return list(self.leaving), list(self.leaving.values())

    def order_ctes(self, parts=ORDER_PARTS):
        """The open lines of every order, ``order_open``, and what they are made of.

        ``order_delivered`` is the part of them that was delivered: PostgreSQL need not
        keep all open lines to find the few that are debts already.

        :param parts: amounts of ``order_open`` that are wanted; reading the formulas
            of all of them takes PostgreSQL a millisecond
        """
        if not self.present.adjusted_orders:
            return {
                "order_open": SQL("(%s)", self._plain_open(SQL("TRUE"), parts)),
                "order_delivered": SQL(
                    "(%s)", self._plain_open(SQL("TRUE"), DELIVERED_PARTS, True)
                ),
            }
        scope = {}
        if self.partners is not None:
            scope["scope_order"] = self.scope_order_cte()
        return {
            **scope,
            "adjusted_order": SQL(
                "MATERIALIZED (%s)", SQL(" UNION ").join(self.adjusted_order_selects())
            ),
            "draft_quantity": self._draft_quantity_cte(),
            "adjusted_line": self._adjusted_line_cte(),
            "order_credit": self._order_credit_cte(),
            "order_line_credit": self._order_line_credit_cte(),
            "order_open": self._order_open_cte(parts),
            "order_delivered": self._order_open_cte(DELIVERED_PARTS, True),
        }

    def scope_order_cte(self):
        """Name the open orders of the buyers asked about."""
        return SQL(
            "MATERIALIZED (SELECT so.id FROM sale_order so WHERE %s)",
            self._open_order(),
        )

    def _open_order(self):
        return SQL(
            "(so.state = 'sale' OR %s) AND so.company_id = ANY(%s) AND %s",
            self._is_candidate(),
            self.company_ids,
            self.in_scope("so.partner_invoice_id"),
        )

    def _is_candidate(self):
        """Whether an order is one of those asked about."""
        return (
            SQL("FALSE") if self.orders is None else SQL("so.id = ANY(%s)", self.orders)
        )

    # ------------------------------------------------------------ order lines

    def order_line_select(
        self,
        condition,
        adjusted=False,
        delivered=False,
        columns=LINE_COLUMNS,
        parts=ORDER_PARTS,
    ):
        """Open amounts of order lines.

        Open quantity = (the larger of ordered and delivered) − invoiced; its
        delivered part comes first. An order closed short keeps its delivered part.

        :param condition: which orders ``so``
        :param adjusted: whether there are lines of negative quantity, whose amounts
            are negative too, and drafts, which bill what is still to be invoiced
        :param delivered: only lines delivered beyond what is invoiced
        :param columns: names of those wanted besides the amounts
        :param parts: the amounts wanted, of :data:`ORDER_PARTS`
        """
        gone = self._delivered_quantity()
        invoiced = SQL("COALESCE(sol.qty_invoiced, 0)")
        is_open = SQL(
            "(sol.product_uom_qty <> sol.qty_invoiced OR %s <> sol.qty_invoiced)", gone
        )
        if adjusted:
            gone = counted_delivery(gone, BILLED_AS_ORDERED)
            invoiced = SQL("(%s - COALESCE(draft.quantity, 0))", invoiced)
            is_open = SQL(
                "(%s OR draft.order_line_id IS NOT NULL)"
                " AND (sol.is_downpayment IS NOT TRUE OR sol.product_uom_qty <> 0)",
                is_open,
            )
        if delivered:
            is_open = SQL("%s > sol.qty_invoiced", gone)
        # OFFSET 0 keeps PostgreSQL from computing an expression at each of its uses,
        # and what concerns an order at each of its lines
        return SQL(
            """
            SELECT %(columns)s, %(parts)s
              FROM (
                SELECT line.*, %(taxed_parts)s
                  FROM (
                    SELECT %(line_columns)s, so.digits,
                           sol.product_uom_qty AS wanted, sol.price_total,
                           sol.price_subtotal, sol.price_unit, sol.discount,
                           %(delivered_quantity)s AS delivered_quantity,
                           CASE WHEN so.is_closed OR %(is_not_billed)s THEN NULL
                                ELSE %(ordered_quantity)s END AS ordered_quantity
                      FROM %(orders)s so
                      JOIN sale_order_line sol ON sol.order_id = so.id
                      %(leaving)s
                      %(draft)s
                     WHERE sol.display_type IS NULL AND %(is_open)s
                    OFFSET 0
                  ) line
                OFFSET 0
              ) line
            """,
            columns=SQL(", ").join(map(SQL, columns)),
            line_columns=SQL(", ").join(map(self._line_column, columns)),
            parts=self._named(
                {
                    "delivered": SQL("delivered"),
                    "ordered": SQL("ordered"),
                    "delivered_untaxed": self._untaxed_part("delivered"),
                    "ordered_untaxed": self._untaxed_part("ordered"),
                },
                parts,
            ),
            taxed_parts=self._named(
                {
                    "delivered": part_of("delivered_quantity", "price_total"),
                    "ordered": rest_of("price_total"),
                },
                parts,
            ),
            delivered_quantity=delivered_quantity(gone, invoiced, signed=adjusted),
            ordered_quantity=ordered_quantity(gone, invoiced, signed=adjusted),
            leaving=self._leaving_join(),
            is_not_billed=IS_NOT_BILLED if adjusted else SQL("FALSE"),
            orders=self.order_rows(condition),
            draft=SQL(
                "LEFT JOIN draft_quantity draft ON draft.order_line_id = sol.id"
                if adjusted
                else ""
            ),
            is_open=is_open,
        )

    @staticmethod
    def _named(columns, names):
        """SQL of those of the columns {name: SQL} that are wanted."""
        return SQL(", ").join(
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in columns.items()
            if name in names
        )

    def order_rows(self, condition):
        """The open orders, with what concerns them as a whole.

        :param condition: which orders ``so``
        """
        return SQL("(%s)", self._order_select(condition))

    def _line_column(self, name):
        """One of :data:`LINE_COLUMNS`, of an order line ``sol`` of an order ``so``."""
        if name == "is_deferred":
            return SQL("%s AS is_deferred", self._is_deferred())
        if name == "shipment_date":
            return SQL(
                "COALESCE(sol.insured_shipment_date, so.planned_date) AS shipment_date"
            )
        if name == "invoice_date":
            return SQL(
                "CASE WHEN sol.insured_shipment_date IS NULL THEN so.planned_date"
                " ELSE %s END AS invoice_date",
                self.day,
            )
        return SQL(f"sol.{name}" if name in ("id", "order_id") else f"so.{name}")

    def _order_select(self, condition):
        planned = SQL("COALESCE(so.commitment_date, so.date_order)")
        buyer, payer = self.buyer_of("so.partner_invoice_id", "payer")
        return SQL(
            """
            SELECT so.id, %(buyer)s AS partner_id, so.company_id,
                   so.currency_id, %(rate_value)s AS rate,
                   %(digits)s AS digits, so.date_order,
                   so.commitment_date IS NOT NULL AS is_dated,
                   %(planned_date)s AS planned_date, %(deferred)s AS is_deferred,
                   %(candidate)s AS is_candidate,
                   %(closed)s AS is_closed
              FROM sale_order so
              %(payer)s
              %(rate)s
             WHERE %(open_order)s AND %(condition)s
            OFFSET 0
            """,
            buyer=buyer,
            payer=payer,
            rate_value=self.rate_value("so.currency_id"),
            digits=self.currency_digits("so.currency_id"),
            rate=self.rate_join("so.currency_id"),
            planned_date=self.local_date(planned, "so.company_id"),
            deferred=self._is_beyond_horizon(planned),
            candidate=self._is_candidate(),
            closed=self._is_closed(),
            open_order=self._open_order(),
            condition=condition,
        )

    def _is_closed(self):
        """Whether what is not delivered of an order does not count."""
        if self.leaving is not None:
            return SQL("TRUE")
        return SQL(
            "COALESCE(so.credit_remainder_closed, FALSE) AND NOT %s",
            self._is_candidate(),
        )

    def _untaxed_part(self, part):
        """The amount without tax, where some policy covers no tax."""
        if not self.facts.needs_untaxed:
            return SQL(part)
        amount = part_of("delivered_quantity", "price_subtotal")
        if part == "ordered":
            amount = rest_of("price_subtotal")
        return SQL(
            "CASE WHEN price_subtotal = price_total THEN %s ELSE %s END",
            SQL(part),
            amount,
        )

    def _is_deferred(self):
        """Whether a line is planned beyond the horizon of its company."""
        return SQL(
            "CASE WHEN so.is_dated OR sol.customer_lead = 0 THEN so.is_deferred"
            " ELSE %s END",
            self._is_beyond_horizon(BY_LEAD),
        )

    def _is_beyond_horizon(self, moment):
        ends = {
            company_id: self.facts.day_start(
                company_id,
                self.day + timedelta(days=self.facts.horizons[company_id] + 1),
            )
            for company_id in self.company_ids
            if self.facts.horizons[company_id]
        }
        if not ends:
            return SQL("FALSE")
        if len(ends) == len(self.company_ids):
            return SQL("%s >= %s", moment, _by_company(ends))
        return SQL(
            "(so.company_id = ANY(%s) AND %s >= %s)",
            list(ends),
            moment,
            _by_company(ends),
        )

    # ------------------------------------------------------------ all together

    def _plain_open(self, condition, parts, delivered=False):
        """The lines of orders that nothing adjusts; NULL where nothing is open."""
        return SQL(
            "SELECT %s, %s FROM (%s) line",
            SQL(", ".join(LINE_COLUMNS)),
            SQL(", ").join(SQL(f"{part} AS open_{part}") for part in parts),
            self.order_line_select(condition, delivered=delivered, parts=parts),
        )

    def _order_open_cte(self, parts, delivered=False):
        """Open order lines after the order's own credits: undelivered ones first."""
        return SQL(
            """(
            %(plain)s
            UNION ALL
            SELECT %(adjusted_columns)s, %(adjusted)s
              FROM adjusted_line line
              LEFT JOIN order_line_credit credit ON credit.id = line.id
            )""",
            adjusted_columns=SQL(", ").join(
                SQL(f"line.{column}") for column in LINE_COLUMNS
            ),
            # NOT IN would look through all of them for every order, once they are many
            plain=self._plain_open(
                SQL("NOT EXISTS (SELECT FROM adjusted_order WHERE id = so.id)"),
                parts,
                delivered,
            ),
            adjusted=SQL(", ").join(
                SQL(
                    f"GREATEST(line.{part}, 0) - COALESCE(credit.{part}, 0)"
                    f" AS open_{part}"
                )
                for part in parts
            ),
        )


def _by_company(moments):
    """The moment of each company, as a constant where all have the same."""
    first, *others = set(moments.values())
    if not others:
        return SQL("%s::timestamp", first)
    return SQL(
        "CASE so.company_id %s END",
        SQL(" ").join(
            SQL("WHEN %s THEN %s::timestamp", company_id, moment)
            for company_id, moment in moments.items()
        ),
    )
