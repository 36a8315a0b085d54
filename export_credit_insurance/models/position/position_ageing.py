from odoo.tools import SQL

# {bucket: the most days overdue that fall into it, None for all others}. Each is named
# after its first day, so that they sort; 0: not due.
BUCKETS = {
    "overdue_000": 0,
    "overdue_001": 30,
    "overdue_031": 60,
    "overdue_061": 90,
    "overdue_091": 180,
    "overdue_181": None,
}


class PositionAgeing:
    """How long what is owed is overdue, by what is insured of it.

    Days count from the due date agreed now with the buyer, as the overdue amount of the
    exposure does; the insurer's clock counts from the original one.
    """

    def _days_overdue(self):
        """Days overdue of an instalment ``item``; not due: 0 or less."""
        return SQL("(%s - COALESCE(item.date_maturity, %s))", self.day, self.day)

    def _bucket(self):
        """The bucket of an instalment ``item``."""
        days = self._days_overdue()
        cases = [
            SQL("WHEN %s <= %s THEN %s", days, last, name)
            for name, last in BUCKETS.items()
            if last is not None
        ]
        return SQL("CASE %s ELSE 'overdue_181' END", SQL(" ").join(cases))

    def _due_items(self):
        """The instalments by their due dates, to join to rows of ``cover``."""
        return SQL("(SELECT id AS item_id, date_maturity FROM receivable) item")

    def ageing(self):
        """One row per open instalment: its cover, how late it is, and what is insured.

        ``insurance``: *insured* where the limit takes all that is due (the own share
        aside), *partly* or *uninsured* where it takes less, *stopped* where the goods
        left after cover stopped, *settled* where credits not matched pay it. Amounts
        are in the company's currency; the sum of ``open_amount`` is what the exposure
        counts as receivables.
        """
        due = self._company_share("open - credited - received")
        base, covered = self._company_share("base"), self._company_share("covered")
        columns = SQL(
            """,
            %(day)s AS day, item.date_maturity, GREATEST(%(days)s, 0) AS days_overdue,
            %(bucket)s AS bucket, %(due)s AS due_amount,
            %(base)s - %(covered)s AS own_share_amount,
            %(due)s - %(base)s AS uninsured_amount,
            CASE WHEN cover.owed <= 0 THEN 'unmatched'
                 WHEN cover.reason = 'shipped_after_stop' THEN 'stopped'
                 WHEN cover.base <= 0 THEN 'uninsured'
                 WHEN cover.base < cover.owed THEN 'partly'
                 ELSE 'insured' END AS insurance
            """,
            day=self.day,
            days=self._days_overdue(),
            bucket=self._bucket(),
            due=due,
            base=base,
            covered=covered,
        )
        return self._with(
            {**self._allocation(), **self.cover_ctes()},
            self._cover_select(
                0,
                columns=columns,
                join=SQL("JOIN %s ON item.item_id = cover.id", self._due_items()),
            ),
        )

    def aged_position(self):
        """The rows of :meth:`position` with what the limits take, and the ageing.

        ``exposure`` = ``covered`` + ``own_share`` + ``uninsured``, ``receivable`` = the
        sum of the buckets, to the cent.
        """
        ctes = {
            **self._position_ctes(with_cover=True),
            "aged": self._aged_cte(),
            "position": SQL("(%s)", self._position_select(with_cover=True)),
        }
        return self._with(
            ctes,
            SQL(
                """
                SELECT position.*, %(day)s AS day,
                       COALESCE(aged.base, 0) AS within_limit,
                       COALESCE(aged.base, 0) - position.covered AS own_share,
                       position.exposure - COALESCE(aged.base, 0) AS uninsured,
                       %(buckets)s
                  FROM position
                  LEFT JOIN aged ON aged.partner_id = position.partner_id
                """,
                day=self.day,
                buckets=SQL(", ").join(
                    SQL("COALESCE(aged.%(name)s, 0) AS %(name)s", name=SQL(name))
                    for name in BUCKETS
                ),
            ),
        )

    def _aged_cte(self):
        return SQL(
            """(
            SELECT partner_id, sum(%(base)s) AS base, %(buckets)s
              FROM (
                SELECT cover.*, %(bucket)s AS bucket
                  FROM cover
                  LEFT JOIN %(items)s ON cover.seq = 0 AND item.item_id = cover.id
                 WHERE %(of_company)s
              ) aged
             GROUP BY partner_id
            )""",
            base=self._company_share("base"),
            buckets=SQL(", ").join(
                SQL(
                    "sum(open_company) FILTER (WHERE seq = 0 AND bucket = %s) AS %s",
                    name,
                    SQL(name),
                )
                for name in BUCKETS
            ),
            bucket=self._bucket(),
            items=self._due_items(),
            of_company=self.of_company("cover.company_id"),
        )
