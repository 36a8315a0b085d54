from collections import defaultdict

from odoo import api, models

from .delivery import Goods


class StockMoveLine(models.Model):
    """A delivery that is done already, and made larger, passes the gate again."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock'
        if self.env["res.company"]._credit_check_modes():
            added = defaultdict(float)
            for vals in vals_list:
                move = self.env["stock.move"].browse(vals.get("move_id"))
                if move and move.state == "done" and vals.get("quantity"):
                    unit = self.env["uom.uom"].browse(vals.get("product_uom_id"))
                    added[move] += _in_own_unit(move, vals["quantity"], unit)
            self._check_credit_added(added)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'stock'
        if (
            not {"quantity", "product_uom_id", "move_id"} & vals.keys()
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        added = self._credit_added(vals)
        self._check_credit_added(added)
        result = super().write(vals)
        self.env["stock.move"].union(*added)._date_credit_shipments()
        return result

    def _credit_added(self, vals):
        """Return by how much a change makes done moves larger, {move: quantity}."""
        added = defaultdict(float)
        for line in self:
            move = line.move_id.browse(vals.get("move_id", line.move_id.id))
            if move.state != "done":
                continue
            unit = line.product_uom_id.browse(
                vals.get("product_uom_id", line.product_uom_id.id)
            )
            added[move] += _in_own_unit(move, vals.get("quantity", line.quantity), unit)
            if move == line.move_id:
                added[move] -= _in_own_unit(move, line.quantity, line.product_uom_id)
        return added

    @api.model
    def _check_credit_added(self, added):
        """Check goods that are recorded as delivered after the fact.

        :param added: {done move: by how much it grows, in its product's unit}
        """
        moves = self.env["stock.move"].union(
            *(
                move
                for move, quantity in added.items()
                if move.product_id.uom_id.compare(quantity, 0.0) > 0
            )
        )
        moves = moves._credit_checked()
        if not moves:
            return
        held = moves._check_credit_goods([Goods(move, added[move]) for move in moves])
        if held:
            held.picking_id._raise_credit_hold()


def _in_own_unit(move, quantity, unit):
    """Convert a quantity of a move to its product's own unit."""
    own = move.product_id.uom_id
    return (unit or move.product_uom)._compute_quantity(quantity, own, round=False)
