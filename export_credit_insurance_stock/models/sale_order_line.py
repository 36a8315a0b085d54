from odoo import models


class SaleOrderLine(models.Model):
    """How much of a line leaves, how much of that nobody ordered, and when it left."""

    _inherit = "sale.order.line"

    def _credit_leaving_quantity(self, products, done=False):
        """Return how much of this line leaves, in its own unit.

        A kit is delivered by its parts (see :meth:`_credit_kits_begun`). Other products
        than the line's count by the one of which the largest share leaves, up to what
        is left of the line.

        :param products: {product: quantity in the product's unit}
        :param done: it is part of what is delivered already
        """
        self.ensure_one()
        own, kits = self._credit_quantities(products)
        if done or not kits:
            return own + kits
        gone = self._credit_delivered_quantity()
        if self._credit_kit_needs():
            return own + max(self._credit_kits_begun(products) - gone, 0.0)
        return own + min(kits, max(self.product_uom_qty - gone, 0.0))

    def _credit_quantities(self, products):
        """Return how much these products are of this line: by itself, and as kits."""
        self.ensure_one()
        own = self.product_id.uom_id._compute_quantity(
            products.get(self.product_id, 0.0), self.product_uom_id, round=False
        )
        shares = [
            amount / (self._credit_needed_quantity(product) or amount)
            for product, amount in products.items()
            if product != self.product_id
        ]
        return own, max(shares, default=0.0) * self.product_uom_qty

    def _credit_needed_quantity(self, product):
        """Return how much of a part this line needs, in the part's unit."""
        moves = self.move_ids.filtered(
            lambda move: move.product_id == product
            and move.state != "cancel"
            and move._leaves_for_customer()
        )
        return sum(moves.mapped("product_qty"))

    def _credit_excess(self, quantity, done=False):
        """Return what of a leaving quantity is more than was ordered.

        :param done: it is part of what is delivered already
        """
        self.ensure_one()
        over = self._credit_delivered_quantity() - self.product_uom_qty
        over += 0.0 if done else quantity
        return min(max(over, 0.0), quantity)

    def _date_credit_shipments(self):
        """Date these lines, and the invoices that bill them, by their deliveries."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        lines = self.filtered(lambda line: line.company_id.id in checked_companies)
        self.env["credit.insurance.shipment"]._date_lines(lines.ids)
