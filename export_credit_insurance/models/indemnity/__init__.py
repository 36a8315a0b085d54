"""Indemnity: getting indemnified.

The insurer's clock (``credit.insurance.deadline``) reads the deadlines of each open
insured instalment from the position, and of insolvency and adverse information the
days to tell of them; a nightly job plans activities ten and three days before each, and
once it is missed (``credit.insurance.deadline.reminder``). What the insurer is told is
a ``credit.insurance.overdue.notice``, whatever its kind (``notice_kinds``); what it is
asked to pay a ``credit.insurance.claim``, with the one formula of ``claim_indemnity``;
what comes in afterwards a ``credit.insurance.recovery``. Turnover and balances are told
by a ``credit.insurance.declaration``: the premium follows from it. An insolvency opens
a ``credit.insurance.insolvency.task`` for each thing that the law of the buyer's
country asks of creditors.

Papers that prove a debt (``credit.insurance.evidence``) are filed on invoices and
orders, tell whether a claim file would be complete, and go into its evidence pack. The
journal entries of a claim (``credit.insurance.claim.entry``) are prepared as drafts.
"""

from . import credit_insurance_insurer
from . import credit_insurance_policy
from . import credit_insurance_told_mixin
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
from . import credit_insurance_claim
from . import credit_insurance_claim_formula
from . import credit_insurance_claim_unpaid
from . import credit_insurance_claim_prepare
from . import credit_insurance_claim_transition
from . import credit_insurance_claim_line
from . import credit_insurance_recovery
from . import credit_insurance_recovery_share
from . import credit_insurance_claim_receipts
from . import credit_insurance_overdue_notice_claim
from . import credit_insurance_insolvency_claim
from . import credit_insurance_policy_year
from . import res_partner_claim
from . import account_move_claim
from . import account_move
from . import account_move_line
from . import credit_insurance_deadline
from . import credit_insurance_claim_untold
from . import credit_insurance_deadline_reminder
from . import credit_insurance_deadline_reminder_line
from . import credit_insurance_evidence
from . import retention_of_title
from . import account_move_claim_file
from . import credit_insurance_evidence_pack
from . import credit_insurance_evidence_job
from . import credit_insurance_deadline_claim_file
from . import credit_insurance_deadline_draft
from . import claim_accounts
from . import credit_insurance_claim_entry
from . import credit_insurance_claim_accounting
from . import credit_insurance_claim_debts
from . import credit_insurance_claim_pack
from . import claim_assignment
from . import credit_insurance_declaration
from . import credit_insurance_declaration_group
from . import credit_insurance_declaration_line
from . import credit_insurance_declaration_override
from . import credit_insurance_declaration_actions
from . import credit_insurance_declaration_content
from . import credit_insurance_declaration_premium
from . import credit_insurance_declaration_reminder
from . import credit_insurance_policy_declared
from . import credit_insurance_policy_year_premium
from . import account_move_declared
