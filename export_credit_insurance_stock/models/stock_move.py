from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from .delivery import Delivery, Goods

# Where the transaction notes which moves may become done; no request can write there.
PASSING = "export_credit_insurance_stock.passing"


class StockMove(models.Model):
    """The gate: no goods leave for a customer that its check does not let go.

    The guarantee is the transition itself (DESIGN 4, *Enforcement*): whatever makes a
    move ``done`` writes its state. Before that, :meth:`_action_done` holds back what
    has nobody to refuse it to.
    """

    _inherit = "stock.move"

    # === WHAT LEAVES === #

    def _credit_order(self):
        """Return the order that a move delivers, as superuser."""
        move = self.sudo()  # whoever delivers need not read orders
        return move.sale_line_id.order_id or move.picking_id.sale_id

    def _leaves_for_customer(self):
        """Whether the goods go to a customer: by us, or by a supplier of ours.

        Steps within the warehouse, receipts and returns do not. Wherever they are
        said to come from, Odoo counts them as delivered.
        """
        return (
            self.location_dest_id._is_outgoing() and not self._is_dropshipped_returned()
        )

    def _credit_checked(self):
        """Return the moves that leave for a customer, of orders that are checked."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return self.browse()
        return self.filtered(
            lambda move: move._credit_order().company_id.id in checked_companies
            and move._leaves_for_customer()
        )

    def _credit_goods(self, planned=False, unpicked=False):
        """Return the :class:`Goods` that leave once these moves are done.

        :param planned: nobody picked anything yet: what is reserved, else what is
            demanded
        :param unpicked: what nobody picked leaves, too
        """
        goods = []
        for move in self:
            if move.state in ("done", "cancel"):
                continue
            unit = move.product_id.uom_id
            lines = move.move_line_ids
            if not planned and not unpicked:
                lines = lines.filtered("picked")
            quantity = sum(
                line.product_uom_id._compute_quantity(line.quantity, unit, round=False)
                for line in lines
            )
            if planned and not quantity:
                quantity = move.product_uom._compute_quantity(
                    move.product_uom_qty, unit, round=False
                )
            if unit.compare(quantity, 0.0) > 0:
                goods.append(Goods(move, quantity))
        return goods

    @api.model
    def _credit_deliveries(self, goods, done=False):
        """Return the :class:`Delivery` of each order and transfer among these goods.

        :param done: the orders count them as delivered already
        """
        groups = defaultdict(list)
        for each in goods:
            groups[each.move._credit_order(), each.move.picking_id].append(each)
        return [
            self._prepare_credit_delivery(order, picking, tuple(group), done)
            for (order, picking), group in groups.items()
        ]

    @api.model
    def _prepare_credit_delivery(self, order, picking, goods, done):
        """Return a :class:`Delivery`, valued at the prices of the order's lines.

        Goods that no line stands for are worth what Odoo would bill for them.
        """
        shares = defaultdict(lambda: defaultdict(float))
        unlisted = 0.0
        for move, quantity in goods:
            if line := move._credit_order_line(order):
                shares[line][move.product_id] += quantity
            else:
                unlisted += order._credit_value_of(move.product_id, quantity)
        quantities, value, excess = {}, unlisted, unlisted
        for line, products in shares.items():
            quantity = line._credit_leaving_quantity(products, done)
            price = line._credit_terms().price
            quantities[line.id] = quantity
            value += quantity * price
            excess += line._credit_excess(quantity, done) * price
        money = order.currency_id.round
        return Delivery(
            order=order,
            picking=picking,
            goods=goods,
            quantities=quantities,
            value=money(value),
            excess=money(excess),
            is_counted=done,
            unlisted=money(unlisted),
        )

    def _credit_value(self):
        """Return what these done moves of one order are worth, tax included."""
        shares = defaultdict(lambda: defaultdict(float))
        for move in self.sudo().filtered("sale_line_id"):  # see _credit_order
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            shares[move.sale_line_id][move.product_id] += quantity
        return sum(
            sum(line._credit_quantities(products)) * line._credit_terms().price
            for line, products in shares.items()
        )

    def _credit_order_line(self, order):
        """Return the line that a move delivers, as Odoo finds it once it is done."""
        line = self.sudo().sale_line_id
        if line:
            return line
        return order.order_line.filtered(
            lambda line: line.product_id == self.product_id
        )[:1]

    # === GATE === #

    def _action_done(self, cancel_backorder=False):
        # EXTENDS 'stock': hold back what has nobody to refuse it to
        if not self.env["res.company"]._credit_check_modes():
            return super()._action_done(cancel_backorder=cancel_backorder)
        ready = self - self._pass_credit_check()
        with ready._credit_passing():
            return super(StockMove, ready)._action_done(
                cancel_backorder=cancel_backorder
            )

    def write(self, vals):
        # EXTENDS 'stock': the last door, and the dates that follow from deliveries
        if not self.env["res.company"]._credit_check_modes():
            return super().write(vals)
        if vals.get("state") == "done":
            self._check_credit_passed()
        shipped = self._credit_redated(vals)
        recorded = self
        if vals.get("state") != "done":
            recorded = self.filtered(lambda move: move.state == "done")
        # sudo: whoever delivers need not read orders
        lines = recorded.sudo().sale_line_id
        before = lines._credit_taken_off()
        result = super().write(vals)
        shipped._date_credit_shipments()
        lines._check_credit_taken_back(before)
        return result

    @contextmanager
    def _credit_passing(self):
        """Let these moves become done: they were checked, or need not be."""
        passing = self.env.cr.cache.setdefault(PASSING, set())
        added = set(self.ids) - passing
        passing |= added
        try:
            yield
        finally:
            passing -= added

    def _is_credit_passing(self):
        return self.id in self.env.cr.cache.get(PASSING, ())

    def _pass_credit_check(self, unpicked=False):
        """Check what leaves with these moves.

        :param unpicked: what nobody picked leaves, too
        :return: the moves that stay where they are, on hold, because there is nobody
            to tell it to
        :raise RedirectWarning: for employees, with the way to ask for release
        """
        unchecked = self.filtered(lambda move: not move._is_credit_passing())
        unchecked._refuse_credit_elsewhere()
        unchecked._refuse_credit_unnamed()
        unchecked._refuse_credit_strayed_lines()
        checked = unchecked._credit_checked()
        checked._refuse_unconfirmed_credit()
        return checked._check_credit_goods(checked._credit_goods(unpicked=unpicked))

    def _refuse_unconfirmed_credit(self):
        """Refuse goods of orders that are not confirmed: their debt would not count.

        :raise UserError: for employees
        """
        orders = self.env["sale.order"].sudo()  # see _credit_order
        orders = orders.union(*(move._credit_order() for move in self))
        unconfirmed = orders.filtered(lambda order: order.state != "sale")
        if self._is_credit_background():
            return
        if unconfirmed := unconfirmed._credit_kept():
            raise UserError(
                self.env._(
                    "%(orders)s: these orders are not confirmed, their goods do not "
                    "leave. Have the salesperson confirm them first.",
                    orders=", ".join(unconfirmed.mapped("name")),
                )
            )

    def _check_credit_passed(self):
        """Refuse what becomes done without having passed :meth:`_action_done`.

        Like kits, whose parts Odoo only knows while it ships them. Here it is too late
        to hold anything back, and Odoo does not look any more at what was picked.
        """
        held = self._pass_credit_check(unpicked=True)
        if held:
            held.picking_id._raise_credit_hold()

    def _check_credit_goods(self, goods, done=False):
        """Check goods of these moves; hold the transfers of those that do not pass.

        :param goods: list of :class:`Goods`, what leaves
        :param done: the goods have left, the orders count them as delivered
        :return: the moves that are held
        """
        if done:
            # what is on no line of the order is not counted as delivered
            uncounted = [item for item in goods if not item.move.sudo().sale_line_id]
            goods = [item for item in goods if item not in uncounted]
            if uncounted and (held := self._check_credit_goods(uncounted)):
                return held
        deliveries = self._credit_deliveries(goods, done)
        if not deliveries:
            return self.browse()
        self._bump_credit_anchors(deliveries)
        checks = self.env["credit.insurance.check"]
        found = checks._assess_deliveries(deliveries, done)
        refused = [each for each in deliveries if not found[each.key].passes]
        if not refused:
            self.env["credit.insurance.hold"]._use_releases(deliveries, found)
            return self.browse()
        if not self._is_credit_background():
            self.env["stock.picking"]._refuse_credit_deliveries(deliveries, found)
        holds = self.env["credit.insurance.hold"]
        holds._hold_deliveries(refused, found)
        leaving = [each for each in deliveries if found[each.key].passes]
        holds._use_releases(leaving, found)
        pickings = self.env["stock.picking"].union(*(each.picking for each in refused))
        moves = [item.move for each in refused for item in each.goods]
        return self.filtered(lambda move: move in moves or move.picking_id in pickings)

    @api.model
    def _bump_credit_anchors(self, deliveries):
        """Write the buyers' anchors, before anything of their position is read."""
        debtors = self.env["res.partner"].sudo()
        debtors = debtors.union(*(each.order._credit_debtor() for each in deliveries))
        self.env["credit.insurance.anchor"]._bump(debtors)

    @api.model
    def _is_credit_background(self):
        """Whether there is no employee who could be told: crons, superuser flows."""
        return not self.env["sale.order"]._is_employee_at_work()

    # === SHIPMENT DATES === #

    def _credit_redated(self, vals):
        """Return the moves of orders whose day of shipment these values may change."""
        if vals.get("state") == "done":
            return self
        if "date" not in vals:
            return self.browse()
        return self.filtered(lambda move: move.state == "done")

    def _date_credit_shipments(self):
        """Date what these moves delivered or took back."""
        # sudo: whoever delivers need not read orders
        lines = self.sudo().sale_line_id
        lines._date_credit_shipments()
        lines._count_credit_left()
