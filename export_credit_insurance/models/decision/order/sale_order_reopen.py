from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ...groups import CONTROLLER_GROUP

# What says whose debt an order is.
PARTIES = {"partner_id", "partner_invoice_id"}
# Kinds of loyalty programs whose points are money's worth that was sold before.
VOUCHERS = ("ewallet", "gift_card")


class SaleOrder(models.Model):
    """Orders of which goods are with the buyer are not undone unseen.

    What is delivered and not invoiced is owed, but only confirmed orders tell of it:
    cancelling them, or making quotations of them, would free the buyer's credit.
    """

    _inherit = "sale.order"

    def write(self, vals):
        # EXTENDS 'sale'
        if vals.get("state", "sale") != "sale":
            self._refuse_to_undo_deliveries()
        if not PARTIES & vals.keys():
            return super().write(vals)
        delivered = self._credit_delivered_orders()
        before = {order: order._credit_debtor() for order in delivered}
        result = super().write(vals)
        moved = delivered.filtered(
            lambda order: order._credit_debtor() != before[order]
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(orders)s: goods are delivered and not invoiced, their buyer "
                    "stays the same. Invoice them, or take them back, or ask credit "
                    "control to change the buyer.",
                    orders=", ".join(moved.mapped("name")),
                )
            )
        return result

    def action_reopen_credit_remainder(self):
        """Count the remainder again; what the buyer's credit does not bear is held.

        Others may have used the credit that closing had set free. Whoever reopens has
        asked for it, and does not grant it.
        """
        # EXTENDS 'export_credit_insurance'
        closed = self.filtered("credit_remainder_closed")
        told = super().action_reopen_credit_remainder()
        if not self.env["res.company"]._credit_check_modes():
            return told
        # sudo: the check reads positions whatever the controller may see
        orders = closed.sudo()
        orders.flush_recordset(["credit_remainder_closed"])
        self.env["credit.insurance.anchor"].sudo()._bump(orders._credit_debtor())
        found = self.env["credit.insurance.check"].sudo()._assess_each(orders)
        held = {order: each for order, each in found.items() if not each.passes}
        # as the system: the server alone writes holds
        self.env["credit.insurance.hold"].with_user(SUPERUSER_ID)._request(
            held,
            self.env._("The remainder was reopened."),
            kind="review",
            requested_by=self.env.uid,
        )
        if not held:
            return told
        return self._credit_remainder_told(
            self.env._(
                "On hold: %(orders)s. What is not delivered exceeds the buyer's credit "
                "now; somebody else has to decide on it.",
                orders=", ".join(order.name for order in held),
            ),
            kind="warning",
        )

    def _refuse_to_undo_deliveries(self):
        """Let nobody but credit control undo orders of insured buyers who have goods.

        :raise UserError: for employees without the right; what others start goes on
        """
        if insured := self._credit_delivered_orders(with_vouchers=True):
            raise UserError(
                self.env._(
                    "%(orders)s: goods are delivered, or vouchers spent, and not"
                    " invoiced. Invoice them, or take them back, or ask credit control"
                    " to cancel the order.",
                    orders=", ".join(insured.mapped("name")),
                )
            )

    def _credit_delivered_orders(self, with_vouchers=False):
        """Return those whose insured buyers have goods that are not invoiced.

        None where credit control acts, or what others start goes on.
        """
        if (
            not self.env["res.company"]._credit_check_modes()
            or not self._is_employee_at_work()
            or self.env.user.has_group(CONTROLLER_GROUP)
        ):
            return self.browse()
        lines = self._credit_checked_lines()
        orders = lines.filtered(
            lambda line: not line.is_downpayment
            and line._credit_delivered_quantity() > line.qty_invoiced_posted
        ).order_id
        if with_vouchers:
            orders |= lines.order_id._credit_spent_vouchers()
        # sudo: the check asks of addresses that a salesperson may not read
        kept = orders.sudo()._credit_kept()
        return orders.filtered(lambda order: order.sudo() in kept)

    def _credit_spent_vouchers(self):
        """Return the orders of gift cards or top-ups that have bought something since.

        What they bought costs nothing by its own order: the debt stands in these.
        """
        if "coupon_point_ids" not in self._fields:
            return self.browse()
        unbilled = self.order_line.filtered(
            lambda line: line.product_uom_qty > line.qty_invoiced_posted
        ).order_id
        return unbilled.filtered(
            lambda order: any(
                points.coupon_id.program_type in VOUCHERS
                and points.coupon_id.points < points.points
                # sudo: whose points they are need not be read by who sells
                for points in order.sudo().coupon_point_ids
            )
        )
