from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..groups import CONTROLLER_GROUP, CREDIT_GROUP

# Stored computed fields that Odoo would let anybody with write access overwrite.
COMPUTED_SUMS = {"amount_total", "amount_untaxed", "amount_tax", "currency_rate"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    credit_remainder_closed = fields.Boolean(
        string="Remainder Will Not Be Delivered",
        copy=False,
        readonly=True,
        tracking=True,
        groups=CREDIT_GROUP,
        help="Undelivered quantities of this order no longer count as exposure.",
    )

    def action_close_credit_remainder(self):
        """Close the orders short: what is not delivered leaves the exposure.

        Only a credit controller may, since it frees the buyer's headroom.

        :raise AccessError: for anyone but a credit controller
        :raise UserError: for orders that are not confirmed
        """
        self._check_may_close_remainder()
        if unconfirmed := self.filtered(lambda order: order.state != "sale"):
            raise UserError(
                self.env._(
                    "Only confirmed orders can be closed short: %(orders)s. A "
                    "quotation uses no credit; cancel it if it will not be ordered.",
                    orders=", ".join(unconfirmed.mapped("name")),
                )
            )
        self._set_credit_remainder_closed(True)
        return self._credit_remainder_told(
            self.env._(
                "Closed short: %(orders)s. What is not delivered uses no credit any "
                "more.",
                orders=", ".join(self.mapped("name")),
            )
        )

    def action_reopen_credit_remainder(self):
        """Count the undelivered quantities again.

        :raise AccessError: for anyone but a credit controller
        :raise UserError: where none of them is closed short
        """
        self._check_may_close_remainder()
        closed = self.filtered("credit_remainder_closed")
        if not closed:
            raise UserError(
                self.env._(
                    "Not closed short: %(orders)s. All that is not delivered counts "
                    "already.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        closed._set_credit_remainder_closed(False)
        return self._credit_remainder_told(
            self.env._(
                "What is not delivered of %(orders)s uses the buyer's credit again.",
                orders=", ".join(closed.mapped("name")),
            )
        )

    def _credit_remainder_told(self, message, kind="success"):
        """Return what the client says of it: the page itself shows little."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_may_close_remainder(self):
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller closes or reopens an order short.")
            )
        self.check_access("read")

    def _set_credit_remainder_closed(self, closed):
        # sudo: a controller need not be allowed to edit the salesperson's order
        self.sudo().credit_remainder_closed = closed

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        for vals in vals_list:
            self._refuse_closed_remainder(vals)
        orders = super().create([self._without_computed(vals) for vals in vals_list])
        # a default of the context or of the database is no way round
        if not self.env.su and orders.sudo().filtered("credit_remainder_closed"):
            self._check_may_close_remainder()
        return orders

    def write(self, vals):
        # EXTENDS 'sale'
        self._refuse_closed_remainder(vals)
        return super().write(self._without_computed(vals))

    def _without_computed(self, vals):
        """Leave out sums that only the server computes: the exposure rests on them."""
        if self.env.su:
            return vals
        return {
            name: value for name, value in vals.items() if name not in COMPUTED_SUMS
        }

    def _refuse_closed_remainder(self, vals):
        if "credit_remainder_closed" in vals and not self.env.su:
            self._check_may_close_remainder()
