from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..groups import CREDIT_GROUP

# Stored computed fields that Odoo would let anybody with write access overwrite.
COMPUTED_SUMS = frozenset(
    {"qty_invoiced", "price_total", "price_subtotal", "price_tax"}
)
# With this in its context Odoo counts what was delivered and invoiced up to a day, for
# accruals. What it stores is what is known by now, whatever a request says.
AS_OF = "accrual_entry_date"
# Set once, where Odoo makes the line: goods are no deposit by a flag.
FIXED_FLAGS = frozenset({"is_downpayment"})


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    insured_shipment_date = fields.Date(
        string="Shipment Date",
        copy=False,
        groups="export_credit_insurance.group_credit_user",
        help="The last day a delivered quantity was recorded on this line.",
    )
    credit_left_qty = fields.Float(
        string="Left for the Buyer",
        digits="Product Unit",
        copy=False,
        readonly=True,
        groups=CREDIT_GROUP,
        help="What has left and is owed, where that is more than the quantity "
        "delivered: of a kit, which is delivered once all of its parts have left, and "
        "of goods that are said to replace what did not come back.",
    )

    # the few lines that are debts already, among all that were ever sold
    _credit_delivered_idx = models.Index(
        "(order_id) WHERE GREATEST(qty_delivered, NULLIF(credit_left_qty, 0::numeric))"
        " > qty_invoiced AND display_type IS NULL"
    )
    # deposits, returns and discounts, as the engine's SQL names them
    _credit_adjusting_idx = models.Index(
        "(order_id) WHERE CASE WHEN is_downpayment THEN TRUE ELSE"
        " LEAST(product_uom_qty, price_total, price_unit, 100 - discount) < 0 END"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        lines = super().create([self._without_computed(vals) for vals in vals_list])
        lines._refuse_goods_as_deposit()
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
        vals = self._without_computed(vals, FIXED_FLAGS)
        shipped = self.browse()
        if vals.get("qty_delivered") and "insured_shipment_date" not in vals:
            shipped = self.filtered(
                lambda line: line.qty_delivered < vals["qty_delivered"]
            )
        res = super().write(vals)
        if {"product_uom_qty", "qty_delivered"} & vals.keys():
            self._refuse_goods_as_deposit()
        shipped._date_shipment()
        return res

    def _without_computed(self, vals, fixed=frozenset()):
        """Leave out what only the server computes: the exposure rests on it.

        :param fixed: names of what does not change either
        """
        if self.env.su:
            return vals
        left_out = COMPUTED_SUMS | fixed
        if self.env.user.has_group(CREDIT_GROUP):
            left_out |= {"credit_left_qty"}  # others are refused by its groups
        return {name: value for name, value in vals.items() if name not in left_out}

    @api.depends("extra_tax_data")
    def _compute_amount(self):
        # EXTENDS 'sale': totals that extra tax data have rounded end with them
        return super()._compute_amount()

    @api.depends("product_uom_id")
    def _compute_qty_invoiced(self):
        # EXTENDS 'sale': in the line's unit, also where that was changed since
        return super(SaleOrderLine, self._credit_as_of_now())._compute_qty_invoiced()

    def _compute_qty_invoiced_posted(self):
        # EXTENDS 'sale'
        lines = self._credit_as_of_now()
        return super(SaleOrderLine, lines)._compute_qty_invoiced_posted()

    def _compute_qty_delivered(self):
        # EXTENDS 'sale'
        return super(SaleOrderLine, self._credit_as_of_now())._compute_qty_delivered()

    def _credit_as_of_now(self):
        """Return self without the day that a request looks back to."""
        context = dict(self.env.context)
        if AS_OF not in context:
            return self
        del context[AS_OF]
        return self.with_env(self.env(context=context))

    def _refuse_goods_as_deposit(self):
        """Refuse quantities on a deposit: neither ordered nor delivered, they would
        be counted nowhere.

        The till delivers what it sells, deposits too, but nobody does by hand.
        """
        if not self.env.su and self.filtered(
            lambda line: line.is_downpayment
            and not line.display_type
            and (line.product_uom_qty or line.qty_delivered)
        ):
            raise ValidationError(
                self.env._(
                    "A down payment has no quantity: enter goods on a line of their"
                    " own."
                )
            )

    def _date_shipment(self):
        """Date a delivery that somebody records by hand (stock dates its own).

        A quantity taken back is no shipment.
        """
        # sudo: who delivers need not read credit data; the day is a fact
        for company, lines in self.sudo().grouped("company_id").items():
            lines.insured_shipment_date = company._credit_today()
