from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

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
