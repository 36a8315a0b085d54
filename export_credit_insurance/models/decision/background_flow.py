"""What enlarges orders although nobody is there to read a refusal."""

BACKGROUND_FLOWS = [
    ("reinvoiced", "Expense or Vendor Bill Re-Invoiced"),
    ("delivered", "Delivered More Than Ordered"),
    ("point_of_sale", "Point of Sale"),
    ("automatic", "Automatic Process"),
]
CONTEXT_KEY = "credit_background_flow"


class BackgroundFlow(str):
    """The code of a flow, as no request can send it.

    Context keys come from RPC too, but only as plain strings: what is no instance of
    this class says nothing. And all that it does is to open a hold where an employee
    would be refused.
    """

    __slots__ = ()


def in_background(records, code):
    """Return the records in an environment that says which flow handles them."""
    return records.with_context(**{CONTEXT_KEY: BackgroundFlow(code)})


def background_flow(env):
    """Return the code of the flow that acts, or None where a person may."""
    flow = env.context.get(CONTEXT_KEY)
    return flow if isinstance(flow, BackgroundFlow) else None
