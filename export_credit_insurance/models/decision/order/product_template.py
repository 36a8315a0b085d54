from odoo import models

from ..background_flow import in_background


class ProductTemplate(models.Model):
    """Discounts that are billed once they are delivered, from now on.

    Until then they take nothing off any more (see the engine), so that confirmed orders
    are worth more than was cleared. A product is set up, nobody refuses that: what does
    not fit the credit is held, as any growth in the background.
    """

    _inherit = "product.template"

    def write(self, vals):
        # EXTENDS 'sale'
        if (
            vals.get("invoice_policy") != "delivery"
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        changing = self.filtered(
            lambda product: product.invoice_policy != vals["invoice_policy"]
        )
        result = super().write(vals)
        changing._check_credit_taken_off()
        return result

    def _check_credit_taken_off(self):
        """Check the confirmed orders that these products took something off."""
        # sudo: who sets products up need not read orders
        lines = self.env["sale.order.line"].sudo()
        lines = lines.search(
            [
                ("product_id.product_tmpl_id", "in", self.ids),
                ("price_total", "<", 0),
                ("state", "=", "sale"),
                ("company_id", "in", [*self.env["res.company"]._credit_check_modes()]),
            ]
        )
        if lines:
            self.flush_recordset(["invoice_policy"])  # the engine reads it
            in_background(lines.order_id, "automatic")._check_credit_anew()
