from odoo import models
from odoo.exceptions import UserError

from odoo.addons.export_credit_insurance.models.groups import CONTROLLER_GROUP

# Where goods go that Odoo does not count as delivered, though they are gone.
GONE = ("supplier", "inventory", "production")
# What uses the parts of its own orders, where the modules are installed.
USED_BY = ("repair_id", "raw_material_production_id")


class StockMove(models.Model):
    """Goods of an order that leave the house by another way than to its customer.

    To a supplier's place, as lost or as used up: Odoo counts nothing as delivered, so
    the gate would not look, nothing would be owed, and the order could be cancelled.
    """

    _inherit = "stock.move"

    def _goes_elsewhere(self):
        """Whether goods of an order are gone once this is done, and not delivered.

        Unless they go back to the supplier they came from, or are used by a repair or a
        production.
        """
        return (
            bool(self.sale_line_id)
            and self.location_dest_id.usage in GONE
            and self.location_id.usage in ("internal", "transit")
            and not self._goes_back()
            and not any(self[name] for name in USED_BY if name in self._fields)
        )

    def _goes_back(self):
        """Whether the goods came from where they go now."""
        came = self.origin_returned_move_id
        return (
            came.state == "done"
            and came.product_id == self.product_id
            and came.location_id.usage == self.location_dest_id.usage
        )

    def _refuse_credit_elsewhere(self):
        """Let goods of orders go to their customers, or stay.

        :raise UserError: for employees without the right, naming the transfer
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if (
            not checked_companies
            or self._is_credit_background()
            or self.env.user.has_group(CONTROLLER_GROUP)
        ):
            return
        moves = self.sudo().filtered(  # sudo: whoever delivers need not read orders
            lambda move: move.company_id.id in checked_companies
            and move._goes_elsewhere()
        )
        kept = moves.sale_line_id.order_id._credit_kept()
        moves = moves.filtered(lambda move: move.sale_line_id.order_id in kept)
        if moves:
            raise UserError(
                self.env._(
                    "%(transfer)s delivers %(order)s: its goods go to the customer, "
                    "or stay. Cancel the delivery, and make a transfer of its own to "
                    "%(location)s.",
                    transfer=moves[0].picking_id.name,
                    order=moves[0].sale_line_id.order_id.name,
                    location=moves[0].location_dest_id.display_name,
                )
            )
