from odoo.tools import SQL

from ..contract.credit_insurance_limit import GRANTED_STATES


class PositionLimits:
    """The limits as a timeline: what was in force on which days, per policy and buyer.

    The same rules as ``credit.insurance.limit._in_force``, for every day at once
    (DESIGN 4, *Limit in force*).
    """

    def buyer_cte(self):
        """One row per commercial partner, with those who share the insurer's number.

        Partners that carry one ``insurer_buyer_ref`` are one buyer to the insurer.
        """
        return SQL(
            """(
            SELECT partner.id AS partner_id,
                   COALESCE(shared.group_id, partner.id) AS group_id,
                   country.class AS country_class,
                   CASE WHEN partner.credit_party_kind IS NOT NULL
                             THEN partner.credit_party_kind
                        WHEN partner.id = ANY(ARRAY(SELECT partner_id FROM res_company))
                             THEN 'related'
                        WHEN partner.is_company THEN 'company'
                        ELSE 'private' END AS party_kind
              FROM res_partner partner
              LEFT JOIN shared ON shared.partner_id = partner.id
              LEFT JOIN country ON country.id = COALESCE(partner.country_id, 0)
             WHERE partner.commercial_partner_id = partner.id
               AND %(scope)s
            )""",
            scope=self.in_scope("partner.id", "scope_partner"),
        )

    def shared_cte(self):
        return SQL(
            """(
            SELECT partner_id, min(group_id) AS group_id
              FROM (
                SELECT partner_id, min(partner_id) OVER same AS group_id,
                       min(partner_id) OVER same <> max(partner_id) OVER same
                           AS is_shared
                  FROM credit_insurance_limit
                 WHERE insurer_buyer_ref IS NOT NULL
                   AND %(scope)s
                WINDOW same AS (PARTITION BY insurer_id, insurer_buyer_ref)
              ) numbered
             WHERE is_shared
             GROUP BY partner_id
            )""",
            scope=self.in_scope("partner_id", "scope_partner"),
        )

    def buyer_limit_cte(self):
        """Every decision on the buyers, granted or not."""
        return SQL(
            """(
            SELECT line.id, line.policy_id, buyer.group_id, line.kind, line.state,
                   line.amount, line.amount_mode, line.currency_id, line.date_from,
                   line.date_to, line.insured_pct::numeric AS insured_pct,
                   line.max_payment_days,
                   line.mep_days, line.request_type, line.cancelled_by,
                   line.decision_date,
                   line.state IN %(granted)s
                       AND (line.state <> 'conditional' OR line.conditions_met)
                       AND line.amount > 0 AND line.date_from IS NOT NULL AS is_granted
              FROM credit_insurance_limit line
              JOIN buyer ON buyer.partner_id = line.partner_id
             WHERE line.policy_id = ANY(%(policies)s)
            )""",
            granted=GRANTED_STATES,
            policies=self.policy_ids,
        )

    def group_currency_cte(self):
        """Each buyer is computed in the currency of the limit in force under a policy.

        Where none is, in that of the last one that was, else of the next.
        """
        return SQL(
            """(
            SELECT DISTINCT ON (policy_id, group_id) policy_id, group_id, currency_id
              FROM buyer_limit
             WHERE is_granted
             ORDER BY policy_id, group_id, date_from > %(day)s,
                      COALESCE(date_to, %(last_day)s) < %(day)s,
                      kind = 'discretionary', kind = 'express', date_from DESC, id DESC
            )""",
            day=self.day,
            last_day=self.last_day,
        )

    def granted_cte(self):
        """Granted lines with the days they were in force, in the buyer's currency.

        The line of the lowest rank leads: its terms hold for the sum.
        """
        return SQL(
            """(
            SELECT line.id, line.policy_id, line.group_id, line.kind,
                   CASE line.kind WHEN 'named' THEN 2 WHEN 'express' THEN 3
                        WHEN 'topup' THEN 5 WHEN 'discretionary' THEN 6
                        ELSE CASE line.amount_mode WHEN 'total' THEN 1 ELSE 4 END
                   END AS rank,
                   line.insured_pct, line.max_payment_days, line.mep_days,
                   line.date_from, COALESCE(line.date_to, %(last_day)s) AS date_to,
                   %(amount)s AS amount
              FROM buyer_limit line
              JOIN group_currency own ON own.policy_id = line.policy_id
                                      AND own.group_id = line.group_id
              LEFT JOIN rate line_rate ON line_rate.id = line.currency_id
              LEFT JOIN rate own_rate ON own_rate.id = own.currency_id
             WHERE line.is_granted
            )""",
            last_day=self.last_day,
            amount=self.convert(
                SQL("line.amount"),
                "line.currency_id",
                "own.currency_id",
                "line_rate",
                "own_rate",
            ),
        )

    def killed_cte(self):
        """From which day a refusal or the insurer's cancellation ends blind cover."""
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
        end; top-ups add; blind cover counts where none of them does.
        """
        return SQL(
            """(
            SELECT step.policy_id, step.group_id, step.date_from, step.date_to,
                   leader.kind, leader.insured_pct, leader.mep_days,
                   leader.max_payment_days,
                   LEAST(CASE WHEN leader.rank NOT IN (4, 5) THEN leader.date_to END,
                         step.added_to) AS date_limit,
                   CASE WHEN leader.rank IN (4, 5) THEN 0 ELSE leader.amount END
                       + step.added AS amount
              FROM (
                SELECT step.policy_id, step.group_id, step.date_from, step.date_to,
                       killed.day <= step.date_from AS is_killed,
                       %(firm)s AS firm_id, %(blind)s AS blind_id,
                       COALESCE(sum(line.amount) FILTER (
                           WHERE line.rank IN (4, 5)), 0) AS added,
                       min(line.date_to) FILTER (WHERE line.rank IN (4, 5)) AS added_to
                  FROM limit_period step
                  LEFT JOIN killed ON killed.policy_id = step.policy_id
                                  AND killed.group_id = step.group_id
                  JOIN granted line ON line.policy_id = step.policy_id
                                   AND line.group_id = step.group_id
                                   AND line.date_from <= step.date_from
                                   AND line.date_to >= step.date_from
                 GROUP BY step.policy_id, step.group_id, step.date_from, step.date_to,
                          killed.day
              ) step
              JOIN granted leader ON leader.id = COALESCE(
                       step.firm_id,
                       CASE WHEN step.is_killed IS NOT TRUE THEN step.blind_id END)
            )""",
            firm=SQL(
                """(array_agg(line.id ORDER BY line.rank,
                       CASE WHEN line.rank <= 3 THEN DATE '2000-01-01' - line.date_from
                            ELSE line.date_from - DATE '2000-01-01' END,
                       CASE WHEN line.rank <= 3 THEN -line.id ELSE line.id END)
                    FILTER (WHERE line.rank < 6))[1]"""
            ),
            blind=SQL(
                """(array_agg(line.id ORDER BY line.date_from DESC, line.id DESC)
                    FILTER (WHERE line.rank = 6))[1]"""
            ),
        )

    def limit_period_cte(self):
        """Cut the time where anything about a buyer's limits changes."""
        return SQL(
            """(
            SELECT policy_id, group_id, day AS date_from,
                   COALESCE(lead(day) OVER (PARTITION BY policy_id, group_id
                                            ORDER BY day) - 1, %(last_day)s) AS date_to
              FROM (
                SELECT policy_id, group_id, date_from AS day FROM granted
                UNION
                SELECT policy_id, group_id, date_to + 1 FROM granted
                 WHERE date_to < %(last_day)s
                UNION
                SELECT policy_id, group_id, day FROM killed WHERE day IS NOT NULL
              ) change
            )""",
            last_day=self.last_day,
        )

    def limit_ctes(self):
        return {
            "country": SQL(
                "(SELECT * FROM unnest(%s::int[], %s::int[]) AS country(id, class))",
                list(self.country_classes),
                list(self.country_classes.values()),
            ),
            "shared": self.shared_cte(),
            "buyer": self.buyer_cte(),
            "buyer_limit": self.buyer_limit_cte(),
            "group_currency": self.group_currency_cte(),
            "granted": self.granted_cte(),
            "killed": self.killed_cte(),
            "limit_period": self.limit_period_cte(),
            "limit_step": self.limit_step_cte(),
        }
