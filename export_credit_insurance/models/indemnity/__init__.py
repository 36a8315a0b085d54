"""Indemnity: getting indemnified.

The insurer's clock (``credit.insurance.deadline``) reads the deadlines of each open
insured instalment from the position; a nightly job plans activities ten and three days
before each, and once it is missed (``credit.insurance.deadline.reminder``). What the
insurer is told of overdue invoices is a ``credit.insurance.overdue.notice``. Papers
that prove a debt (``credit.insurance.evidence``) are filed on invoices and orders, and
tell whether a claim file would be complete.
"""

from . import credit_insurance_overdue_notice
from . import credit_insurance_overdue_notice_line
from . import account_move_line
from . import credit_insurance_deadline
from . import credit_insurance_deadline_reminder
from . import credit_insurance_deadline_reminder_line
from . import credit_insurance_evidence
from . import retention_of_title
from . import account_move_claim_file
from . import credit_insurance_evidence_pack
from . import credit_insurance_deadline_claim_file
