from odoo import api, fields, models

# Stored computed fields that Odoo would let anybody with write access overwrite.
COMPUTED_SUMS = {"qty_invoiced", "price_total", "price_subtotal", "price_tax"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    insured_shipment_date = fields.Date(
        string="Shipment Date",
        copy=False,
        groups="export_credit_insurance.group_credit_user",
        help="The last day a delivered quantity was recorded on this line.",
    )

    _credit_deposit_idx = models.Index("(order_id) WHERE is_downpayment")
    _credit_negative_idx = models.Index(
        "(order_id) WHERE product_uom_qty < 0 OR price_total < 0 OR price_unit < 0"
        " OR discount > 100"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        lines = super().create([self._without_computed(vals) for vals in vals_list])
        delivered = [
            bool(vals.get("qty_delivered")) and "insured_shipment_date" not in vals
            for vals in vals_list
        ]
        if any(delivered):
            lines.browse(
                [
                    line.id
                    for line, is_delivered in zip(lines, delivered, strict=True)
                    if is_delivered
                ]
            )._date_shipment()
        return lines

    def write(self, vals):
        # EXTENDS 'sale'
        shipped = self.browse()
        if vals.get("qty_delivered") and "insured_shipment_date" not in vals:
            shipped = self.filtered(
                lambda line: line.qty_delivered < vals["qty_delivered"]
            )
        res = super().write(self._without_computed(vals))
        shipped._date_shipment()
        return res

    def _without_computed(self, vals):
        """Leave out sums that only the server computes: the exposure rests on them."""
        if self.env.su:
            return vals
        return {
            name: value for name, value in vals.items() if name not in COMPUTED_SUMS
        }

    def _date_shipment(self):
        """Date a delivery that somebody records by hand (stock dates its own).

        A quantity taken back is no shipment.
        """
        # sudo: who delivers need not read credit data; the day is a fact
        for company, lines in self.sudo().grouped("company_id").items():
            lines.insured_shipment_date = company._credit_today()
