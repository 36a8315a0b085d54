"""The words of a limit import: columns, decisions and products.

Decisions are the responses of UN/EDIFACT RECECO, data element 4507 (DOMAIN 6.1).
"""

#: what a column of a file can mean
COLUMNS = [
    ("insurer_code", "Insurer's code"),
    ("policy_number", "Policy Number"),
    ("insurer_buyer_ref", "Insurer's Buyer Number"),
    ("own_ref", "Our reference"),
    ("name", "Buyer's name"),
    ("country", "Country"),
    ("id_type", "Kind of legal number"),
    ("id_value", "Legal number"),
    ("product", "Product"),
    ("request", "Kind of request"),
    ("requested_amount", "Requested amount"),
    ("amount", "Granted Amount"),
    ("currency", "Currency"),
    ("decision", "Decision"),
    ("reason_code", "Reason code"),
    ("reason", "Comment"),
    ("conditions", "Conditions"),
    ("reference", "Decision Reference"),
    ("request_date", "Requested on"),
    ("decision_date", "Decided on"),
    ("effect_date", "In Force From"),
    ("end_date", "In Force Until"),
    ("insured_pct", "Insured Percentage"),
    ("max_payment_days", "Maximum Payment Terms"),
    ("file_date", "Date of the file"),
]
BUYER_COLUMNS = ("insurer_buyer_ref", "own_ref", "id_value", "name")
DECISIONS = [
    ("1", "Preliminary"),
    ("2", "Approved"),
    ("3", "Not approved"),
    ("4", "Conditional"),
    ("5", "Partly approved"),
    ("6", "Investigating"),
    ("7", "Account only"),
    ("8", "Cancellation"),
    ("9", "Reduction"),
    ("10", "Name or address changed"),
    ("11", "Closed"),
]
GRANTING = ("2", "4", "5", "9")
REFUSED = "3"
CONDITIONAL = "4"
ENDING = ("8", "11")
#: answers that decide nothing
UNDECIDED = ("1", "6", "7", "10")
PRODUCTS = [
    ("named", "Named"),
    ("express", "Express"),
    ("temporary", "Temporary"),
    ("topup", "Top-up"),
    ("discretionary", "Discretionary"),
]
REQUESTS = [
    ("new", "New limit"),
    ("increase", "Increase"),
    ("prolong", "Prolongation"),
    ("reduce", "Reduction"),
    ("cancel", "Cancellation"),
]
#: what a word of a file can mean; what stands before the point is its column
MEANINGS = [
    *((f"decision.{code}", f"Decision: {label}") for code, label in DECISIONS),
    *((f"product.{code}", f"Product: {label}") for code, label in PRODUCTS),
    *((f"request.{code}", f"Request: {label}") for code, label in REQUESTS),
]
OUTCOMES = [
    ("error", "Error"),
    ("unknown", "Unknown Buyer"),
    ("cancelled", "Cancelled"),
    ("refused", "Refused"),
    ("reduced", "Reduced"),
    ("raised", "Raised"),
    ("new", "New"),
    ("conditional", "On Conditions"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
    ("older", "Older Than Recorded"),
    ("undecided", "No Decision"),
    ("set_aside", "Set Aside"),
]
#: what applying a file is refused for
BLOCKING = ("error", "unknown")
#: what is written
CHANGES = (
    "cancelled",
    "refused",
    "reduced",
    "raised",
    "new",
    "conditional",
    "changed",
)
