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
              LEFT JOIN country ON country.id = partner.country_id
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
                   line.decision_date, line.request_date, line.conditions_met_on,
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
        """Each buyer is computed in the currency of the latest limit granted."""
        return SQL(
            """(
            SELECT DISTINCT ON (group_id) group_id, currency_id
              FROM buyer_limit
             WHERE is_granted
             ORDER BY group_id, date_from DESC, id DESC
            )"""
        )

    def granted_cte(self):
        """Granted lines with the days they were in force, in the buyer's currency."""
        return SQL(
            """(
            SELECT line.id, line.policy_id, line.group_id, line.kind, line.amount_mode,
                   line.insured_pct, line.max_payment_days, line.mep_days,
                   GREATEST(line.date_from, line.conditions_met_on) AS date_from,
                   COALESCE(line.date_to, %(last_day)s) AS date_to,
                   %(amount)s AS amount
              FROM buyer_limit line
              JOIN group_currency own ON own.group_id = line.group_id
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
                       CASE WHEN state = 'refused' THEN COALESCE(date_from, decision_date)
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
            SELECT policy_id, group_id, date_from, date_to, mep_days, max_payment_days,
                   date_limit,
                   CASE WHEN firm > 0 THEN firm ELSE discretionary END AS amount,
                   CASE WHEN firm > 0 THEN kind
                        WHEN discretionary > 0 THEN 'discretionary' END AS kind,
                   CASE WHEN firm > 0 THEN insured_pct
                        ELSE discretionary_pct END AS insured_pct
              FROM (
                SELECT step.policy_id, step.group_id, step.date_from, step.date_to,
                       COALESCE(%(total)s, %(named)s, %(express)s, 0)
                           + COALESCE(sum(line.amount) FILTER (
                               WHERE line.kind = 'topup' OR line.kind = 'temporary'
                                 AND line.amount_mode = 'additional'), 0) AS firm,
                       CASE WHEN killed.day <= step.date_from THEN 0
                            ELSE COALESCE(%(discretionary)s, 0) END AS discretionary,
                       CASE WHEN bool_or(line.kind = 'named') THEN 'named'
                            WHEN bool_or(line.kind = 'express') THEN 'express'
                            WHEN bool_or(line.kind = 'temporary') THEN 'temporary'
                            ELSE 'topup' END AS kind,
                       %(insured_pct)s AS insured_pct,
                       %(discretionary_pct)s AS discretionary_pct,
                       COALESCE(max(line.mep_days), 0) AS mep_days,
                       COALESCE(max(line.max_payment_days), 0) AS max_payment_days,
                       min(line.date_to) AS date_limit
                  FROM limit_period step
                  LEFT JOIN killed ON killed.policy_id = step.policy_id
                                  AND killed.group_id = step.group_id
                  JOIN granted line ON line.policy_id = step.policy_id
                                   AND line.group_id = step.group_id
                                   AND line.date_from <= step.date_from
                                   AND line.date_to >= step.date_from
                 GROUP BY step.policy_id, step.group_id, step.date_from, step.date_to,
                          killed.day
              ) summed
            )""",
            total=_latest(
                "amount", "line.kind = 'temporary' AND line.amount_mode = 'total'"
            ),
            named=_latest("amount", "line.kind = 'named'"),
            express=_latest("amount", "line.kind = 'express'"),
            discretionary=_latest("amount", "line.kind = 'discretionary'"),
            insured_pct=_latest(
                "insured_pct", "line.kind IN ('named', 'express', 'temporary')"
            ),
            discretionary_pct=_latest("insured_pct", "line.kind = 'discretionary'"),
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


def _latest(column, condition):
    """The value of the newest line in force that fulfils the condition."""
    return SQL(
        "(array_agg(%s ORDER BY line.date_from DESC, line.id DESC)"
        " FILTER (WHERE %s))[1]",
        SQL(f"line.{column}"),
        SQL(condition),
    )
