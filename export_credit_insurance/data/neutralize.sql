-- insurers' services: a copy asks nothing of them, neither with the keys of the original
-- nor with others at the same address
DELETE FROM credit_insurance_provider_secret;
UPDATE credit_insurance_provider_account
   SET active = false,
       base_url = 'https://neutralized.invalid';

-- reminders: none is made by itself, and what waits in the queue leaves with the
-- original, not once more when somebody gives the copy a mail server
UPDATE res_company
   SET credit_followup_daily = false;
UPDATE credit_followup_reminder
   SET state = 'draft'
 WHERE state = 'queued';
UPDATE credit_followup_run
   SET state = 'prepared'
 WHERE state = 'sending';
UPDATE credit_followup_run
   SET is_preparing = false
 WHERE is_preparing;
UPDATE credit_followup_receipt
   SET state = 'skipped'
 WHERE state = 'queued';
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND id IN (SELECT mail_id FROM credit_followup_dispatch);
