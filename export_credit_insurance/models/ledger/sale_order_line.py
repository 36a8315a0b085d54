from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    insured_shipment_date = fields.Date(
        string="Shipment Date",
        copy=False,
        groups="export_credit_insurance.group_credit_user",
        help="The last day a delivered quantity was recorded on this line.",
    )

    _credit_deposit_idx = models.Index("(order_id) WHERE is_downpayment")

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        return super().create([self._with_shipment_date(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'sale'
        return super().write(self._with_shipment_date(vals))

    def _with_shipment_date(self, vals):
        """Date a delivery that somebody records by hand (stock dates its own)."""
        if not vals.get("qty_delivered") or "insured_shipment_date" in vals:
            return vals
        return {**vals, "insured_shipment_date": fields.Date.context_today(self)}
