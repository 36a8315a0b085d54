"""What enlarges orders although nobody is there to read a refusal."""

BACKGROUND_FLOWS = [
    ("reinvoiced", "Expense or Vendor Bill Re-Invoiced"),
    ("delivered", "Delivered More Than Ordered"),
    ("point_of_sale", "Point of Sale"),
    ("automatic", "Automatic Process"),
]
CONTEXT_KEY = "credit_background_flow"


class BackgroundFlow:
    """Names a flow, as no request can.

    Context keys come from RPC too, but only as plain values: what is no instance of
    this class says nothing, and equals none. Odoo would take an environment of an equal
    context for this one. And all that it does is to open a hold where an employee would
    be refused.
    """

    __slots__ = ("code",)

    def __init__(self, code):
        self.code = code

    def __eq__(self, other):
        return isinstance(other, BackgroundFlow) and other.code == self.code

    def __hash__(self):
        return hash((BackgroundFlow, self.code))


def in_background(records, code):
    """Return the records in an environment that says which flow handles them."""
    return records.with_context(**{CONTEXT_KEY: BackgroundFlow(code)})


def background_flow(env):
    """Return the code of the flow that acts, or None where a person may."""
    flow = env.context.get(CONTEXT_KEY)
    return flow.code if isinstance(flow, BackgroundFlow) else None
