from collections import Counter

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.export_credit_insurance.models.decision.background_flow import (
    background_flow,
    in_background,
)
from odoo.addons.export_credit_insurance.models.decision.wrapped_method import (
    wrap,
)

TILL = "point_of_sale"
# What a ticket is once it is sold: before, nobody owes it, and it may be cancelled.
SOLD_STATES = ("paid", "done")


class StockMove(models.Model):
    """Goods that leave for a customer although nobody has ordered them."""

    _inherit = "stock.move"

    def write(self, vals):
        # EXTENDS 'stock': once they have left
        if (
            vals.get("state") != "done"
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        leaving = self.filtered(lambda move: move.state != "done")
        result = super().write(vals)
        if unordered := leaving._credit_unordered():
            self.env["credit.insurance.review"]._notice_unordered(unordered)
        return result

    def _credit_unordered(self):
        """Return the moves to customers that no order, and no till, stands for."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        return self.filtered(
            lambda move: move.company_id.id in checked_companies
            and move.location_dest_id.usage == "customer"  # not another company of ours
            and move._leaves_for_customer()
            and (not move._credit_order() or move._is_credit_unbilled())
            and not move._credit_sold_at_till()
        )

    def _check_credit_unordered(self):
        """Look at goods without an order that are recorded once they have left.

        As at what leaves. Their transfer is listed with all that it took: what is added
        little by little is no sample.

        :raise UserError: see :meth:`_refuse_credit_unnamed`
        """
        unordered = self._credit_unordered()
        if not unordered:
            return
        unordered._refuse_credit_unnamed(done=True)
        left = (unordered.picking_id.move_ids | unordered).filtered(
            lambda move: move.state == "done"
        )
        self.env["credit.insurance.review"]._notice_unordered(left._credit_unordered())

    def _refuse_credit_unnamed(self, done=False):
        """Have whoever ships without an order say who gets the goods.

        What leaves without an order is listed under its buyer; where nobody is named
        there is none, and any goods could go unseen. The till tells of its own sales.

        :param done: the goods have left, and are recorded now
        :raise UserError: for employees, naming the transfer
        """
        modes = self.env["res.company"]._credit_check_modes()
        if not modes or self._is_credit_background():
            return
        unnamed = self._credit_unordered().filtered(
            lambda move: not modes[move.company_id.id].observation
            and move.state != "cancel"
            and (done or move.state != "done")
            and not move._credit_document().partner_id
        )
        if not unnamed:
            return
        move = unnamed[0]
        figures = {
            "transfer": move.picking_id.name
            or move.reference
            or move.product_id.display_name,
            "location": move.location_dest_id.display_name,
        }
        if move.location_id.usage == "supplier":
            raise UserError(
                self.env._(
                    "%(transfer)s has a supplier send goods to %(location)s, and names "
                    "nobody who gets them. Cancel the purchase, and make another one "
                    "with the customer as its dropship address.",
                    **figures,
                )
            )
        raise UserError(
            self.env._(
                "%(transfer)s takes goods to %(location)s, and names nobody who gets "
                "them. Fill in the customer as its delivery address. What is used up, "
                "lost or on show goes to another location, not to a customer's.",
                **figures,
            )
        )

    def _is_credit_unbilled(self):
        """Whether no line of its order stands for a move, and Odoo will bill nothing.

        Where products are billed as ordered, the line that it adds has no price.
        """
        return (
            not self._credit_order_line(self._credit_order())
            and self.product_id.invoice_policy != "delivery"
        )

    def _credit_sold_at_till(self):
        """Whether the point of sale sold it: it tells of its own sales.

        It links its transfers once their goods have left, but those shipped later.
        """
        if background_flow(self.env) == TILL:
            return True
        # sudo: whoever ships need not read the till's orders
        move = self.sudo()
        if "pos_order_id" not in move.picking_id._fields:
            return False
        receipt = move.picking_id.pos_order_id
        return bool(receipt) and move._credit_is_of_receipt(receipt)

    def _credit_is_of_receipt(self, receipt):
        """Whether a sale at the till stands for all that left of a product with it.

        For its customer, and no more than was sold, by itself or as parts of kits.
        """
        buyers = self.picking_id.partner_id | receipt.partner_id
        if (
            receipt.state not in SOLD_STATES
            or len(buyers.commercial_partner_id) > 1
            or (buyers and not receipt.partner_id)
        ):
            return False
        left = sum(
            move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            for move in (receipt.picking_ids | self.picking_id).move_ids
            if move.product_id == self.product_id
            and move.state != "cancel"
            and move._leaves_for_customer()
        )
        sold = _sold_pieces(receipt)[self.product_id]
        return self.product_id.uom_id.compare(left, sold) <= 0

    def _credit_document(self):
        """Return the transfer of a move, or a move where that says for whom it is.

        A transfer from a supplier names the supplier. Of several moves for the same
        receiver the first one stands for all.
        """
        picking = self.picking_id
        if picking.partner_id and self.location_id.usage != "supplier":
            return picking
        alike = picking.move_ids.filtered(
            lambda move: move.partner_id == self.partner_id
        )
        return alike[:1] or self

    def _prepare_credit_fact(self):
        """Return how a review names a move that says itself for whom it is."""
        return {
            "receipt_ref": self.reference or self.display_name,
            "picking_id": self.picking_id.id,
            "sold_by": self.env["sale.order"]._acting_employee().id,
        }

    def _credit_sales_value(self, company):
        """Return what these done moves are worth, without taxes.

        At sales prices, or at cost where that is more: parts that are not sold have no
        price. That of a product that companies share is in the main company's currency.

        :return: in the company's currency
        """
        day = company._credit_today()
        value = 0.0
        for move in self:
            product = move.product_id.with_company(company)
            quantity = move.product_uom._compute_quantity(
                move.quantity, product.uom_id, round=False
            )
            price = product.currency_id._convert(
                product.lst_price, company.currency_id, company, day, round=False
            )
            # sudo: whoever ships need not read what goods cost
            value += quantity * max(price, product.sudo().standard_price)
        return company.currency_id.round(value)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _register_hook(self):
        # EXTENDS 'base': the point of sale may be installed or not
        super()._register_hook()
        if "pos.order" in self.env:
            pickings = self.env.registry["stock.picking"]
            wrap(pickings, "_create_picking_from_pos_order_lines", _at_the_till)

    def _prepare_credit_fact(self):
        """Return how a review names this transfer."""
        return {
            "receipt_ref": self.name,
            "picking_id": self.id,
            "sold_by": self.env["sale.order"]._acting_employee().id,
        }


def _sold_pieces(receipt):
    """Return {product: how much of it was sold}, in its own unit.

    Kits leave by their parts.
    """
    sold = Counter()
    for line in receipt.lines:
        sold[line.product_id] += line.qty
    if "bom_ids" not in receipt.lines.product_id._fields:
        return sold
    kits = receipt.env["mrp.bom"]._bom_find(
        receipt.lines.product_id, company_id=receipt.company_id.id, bom_type="phantom"
    )
    for kit, bom in kits.items():
        quantity = kit.uom_id._compute_quantity(
            sold[kit], bom.product_uom_id, round=False
        )
        _boms, parts = bom.explode(kit, quantity / bom.product_qty)
        for part, data in parts:
            sold[part.product_id] += part.product_uom_id._compute_quantity(
                data["qty"], part.product_id.uom_id, round=False
            )
    return sold


def _at_the_till(method):
    """Say of the transfers that the point of sale makes where they come from."""

    def _create_picking_from_pos_order_lines(self, *args, **kwargs):
        made = method(in_background(self, TILL), *args, **kwargs)
        return made.with_env(self.env)

    return _create_picking_from_pos_order_lines
