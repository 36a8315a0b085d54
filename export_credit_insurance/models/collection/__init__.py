"""Getting paid: follow-up scenarios, run in batches.

The room in one page (rules: DESIGN 4 *Follow-up*, DOMAIN 3).

**Scenario.** A ``credit.followup.plan`` is chosen for each buyer by
``_get_plans(buyers, company)``: while an event is in force in the buyer's country the
one made for it, else the one chosen by hand, else the first that names the buyer's
zone, else band, else tag, else a general one, else the default; the answer says why.
What an event's plan has sent is a track of its own: afterwards the other goes on where
it was. A plan is a list of ``credit.followup.step``: days, channels, tone, texts.

**What is due.** ``credit.followup.due`` is the one engine: a query over the open
instalments of a set of buyers says for each what may be chased (open, less the disputed
part), its last step taken, and the highest step whose day has come. A step's day is
the instalment's due date + days + the zone's transport and administration days, moved
to the buyer's next local working day. Because that move never changes the order of
days, SQL compares plain dates with one date per buyer, the last working day up to
today less the zone's days, and needs no calendar. Steps counted from the end of the
extension period are calendar days on the insurer's clock and never move. Out of it:
paid, residues, ``no_followup``, payments on their way, insolvent buyers, what is handed
over, and promises that still run.

**Run.** ``credit.followup.run`` prepares ``credit.followup.reminder`` rows, one per
buyer, currency and language, batch by batch, with its place kept in a column; people
review; sending queues them and a job works them off. In one transaction per batch a
reminder is locked, looked at again (paid meanwhile?), its mail written to Odoo's queue
and its instalments moved to their step. A unique index over instalment and step makes
a second time impossible, whatever crashes; what was not committed is done again.
An error is written on its reminder and can be tried again. A mail is handed to the
mail server at most once by itself: ``credit.followup.dispatch`` records the beginning
before it begins, and a mail whose hand-over was cut short waits for a person
(``mail_mail.py``), on one list with those of receipts
(``credit.followup.unknown.mail``), where the decision is kept.

**What stops it.** A promise (``credit.followup.promise``) pauses instalments until it
is broken, or until the cover is about to stop; a dispute (``credit.followup.dispute``)
takes its amount out. Matching a receipt keeps promises, takes paid instalments out of
what is queued, recalls mails that nobody has begun to hand over where all they ask for
is paid, and writes one receipt mail per payment.

**What it leaves to others.** The room writes its own tables, the disputed amount and
the stop *handed over* of the ledger. Orders of buyers with a step that holds them get
a finding of the check (``credit_insurance_check.py``), which stays the judge.
"""

from . import credit_followup_text_mixin
from . import credit_followup_text_languages
from . import credit_followup_plan
from . import credit_followup_plan_choice
from . import credit_followup_step
from . import credit_followup_text_confidential
from . import credit_followup_due
from . import credit_followup_run
from . import credit_followup_run_prepare
from . import credit_followup_reminder
from . import credit_followup_reminder_amounts
from . import credit_followup_reminder_line
from . import credit_followup_reminder_text
from . import credit_followup_reminder_preview
from . import credit_followup_reminder_letter
from . import credit_followup_reminder_send
from . import credit_followup_reminder_retry
from . import credit_followup_reminder_recall
from . import credit_followup_dispatch
from . import credit_followup_unknown_mail
from . import credit_followup_hand_over
from . import credit_followup_promise
from . import credit_followup_promise_payment
from . import credit_followup_dispute
from . import credit_followup_receipt
from . import credit_insurance_band
from . import credit_insurance_band_move
from . import credit_insurance_check
from . import credit_insurance_position
from . import credit_insurance_payment_experience
from . import account_move
from . import account_partial_reconcile
from . import mail_mail
from . import mail_message
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_partner_statement
from . import res_partner_sheet
