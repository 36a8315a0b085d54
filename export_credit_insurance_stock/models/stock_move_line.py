from collections import defaultdict

from odoo import api, models

from .delivery import Goods

# Who may unlock a transfer that is done: the others cannot lower it on Odoo's screens.
STOCK_MANAGERS = "stock.group_stock_manager"


class StockMoveLine(models.Model):
    """A delivery that is done already, and made larger, passes the gate again.

    Made smaller it makes room for the next one: whoever may unlock transfers does so,
    and credit control is told.
    It is looked at once it is written: what is delivered of an order then says so,
    whether the quantity was changed here or on the move.
    """

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock'
        lines = super().create(vals_list)
        if self.env["res.company"]._credit_check_modes():
            lines._check_credit_added({})
            lines.filtered(
                lambda line: line.state == "done"
            )._refuse_credit_strayed_lines()
        return lines

    def write(self, vals):
        # EXTENDS 'stock'
        if (
            not {"quantity", "product_uom_id", "move_id"} & vals.keys()
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        before = {line: (line.move_id, line._credit_own_quantity()) for line in self}
        # sudo: whoever delivers need not read orders
        done = self.move_id.filtered(lambda move: move.state == "done").sudo()
        lowering = done.sale_line_id._credit_taken_off()
        result = super().write(vals)
        self._check_credit_added(before)
        done.sale_line_id._check_credit_taken_back(lowering)
        return result

    def _credit_own_quantity(self):
        """Return the quantity in the product's own unit, not rounded."""
        return self.product_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _check_credit_added(self, before):
        """Check goods that are recorded as delivered after the fact.

        :param before: {line: (its move, its quantity)} of those that were there
        """
        added = defaultdict(float)
        for line in self:
            added[line.move_id] += line._credit_own_quantity()
        for former, quantity in before.values():
            added[former] -= quantity
        moves = self.env["stock.move"].union(*added)
        moves = moves.filtered(
            lambda move: move.state == "done" and not move._is_credit_passing()
        )
        moves.filtered(
            lambda move: move.product_id.uom_id.compare(added[move], 0.0) > 0
        )._check_credit_unordered()
        moves = moves._credit_checked()
        lowered = moves.filtered(
            lambda move: move.product_id.uom_id.compare(added[move], 0.0) < 0
        )
        moves._refuse_credit_changes(
            # sudo: whoever delivers need not read orders
            {move: move.sudo().sale_line_id for move in lowered},
            STOCK_MANAGERS,
        )
        if lowered:
            self.env["credit.insurance.review"]._notice_lowered(
                [Goods(move, -added[move]) for move in lowered]
            )
        goods = [
            Goods(move, added[move])
            for move in moves
            if move.product_id.uom_id.compare(added[move], 0.0) > 0
        ]
        # sudo: whoever delivers need not read orders
        moves.sudo().sale_line_id._count_credit_left()
        if held := moves._check_credit_goods(goods, done=True):
            held.picking_id._raise_credit_hold()
        moves._date_credit_shipments()
