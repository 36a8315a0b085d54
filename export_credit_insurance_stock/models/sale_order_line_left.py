from collections import Counter

from odoo import api, fields, models

from odoo.addons.export_credit_insurance.models.groups import CREDIT_GROUP

# What rounding may leave out of a quantity: a third of a dozen is 0.33.
MOST_ROUNDING = 0.1


class SaleOrderLine(models.Model):
    """What has left for the buyer although Odoo does not call it delivered.

    Odoo calls a kit delivered once all of its parts have left. With the last screw
    kept back nothing would be owed, and the order could be taken back, although the
    buyer has the rest. So a kit counts from its first part on, by the part of which the
    most has left: of 10 wagons with 20 wheels and 10 axles, 8 wheels and 1 axle are 4.
    Of parts of which more leaves than was ordered, that is worth its share of a kit.

    It rounds what each transfer takes to the decimals of the line's unit: of a pallet
    of 1000, four pieces are nothing, however often four leave.

    Nor does it count what replaces goods that came back without a refund. What came
    back with one, or never, cannot be replaced so: it is owed. And it takes goods that
    a supplier sent for goods of the buyer's that came back, if they are said to be so.
    """

    _inherit = "sale.order.line"

    credit_kit_parts = fields.Json(
        string="Parts of One Kit",
        copy=False,
        readonly=True,
        groups=CREDIT_GROUP,
        help="How much of each part one kit needed when its delivery was planned, "
        "whatever its bill of materials says by now.",
    )

    def _without_computed(self, vals, fixed=frozenset()):
        # EXTENDS 'export_credit_insurance': only the server knows what was planned
        return super()._without_computed(vals, fixed | {"credit_kit_parts"})

    def _count_credit_left(self):
        """Note how much of the lines has left of companies whose orders are checked."""
        checked = self.env["res.company"]._credit_check_modes()
        self.filtered(lambda line: line.company_id.id in checked)._note_credit_left()

    def _note_credit_left(self):
        """Note how much of these lines has left, where that is more than delivered.

        Of kits whatever Odoo says: it counts them anew by what they are made of today.
        """
        # sudo: whoever delivers need not read bills of materials, nor write orders
        for line in self.sudo():
            left = line._credit_kits_begun()
            if not left:
                left = line._credit_pieces_left()
                if line.product_uom_id.compare(left, line.qty_delivered) <= 0:
                    left = 0.0
            if line.product_uom_id.compare(line.credit_left_qty, left):
                line.credit_left_qty = left

    def _credit_pieces_left(self):
        """Return how much has left of a product that is no kit, in the line's unit."""
        unit = self.product_uom_id
        if not any(
            move.origin_returned_move_id or move.to_refund or move.product_uom != unit
            for move in self.move_ids
        ):
            return 0.0  # Odoo counts it
        left = self.product_id.uom_id._compute_quantity(
            self._credit_gone()[self.product_id], unit, round=False
        )
        rounded = unit.round(left)
        if rounded < left * (1 - MOST_ROUNDING):
            return unit.round(left, rounding_method="UP")
        return rounded

    def _credit_kits_begun(self, leaving=None):
        """Return how many kits have left by their parts, in the line's unit.

        :param leaving: {product: quantity in the product's unit} that leaves besides
        """
        self.ensure_one()
        needed = self._credit_kit_needs()
        if not needed:
            return 0.0
        gone = self._credit_gone()
        gone.update(leaving or {})
        convert = self.product_id.uom_id._compute_quantity
        kits = {
            part: max(
                convert(gone[part] / needed[part], self.product_uom_id, round=False), 0
            )
            for part in needed
        }
        begun = max(kits.values(), default=0.0)
        ordered = max(self.product_uom_qty, self.qty_delivered)
        if begun <= ordered:
            return begun
        beyond = sum(
            share * max(kits[part] - ordered, 0.0)
            for part, share in _shares_of_value(needed).items()
        )
        # an order that is lowered afterwards takes nothing back
        return max(ordered + beyond, min(self.credit_left_qty, begun))

    # === WHAT A KIT IS MADE OF === #

    def _note_credit_kits(self):
        """Note what the kits of these lines are made of, once their parts are planned.

        Whoever says later that a kit needs more of a part would have fewer kits leave.
        What is noted stays, unless all that was planned by it is cancelled; of a part
        that a later bill of materials brings along that one tells.
        """
        # sudo: see _note_credit_left
        for line in self.sudo():
            if bom := line._credit_kit_bom():
                parts = line._credit_parts_of_one(bom)
                line.credit_kit_parts = {
                    str(product.id): quantity for product, quantity in parts.items()
                }

    def _credit_kit_needs(self):
        """Return {product: how much one kit needs of it}, {} if it is no kit.

        Both in their products' own units; as it was noted, else as it is today.
        """
        self.ensure_one()
        bom = self._credit_kit_bom()
        needed = self._credit_parts_of_one(bom) if bom else Counter()
        noted = self.credit_kit_parts or {}
        products = self.env["product.product"]
        for product_id, quantity in noted.items():
            needed[products.browse(int(product_id))] = quantity
        return needed

    def _credit_kit_bom(self):
        """Return the bill of materials that the line's moves were made by, if any."""
        if "bom_line_id" not in self.move_ids._fields:
            return None
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        made_by = moves.bom_line_id.bom_id
        own = made_by.filtered(
            lambda bom: bom.type == "phantom"
            and bom.product_tmpl_id == self.product_id.product_tmpl_id
            and bom.product_id in (self.product_id, bom.product_id.browse())
        )
        if own or not made_by:
            return own[:1]
        # of kits within a kit the moves know the inner ones alone, as in sale_mrp
        found = made_by._bom_find(
            self.product_id, company_id=self.company_id.id, bom_type="phantom"
        )
        return found[self.product_id]

    def _credit_parts_of_one(self, bom):
        """Return {product: how much one kit needs of it}, in their own units."""
        ordered = self.product_uom_id._compute_quantity(
            self.product_uom_qty or 1.0, bom.product_uom_id, round=False
        )
        _boms, parts = bom.explode(self.product_id, ordered / bom.product_qty)
        one = self.product_id.uom_id._compute_quantity(
            1.0, bom.product_uom_id, round=False
        )
        needed = Counter()
        for part, data in parts:
            quantity = one * data["qty"] / data["original_qty"] / bom.product_qty
            needed[part.product_id] += part.product_uom_id._compute_quantity(
                quantity, part.product_id.uom_id, round=False
            )
        return Counter(
            {part: quantity for part, quantity in needed.items() if quantity > 0}
        )

    def _credit_gone(self):
        """Return {product: what has left less what came back}, in its own unit."""
        gone = Counter()
        # {return: what of it may be replaced still}
        to_replace = {}
        for move in self.move_ids.filtered(lambda move: move.state == "done"):
            quantity = move._credit_own_quantity()
            if move._leaves_for_customer():
                back = move.origin_returned_move_id
                if back and not move.to_refund:
                    rest = to_replace.setdefault(back, back._credit_to_replace(move))
                    replaced = min(quantity, rest)
                    to_replace[back] -= replaced
                    quantity -= replaced
                gone[move.product_id] += quantity
            elif move.to_refund and move._comes_from_customer():
                gone[move.product_id] -= quantity
        return gone


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'stock': parts of kits are planned
        moves = super().create(vals_list)
        if any("bom_line_id" in vals for vals in vals_list):
            moves._note_credit_kits()
        return moves

    def _note_credit_kits(self):
        """Note what the kits are made of whose parts are planned by these moves."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies or "bom_line_id" not in self._fields:
            return
        # sudo: whoever plans deliveries need not read orders
        lines = self.sudo().filtered("bom_line_id").sale_line_id
        lines.filtered(
            lambda line: line.company_id.id in checked_companies
            and not any(
                move.state != "cancel" and move.product_id != line.product_id
                for move in line.move_ids - self
            )
        )._note_credit_kits()

    def _credit_own_quantity(self):
        """Return what is done of a move, in its product's own unit, not rounded."""
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _comes_from_customer(self):
        """Whether the goods come back from where goods of orders go."""
        return self.location_id._is_outgoing()

    def _credit_to_replace(self, move):
        """Return how much another move may replace of what came back with this one."""
        is_alike = (self.product_id, self.sale_line_id) == (
            move.product_id,
            move.sale_line_id,
        )
        came_back = self.state == "done" and self._comes_from_customer()
        came_back = came_back and not self.to_refund
        return self._credit_own_quantity() if is_alike and came_back else 0.0


def _shares_of_value(needed):
    """Return {product: its share of a kit's value}, at sales prices.

    :param needed: {product: how much one kit needs of it}
    """
    worth = {part: max(part.lst_price, 0.0) * needed[part] for part in needed}
    total = sum(worth.values())
    return {part: worth[part] / total if total else 1 / len(needed) for part in needed}
