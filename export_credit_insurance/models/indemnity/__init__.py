"""Indemnity: getting indemnified.

The insurer's clock (``credit.insurance.deadline``) reads the deadlines of each open
insured instalment from the position, and of insolvency and adverse information the
days to tell of them; a nightly job plans activities ten and three days before each, and
once it is missed (``credit.insurance.deadline.reminder``). What the insurer is told is
a ``credit.insurance.overdue.notice``, whatever its kind (``notice_kinds``). An
insolvency opens a ``credit.insurance.insolvency.task`` for each thing that the law of
the buyer's country asks of creditors.
"""

from . import credit_insurance_insurer
from . import credit_insurance_policy
from . import credit_insurance_overdue_notice
from . import credit_insurance_overdue_notice_line
from . import credit_insurance_overdue_notice_kinds
from . import credit_insurance_overdue_notice_buyers
from . import credit_insurance_overdue_notice_file
from . import credit_insurance_insolvency
from . import credit_insurance_insolvency_task
from . import credit_insurance_adverse_info
from . import credit_insurance_extension
from . import res_partner
from . import partner_merge
from . import account_move
from . import account_move_line
from . import credit_insurance_deadline
from . import credit_insurance_deadline_reminder
from . import credit_insurance_deadline_reminder_line
