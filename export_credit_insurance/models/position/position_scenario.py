import dataclasses
import datetime

from odoo.tools import SQL


@dataclasses.dataclass(frozen=True)
class Scenario:
    """What is supposed of a stress test; it overlays the inputs of the engine.

    Whatever was shipped before :attr:`day` keeps its cover (run-off, DOMAIN 1.5): the
    engine judges each shipment by the limit and the country's status of its own day.

    :param day: from which day it holds; what is not delivered counts as shipped then
    :param off_cover_country_ids: countries that no policy covers any more
    :param limit_ids: decisions of insurers (``credit.insurance.limit``) that change
    :param limit_factor: what is left of their amounts, 0 for a withdrawal

    >>> from datetime import date
    >>> scenario = Scenario(date(2026, 10, 2), off_cover_country_ids=(31,))
    >>> events = scenario.with_events({7: [("a war",)]})
    >>> [(str(day), last, status) for day, last, status, _event in events[31]]
    [('2026-10-02', None, 'off_cover')]
    >>> events[7]
    [('a war',)]
    """

    day: datetime.date
    off_cover_country_ids: tuple = ()
    limit_ids: tuple = ()
    limit_factor: float = 1.0

    def with_events(self, events):
        """Add the countries off cover to ``{country id: periods}``."""
        off = (self.day, None, "off_cover", None)
        supposed = {
            country_id: [*events.get(country_id, ()), off]
            for country_id in self.off_cover_country_ids
        }
        return {**events, **supposed}


class PositionScenario:
    """The inputs of the engine under a :class:`Scenario`, and its question."""

    scenario = None

    def granted_select(self):
        """The lines granted; those that a scenario changes are cut on its day."""
        if not self.scenario or not self.scenario.limit_ids:
            return SQL("(SELECT * FROM buyer_limit WHERE is_granted)")
        return SQL(
            """(
            SELECT line.id, line.policy_id, line.group_id, line.kind, line.currency_id,
                   line.insured_pct, line.max_payment_days, line.mep_days,
                   line.amount_mode, piece.amount, piece.date_from, piece.date_to
              FROM buyer_limit line
              CROSS JOIN LATERAL (VALUES
                  (line.date_from, LEAST(line.date_to, %(day)s - 1), line.amount),
                  (GREATEST(line.date_from, %(day)s), line.date_to,
                   line.amount * %(factor)s::numeric)
              ) piece(date_from, date_to, amount)
             WHERE line.is_granted AND line.id = ANY(%(limits)s)
               AND piece.date_from <= COALESCE(piece.date_to, %(last_day)s)
            UNION ALL
            SELECT id, policy_id, group_id, kind, currency_id, insured_pct,
                   max_payment_days, mep_days, amount_mode, amount, date_from, date_to
              FROM buyer_limit
             WHERE is_granted AND id <> ALL(%(limits)s)
            )""",
            day=self.scenario.day,
            factor=self.scenario.limit_factor,
            limits=list(self.scenario.limit_ids),
            last_day=self.last_day,
        )

    def hypothetical_debts(self):
        """What is ordered and not delivered, as if shipped on the scenario's day."""
        if not self.scenario:
            return SQL()
        return SQL(
            """
            UNION ALL
            SELECT 2, id, NULL, order_id, partner_id, company_id, currency_id, rate,
                   open_ordered, open_ordered_untaxed / open_ordered,
                   %(day)s, %(day)s, NULL, NULL, 0, FALSE, FALSE
              FROM order_open
             WHERE open_ordered > 0 AND NOT is_deferred AND %(not_asked)s
            """,
            day=self.scenario.day,
            not_asked=self.not_asked_about(),
        )

    def stress(self):
        """What is covered under the scenario, shipped and once it is shipped.

        One row per buyer and order in the company's currency; the order is NULL for
        what was shipped. Needs a scenario, be it one that changes nothing.
        """
        ctes = {**self._allocation(), **self.cover_ctes()}
        return self._with(
            ctes,
            SQL(
                """
                SELECT partner_id, CASE WHEN seq = 2 THEN order_id END AS open_order_id,
                       sum(%(owed)s) AS amount, sum(%(covered)s) AS covered
                  FROM cover
                 WHERE %(of_company)s
                 GROUP BY 1, 2
                """,
                owed=self._company_share("owed"),
                covered=self._company_share("covered"),
                of_company=self.of_company("company_id"),
            ),
        )
