"""The SQL behind the dashboard's figures of exposure: one statement, one answer."""

from odoo.tools import SQL

from .credit_insurance_limit_use import USE_SHARE, USED

#: how many rows the dashboard's short lists hold
SHORT = 8
TOP = 10
#: sum of the dashboard: column of the rows
SUMS = {
    "exposure": "exposure",
    "covered": "covered",
    "own_risk": "own_risk_amount",
    "uncovered": "beyond_amount",
}
#: what GROUPING says of a row, the bits of country, zone and insurer
TOTAL, BY_COUNTRY, BY_ZONE, BY_INSURER = 0b111, 0b011, 0b101, 0b110


def sums_of():
    """SQL of the four sums, which add up, over buyers that owe something.

    Who has paid too much lowers nobody else's debt.
    """
    return SQL(", ").join(
        SQL(
            "COALESCE(sum(%s) FILTER (WHERE exposure > 0), 0) AS %s",
            SQL.identifier(column),
            SQL.identifier(name),
        )
        for name, column in SUMS.items()
    )


def listed(select):
    """SQL of a JSON list of the rows of a select."""
    return SQL("(SELECT COALESCE(json_agg(r), '[]') FROM (%s) AS r)", select)


def json_object(parts):
    """SQL of a JSON object: {name: SQL of its value}."""
    return SQL(
        "json_build_object(%s)",
        SQL(", ").join(SQL("%s, %s", name, part) for name, part in parts.items()),
    )


def answer(**parts):
    """SQL of one row with one JSON object: {name: SQL of its value}."""
    return SQL("SELECT %s", json_object(parts))


class BoardQuery:
    """Parts that read ``placed``: rows of buyers with country, zone and insurer.

    :param names: {table alias: SQL of the name in the reader's language}
    """

    def __init__(self, names):
        self.names = names

    def totals(self):
        """The sums of all, by country, by zone and by insurer, in one pass."""
        return listed(
            SQL(
                """
                SELECT sums.*, country.code, %(country)s AS country_name,
                       %(zone)s AS zone_name, %(insurer)s AS insurer_name
                  FROM (SELECT GROUPING(country_id, zone_id, insurer_id) AS kind,
                               country_id, zone_id, insurer_id, %(more)s, %(sums)s,
                               count(*) FILTER (WHERE exposure > 0) AS buyers
                          FROM placed
                      GROUP BY GROUPING SETS
                               ((), (country_id), (zone_id), (insurer_id))) AS sums
             LEFT JOIN res_country AS country ON country.id = sums.country_id
             LEFT JOIN credit_insurance_zone AS zone ON zone.id = sums.zone_id
             LEFT JOIN credit_insurance_insurer AS insurer
                    ON insurer.id = sums.insurer_id
                 ORDER BY sums.exposure DESC, sums.country_id, sums.zone_id,
                          sums.insurer_id
                """,
                sums=sums_of(),
                more=SQL(", ").join(self.more_sums()),
                **self.names,
            )
        )

    def more_sums(self):
        return [
            SQL("sum(overdue_amount) AS overdue_amount"),
            SQL("max(country_status) AS status"),
            SQL("max(country_score) AS score"),
            SQL("max(country_grade) AS grade"),
        ]

    def top(self):
        """The buyers with most beyond their authorised credit."""
        return listed(
            SQL(
                """
                SELECT placed.*, %(country)s AS country_name
                  FROM placed
             LEFT JOIN res_country AS country ON country.id = placed.country_id
                 WHERE beyond_amount > 0
              ORDER BY beyond_amount DESC, partner_id LIMIT %(top)s
                """,
                country=self.names["country"],
                top=TOP,
            )
        )

    def top_recorded(self):
        """The same of a past day: partners merged since are one buyer.

        A partner deleted since has no name any more; its rows stay apart.
        """
        return listed(
            SQL(
                """
                SELECT partner_id, max(buyer_name) AS buyer_name,
                       (array_agg(%(country)s ORDER BY beyond_amount DESC))[1]
                           AS country_name, %(amounts)s
                  FROM placed
             LEFT JOIN res_country AS country ON country.id = placed.country_id
              GROUP BY partner_id, CASE WHEN partner_id IS NULL THEN buyer_ref END
                HAVING sum(beyond_amount) > 0
              ORDER BY sum(beyond_amount) DESC, partner_id LIMIT %(top)s
                """,
                country=self.names["country"],
                amounts=SQL(", ").join(
                    SQL("sum(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
                    for name in SUMS.values()
                ),
                top=TOP,
            )
        )


class TodayQuery(BoardQuery):
    """The same of today, with limits and the insurer's deadlines.

    Further parts read ``deadline``: rows of ``credit.insurance.deadline``.
    """

    def more_sums(self):
        return [
            SQL("sum(overdue_amount) AS overdue_amount"),
            SQL("sum(receivable) AS receivable"),
        ]

    def _limits(self, condition, order):
        return SQL(
            """json_build_object(
                'count', (SELECT count(*) FROM placed AS row
                           WHERE row.insured_limit > 0 AND %(condition)s),
                'rows', %(rows)s)""",
            condition=condition,
            rows=listed(
                SQL(
                    """
                    SELECT row.partner_id, row.buyer_name, policy.name AS policy_name,
                           row.limit_currency_id, row.insured_limit, row.limit_date_to,
                           %(used)s AS used,
                           %(share)s / 100 AS share
                      FROM placed AS row
                      JOIN credit_insurance_policy AS policy
                        ON policy.id = row.policy_id
                     WHERE row.insured_limit > 0 AND %(condition)s
                  ORDER BY %(order)s, row.partner_id LIMIT %(short)s
                    """,
                    used=USED,
                    share=USE_SHARE,
                    condition=condition,
                    order=order,
                    short=SHORT,
                )
            ),
        )

    def limits_near(self, threshold):
        """Limits used from so many percent on, or exceeded."""
        return self._limits(
            SQL(
                "(%(used)s > row.insured_limit"
                " OR %(used)s > 0 AND %(share)s >= %(threshold)s)",
                used=USED,
                share=USE_SHARE,
                threshold=threshold,
            ),
            SQL("share DESC"),
        )

    def limits_expiring(self, last):
        """Limits in force that end until a day."""
        return self._limits(
            SQL("row.limit_date_to <= %s", last), SQL("row.limit_date_to")
        )

    def deadlines(self, last):
        """What the insurer's clock asks for until a day, or has missed."""
        due = SQL("deadline.next_date <= %s", last)
        return SQL(
            """json_build_object(
                'count', (SELECT count(*) FROM deadline WHERE %(due)s),
                'missed', (SELECT count(*) FROM deadline WHERE urgency = 'missed'),
                'rows', %(rows)s)""",
            due=due,
            rows=listed(
                SQL(
                    """
                    SELECT deadline.id, deadline.next_date, deadline.next_kind,
                           deadline.urgency, deadline.open_amount,
                           buyer.name AS buyer_name, move.name AS document
                      FROM deadline
                      JOIN res_partner AS buyer ON buyer.id = deadline.partner_id
                      JOIN account_move AS move ON move.id = deadline.move_id
                     WHERE %(due)s
                  ORDER BY deadline.next_date, deadline.id LIMIT %(short)s
                    """,
                    due=due,
                    short=SHORT,
                )
            ),
        )
