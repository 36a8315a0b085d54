"""May this order go?

``check`` finds what speaks against it and keeps what was cleared, ``hold`` has people
decide, ``order``, ``books`` and ``buyer`` are the doors through which sales, invoices
and partners change, ``review`` looks again when what was cleared loses its cover.

They know each other: what is found is held, what is held is found again. What all of
them need, which flow is at work and how methods are wrapped, stands beside them.

What is imported later stands first in the order of overrides.
"""

from . import res_company
from .check import res_currency_rate
from . import res_config_settings
from . import ir_default
from . import credit_insurance_policy
from .buyer import credit_insurance_band
from .books import account_payment_term
from .check import credit_insurance_anchor
from .check import credit_insurance_check_rule
from .check import credit_insurance_check
from .check import credit_insurance_check_scope
from .check import credit_insurance_check_findings
from .check import credit_insurance_check_no_limit
from .check import credit_insurance_check_law
from .check import credit_insurance_check_rate
from .check import credit_insurance_check_group
from .check import credit_insurance_check_each
from .check import credit_insurance_check_own_risk
from .check import credit_insurance_clearance
from .check import credit_insurance_clearance_changes
from .check import credit_insurance_clearance_baseline
from .hold import credit_insurance_hold
from .hold import credit_insurance_hold_request
from .hold import credit_insurance_hold_deciders
from .hold import credit_insurance_hold_life
from .hold import credit_insurance_hold_finding
from .hold import credit_insurance_hold_decision
from .hold import credit_insurance_hold_signature
from .hold import credit_insurance_release_authority
from .hold import credit_insurance_hold_own_risk
from .hold import credit_insurance_hold_authority
from .hold import credit_insurance_hold_reminder
from .hold import credit_insurance_hold_outside
from .hold import credit_insurance_own_risk
from . import credit_insurance_limit
from .books import account_move
from .books import account_move_computed
from .books import account_move_terms
from .books import account_move_unordered
from .books import account_partial_reconcile
from .books import account_partial_reconcile_worth
from .books import account_payment
from .books import account_move_line
from .books import payment_transaction
from .check import credit_insurance_clearance_follow
from .check import credit_insurance_check_review
from .review import credit_insurance_review
from .review import credit_insurance_review_line
from .review import credit_insurance_review_tell
from .review import credit_insurance_review_run
from .review import credit_insurance_review_facts
from .review import credit_insurance_review_unchecked
from .review import credit_insurance_review_till
from .review import credit_insurance_review_till_said
from .review import credit_insurance_review_refund
from .review import credit_insurance_review_invoice
from .review import credit_insurance_review_change
from .review import credit_insurance_review_source
from .review import credit_insurance_review_causes
from .review import credit_insurance_review_ends
from .review import credit_insurance_review_horizon
from .review import credit_insurance_review_rating
from .review import credit_insurance_review_due
from .buyer import credit_insurance_buyer_group
from .buyer import credit_insurance_buyer_review
from .buyer import credit_insurance_buyer_review_due
from .buyer import credit_insurance_buyer_review_reminder
from .buyer import credit_insurance_band_move
from .buyer import credit_insurance_band_move_follow
from .buyer import credit_insurance_buyer_rating
from .buyer import res_partner
from .buyer import res_partner_review
from .buyer import res_partner_terms
from .buyer import res_partner_agreements
from .buyer import res_partner_change
from .buyer import res_partner_identity
from .buyer import res_partner_by_customer
from .buyer import res_partner_kind
from .buyer import res_partner_own_company
from .buyer import res_partner_own_sale
from .buyer import partner_merge
from .buyer import mail_thread
from .order import sale_order
from .order import sale_order_amount
from .order import sale_order_gross
from .order import sale_order_refusal
from .order import sale_order_line
from .order import sale_order_line_growth
from .order import sale_order_line_taken_back
from .order import sale_order_line_unbilled
from .books import account_move_cancelled
from .order import sale_order_horizon
from .order import sale_order_parties
from .order import product_template
from .order import sale_order_reopen
from .order import sale_order_delivered_kept
from .order import sale_order_outside
from .order import sale_order_release
from .order import sale_order_rendered
from .order import sale_order_banner
from .order import sale_order_banner_stop
