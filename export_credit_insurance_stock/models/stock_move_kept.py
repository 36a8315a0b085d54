from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.export_credit_insurance.models.groups import (
    CONTROLLER_GROUP,
    CREDIT_GROUP,
)

from .delivery import Goods

# What says which order a move delivers, how much of it, and whether it left at all.
KEPT_FIELDS = {
    "company_id",
    "location_dest_id",
    "location_id",
    "origin_returned_move_id",
    "picking_id",
    "product_id",
    "product_uom",
    "sale_line_id",
    "to_refund",
}


class Record(NamedTuple):
    """What a move records of an order that is checked.

    :param line: the order line it delivers, as superuser
    :param is_done: whether it has happened
    :param quantity: what the order counts as delivered by it, in the product's unit
    :param day: when the goods left, in the company's time zone
    """

    line: Any
    is_done: bool
    quantity: float
    day: Any


class StockMove(models.Model):
    """Which order a delivery serves, what left and when stays as it was recorded.

    Else goods would leave without an order and be put back on it, what left would be
    taken back on paper to make room for the next delivery, and the limit of a better
    day would cover it (DOMAIN 1.5). Returns take goods back; credit control corrects.
    """

    _inherit = "stock.move"

    def write(self, vals):
        # EXTENDS 'stock': nothing is asked where nothing is kept
        names = vals.keys() & (KEPT_FIELDS | {"date", "state"})
        if not names or not self.env["res.company"]._credit_check_modes():
            return super().write(vals)
        kept = self
        if not names & KEPT_FIELDS:
            kept = self.filtered(lambda move: move.state == "done")
        before = kept._credit_records()
        result = super().write(vals)
        if before:
            self.browse(before)._check_credit_kept(before)
        return result

    def _credit_records(self):
        """Return {move id: its :class:`Record`}, without those at work now."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        records = {}
        for move in self:
            line = move.sudo().sale_line_id  # see _credit_order
            is_done = move.state == "done"
            if move._is_credit_passing() or not (line or is_done):
                continue
            if line and line.company_id.id not in checked_companies:
                continue
            records[move.id] = Record(
                line,
                is_done,
                move._credit_recorded_quantity() if line and is_done else 0.0,
                line and is_done and move._credit_day(),
            )
        return records

    def _credit_recorded_quantity(self):
        """Return what counts as delivered by a done move, as Odoo counts it."""
        is_replacement = self.origin_returned_move_id and not self.to_refund
        if is_replacement or not self._leaves_for_customer():
            return 0.0
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _credit_day(self):
        """Return the day on which the goods left, in the company's time zone."""
        # sudo: whoever delivers need not read orders
        company = self.sudo().sale_line_id.company_id
        tz = company._credit_time_zone(company.id)
        return fields.Date.context_today(self.with_context(tz=tz), self.date)

    def _check_credit_kept(self, before):
        """Refuse what takes goods off their order; check what is put on one.

        :param before: {move id: its :class:`Record`}
        """
        after = self._credit_records()
        taken, redated = {}, {}
        added = []
        for move in self:
            was = before[move.id]
            now = after.get(move.id) or Record(was.line.browse(), False, 0.0, False)
            is_undone = was.line and was.is_done and not now.is_done
            if (was.line and now.line != was.line) or is_undone:
                taken[move] = was.line
            elif now.quantity < was.quantity:
                taken[move] = was.line
            elif was.day and now.day != was.day:
                redated[move] = was.line
            if was.is_done and now.quantity > was.quantity:
                added.append(Goods(move, now.quantity - was.quantity))
        self._refuse_credit_changes(taken)
        self._refuse_credit_dates(redated)
        self._recount_credit_left(before)
        if added:
            self.browse().union(*(each.move for each in added))._check_credit_put(added)

    def _recount_credit_left(self, before):
        """Note what has left of the orders that these moves have served or do.

        :param before: {move id: its :class:`Record`}
        """
        lines = self.env["sale.order.line"].sudo()  # see _credit_order
        for move in self.filtered(lambda move: move.state == "done"):
            lines |= before[move.id].line | move.sudo().sale_line_id
        lines._count_credit_left()

    def _check_credit_put(self, goods):
        """Check goods that are put on an order after they have left."""
        lines = self.sudo().sale_line_id  # see _credit_order
        self.env.add_to_compute(lines._fields["qty_delivered"], lines)
        if held := self._credit_checked()._check_credit_goods(goods, done=True):
            held.picking_id._raise_credit_hold()
        self._date_credit_shipments()

    # === REFUSAL === #

    @api.model
    def _refuse_credit_changes(self, lines, *groups):
        """Refuse to take goods off their order, unless credit control does.

        :param lines: {move: the order line that it was delivered for}
        :param groups: who may do so besides
        """
        kept = self._credit_kept(lines, CONTROLLER_GROUP, *groups)
        if not kept:
            return
        move, line = kept[0]
        raise AccessError(
            self.env._(
                "%(transfer)s delivers %(product)s of %(order)s: a delivery stays with "
                "its order. Take goods back by a return, cancel what shall not leave, "
                "or ask credit control to correct the record.",
                transfer=move.picking_id.name or move.reference or "",
                product=move.product_id.display_name,
                order=line.order_id.name,
            )
        )

    @api.model
    def _refuse_credit_dates(self, lines):
        """Refuse another day of shipment, unless credit control corrects it."""
        kept = self._credit_kept(lines, CREDIT_GROUP)
        if not kept:
            return
        move, _line = kept[0]
        raise AccessError(
            self.env._(
                "The day on which %(transfer)s left matters for its credit: only "
                "credit control corrects it, by the delivery note.",
                transfer=move.picking_id.name or move.reference or "",
            )
        )

    @api.model
    def _credit_kept(self, lines, *groups):
        """Return the (move, line) that who acts may not change.

        :param groups: whose members may
        """
        at_work = self.env["sale.order"]._is_employee_at_work()
        if not lines or not at_work or any(map(self.env.user.has_group, groups)):
            return []
        # sudo: whoever delivers need not read orders
        orders = self.env["sale.order"].sudo()
        kept = orders.union(*(line.order_id for line in lines.values()))._credit_kept()
        return [(move, line) for move, line in lines.items() if line.order_id in kept]
