"""The OCA's add-ons on credit limits, installed on the same ledger to be measured.

They come from a folder of the user's (``--peer FOLDER``), never with the project.
"""

from . import harness

MODULES = ("account_financial_risk", "sale_financial_risk")
# Nobody is refused: what is measured is the check.
LIMIT = 1e9
INCLUDED = (
    "risk_invoice_draft_include",
    "risk_invoice_open_include",
    "risk_invoice_unpaid_include",
    "risk_account_amount_include",
    "risk_account_amount_unpaid_include",
    "risk_sale_order_include",
)


def fill(configuration, database, *options):
    """Give every customer a limit, on all that the add-ons can count."""
    harness.start(configuration, *options)
    with harness.new_environment(database) as env:
        customers = env["res.partner"].search([("customer_rank", ">", 0)])
        customers.write({"credit_limit": LIMIT, **dict.fromkeys(INCLUDED, True)})
        env.cr.commit()
