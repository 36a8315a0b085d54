-- The items that a step of follow-up is due on, per buyer, currency and language. Which
-- plan and which last day a country has is given (plans by zone, local calendar).
WITH scene AS MATERIALIZED (
    SELECT * FROM unnest(%(countries)s::int[], %(plans)s::int[],
                         %(rest_days)s::date[], %(last_days)s::date[])
        AS scene (country_id, plan_id, rest_day, last_day)
), taken AS (
    SELECT line.move_line_id, max(step.sequence) AS sequence,
           bool_or(line.state = 'pending') AS is_pending
    FROM credit_followup_reminder_line line
    JOIN credit_followup_step step ON step.id = line.step_id
    WHERE line.state <> 'dropped'
    GROUP BY 1
), item AS (
    SELECT line.id, line.move_id, line.currency_id, line.date_maturity AS due_date,
           line.amount_residual_currency - coalesce(move.credit_dispute_amount, 0)
               AS amount,
           buyer.id AS buyer_id, coalesce(reader.lang, buyer.lang) AS lang,
           scene.plan_id, scene.rest_day, scene.last_day,
           coalesce(taken.sequence, -1) AS taken_sequence
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN res_partner contact ON contact.id = line.partner_id
    JOIN res_partner buyer ON buyer.id = contact.commercial_partner_id
    JOIN res_partner reader ON reader.id = move.partner_id
    JOIN scene ON scene.country_id = buyer.country_id
    LEFT JOIN taken ON taken.move_line_id = line.id
    WHERE line.account_id = ANY (%(accounts)s) AND line.reconciled IS NOT TRUE
      AND line.parent_state = 'posted' AND line.company_id = %(company)s
      AND line.amount_residual_currency >= 0.01 * move.amount_total
      AND line.amount_residual_currency > coalesce(move.credit_dispute_amount, 0)
      AND line.no_followup IS NOT TRUE
      AND move.payment_state NOT IN ('in_payment', 'paid')
      AND taken.is_pending IS NOT TRUE
), due AS (
    SELECT item.*, step.id AS step_id, step.sequence
    FROM item
    CROSS JOIN LATERAL (
        SELECT step.id, step.sequence FROM credit_followup_step step
        WHERE step.plan_id = item.plan_id AND step.base = 'due_date'
          AND step.sequence > item.taken_sequence
          AND CASE WHEN step.days >= 0 THEN item.due_date + step.days <= item.last_day
                   ELSE item.due_date >= %(today)s
                        AND item.due_date + step.days <= item.rest_day END
        ORDER BY step.sequence DESC, step.id DESC
        LIMIT 1
    ) step
)
SELECT buyer_id, currency_id, lang, plan_id,
       array_agg(id ORDER BY due_date, id) AS ids,
       array_agg(move_id ORDER BY due_date, id) AS moves,
       array_agg(step_id ORDER BY due_date, id) AS steps,
       array_agg(due_date ORDER BY due_date, id) AS days,
       array_agg(amount ORDER BY due_date, id) AS amounts,
       (array_agg(step_id ORDER BY sequence DESC, step_id DESC))[1] AS step_id
FROM due
GROUP BY buyer_id, currency_id, lang, plan_id
