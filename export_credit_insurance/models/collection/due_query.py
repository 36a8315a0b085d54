import json

from odoo.tools import SQL

from ..ledger.facts_sql import is_handed_over_on, is_insolvent_on
from ..position.open_items import OPEN_ITEM


class DueQuery:
    """The SQL that says which step is due on each open instalment.

    How it works: a handful of named fragments over the open items of a set of buyers.
    What only Python knows (plan, zone's days, local calendar) enters as one row for all
    buyers alike: ``last_day`` is the last working day there up to today, less the
    zone's days.
    A step of ``days`` days is due exactly when ``due date + days <= last_day``, since
    moving a day to the next working day never changes the order of days.

    :param company: the company that is owed
    :param day: the day that counts as today
    :param buyers: dicts, each of buyers alike: ``partner_ids``, ``plan_id``,
        ``last_day``, ``rest_day`` (the same without the zone's days),
        ``accelerate_days``, ``cut_on`` (first day of a lower limit, if the insurer
        has cut it), ``in_event`` (whether the plan is for the time of an event)
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
            WITH contact AS MATERIALIZED %(contact)s,
                 buyer AS MATERIALIZED %(buyer)s, step AS MATERIALIZED %(step)s,
                 item AS MATERIALIZED %(item)s,
                 disputed AS %(disputed)s, reminded AS MATERIALIZED %(reminded)s,
                 taken AS %(taken)s
            SELECT judged.id, judged.move_id, judged.partner_id, judged.contact_id,
                   judged.lang, judged.currency_id, judged.due_date,
                   judged.amount::float, judged.disputed::float,
                   judged.amount_company::float, judged.mep_end, judged.plan_id,
                   judged.last_step_id, judged.last_date, judged.exclusion,
                   CASE WHEN judged.exclusion IS NULL THEN judged.due_step_id END,
                   judged.exclusion IS NULL AND COALESCE(judged.is_early, FALSE),
                   COALESCE(judged.due_step_id, next.id),
                   COALESCE(judged.due_day, next.day)
              FROM (%(due)s) judged
              LEFT JOIN LATERAL (%(next)s) next ON TRUE
             ORDER BY judged.partner_id, judged.due_date, judged.id
            """,
            buyer=self._buyer(),
            step=self._step(),
            contact=self._contact(),
            item=self._item(),
            disputed=self._disputed(),
            reminded=self._reminded(),
            taken=self._taken(),
            due=self._due(),
            next=self._next(),
        )

    def _buyer(self):
        return SQL(
            """(
            SELECT partner_id, contact.lang, plan_id, last_day, rest_day,
                   accelerate_days, cut_on, in_event
              FROM jsonb_to_recordset(%s) AS alike(partner_ids int[], plan_id int,
                   last_day date, rest_day date, accelerate_days int, cut_on date,
                   in_event boolean)
              CROSS JOIN LATERAL unnest(partner_ids) partner_id
              LEFT JOIN contact ON contact.id = partner_id
            )""",
            json.dumps(self.buyers, default=str),
        )

    def _step(self):
        return SQL(
            "(SELECT * FROM jsonb_to_recordset(%s) AS step(id int, plan_id int,"
            " sequence int, days int, base text, hand_over boolean))",
            json.dumps(self.steps),
        )

    def _contact(self):
        """The buyers and their contacts: joined as a table, not looked up by item.

        By LEFT JOIN, though each item has one: PostgreSQL would else expect next to no
        items, and join what follows row by row.
        """
        return SQL(
            "(SELECT id, commercial_partner_id, lang FROM res_partner"
            " WHERE commercial_partner_id = ANY(%s))",
            [id_ for alike in self.buyers for id_ in alike["partner_ids"]],
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
                   line.no_followup, move.payment_state,
                   CASE WHEN move.partner_id <> line.partner_id
                        THEN (SELECT lang FROM res_partner WHERE id = move.partner_id)
                        ELSE contact.lang END AS contact_lang
              FROM account_move_line line
              LEFT JOIN contact ON contact.id = line.partner_id
              JOIN account_move move ON move.id = line.move_id
             WHERE %(open_item)s AND line.company_id = %(company)s
               AND line.partner_id = ANY(ARRAY(SELECT id FROM contact))
            )""",
            open_item=OPEN_ITEM,
            company=self.company.id,
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

    def _reminded(self):
        """What reminders say of each instalment: looked up by it, whatever they hold.

        The fence keeps PostgreSQL from reading all reminders ever written, batch after
        batch, when its statistics are older than a run. Their state is asked outside
        of it: inside it would allow for reading a partial index from end to end.
        """
        return SQL(
            """(
            SELECT line.*
              FROM item
              CROSS JOIN LATERAL (
                SELECT line.move_line_id, line.step_id, line.state, line.date
                  FROM credit_followup_reminder_line line
                 WHERE line.move_line_id = item.id
                OFFSET 0
              ) line
             WHERE line.state <> 'dropped'
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
              FROM reminded line
              JOIN credit_followup_step step ON step.id = line.step_id
              JOIN credit_followup_plan plan ON plan.id = step.plan_id
             WHERE line.state = 'taken'
             ORDER BY line.move_line_id, plan.event_kind IS NOT NULL,
                      step.sequence DESC, step.id DESC
            )"""
        )

    def _judged(self):
        """Each item with its buyer's plan, the last step taken and why to wait."""
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
                         FROM reminded line
                         JOIN credit_followup_step other ON other.id = line.step_id
                        WHERE other.hand_over AND line.state = 'taken'
                   ) AS is_handed_over,
                   CASE WHEN taken.plan_id = buyer.plan_id THEN taken.step_id
                        WHEN taken.plan_id IS NOT NULL THEN 2147483647
                        ELSE 0 END AS last_rank,
                   COALESCE(item.contact_lang, buyer.lang) AS lang,
                   CASE WHEN item.amount < 0 THEN NULL %(exclusions)s END AS exclusion
              FROM item
              JOIN buyer ON buyer.partner_id = item.partner_id
              LEFT JOIN disputed ON disputed.id = item.id
              LEFT JOIN taken ON taken.move_line_id = item.id
               AND taken.in_event = buyer.in_event
              %(cover)s
            OFFSET 0
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
                """item.partner_id IN (SELECT insolvency.partner_id
                  FROM credit_insurance_insolvency insolvency WHERE %s)""",
                is_insolvent_on("insolvency", self.day),
            ),
            "handed_over": is_handed_over_on(
                SQL("item.partner_id"), SQL("item.id"), self.day
            ),
            # open and yet paid: a payment is recorded that the bank has not booked
            "in_payment": SQL("item.payment_state IN ('in_payment', 'paid')"),
            "promise": SQL(
                """item.id IN (SELECT promised.line_id
                  FROM credit_followup_promise promise
                  JOIN credit_followup_promise_item_rel promised
                    ON promised.promise_id = promise.id
                 WHERE promise.state = 'running')%s""",
                self._before_stop(),
            ),
            "disputed": SQL("disputed.amount >= item.amount"),
            "residue": SQL(
                "(item.is_small_share OR item.amount_company < %s)", self._residue()
            ),
            "pending": SQL(
                "item.id IN (SELECT move_line_id FROM reminded WHERE state = 'pending')"
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

    def _planned(self):
        """The day of a step for an item, before zone and calendar."""
        return SQL(
            "(CASE WHEN step.base = 'mep_end' THEN judged.mep_end"
            " ELSE judged.due_date END + step.days)"
        )

    def _is_open(self):
        """Whether a step is of the item's plan, above the last one taken, with a day.

        Those before the due date wait for no transport, and make no sense after it. A
        file goes to the insurer once: a step that hands over is no more open once any
        step did so, of whatever plan.
        """
        return SQL(
            """step.plan_id = judged.plan_id
               AND (step.sequence, step.id) > (judged.last_sequence, judged.last_rank)
               AND %(planned)s IS NOT NULL
               AND (step.base = 'mep_end' OR step.days >= 0
                    OR judged.due_date >= %(day)s)
               AND NOT (step.hand_over AND judged.is_handed_over)
               AND judged.amount > 0
            """,
            planned=self._planned(),
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
            "%s + CASE WHEN step.base = 'mep_end' OR step.days < 0 THEN 0"
            " ELSE judged.rest_day - judged.last_day END",
            self._planned(),
        )

    def _due(self):
        """The highest step whose day has come, or the next one where cover is short.

        All steps of a plan are joined and the highest kept, by one sort, which is that
        of the answer: to look through the steps for each item takes twice as long.
        """
        return SQL(
            """
            SELECT DISTINCT ON (judged.partner_id, judged.due_date, judged.id)
                   judged.*, step.id AS due_step_id, %(shifted)s AS due_day,
                   %(planned)s > %(reached)s AS is_early
              FROM %(judged)s judged
              LEFT JOIN step ON %(is_open)s
               AND (%(planned)s <= %(reached)s OR step.id = (%(accelerated)s))
             ORDER BY judged.partner_id, judged.due_date, judged.id,
                      step.sequence DESC, step.id DESC
            """,
            judged=self._judged(),
            shifted=self._shifted(),
            planned=self._planned(),
            reached=self._reached_by(),
            is_open=self._is_open(),
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
            SELECT step.id FROM step WHERE %(is_open)s
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
            is_open=self._is_open(),
            day=self.day,
            warning=self.warning_days,
        )

    def _next(self):
        """The step that comes first from now on, before the local calendar."""
        return SQL(
            """
            SELECT step.id, %(shifted)s AS day
              FROM step
             WHERE judged.due_step_id IS NULL AND %(is_open)s
             ORDER BY 2, step.sequence, step.id
             LIMIT 1
            """,
            shifted=self._shifted(),
            is_open=self._is_open(),
        )
