"""Indemnity: getting indemnified.

The insurer's clock (``credit.insurance.deadline``) reads the deadlines of each open
insured instalment from the position; a nightly job plans activities ten and three days
before each, and once it is missed (``credit.insurance.deadline.reminder``). What the
insurer is told of overdue invoices is a ``credit.insurance.overdue.notice``, of
turnover and balances a ``credit.insurance.declaration``: the premium follows from it.
"""

from . import credit_insurance_overdue_notice
from . import credit_insurance_overdue_notice_line
from . import account_move_line
from . import credit_insurance_deadline
from . import credit_insurance_deadline_reminder
from . import credit_insurance_deadline_reminder_line
from . import credit_insurance_declaration
from . import credit_insurance_declaration_group
from . import credit_insurance_declaration_line
from . import credit_insurance_declaration_actions
from . import credit_insurance_declaration_content
from . import credit_insurance_declaration_premium
from . import credit_insurance_declaration_reminder
from . import credit_insurance_policy_declared
from . import credit_insurance_policy_year_premium
from . import account_move_declared
