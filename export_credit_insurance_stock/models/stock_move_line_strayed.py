from odoo import models
from odoo.exceptions import UserError

# What makes goods of a line that is done go elsewhere, or more of them.
STRAYING = {"location_dest_id", "move_id", "quantity", "product_uom_id"}


class StockMoveLine(models.Model):
    """Goods go where their move says, if that is no customer's place.

    Odoo moves the goods by the lines, and counts what is delivered by the moves: a line
    that goes to a customer with a transfer within the warehouse would leave unseen.
    """

    _inherit = "stock.move.line"

    def write(self, vals):
        # EXTENDS 'stock': once they are done
        if (
            not STRAYING & vals.keys()
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        moved = {"location_dest_id", "move_id"} & vals.keys()
        before = {
            line: (line._credit_own_quantity(), line.location_dest_id._is_outgoing())
            for line in self
        }
        result = super().write(vals)
        done = self.filtered(
            lambda line: line.state == "done"
            and (moved or line._credit_own_quantity() > before[line][0])
        )
        done._refuse_credit_strayed_lines()
        leaving = done.filtered(
            lambda line: line.location_dest_id._is_outgoing() and not before[line][1]
        )
        leaving.move_id._check_credit_unordered()
        return result

    def _refuse_credit_strayed_lines(self):
        """Have goods that go to a customer leave with a transfer to the customer.

        :raise UserError: for employees, naming the transfer
        """
        modes = self.env["res.company"]._credit_check_modes()
        if not modes or self.env["stock.move"]._is_credit_background():
            return
        for line in self:
            move = line.move_id
            if (
                line.location_dest_id != move.location_dest_id
                and line.quantity
                and line.company_id.id in modes
                and not modes[line.company_id.id].observation
                and line.location_dest_id._is_outgoing()
                and not move.location_dest_id._is_outgoing()
            ):
                raise UserError(
                    self.env._(
                        "%(transfer)s takes %(product)s to %(location)s, but is no "
                        "delivery. Make a delivery to the customer for what leaves.",
                        transfer=move.picking_id.name
                        or move.reference
                        or line.display_name,
                        product=line.product_id.display_name,
                        location=line.location_dest_id.display_name,
                    )
                )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _refuse_credit_strayed_lines(self):
        """Look at the lines of what leaves, where anything is checked."""
        if self.env["res.company"]._credit_check_modes():
            self.move_line_ids._refuse_credit_strayed_lines()
