from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ..groups import CONTROLLER_GROUP


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
        return super().write(vals)

    def action_reopen_credit_remainder(self):
        """Count the remainder again; what the buyer's credit does not bear is held.

        Others may have used the credit that closing had set free. Whoever reopens has
        asked for it, and does not grant it.
        """
        # EXTENDS 'export_credit_insurance'
        super().action_reopen_credit_remainder()
        if not self.env["res.company"]._credit_check_modes():
            return
        # sudo: the check reads positions whatever the controller may see
        orders = self.sudo()
        orders.flush_recordset(["credit_remainder_closed"])
        self.env["credit.insurance.anchor"].sudo()._bump(orders._credit_debtor())
        found = self.env["credit.insurance.check"].sudo()._assess_each(orders)
        held = {order: each for order, each in found.items() if not each.passes}
        self.env["credit.insurance.hold"].with_user(SUPERUSER_ID)._request(
            held,
            self.env._("The remainder was reopened."),
            kind="review",
            requested_by=self.env.uid,
        )

    def _refuse_to_undo_deliveries(self):
        """Let nobody but credit control undo orders of insured buyers who have goods.

        :raise UserError: for employees without the right; what others start goes on
        """
        if (
            not self.env["res.company"]._credit_check_modes()
            or not self._is_employee_at_work()
            or self.env.user.has_group(CONTROLLER_GROUP)
        ):
            return
        lines = self._credit_checked_lines().filtered(
            lambda line: not line.is_downpayment
            and line.qty_delivered > line.qty_invoiced_posted
        )
        # sudo: the check reads positions that a salesperson may not
        orders = lines.order_id.sudo()
        checks = self.env["credit.insurance.check"].sudo()
        positions = checks._get_positions(orders) if orders else {}
        insured = orders.filtered(
            lambda order: checks._scope(order, order._credit_debtor(), positions[order])
            == "insured"
        )
        if insured:
            raise UserError(
                self.env._(
                    "%(orders)s: goods are delivered and not invoiced. Invoice them, or"
                    " take them back, or ask credit control to cancel the order.",
                    orders=", ".join(insured.mapped("name")),
                )
            )
