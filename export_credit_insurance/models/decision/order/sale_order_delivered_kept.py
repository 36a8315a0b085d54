from odoo import api, models
from odoo.exceptions import UserError

from ...groups import CONTROLLER_GROUP


class SaleOrder(models.Model):
    """What was delivered and billed stays to be told of.

    An order whose deliveries are invoiced may be cancelled: the invoice is the debt.
    But Odoo lets cancelled orders and their lines be deleted, and once the invoice is
    credited nothing would tell that the buyer has the goods.
    """

    _inherit = "sale.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered_credit(self):
        if self.env["res.company"]._credit_check_modes():
            self.order_line._refuse_to_delete_delivered()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_delivered_credit(self):
        self._refuse_to_delete_delivered()

    def _refuse_to_delete_delivered(self):
        """Let nobody but credit control delete what is delivered and was billed.

        :raise UserError: for employees without the right
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if (
            not checked_companies
            or not self.env["sale.order"]._is_employee_at_work()
            or self.env.user.has_group(CONTROLLER_GROUP)
        ):
            return
        # sudo: who sells need not read invoices
        billed = self.sudo().filtered(
            lambda line: line.company_id.id in checked_companies
            and line.invoice_lines
            and not line.is_downpayment
            and line._credit_delivered_quantity() > 0
        )
        if kept := billed.order_id._credit_kept():
            raise UserError(
                self.env._(
                    "%(orders)s: goods were delivered and invoiced, so the order and"
                    " its lines are kept.",
                    orders=", ".join(kept.mapped("name")),
                )
            )
