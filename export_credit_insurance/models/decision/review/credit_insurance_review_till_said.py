from odoo import models
from odoo.exceptions import UserError

from ..wrapped_method import wrap
from .credit_insurance_review_till import (
    BILLED_BY,
    SOLD_STATES,
    _on_account,
    is_told_by_till,
)

# Who owes what was sold on account.
OWED_BY = "partner_id"
# Which session books it; what is paid stays where it was sold.
BOOKED_BY = "session_id"
# Which line of an order it settles: so many of it are billed, whatever they cost.
SETTLES = "sale_order_line_id"


class CreditInsuranceReview(models.Model):
    """What a sale at the till says of itself, and nobody who sells may say of it.

    With an invoice of something else, or a session that is closed, it would be owed and
    booked nowhere, and what the invoice bills would look sold at the till. Whoever has
    the receipt has it billed on the website, and if logged in to themselves: not what
    is owed on somebody else's account.
    """

    _inherit = "credit.insurance.review"

    def _register_hook(self):
        # EXTENDS: the sales at the till
        super()._register_hook()
        if "pos.order" in self.env:
            receipts = self.env.registry["pos.order"]
            wrap(receipts, "create", _billed_by_nothing)
            wrap(receipts, "write", _as_it_was_sold)
        if SETTLES in self.env.get("pos.order.line", self)._fields:
            sold = self.env.registry["pos.order.line"]
            wrap(sold, "create", _settling_when_sold)
            wrap(sold, "write", _settling_what_was_sold)


def _is_trusted(env):
    """Whether the server acts, or nothing is checked."""
    return env.su or not env["res.company"]._credit_check_modes()


def _billed_by_nothing(method):
    def create(self, vals_list):
        if _is_trusted(self.env):
            return method(self, vals_list)
        rows = [vals_list] if isinstance(vals_list, dict) else vals_list
        _refuse_closed_sessions(self.env, rows)
        receipts = method(self, [{**vals, BILLED_BY: False} for vals in rows])
        if not is_told_by_till(self.env):
            self.env["credit.insurance.review"]._notice_till_sales(receipts)
        return receipts

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


def _is_kept_debtor(receipts, partner_id):
    """Whether a customer has others owe what was sold on account."""
    env = receipts.env
    if env.user._is_internal() or not env["res.company"]._credit_check_modes():
        return False
    other = env["res.partner"].sudo().browse(partner_id or ())  # sudo: compared only
    return any(
        receipt.state in SOLD_STATES
        and receipt.currency_id.compare_amounts(_on_account(receipt), 0.0) > 0
        and receipt.partner_id.commercial_partner_id != other.commercial_partner_id
        for receipt in receipts
    )


def _as_it_was_sold(method):
    def write(self, vals):
        vals = _without_unsaid(self, vals)
        unsold = self.browse()
        if vals.get("state") in SOLD_STATES and not is_told_by_till(self.env):
            unsold = self.filtered(lambda receipt: receipt.state not in SOLD_STATES)
        answer = method(self, vals)
        if unsold:
            # paid in the back office, or by customers who order for themselves
            self.env["credit.insurance.review"]._notice_till_sales(unsold)
        return answer

    return write


def _settling_when_sold(method):
    def create(self, vals_list):
        lines = method(self, vals_list)
        if not _is_trusted(self.env) and not is_told_by_till(self.env):
            _refuse_to_settle_later(
                lines.filtered(
                    lambda line: line[SETTLES] and line.order_id.state in SOLD_STATES
                )
            )
        return lines

    return create


def _settling_what_was_sold(method):
    def write(self, vals):
        if (
            not {SETTLES, "order_id", "qty"} & vals.keys()
            or _is_trusted(self.env)
            or is_told_by_till(self.env)
        ):
            return method(self, vals)
        before = {line: (line[SETTLES], line.order_id, line.qty) for line in self}
        answer = method(self, vals)
        _refuse_to_settle_later(
            self.filtered(
                lambda line: line[SETTLES]
                and line.order_id.state in SOLD_STATES
                and (
                    before[line][:2] != (line[SETTLES], line.order_id)
                    or line.qty > before[line][2]
                )
            )
        )
        return answer

    return write


def _refuse_to_settle_later(lines):
    """Have orders settled by what is sold for them, not by what was sold before.

    Any sale, of whatever price, would have an order look billed.

    :raise UserError: naming sale and order
    """
    for line in lines[:1]:
        raise UserError(
            line.env._(
                "%(receipt)s: the sale is closed, it settles no more of %(order)s."
                " Settle the order at the till.",
                receipt=line.order_id.display_name,
                order=line[SETTLES].order_id.display_name,
            )
        )


def _without_unsaid(receipts, vals):
    """Return what may be said of these sales, of these values."""
    unsaid = set()
    if OWED_BY in vals and _is_kept_debtor(receipts, vals[OWED_BY]):
        unsaid.add(OWED_BY)
    if {BILLED_BY, BOOKED_BY} & vals.keys() and not _is_trusted(receipts.env):
        unsaid.add(BILLED_BY)
        session = receipts.env["pos.session"].browse(vals.get(BOOKED_BY) or ())
        if session.state == "closed" or any(
            receipt.state in SOLD_STATES for receipt in receipts
        ):
            unsaid.add(BOOKED_BY)
    return {name: value for name, value in vals.items() if name not in unsaid}
