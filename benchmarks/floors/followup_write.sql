-- The same, written down as the reminders of a run.
WITH found AS MATERIALIZED (
/* followup.sql */
), reminder AS (
    INSERT INTO credit_followup_reminder
        (run_id, company_id, date, partner_id, contact_id, currency_id, lang, plan_id,
         step_id, text_step_id, channel, state, needs_approval, amount_due,
         amount_overdue, user_id, create_uid, write_uid, create_date, write_date)
    SELECT %(run)s, %(company)s, %(today)s, found.buyer_id, found.buyer_id,
           found.currency_id, found.lang, found.plan_id, found.step_id, found.step_id,
           CASE WHEN step.send_mail AND step.send_letter THEN 'mail_letter'
                WHEN step.send_mail THEN 'mail'
                WHEN step.send_letter THEN 'letter' ELSE 'internal' END,
           'draft', step.is_formal_notice OR NOT step.is_automatic, total.due,
           total.overdue, %(user)s, %(user)s, %(user)s, now(), now()
    FROM found
    JOIN credit_followup_step step ON step.id = found.step_id
    CROSS JOIN LATERAL (
        SELECT sum(amount) AS due, sum(amount) FILTER (WHERE day < %(today)s) AS overdue
        FROM unnest(found.amounts, found.days) AS item (amount, day)
    ) total
    RETURNING id, partner_id, currency_id, lang, plan_id
)
INSERT INTO credit_followup_reminder_line
    (reminder_id, company_id, move_line_id, move_id, step_id, state, due_date,
     currency_id, amount, is_overdue, create_uid, write_uid, create_date, write_date)
SELECT reminder.id, %(company)s, item.id, item.move_id, item.step_id, 'pending',
       item.day, found.currency_id, item.amount, item.day < %(today)s,
       %(user)s, %(user)s, now(), now()
FROM reminder
JOIN found ON found.buyer_id = reminder.partner_id
          AND found.currency_id = reminder.currency_id
          AND found.lang = reminder.lang AND found.plan_id = reminder.plan_id
CROSS JOIN LATERAL unnest(found.ids, found.moves, found.steps, found.days,
                          found.amounts) AS item (id, move_id, step_id, day, amount)
RETURNING reminder_id
