from odoo.tools import SQL

from ..contract.shared_numbers import sharing_buyers
from ..ledger.untaxed_share import INVOICE_TYPES, UNTAXED_SHARE
from .open_items import items_on, open_item
from .position_shipment import PositionShipment

# Whether a ``line`` is what a customer paid online.
PAID_ONLINE = SQL(
    "EXISTS (SELECT FROM account_payment payment WHERE payment.move_id = line.move_id"
    " AND payment.payment_transaction_id IS NOT NULL)"
)


class PositionSources(PositionShipment):
    """Where the amounts come from: Odoo's open items and confirmed orders.

    Every fragment yields document currency amounts with their commercial partner and
    company. A known set of buyers enters as an array, which keeps the indexes usable.
    """

    opened_on = None

    def scope_ctes(self):
        """Name the buyers asked about, with those who share their limit."""
        if self.partners is None:
            return {}
        return {
            "scope_partner": SQL(
                "MATERIALIZED (%s)",
                sharing_buyers(SQL("SELECT unnest(%s)", self.partners)),
            ),
            "scope_contact": SQL(
                """MATERIALIZED (
                SELECT id FROM res_partner WHERE commercial_partner_id = ANY(
                    ARRAY(SELECT id FROM scope_partner))
                )"""
            ),
        }

    def in_scope(self, column, of="scope_contact"):
        """Restrict a column to the buyers asked about (all of them: no condition)."""
        if self.partners is None:
            return SQL("TRUE")
        return SQL("%s = ANY(ARRAY(SELECT id FROM %s))", SQL(column), SQL(of))

    def buyer_of(self, column, alias):
        """The commercial partner of a document: (its SQL, the join it needs).

        :param column: the contact that the document names
        :param alias: name of the contact's table in the query
        """
        if self.only_partner_id:
            return SQL("%s", self.only_partner_id), SQL()
        return (
            SQL(f"{alias}.commercial_partner_id"),
            SQL(f"JOIN res_partner {alias} ON {alias}.id = {column}"),
        )

    def of_company(self, column):
        """Restrict to the asking company, where rows of others can be among them."""
        if self.company_ids == [self.company.id]:
            return SQL("TRUE")
        return SQL("%s = %s", SQL(column), self.company.id)

    def not_asked_about(self, column="is_candidate"):
        """Leave out the orders asked about, which are reported apart."""
        return SQL("TRUE") if self.orders is None else SQL("NOT %s", SQL(column))

    def rate_cte(self):
        """Today's rates, for currencies other than the one wanted."""
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s)"
            " AS rate(id int, rate numeric, digits int))",
            self.facts.rates_json,
        )

    def to_company(self, amount, currency, rate):
        """Convert an amount to the asking company's currency at today's rate."""
        return SQL(
            "CASE WHEN %(currency)s = %(own)s THEN %(amount)s"
            " ELSE round(%(amount)s %(own_rate)s / %(rate)s.rate, %(digits)s) END",
            amount=amount,
            currency=SQL(currency),
            own=self.facts.own_currency_id,
            # the currency that the rates are based on: one operation less a document
            own_rate=SQL("* %s", self.facts.own_rate)
            if self.facts.own_rate != 1.0
            else SQL(),
            rate=SQL(rate),
            digits=self.facts.own_digits,
        )

    def convert(self, amount, source, target, source_rate, target_rate):
        """Convert between two currencies that columns name."""
        return SQL(
            "CASE WHEN %(source)s = %(target)s THEN %(amount)s"
            " ELSE round(%(amount)s * %(target_rate)s.rate / %(source_rate)s.rate,"
            " %(target_rate)s.digits) END",
            amount=amount,
            source=SQL(source),
            target=SQL(target),
            source_rate=SQL(source_rate),
            target_rate=SQL(target_rate),
        )

    def local_date(self, moment, company):
        """The day of a moment where the company is that a column names.

        The database has moments in UTC; limits and policies count the company's days.
        """
        zones = {id_: self.facts.zones[id_] for id_ in self.company_ids}
        first, *others = set(zones.values())
        moment = SQL(moment) if isinstance(moment, str) else moment
        if first == "UTC" and not others:
            return SQL("%s::date", moment)
        zone = SQL("%s", first)
        if others:
            zone = SQL(
                "CASE %s %s END",
                SQL(company),
                SQL(" ").join(
                    SQL("WHEN %s THEN %s", id_, name) for id_, name in zones.items()
                ),
            )
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, zone)

    def rate_join(self, currency):
        """Join today's rate of a document: it goes with the document from here on.

        A currency that is not in use has none: it counts one to one, as Odoo converts
        it. Without a rate the document would count nothing.
        """
        return SQL("LEFT JOIN rate ON rate.id = %s", SQL(currency))

    def rate_value(self, currency):
        """Today's rate of a document, where :meth:`rate_join` has joined it."""
        return SQL("COALESCE(rate.rate, 1)")

    def currency_digits(self, column):
        """The decimals of the currency that a column names, without a table to join."""
        digits = self.facts.currency_digits
        if not digits:
            return SQL("2")
        return SQL(
            "CASE %s ELSE 2 END",
            SQL(" ").join(
                SQL("WHEN %s = ANY(%s) THEN %s", SQL(column), list(ids), number)
                for number, ids in digits.items()
            ),
        )

    # ------------------------------------------------------------ open items

    def item_source(self):
        """The journal items, as ``line``; what is open of them, or was."""
        if self.opened_on:
            return items_on(self.opened_on)
        return SQL("account_move_line line")

    def open_item(self):
        """Which of :meth:`item_source` are open receivables and credits."""
        if self.opened_on:
            return SQL("line.amount_residual_currency <> 0")
        # by id: with their number known, PostgreSQL looks them up by index
        accounts = list(self.facts.receivable_account_ids)
        return open_item(SQL("line.account_id = ANY(%s::int[])", accounts))

    def open_item_cte(self):
        """Open posted receivables and credits, without what their invoices say."""
        return SQL(
            """(
            SELECT contact.commercial_partner_id AS partner_id, line.company_id,
                   line.currency_id, line.date_maturity,
                   line.amount_residual_currency AS amount,
                   COALESCE(rate.rate, 1) AS rate
              FROM %(items)s
              JOIN res_partner contact ON contact.id = line.partner_id
              %(rate)s
             WHERE %(open_item)s
               AND line.company_id = ANY(%(companies)s)
               AND %(scope)s
            )""",
            items=self.item_source(),
            rate=self.rate_join("line.currency_id"),
            open_item=self.open_item(),
            companies=self.company_ids,
            scope=self.in_scope("line.partner_id"),
        )

    def credit_item_select(self, condition):
        """Open credits, as :meth:`receivable_cte` has them."""
        return SQL(
            "SELECT FROM %s WHERE %s AND line.amount_residual_currency < 0"
            " AND line.company_id = ANY(%s) AND %s AND %s",
            self.item_source(),
            self.open_item(),
            self.company_ids,
            self.in_scope("line.partner_id"),
            condition,
        )

    def paid_online_select(self):
        """Open receipts that customers made online, for orders or invoices."""
        return self.credit_item_select(PAID_ONLINE)

    def receivable_cte(self, columns=None):
        """Open posted receivables (positive) and credits (negative), with their dates.

        :param columns: names of those wanted, None for all
        """
        every = self._receivable_columns()
        return SQL(
            """(
            SELECT %(columns)s
              FROM %(items)s
              JOIN account_move move ON move.id = line.move_id
              %(contested)s
              %(deposit)s
              %(rate)s
            )""",
            columns=SQL(", ").join(
                SQL("%s AS %s", every[name], SQL.identifier(name))
                for name in columns or every
            ),
            items=self._open_item_select(),
            contested=self.dispute_join(),
            deposit=self.deposit_join(),
            rate=self.rate_join("line.currency_id"),
        )

    def _open_item_select(self):
        """Open receivables and credits with their buyer, without their entry.

        Of all buyers they are found before their entries are read: most entries are
        paid, and PostgreSQL would make a table of them all to look the others up in.
        """
        buyer, contact = self.buyer_of("line.partner_id", "contact")
        return SQL(
            """(
            SELECT line.id, line.move_id, %(buyer)s AS buyer_id, line.company_id,
                   line.currency_id, line.date_maturity, line.amount_residual_currency,
                   line.credit_original_due_date
              FROM %(items)s
              %(contact)s
             WHERE %(open_item)s
               AND line.company_id = ANY(%(companies)s)
               AND %(scope)s
            %(first)s
            ) line""",
            buyer=buyer,
            items=self.item_source(),
            contact=contact,
            open_item=self.open_item(),
            companies=self.company_ids,
            scope=self.in_scope("line.partner_id"),
            first=SQL("OFFSET 0" if self.partners is None else ""),
        )

    def _receivable_columns(self):
        """{name: SQL} of what an open item ``line`` of an entry ``move`` says.

        The original due date of an instalment is the one at first posting: what the
        invoice was postponed by since is taken off again (DOMAIN 1.8).
        """
        return {
            "id": SQL("line.id"),
            "move_id": SQL("line.move_id"),
            "partner_id": SQL("line.buyer_id"),
            "company_id": SQL("line.company_id"),
            "currency_id": SQL("line.currency_id"),
            "date_maturity": SQL("line.date_maturity"),
            "amount": SQL("line.amount_residual_currency"),
            "rate": self.rate_value("line.currency_id"),
            "shipment_date": self.shipped_on(),
            "is_unshipped": self.is_unshipped(),
            "invoice_date": SQL("COALESCE(move.invoice_date, move.date)"),
            "due_date": SQL(
                """COALESCE(
                       line.credit_original_due_date,
                       line.date_maturity
                           - GREATEST(move.invoice_date_due - move.insured_due_date, 0),
                       move.date
                   )"""
            ),
            "final_due_date": SQL(
                "COALESCE(move.insured_due_date, move.invoice_date_due, move.date)"
            ),
            "disputed": self.disputed_amount(),
            "reversed_entry_id": SQL("move.reversed_entry_id"),
            "is_significant": SQL(
                "line.amount_residual_currency >= 0.01 * move.amount_total"
            ),
            "untaxed_share": UNTAXED_SHARE,
            "is_payment": SQL("move.move_type NOT IN %s", INVOICE_TYPES),
        }

    def disputed_amount(self):
        """What of an invoice ``move`` is contested, see :meth:`dispute_join`."""
        return SQL("COALESCE(move.credit_dispute_amount, 0)")

    def dispute_join(self):
        """What to join for :meth:`disputed_amount`."""
        return SQL()

    # -------------------------------------------------------- draft invoices

    def draft_invoice_select(self):
        """Draft invoices of companies that count them, per buyer."""
        return SQL(
            """
            SELECT 'account.move' AS document_model, move.id AS document_id,
                   move.commercial_partner_id AS partner_id, move.company_id,
                   move.currency_id, move.invoice_date, move.invoice_date_due,
                   COALESCE(rate.rate, 1) AS rate,
                   move.amount_total * sign.value AS amount,
                   move.amount_untaxed * sign.value AS untaxed
              FROM account_move move
              CROSS JOIN LATERAL (SELECT CASE move.move_type
                  WHEN 'out_refund' THEN -1 ELSE 1 END) sign(value)
              %(rate)s
             WHERE move.state = 'draft'
               AND move.move_type IN %(invoice_types)s
               AND move.company_id = ANY(%(companies)s)
               AND %(scope)s
            """,
            rate=self.rate_join("move.currency_id"),
            invoice_types=INVOICE_TYPES,
            companies=self.draft_company_ids,
            scope=self.in_scope("move.commercial_partner_id", "scope_partner"),
        )

    # ------------------------------------------------- sold on account at the till

    def till_sale_select(self):
        """Sales on account, per buyer, with the columns of draft invoices."""
        return SQL(
            """
            SELECT 'pos.order' AS document_model, sold.id AS document_id,
                   customer.commercial_partner_id AS partner_id, sold.company_id,
                   sold.currency_id,
                   %(sold_on)s AS invoice_date,
                   NULL::date AS invoice_date_due, COALESCE(rate.rate, 1) AS rate,
                   sold.amount, sold.amount * CASE WHEN sold.amount_total = 0 THEN 1
                       ELSE 1 - sold.amount_tax / sold.amount_total END AS untaxed
              FROM (%(sold)s) sold
              JOIN res_partner customer ON customer.id = sold.partner_id
              %(rate)s
            """,
            sold=self.sold_on_account_select(),
            sold_on=self.local_date("sold.date_order", "sold.company_id"),
            rate=self.rate_join("sold.currency_id"),
        )

    def sold_on_account_select(self):
        """What was sold on account at the till and is in no invoice or session yet.

        The goods are gone and the customer owes; the entry in the books is made when
        the session is closed, or the sale is invoiced, whatever the sale itself says
        of that before. A method of payment without a journal is the customer's account.
        """
        return SQL(
            """
            SELECT pos.id, pos.partner_id, pos.company_id, pos.date_order,
                   pos.amount_total, pos.amount_tax,
                   COALESCE(sales.currency_id, seller.currency_id) AS currency_id,
                   sum(paid.amount) AS amount
              FROM pos_order pos
              JOIN pos_payment paid ON paid.pos_order_id = pos.id
              JOIN pos_payment_method method ON method.id = paid.payment_method_id
              JOIN res_company seller ON seller.id = pos.company_id
         LEFT JOIN account_journal sales ON sales.id = pos.sale_journal
             WHERE pos.account_move IS NULL
               AND (pos.state = 'paid' OR pos.state = 'done' AND pos.session_id = ANY(
                   ARRAY(SELECT id FROM pos_session
                          WHERE state <> 'closed' OR move_id IS NULL)))
               AND method.journal_id IS NULL
               AND pos.company_id = ANY(%(companies)s) AND %(scope)s
             GROUP BY pos.id, COALESCE(sales.currency_id, seller.currency_id)
            """,
            companies=self.company_ids,
            scope=self.in_scope("pos.partner_id"),
        )
