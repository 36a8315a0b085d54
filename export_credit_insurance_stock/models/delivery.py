"""What the check of a delivery works on: plain values, no model."""

import dataclasses
from typing import Any, NamedTuple

from odoo.addons.export_credit_insurance.models.decision.check.credit_finding import (
    Assessment,
    OrderCase,
)


class Goods(NamedTuple):
    """A quantity of one product that leaves for a customer.

    :param move: the stock move; of a done one that shall be enlarged, too
    :param quantity: in the product's own unit
    """

    move: Any
    quantity: float


class Delivery(NamedTuple):
    """What leaves of one order with one transfer, in one go.

    :param order: the order, as superuser
    :param picking: the transfer; empty for moves without one
    :param goods: its :class:`Goods`
    :param quantities: {order line id: quantity in the line's unit}
    :param value: of all of it, in the order's currency, tax included
    :param excess: the part of it that nobody ordered
    :param is_counted: whether the order counts it as delivered already
    :param unlisted: the part of it that no line of the order stands for
    """

    order: Any
    picking: Any
    goods: tuple
    quantities: dict
    value: float
    excess: float
    is_counted: bool
    unlisted: float

    @property
    def key(self):
        return self.order.id, self.picking.id

    @property
    def addresses(self):
        """Where the goods go, whatever the order says.

        A supplier who ships them for us is who such a transfer names; where they go
        to, it reads in the purchase.
        """
        # sudo: whoever delivers need not read every address
        moves = self.picking.sudo().move_ids.union(*(item.move for item in self.goods))
        found = moves.partner_id
        if self.picking.picking_type_code != "dropship":
            found |= self.picking.sudo().partner_id
        if "purchase_line_id" in moves._fields:
            found |= moves.purchase_line_id.order_id.dest_address_id
        return found

    @property
    def name(self):
        """Name the transfer and the order."""
        names = [self.picking.name, self.order.name]
        return names[1] if not names[0] else "{} ({})".format(*names)


@dataclasses.dataclass(frozen=True)
class DeliveryCase(OrderCase):
    """A delivery in place of its order, see ``credit.insurance.check``.

    ``added`` is what the buyer owes for these goods once they have left, ``available``
    what of its credit the goods that have left already leave. ``spent`` is what the
    deliveries before it, in the same call, use up of their releases: {hold id: amount}.
    """

    delivery: Any = None
    spent: Any = ()


@dataclasses.dataclass(frozen=True)
class DeliveryAssessment(Assessment):
    """What the check says of a delivery; ``stops`` are holds of its whole order."""

    stops: Any = ()

    @property
    def passes(self):
        return not self.stops and super().passes
