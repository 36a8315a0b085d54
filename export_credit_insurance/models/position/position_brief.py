import datetime
import json
from typing import NamedTuple

from psycopg2.extensions import AsIs

from odoo.tools import SQL

from ..ledger.untaxed_share import INVOICE_TYPES
from .position_adjustments import ADJUSTING_LINE, ORDER_PARTS
from .position_orders import BY_LEAD, TAXED_PARTS, PositionOrders
from .position_presence import stood_on
from .position_sources import PAID_ONLINE, PositionSources

# What is read of the lines of orders, besides their amounts.
ORDER_COLUMNS = (
    "order_id",
    "partner_id",
    "company_id",
    "currency_id",
    "rate",
    "is_deferred",
    "is_candidate",
)
# What the limit of a buyer says, in the columns of the targets.
TARGET_COLUMNS = {
    "partner_id": "int",
    "currency_id": "int",
    "rate": "numeric",
    "digits": "int",
    "untaxed": "boolean",
    "residue": "numeric",
    "company_ids": "int[]",
}
# What stands around the name of a value in the text: no constant of it contains them.
MARKS = {"\N{START OF TEXT}": "%(", "\N{END OF TEXT}": ")s"}


class Slot(AsIs):
    """A value of the query that is filled in when it is asked: its name."""

    def getquoted(self):
        """Mark its place in the text."""
        return f"\N{START OF TEXT}{self.adapted}\N{END OF TEXT}".encode()


class BriefRow(NamedTuple):
    """What the query says of one buyer, order or the whole; see its fragments."""

    kind: str  # line, order, own_risk, all
    partner_id: int | None
    order_id: int | None  # only of orders asked about
    is_deferred: bool | None
    first: float | None
    second: float | None
    third: float | None
    fourth: float | None
    overdue_days: int | None
    oldest: datetime.date | None
    chased: float | None
    chased_days: int | None
    is_unusual: bool | None


class PositionBrief(PositionSources, PositionOrders):
    """The sums of ordinary buyers, by a query that PostgreSQL plans at once.

    Planning the full query takes many times longer than a confirmation may wait for
    it, and most buyers need little of it: open items, open orders, a limit. This one
    sums them by the same rules and says where a buyer is not ordinary (drafts,
    deposits, payments made online, returns, sales on account at the till, securities,
    stops, insolvency, taxed debts paid in part); then the full query answers. A test
    compares the two.

    Its text depends on the contract and the day alone, so it is made once
    (:meth:`of`); what each question names is filled in.

    :param facts: :class:`~.position_facts.PositionFacts` of the company
    :param company_id: the company that asks
    :param day: the day that counts as today
    :param alone: the target of the one buyer asked about: what its limit says then
        stands in the query, where PostgreSQL need not join it. None for several.
    :param leaving: see :class:`~.position_orders.PositionOrders`
    """

    def __init__(self, facts, company_id, day, alone, leaving):
        self.facts = facts
        self.company_id = company_id
        self.day = day
        self.is_alone = alone is not None
        self.taxed = None if alone is None else not alone["untaxed"]
        self.partners = SQL("%s::int[]", Slot("partner_ids"))
        self.only_partner_id = self.is_alone and Slot("partner_id")
        self.orders = SQL("%s::int[]", Slot("order_ids"))
        self.company_ids = list(facts.company_ids)
        self.draft_company_ids = []
        self.leaving = leaving

    @classmethod
    def of(cls, cr, facts, company_id, day, targets, order_ids, leaving=None):
        """Return the query of these buyers, as text, and the values to fill in.

        :param targets: one dict per buyer: ``partner_id``, ``currency_id`` of the limit
            with ``rate`` and ``digits``, ``untaxed`` (what the limit is compared with),
            ``residue`` (what the policy ignores of a debt, in the company's currency)
            and ``company_ids`` (whose debts use the limit)
        :param order_ids: orders asked about, reported apart
        """
        alone = targets[0] if len(targets) == 1 else None
        key = (alone and alone["untaxed"], leaving is None, bool(leaving))
        if key not in facts.brief_queries:
            text = cr.mogrify(cls(facts, company_id, day, alone, leaving).query())
            # as psycopg2 wants the text: it fills in each value once, wherever it is
            text = text.decode().replace("%", "%%")
            for mark, place in MARKS.items():
                text = text.replace(mark, place)
            facts.brief_queries[key] = text
        values = {
            "partner_ids": [target["partner_id"] for target in targets],
            "order_ids": order_ids,
            **targets[0],
        }
        if not alone:
            values["targets"] = json.dumps(targets)
        if leaving:
            values["leaving_ids"] = list(leaving)
            values["leaving_quantities"] = list(leaving.values())
        return facts.brief_queries[key], values

    def query(self):
        """Return rows of :class:`BriefRow`.

        Of the open items of each buyer, of the open orders of each, of what is accepted
        at own risk; the last one says whether anything is not ordinary. Rows of one
        kind after the other: making JSON of them takes as long as summing them.
        """
        return SQL(
            """
            WITH scope_contact AS MATERIALIZED (
                SELECT id FROM res_partner
                 WHERE commercial_partner_id = ANY(%(partners)s)
            ), open_order AS MATERIALIZED (%(open_orders)s) %(targets)s
            %(lines)s
            UNION ALL
            %(orders)s
            UNION ALL
            SELECT 'own_risk', partner_id, NULL, NULL, sum(amount)::float8, NULL, NULL,
                   NULL, NULL, NULL, NULL, NULL, NULL
              FROM credit_insurance_own_risk
             WHERE partner_id = ANY(%(partners)s)
               AND company_id = %(company)s AND date_from <= %(day)s
               AND (date_to IS NULL OR date_to >= %(day)s)
             GROUP BY partner_id
            UNION ALL
            SELECT 'all', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                   NULL, NULL, %(unusual)s
            """,
            open_orders=self._open_orders(),
            targets=SQL() if self.is_alone else SQL(", target AS %s", self._targets()),
            lines=self._lines(),
            orders=self._orders(),
            partners=self.partners,
            company=self.company_id,
            day=self.day,
            unusual=self._unusual(),
        )

    def _targets(self):
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s) AS target(%s))",
            Slot("targets"),
            SQL(", ").join(
                SQL(f"{name} {kind}") for name, kind in TARGET_COLUMNS.items()
            ),
        )

    def _target(self, name):
        """What the limit of the buyer of a ``line`` says, see :meth:`of`."""
        if self.is_alone:
            return SQL("%s", Slot(name))
        return SQL(f"target.{name}")

    def _target_join(self):
        return SQL() if self.is_alone else SQL("JOIN target USING (partner_id)")

    def _group_key(self):
        """The buyer of sums over a ``line``."""
        return SQL("%s", self.only_partner_id) if self.is_alone else SQL("partner_id")

    # ------------------------------------------------------------ amounts

    def rate_join(self, currency):
        # OVERRIDES PositionSources: one thing less to join
        return SQL()

    def rate_value(self, currency):
        # OVERRIDES PositionSources
        return SQL(
            "COALESCE((%s::jsonb ->> %s::text)::numeric, 1)",
            self.facts.rate_values_json,
            SQL(currency),
        )

    def order_rows(self, condition):
        # OVERRIDES PositionOrders: read once, looked through again for what is unusual
        return SQL("open_order")

    def _open_orders(self):
        buyer, payer = self.buyer_of("so.partner_invoice_id", "payer")
        return SQL(
            """
            SELECT so.id, %(buyer)s AS partner_id, so.company_id, so.currency_id,
                   %(rate)s AS rate, %(digits)s AS digits, so.date_order,
                   so.commitment_date, %(candidate)s AS is_candidate,
                   %(closed)s AS is_closed
              FROM sale_order so
              %(payer)s
             WHERE %(open_order)s
            """,
            buyer=buyer,
            payer=payer,
            rate=self.rate_value("so.currency_id"),
            digits=self.currency_digits("so.currency_id"),
            candidate=self._is_candidate(),
            closed=self._is_closed(),
            open_order=self._open_order(),
        )

    def _is_deferred(self):
        # OVERRIDES PositionOrders: the same, line by line
        return self._is_beyond_horizon(
            SQL(
                "CASE WHEN so.commitment_date IS NOT NULL THEN so.commitment_date"
                " ELSE %s END",
                BY_LEAD,
            )
        )

    def _leaving_columns(self):
        # OVERRIDES PositionOrders
        return Slot("leaving_ids"), Slot("leaving_quantities")

    def _own(self, amount):
        """An amount of a ``line`` of the asking company, in its currency."""
        own = self.to_company(SQL(amount), "line.currency_id", "line")
        if len(self.company_ids) == 1:
            return own
        return SQL("CASE WHEN line.company_id = %s THEN %s END", self.company_id, own)

    def _used(self, gross, untaxed):
        """An amount of a ``line`` as the buyer's limit counts it."""
        digits = self._target("digits")
        amount = SQL("round(%s, %s)", SQL(untaxed), digits)
        if self.taxed or not self.facts.needs_untaxed:
            amount = SQL(gross)
        elif self.taxed is None:
            amount = SQL(
                "CASE WHEN target.untaxed THEN %s ELSE %s END", amount, SQL(gross)
            )
        used = SQL(
            "CASE WHEN line.currency_id = %(currency)s THEN %(amount)s"
            " ELSE round(%(amount)s * %(rate)s / line.rate, %(digits)s) END",
            currency=self._target("currency_id"),
            amount=amount,
            rate=self._target("rate"),
            digits=digits,
        )
        if len(self.company_ids) == 1:
            return used
        return SQL(
            "CASE WHEN line.company_id = ANY(%s) THEN %s END",
            self._target("company_ids"),
            used,
        )

    # ------------------------------------------------------------ open items

    def _lines(self):
        """Open items per buyer: what is due, credits, overdue, use of the limit."""
        bases = sorted({"due_date", *self.facts.mep_bases})
        columns = ["move_id", "partner_id", "currency_id", "rate", "amount"]
        columns += ["date_maturity", "is_significant", *bases]
        if len(self.company_ids) > 1:
            columns.append("company_id")
        if self.facts.needs_untaxed:
            columns += ["untaxed_share", "is_payment"]
        # a policy's base is called as the column is; OFFSET 0: computed once each
        return SQL(
            """
            SELECT 'line', %(partner)s, NULL::int, NULL::boolean,
                   (sum(own) FILTER (WHERE amount > 0))::float8,
                   (sum(own) FILTER (WHERE amount < 0))::float8,
                   (sum(own) FILTER (WHERE is_late))::float8, sum(used)::float8,
                   max(%(day)s - date_maturity)
                       FILTER (WHERE is_late AND own IS NOT NULL),
                   min(clock) FILTER (WHERE amount > 0),
                   (sum(own) FILTER (WHERE is_chased AND own >= residue))::float8,
                   max(%(day)s - date_maturity)
                       FILTER (WHERE is_chased AND own >= residue), %(is_unusual)s
              FROM (
                SELECT partner_id, amount, date_maturity,
                       amount > 0 AND date_maturity < %(day)s AS is_late,
                       amount > 0 AND date_maturity < %(day)s AND is_significant
                           AS is_chased, %(residue)s AS residue,
                       LEAST(%(clock)s) AS clock, %(own)s AS own, %(used)s AS used,
                       amount < 0 AND %(paid_online)s AS is_paid_online %(untaxed)s
                  FROM %(source)s line
                  %(target)s
                OFFSET 0
              ) line
             %(group)s
            """,
            partner=self._group_key(),
            # of one buyer there is nothing to sort
            group=SQL() if self.is_alone else SQL("GROUP BY partner_id"),
            day=self.day,
            clock=SQL(", ").join(map(SQL.identifier, bases)),
            own=self._own("line.amount"),
            residue=self._target("residue"),
            used=self._used("line.amount", "(line.amount * line.untaxed_share)"),
            untaxed=SQL(
                ", is_payment AND amount < 0 AND %s AS is_credit, untaxed_share",
                self._target("untaxed"),
            )
            if self.facts.needs_untaxed
            else SQL(),
            paid_online=PAID_ONLINE,
            is_unusual=SQL(
                "bool_or(is_paid_online) OR"
                " bool_or(is_credit) AND bool_or(untaxed_share < 1)"
                if self.facts.needs_untaxed
                else "bool_or(is_paid_online)"
            ),
            source=self.receivable_cte(columns),
            target=self._target_join(),
        )

    # ------------------------------------------------------------ open orders

    def _orders(self):
        """Open order lines per buyer, and apart for each order asked about."""
        return SQL(
            """
            SELECT 'order', %(partner)s, order_id, is_deferred,
                   sum(own_delivered)::float8, sum(own_ordered)::float8,
                   sum(used_delivered)::float8, sum(used_ordered)::float8,
                   NULL, NULL, NULL, NULL, NULL
              FROM (
                SELECT partner_id, CASE WHEN is_candidate THEN order_id END AS order_id,
                       is_deferred, %(own_delivered)s AS own_delivered,
                       %(own_ordered)s AS own_ordered,
                       %(used_delivered)s AS used_delivered,
                       %(used_ordered)s AS used_ordered
                  FROM (%(source)s) line
                  %(target)s
              ) part
             GROUP BY %(group)s order_id, is_deferred
            """,
            partner=self._group_key(),
            group=SQL() if self.is_alone else SQL("partner_id,"),
            own_delivered=self._own("line.delivered"),
            own_ordered=self._own("line.ordered"),
            used_delivered=self._used("line.delivered", "line.delivered_untaxed"),
            used_ordered=self._used("line.ordered", "line.ordered_untaxed"),
            source=self.order_line_select(
                SQL("TRUE"),
                columns=ORDER_COLUMNS,
                parts=TAXED_PARTS if self.taxed else ORDER_PARTS,
            ),
            target=self._target_join(),
        )

    # ------------------------------------------------------- not ordinary at all

    def _unusual(self):
        """Whether anything else concerns one of the buyers.

        What they paid online is among their open items, see :meth:`_lines`.
        """
        orders = SQL("ARRAY(SELECT id FROM open_order)")
        of_buyers = SQL("partner_id = ANY(%s)", self.partners)
        doubts = [
            SQL(
                "SELECT FROM sale_order_line sol WHERE sol.order_id = ANY(%s) AND %s",
                orders,
                ADJUSTING_LINE,
            ),
            SQL(
                "SELECT FROM sale_order_transaction_rel WHERE sale_order_id = ANY(%s)",
                orders,
            ),
            SQL("SELECT FROM credit_insurance_stop WHERE %s", of_buyers),
            SQL(
                "SELECT FROM credit_insurance_security WHERE %s AND %s",
                stood_on(self.day),
                of_buyers,
            ),
            SQL("SELECT FROM credit_insurance_insolvency WHERE %s", of_buyers),
            SQL(
                "SELECT FROM account_move WHERE state = 'draft'"
                " AND move_type IN %s AND company_id = ANY(%s)"
                " AND commercial_partner_id = ANY(%s)",
                INVOICE_TYPES,
                self.company_ids,
                self.partners,
            ),
        ]
        if self.facts.has_till:
            doubts.append(self.sold_on_account_select())
        return SQL(" OR ").join(SQL("EXISTS (%s)", doubt) for doubt in doubts)
