from odoo.tools import SQL

from ..contract.credit_insurance_limit import GRANTED_STATES
from .position_presence import nothing


class PositionLimits:
    """The limits as a timeline: what was in force on which days, per policy and buyer.

    The same rules as ``credit.insurance.limit._in_force``, for every day at once
    (DESIGN 4, *Limit in force*).
    """

    def buyer_cte(self):
        """One row per commercial partner, with those who share the insurer's number.

        Partners that carry one ``insurer_buyer_ref`` are one buyer to the insurer.
        """
        return SQL("(%s WHERE %s)", self.buyer_select(), self._commercial())

    def buyer_select(self):
        """Partners as buyers.

        Joined to many documents as it stands: PostgreSQL knows that there is one row a
        partner, which it forgets of a common table expression.
        """
        return SQL(
            """
            SELECT partner.id AS partner_id, %(group)s AS group_id,
                   %(country_class)s AS country_class,
                   CASE WHEN partner.credit_party_kind IS NOT NULL
                             THEN partner.credit_party_kind
                        WHEN partner.id = ANY(ARRAY(SELECT partner_id FROM res_company))
                             THEN 'related'
                        WHEN partner.is_company THEN 'company'
                        ELSE 'private' END AS party_kind
              FROM res_partner partner
              %(shared)s
            """,
            country_class=self._country_class(),
            group=self.group_of("partner.id"),
            shared=self.shared_join("partner.id"),
        )

    def _country_class(self):
        """The class of a partner's country, see :func:`~.position_terms.build_terms`.

        Where the contract treats nearly all countries alike, those few are named that
        it does not: there is no table to join.
        """
        usual, others = self.facts.usual_country_class
        if not others:
            return SQL("%s", usual)
        return SQL(
            "CASE %s ELSE %s END",
            SQL(" ").join(
                SQL(
                    "WHEN COALESCE(partner.country_id, 0) = ANY(%s) THEN %s",
                    country_ids,
                    number,
                )
                for number, country_ids in others.items()
            ),
            usual,
        )

    def group_of(self, partner):
        """The buyer that a partner is to the insurer, with :meth:`shared_join`."""
        if not self.present.shared_numbers:
            return SQL(partner)
        return SQL("COALESCE(shared.group_id, %s)", SQL(partner))

    def shared_join(self, partner):
        if not self.present.shared_numbers:
            return SQL()
        return SQL("LEFT JOIN shared ON shared.partner_id = %s", SQL(partner))

    def _commercial(self):
        """Restrict to commercial partners, so that PostgreSQL knows how many."""
        if self.partners is None:
            return SQL("partner.id IN (SELECT commercial_partner_id FROM res_partner)")
        return SQL(
            "partner.commercial_partner_id = partner.id AND %s",
            self.in_scope("partner.id", "scope_partner"),
        )

    def shared_number_select(self):
        """The insurers' numbers that stand for several partners."""
        return SQL(
            """
            SELECT insurer_id, insurer_buyer_ref
              FROM credit_insurance_limit
             WHERE insurer_buyer_ref IS NOT NULL AND %s
             GROUP BY insurer_id, insurer_buyer_ref
            HAVING min(partner_id) <> max(partner_id)
            """,
            self.in_scope("partner_id", "scope_partner"),
        )

    def shared_cte(self):
        """Who is one buyer with whom, over chains of numbers: the smallest id of all.

        See :func:`~..contract.shared_numbers.sharing_buyers`.
        """
        return SQL(
            """(
            WITH RECURSIVE member AS MATERIALIZED (
                SELECT DISTINCT own.partner_id, insurer_id, insurer_buyer_ref
                  FROM (%s) number
                  JOIN credit_insurance_limit own
                       USING (insurer_id, insurer_buyer_ref)
            ), reached (partner_id, mate_id) AS (
                SELECT partner_id, partner_id FROM member
                UNION
                SELECT reached.partner_id, mate.partner_id
                  FROM reached
                  JOIN member own ON own.partner_id = reached.mate_id
                  JOIN member mate USING (insurer_id, insurer_buyer_ref)
            )
            SELECT partner_id, min(mate_id) AS group_id
              FROM reached
             GROUP BY partner_id
            )""",
            self.shared_number_select(),
        )

    def buyer_limit_cte(self):
        """Every decision on the buyers, granted or not."""
        return SQL(
            """(
            SELECT line.id, line.policy_id, buyer.group_id, line.kind,
                   %(state)s AS state, line.amount, line.amount_mode, line.currency_id,
                   line.date_from, line.date_to,
                   line.insured_pct::numeric AS insured_pct,
                   line.max_payment_days,
                   line.mep_days, line.request_type, line.cancelled_by,
                   line.decision_date,
                   line.state IN %(granted)s
                       AND (line.state <> 'conditional' OR %(met)s)
                       AND line.amount > 0 AND line.date_from IS NOT NULL AS is_granted
              FROM credit_insurance_limit line
              JOIN buyer ON buyer.partner_id = line.partner_id
             WHERE line.policy_id = ANY(%(policies)s)
            )""",
            state=self.decision_state(),
            met=self.conditions_met(),
            granted=GRANTED_STATES,
            policies=self.policy_ids,
        )

    def decision_state(self):
        """The state of a decision ``line``."""
        return SQL("line.state")

    def conditions_met(self):
        """Whether the conditions of a decision ``line`` are met."""
        return SQL("line.conditions_met")

    def granted_cte(self):
        """Granted lines with the days they were in force, in the buyer's currency.

        Each buyer is computed in the currency of the line that leads the limit in
        force under a policy; where none is, in that of the last one that was, else of
        the next. The line of the lowest rank leads: its terms hold for the sum.
        """
        return SQL(
            """(
            SELECT line.id, line.policy_id, line.group_id, line.kind, line.rank,
                   line.is_alone AND line.kind <> 'discretionary' AS is_alone,
                   line.insured_pct, line.max_payment_days, line.mep_days,
                   line.date_from, line.date_to, line.own_currency_id,
                   %(amount)s AS amount
              FROM (
                SELECT line.*, first_value(currency_id) OVER (
                           PARTITION BY policy_id, group_id ORDER BY %(leads)s)
                           AS own_currency_id,
                       count(*) OVER (PARTITION BY policy_id, group_id) = 1 AS is_alone
                  FROM (
                    SELECT id, policy_id, group_id, kind, currency_id, amount,
                           insured_pct, max_payment_days, mep_days, date_from,
                           COALESCE(date_to, %(last_day)s) AS date_to,
                           CASE kind WHEN 'named' THEN 2 WHEN 'express' THEN 3
                                WHEN 'topup' THEN 5 WHEN 'discretionary' THEN 6
                                ELSE CASE amount_mode WHEN 'total' THEN 1 ELSE 4 END
                           END AS rank
                      FROM %(granted)s buyer_limit
                  ) line
              ) line
              LEFT JOIN rate line_rate ON line_rate.id = line.currency_id
              LEFT JOIN rate own_rate ON own_rate.id = line.own_currency_id
            )""",
            day=self.day,
            last_day=self.last_day,
            # those in force by rank, the first one of those that add up; then those
            # that were, and those to come. Few keys: each line is sorted by them all
            leads=SQL(
                """CASE WHEN %(day)s BETWEEN date_from AND date_to THEN rank
                        ELSE CASE WHEN date_from <= %(day)s THEN 10
                                  WHEN date_to >= %(day)s THEN 20 ELSE 30 END
                             + CASE kind WHEN 'discretionary' THEN 2
                                    WHEN 'express' THEN 1 ELSE 0 END END,
                   CASE WHEN %(adds_up)s THEN date_from - DATE '2000-01-01'
                        ELSE DATE '2000-01-01' - date_from END,
                   CASE WHEN %(adds_up)s THEN id ELSE -id END""",
                day=self.day,
                adds_up=SQL(
                    "rank IN (4, 5) AND %s BETWEEN date_from AND date_to", self.day
                ),
            ),
            granted=self.granted_select(),
            amount=self.convert(
                SQL("line.amount"),
                "line.currency_id",
                "line.own_currency_id",
                "line_rate",
                "own_rate",
            ),
        )

    def group_currency_cte(self):
        return SQL(
            """(
            SELECT DISTINCT policy_id, group_id, own_currency_id AS currency_id
              FROM granted
            )"""
        )

    def killed_cte(self):
        """From which day a refusal or the insurer's cancellation ends blind cover."""
        if not self.present.blind_limits:
            return nothing(policy_id="int", group_id="int", day="date")
        return SQL(
            """(
            SELECT policy_id, group_id, min(
                       CASE WHEN state = 'refused'
                            THEN COALESCE(date_from, decision_date)
                            ELSE date_to + 1 END) AS day
              FROM buyer_limit
             WHERE kind <> 'discretionary'
               AND (state = 'refused' AND request_type = 'new'
                    OR state = 'cancelled' AND cancelled_by = 'insurer')
             GROUP BY policy_id, group_id
            )"""
        )

    def limit_step_cte(self):
        """The timeline: one row per policy, buyer and period with one limit.

        Named replaces express; a temporary line adds to it or replaces it until its
        end; top-ups add; blind cover counts where none of them does. A line that is
        the only one of its buyer is a timeline by itself.
        """
        return SQL(
            """(
            SELECT policy_id, group_id, date_from, date_to, kind, insured_pct, mep_days,
                   max_payment_days, date_to AS date_limit, amount
              FROM granted WHERE is_alone
            UNION ALL
            SELECT policy_id, group_id, date_from, date_to, kind, insured_pct, mep_days,
                   max_payment_days,
                   LEAST(CASE WHEN rank NOT IN (4, 5) THEN line_to END, added_to),
                   CASE WHEN rank IN (4, 5) THEN 0 ELSE amount END + added
              FROM (
                SELECT step.policy_id, step.group_id, step.date_from, step.date_to,
                       line.kind, line.insured_pct, line.mep_days,
                       line.max_payment_days, line.rank, line.amount,
                       line.date_to AS line_to,
                       row_number() OVER (whole ORDER BY line.rank,
                           CASE WHEN line.rank IN (4, 5)
                                THEN line.date_from - DATE '2000-01-01'
                                ELSE DATE '2000-01-01' - line.date_from END,
                           CASE WHEN line.rank IN (4, 5) THEN line.id
                                ELSE -line.id END) AS place,
                       COALESCE(sum(line.amount) FILTER (
                           WHERE line.rank IN (4, 5)) OVER whole, 0) AS added,
                       min(line.date_to) FILTER (
                           WHERE line.rank IN (4, 5)) OVER whole AS added_to
                  FROM %s step
                  JOIN granted line ON line.policy_id = step.policy_id
                                   AND line.group_id = step.group_id
                                   AND line.date_from <= step.date_from
                                   AND line.date_to >= step.date_from
                                   AND NOT line.is_alone
                 WHERE line.rank < 6 OR NOT step.is_killed
                WINDOW whole AS (PARTITION BY step.policy_id, step.group_id,
                                              step.date_from)
              ) step
             WHERE place = 1
            )""",
            self.limit_period(),
        )

    def limit_period(self):
        """Cut the time where anything about a buyer's limits changes."""
        return SQL(
            """(
            SELECT change.policy_id, change.group_id, change.day AS date_from,
                   COALESCE(lead(change.day) OVER (
                       PARTITION BY change.policy_id, change.group_id
                       ORDER BY change.day) - 1, %(last_day)s) AS date_to,
                   COALESCE(killed.day <= change.day, FALSE) AS is_killed
              FROM (
                SELECT policy_id, group_id, date_from AS day
                  FROM granted WHERE NOT is_alone
                UNION
                SELECT policy_id, group_id, date_to + 1
                  FROM granted WHERE NOT is_alone AND date_to < %(last_day)s
                UNION
                SELECT policy_id, group_id, day FROM killed WHERE day IS NOT NULL
              ) change
              LEFT JOIN killed ON killed.policy_id = change.policy_id
                              AND killed.group_id = change.group_id
            )""",
            last_day=self.last_day,
        )

    def limit_ctes(self):
        return {
            **({"shared": self.shared_cte()} if self.present.shared_numbers else {}),
            "buyer": self.buyer_cte(),
            "buyer_limit": self.buyer_limit_cte(),
            "granted": self.granted_cte(),
            "group_currency": self.group_currency_cte(),
            "killed": self.killed_cte(),
            "limit_step": self.limit_step_cte(),
        }
