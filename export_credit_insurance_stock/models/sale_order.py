from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _credit_kept(self):
        """Return the orders whose deliveries stay as they were recorded.

        Those that a policy insures, out of observation: as superuser.
        """
        modes = self.env["res.company"]._credit_check_modes()
        orders = self.filtered(
            lambda order: order.company_id.id in modes
            and not modes[order.company_id.id].observation
        )
        if not orders:
            return orders
        checks = self.env["credit.insurance.check"].sudo()  # see _get_positions
        positions = checks._get_positions(orders)
        return orders.filtered(
            lambda order: (
                checks._scope(order, order._credit_debtor(), positions[order])
                == "insured"
            )
        )

    def _credit_value_of(self, product, quantity):
        """Return what Odoo would bill for goods that no line of the order stands for.

        Once they are delivered it adds a line at the pricelist's price; where products
        are billed as ordered, for nothing.

        :param quantity: in the product's own unit
        """
        self.ensure_one()
        if product.invoice_policy != "delivery":
            return 0.0
        line = self.env["sale.order.line"].new(
            {
                "order_id": self.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "product_uom_qty": quantity,
            }
        )
        return line.price_total
