from odoo import models
from odoo.exceptions import UserError

from .sale_order_outside import wrap

# Which invoice bills a sale: Odoo says so, as superuser, when it makes one.
BILLED_BY = "account_move"
# Which session books it; what is paid stays where it was sold.
BOOKED_BY = "session_id"


class CreditInsuranceReview(models.Model):
    """What a sale at the till says of itself, and nobody who sells may say of it.

    With an invoice of something else, or a session that is closed, it would be owed and
    booked nowhere, and what the invoice bills would look sold at the till.
    """

    _inherit = "credit.insurance.review"

    def _register_hook(self):
        # EXTENDS: the sales at the till
        super()._register_hook()
        if "pos.order" in self.env:
            receipts = self.env.registry["pos.order"]
            wrap(receipts, "create", _billed_by_nothing)
            wrap(receipts, "write", _as_it_was_sold)


def _is_trusted(env):
    """Whether the server acts, or nothing is checked."""
    return env.su or not env["res.company"]._credit_check_modes()


def _billed_by_nothing(method):
    def create(self, vals_list):
        if _is_trusted(self.env):
            return method(self, vals_list)
        rows = [vals_list] if isinstance(vals_list, dict) else vals_list
        _refuse_closed_sessions(self.env, rows)
        return method(self, [{**vals, BILLED_BY: False} for vals in rows])

    return create


def _refuse_closed_sessions(env, rows):
    """Have sales begin in a session that will book them.

    A till that comes back late is given an open one by Odoo.

    :raise UserError: naming the session
    """
    sessions = env["pos.session"].browse(
        {vals["session_id"] for vals in rows if vals.get("session_id")}
    )
    if closed := sessions.filtered(lambda session: session.state == "closed"):
        raise UserError(
            env._(
                "%(sessions)s: the session is closed and books nothing any more. Sell"
                " in an open one.",
                sessions=", ".join(closed.mapped("name")),
            )
        )


def _as_it_was_sold(method):
    def write(self, vals):
        if not {BILLED_BY, BOOKED_BY} & vals.keys() or _is_trusted(self.env):
            return method(self, vals)
        fixed = {BILLED_BY}
        if any(receipt.state in ("paid", "done") for receipt in self):
            fixed.add(BOOKED_BY)
        return method(
            self, {name: value for name, value in vals.items() if name not in fixed}
        )

    return write
