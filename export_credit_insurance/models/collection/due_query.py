import json

from odoo.tools import SQL

from ..ledger.facts_sql import is_handed_over_on, is_insolvent_on
from ..position.open_items import OPEN_ITEM


class DueQuery:
    """The SQL that says which step is due on each open instalment.

    How it works: a handful of named fragments over the open items of a set of buyers.
    What only Python knows (plan, zone's days, local calendar) enters per buyer as one
    row: ``last_day`` is the last working day there up to today, less the zone's days.
    A step of ``days`` days is due exactly when ``due date + days <= last_day``, since
    moving a day to the next working day never changes the order of days.

    :param company: the company that is owed
    :param day: the day that counts as today
    :param buyers: one dict per buyer: ``partner_id``, ``plan_id``, ``last_day``,
        ``rest_day`` (the same without the zone's days), ``accelerate_days``,
        ``cut_on`` (first day of a lower limit, if the insurer has cut it),
        ``in_event`` (whether the plan is for the time of an event)
    :param steps: one dict per step of these plans
    :param residues: ({policy id: amount in company currency below which nothing is
        chased}, the amount for debts of no policy)
    :param cover: SQL of the allocation, for ``mep_end``; None where nothing is insured
    """

    def __init__(self, company, day, buyers, steps, residues, cover):
        self.company = company
        self.day = day
        self.buyers = buyers
        self.steps = steps
        self.residues, self.other_residue = residues
        self.cover = cover
        # sudo: a setting of the company, whoever prepares the run
        self.warning_days = company.sudo().credit_cover_warning_days

    def query(self):
        """One row per open instalment and unallocated credit, see ``DueItem``."""
        return SQL(
            """
            WITH buyer AS MATERIALIZED %(buyer)s, step AS MATERIALIZED %(step)s,
                 item AS MATERIALIZED %(item)s, disputed AS %(disputed)s,
                 taken AS %(taken)s, judged AS MATERIALIZED %(judged)s
            SELECT judged.id, judged.move_id, judged.partner_id, judged.contact_id,
                   judged.lang, judged.currency_id, judged.due_date,
                   judged.amount::float, judged.disputed::float,
                   judged.amount_company::float, judged.mep_end, judged.plan_id,
                   judged.last_step_id, judged.last_date, judged.exclusion,
                   CASE WHEN judged.exclusion IS NULL THEN due.id END,
                   judged.exclusion IS NULL AND COALESCE(due.is_early, FALSE),
                   COALESCE(due.id, next.id),
                   COALESCE(due.day, next.day)
              FROM judged
              LEFT JOIN LATERAL (%(due)s) due ON TRUE
              LEFT JOIN LATERAL (%(next)s) next ON TRUE
             ORDER BY judged.partner_id, judged.due_date, judged.id
            """,
            buyer=self._buyer(),
            step=self._step(),
            item=self._item(),
            disputed=self._disputed(),
            taken=self._taken(),
            judged=self._judged(),
            due=self._due(),
            next=self._next(),
        )

    def _buyer(self):
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s) AS buyer(partner_id int,"
            " plan_id int, last_day date, rest_day date, accelerate_days int,"
            " cut_on date, in_event boolean))",
            json.dumps(self.buyers, default=str),
        )

    def _step(self):
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s) AS step(id int, plan_id int,"
            " sequence int, days int, base text, hand_over boolean))",
            json.dumps(self.steps),
        )

    def _item(self):
        """Open items; postponed ones are due when they were postponed to."""
        return SQL(
            """(
            SELECT line.id, line.move_id, contact.commercial_partner_id AS partner_id,
                   COALESCE(move.partner_id, line.partner_id) AS contact_id,
                   line.currency_id,
                   COALESCE(line.date_maturity, line.date) AS due_date,
                   COALESCE(move.invoice_date, line.date) AS invoiced_on,
                   line.amount_residual_currency AS amount,
                   line.amount_residual AS amount_company,
                   COALESCE(move.credit_dispute_amount, 0) AS contested,
                   line.amount_residual_currency < 0.01 * move.amount_total
                       AS is_small_share,
                   line.no_followup, move.payment_state
              FROM account_move_line line
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN account_move move ON move.id = line.move_id
             WHERE %(open_item)s AND line.company_id = %(company)s
               AND line.partner_id = ANY(ARRAY(
                   SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(ids)s)
               ))
            )""",
            open_item=OPEN_ITEM,
            company=self.company.id,
            ids=[buyer["partner_id"] for buyer in self.buyers],
        )

    def _disputed(self):
        """The contested amount, on the earliest instalments first, as in the position.

        Only the disputed amount leaves follow-up, the rest is reminded (DESIGN 4).
        """
        return SQL(
            """(
            SELECT id, GREATEST(LEAST(amount, contested - (sum(amount) OVER (
                       PARTITION BY move_id ORDER BY due_date, id) - amount)), 0)
                       AS amount
              FROM item WHERE contested > 0 AND amount > 0
            )"""
        )

    def _taken(self):
        """The last step that each instalment has reached, and when.

        On two tracks: the steps of an event's plan neither stand for those of the
        ordinary one nor hold them back when it goes on.
        """
        return SQL(
            """(
            SELECT DISTINCT ON (line.move_line_id, plan.event_kind IS NOT NULL)
                   line.move_line_id, plan.event_kind IS NOT NULL AS in_event,
                   line.step_id, step.plan_id, step.sequence, line.date
              FROM credit_followup_reminder_line line
              JOIN credit_followup_step step ON step.id = line.step_id
              JOIN credit_followup_plan plan ON plan.id = step.plan_id
             WHERE line.state = 'taken'
               AND line.move_line_id = ANY(ARRAY(SELECT id FROM item))
             ORDER BY line.move_line_id, plan.event_kind IS NOT NULL,
                      step.sequence DESC, step.id DESC
            )"""
        )

    def _judged(self):
        return SQL(
            """(
            SELECT item.*, COALESCE(disputed.amount, 0) AS disputed,
                   %(mep_end)s AS mep_end,
                   buyer.plan_id, buyer.last_day, buyer.rest_day,
                   buyer.accelerate_days, buyer.cut_on,
                   taken.step_id AS last_step_id,
                   taken.date AS last_date,
                   COALESCE(taken.sequence, -2147483648) AS last_sequence,
                   item.id IN (
                       SELECT line.move_line_id
                         FROM credit_followup_reminder_line line
                         JOIN credit_followup_step other ON other.id = line.step_id
                        WHERE other.hand_over AND line.state = 'taken'
                          AND line.move_line_id = ANY(ARRAY(SELECT id FROM item))
                   ) AS is_handed_over,
                   CASE WHEN taken.plan_id = buyer.plan_id THEN taken.step_id
                        WHEN taken.plan_id IS NOT NULL THEN 2147483647
                        ELSE 0 END AS last_rank,
                   COALESCE(written.lang, debtor.lang) AS lang,
                   CASE WHEN item.amount < 0 THEN NULL %(exclusions)s END AS exclusion
              FROM item
              JOIN buyer ON buyer.partner_id = item.partner_id
              JOIN res_partner debtor ON debtor.id = item.partner_id
              JOIN res_partner written ON written.id = item.contact_id
              LEFT JOIN disputed ON disputed.id = item.id
              LEFT JOIN taken ON taken.move_line_id = item.id
               AND taken.in_event = buyer.in_event
              %(cover)s
            )""",
            mep_end=SQL("cover.mep_end" if self.cover else "NULL::date"),
            cover=SQL(
                "LEFT JOIN (SELECT id, mep_end, policy_id FROM (%s) allocated) cover"
                " ON cover.id = item.id",
                self.cover,
            )
            if self.cover
            else SQL(),
            exclusions=SQL(" ").join(
                SQL("WHEN %s THEN %s", condition, reason)
                for reason, condition in self._exclusions().items()
            ),
        )

    def _residue(self):
        """The amount below which nothing of an item is chased: its policy's."""
        if not self.cover:
            return SQL("%s", self.other_residue)
        return SQL(
            "COALESCE((%s::jsonb ->> cover.policy_id::text)::numeric, %s)",
            json.dumps(self.residues),
            self.other_residue,
        )

    def _exclusions(self):
        """{why an instalment is left alone: its condition}, see ``EXCLUSIONS``."""
        return {
            "no_followup": SQL("item.no_followup"),
            "insolvent": SQL(
                """EXISTS (SELECT 1 FROM credit_insurance_insolvency insolvency
                WHERE insolvency.partner_id = item.partner_id AND %s)""",
                is_insolvent_on("insolvency", self.day),
            ),
            "handed_over": is_handed_over_on(
                SQL("item.partner_id"), SQL("item.id"), self.day
            ),
            # open and yet paid: a payment is recorded that the bank has not booked
            "in_payment": SQL("item.payment_state IN ('in_payment', 'paid')"),
            "promise": SQL(
                """EXISTS (SELECT 1 FROM credit_followup_promise promise
                  JOIN credit_followup_promise_item_rel promised
                    ON promised.promise_id = promise.id
                 WHERE promised.line_id = item.id AND promise.state = 'running')%s""",
                self._before_stop(),
            ),
            "disputed": SQL("disputed.amount >= item.amount"),
            "residue": SQL(
                "(item.is_small_share OR item.amount_company < %s)", self._residue()
            ),
            "pending": SQL(
                """EXISTS (SELECT 1 FROM credit_followup_reminder_line line
                 WHERE line.move_line_id = item.id AND line.state = 'pending')"""
            ),
            "no_plan": SQL("buyer.plan_id IS NULL"),
        }

    def _before_stop(self):
        """A promise pauses until the cover is about to stop, in any case."""
        if not self.cover:
            return SQL()
        return SQL(
            " AND (cover.mep_end IS NULL OR %s < cover.mep_end + 1 - %s)",
            self.day,
            self.warning_days,
        )

    # ------------------------------------------------------------------- steps

    def _open_steps(self):
        """Steps of the plan above the last one taken, with the day of each.

        Those before the due date wait for no transport, and make no sense after it. A
        file goes to the insurer once: a step that hands over is no more open once any
        step did so, of whatever plan.
        """
        return SQL(
            """
              FROM step
              CROSS JOIN LATERAL (SELECT CASE WHEN step.base = 'mep_end'
                       THEN judged.mep_end + step.days
                       ELSE judged.due_date + step.days END) planned(day)
             WHERE step.plan_id = judged.plan_id
               AND (step.sequence, step.id) > (judged.last_sequence, judged.last_rank)
               AND planned.day IS NOT NULL
               AND (step.base = 'mep_end' OR step.days >= 0
                    OR judged.due_date >= %(day)s)
               AND NOT (step.hand_over AND judged.is_handed_over)
            """,
            day=self.day,
        )

    def _reached_by(self):
        """The latest planned day that counts as reached today."""
        return SQL(
            "CASE WHEN step.base = 'mep_end' THEN %s WHEN step.days < 0"
            " THEN judged.rest_day ELSE judged.last_day END",
            self.day,
        )

    def _shifted(self):
        """The planned day with the zone's days, before the local calendar."""
        return SQL(
            "planned.day + CASE WHEN step.base = 'mep_end' OR step.days < 0 THEN 0"
            " ELSE judged.rest_day - judged.last_day END"
        )

    def _due(self):
        """The highest step whose day has come, or the next one where cover is short."""
        return SQL(
            """
            SELECT step.id, %(shifted)s AS day, planned.day > %(reached)s AS is_early
            %(open_steps)s
               AND judged.amount > 0
               AND (planned.day <= %(reached)s OR step.id = (%(accelerated)s))
             ORDER BY step.sequence DESC, step.id DESC
             LIMIT 1
            """,
            shifted=self._shifted(),
            reached=self._reached_by(),
            open_steps=self._open_steps(),
            accelerated=self._accelerated(),
        )

    def _accelerated(self):
        """The next step, where an unpaid instalment is about to stop cover (1.8).

        And after the insurer was notified, where the policy then stops deliveries; and
        for what was invoiced before the insurer cut the buyer's limit. On its own pace:
        ``accelerate_days`` after the last one. Steps on the insurer's clock keep their
        days.
        """
        if not self.cover:
            return SQL("NULL")
        return SQL(
            """
            SELECT step.id %(open_steps)s
               AND step.base = 'due_date' AND step.days >= 0
               AND judged.accelerate_days > 0 AND judged.due_date < %(day)s
               AND (%(day)s BETWEEN judged.mep_end + 1 - %(warning)s
                        AND judged.mep_end
                    OR judged.invoiced_on < judged.cut_on
                    OR EXISTS (SELECT FROM credit_insurance_stop stop
                        WHERE stop.partner_id = judged.partner_id
                          AND stop.cause = 'notified' AND stop.date_from <= %(day)s
                          AND stop.date_to IS NULL))
               AND (judged.last_date IS NULL
                    OR judged.last_date + judged.accelerate_days <= %(day)s)
             ORDER BY step.sequence, step.id
             LIMIT 1
            """,
            open_steps=self._open_steps(),
            day=self.day,
            warning=self.warning_days,
        )

    def _next(self):
        """The step that comes first from now on, before the local calendar."""
        return SQL(
            """
            SELECT step.id, %(shifted)s AS day
            %(open_steps)s
               AND judged.amount > 0 AND due.id IS NULL
             ORDER BY 2, step.sequence, step.id
             LIMIT 1
            """,
            shifted=self._shifted(),
            open_steps=self._open_steps(),
        )
