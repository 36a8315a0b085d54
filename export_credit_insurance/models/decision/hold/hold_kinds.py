"""What a hold is for, where it stands, and what people are told by."""

HOLD_STATES = [
    ("open", "To Decide"),
    ("released", "Released"),
    ("refused", "Refused"),
    ("obsolete", "No Longer Needed"),
]
HOLD_KINDS = [
    ("order", "Order Confirmation"),
    ("growth", "Automatic Increase"),
    ("buyer", "Change of Buyer"),
    ("review", "Cover Lost"),
    ("delivery", "Delivery"),
]
# What has happened already: until it is released, nothing more of the order leaves.
STOPPING_KINDS = ("growth", "buyer", "review")
RELEASE_KINDS = [
    ("own_risk", "At Our Own Risk"),
    ("insurer_agreement", "Insurer's Agreement"),
    ("security", "Security Obtained"),
    ("payment_announced", "Payment Announced"),
]
ACTIVITY_DECIDE = "export_credit_insurance.mail_activity_type_credit_hold"
ACTIVITY_TOLD = "export_credit_insurance.mail_activity_type_credit_decision"
