"""What of an order line is open: quantities, and their share of its price."""

from odoo.tools import SQL

from .position_adjustments import IS_RETURN


def counted_delivery(gone, is_as_ordered):
    """What is delivered, of some lines no more than was ordered.

    What takes something off an order is billed as it was ordered, whatever comes back:
    the rest of it gives nobody a credit.

    :param is_as_ordered: whether a line is such a one
    """
    return SQL(
        "(CASE WHEN NOT (%(is_as_ordered)s) THEN %(gone)s"
        " WHEN sol.product_uom_qty < 0 THEN GREATEST(%(gone)s, sol.product_uom_qty)"
        " ELSE LEAST(%(gone)s, sol.product_uom_qty) END)",
        is_as_ordered=is_as_ordered,
        gone=SQL("COALESCE(%s, 0)", gone),
    )


def delivered_quantity(gone, invoiced, signed):
    """The quantity delivered and not invoiced, NULL for none."""
    amounts = {"gone": gone, "invoiced": invoiced}
    return _beyond("COALESCE(%(gone)s, 0)", "%(invoiced)s", amounts, signed)


def ordered_quantity(gone, invoiced, signed):
    """The quantity ordered that is neither delivered nor invoiced, NULL for none."""
    amounts = {"gone": gone, "invoiced": invoiced}
    settled = "{most}(COALESCE(%(gone)s, 0), %(invoiced)s)"
    return _beyond("sol.product_uom_qty", settled, amounts, signed)


def _beyond(quantity, other, amounts, signed):
    """What a quantity has beyond another one.

    Of returns, ordered in negative quantities, everything is the other way round (see
    :data:`IS_RETURN`). NULL is much cheaper to recognise than 0, and most lines have
    nothing here.
    """

    def difference(most):
        formula = f"NULLIF({most}({quantity} - {other}, 0), 0)"
        used = {name: sql for name, sql in amounts.items() if f"%({name})s" in formula}
        return SQL(formula.format(most=most), **used)

    if not signed:
        return difference("GREATEST")
    return SQL(
        "CASE WHEN %s THEN %s ELSE %s END",
        SQL(IS_RETURN, gone=amounts["gone"]),
        difference("LEAST"),
        difference("GREATEST"),
    )


def rest_of(price):
    """What is ordered and not delivered: with the delivered part, the open whole."""
    return SQL(
        "CASE WHEN ordered_quantity IS NULL OR delivered_quantity IS NULL THEN %s"
        " ELSE %s - %s END",
        part_of("ordered_quantity", price),
        part_of("(ordered_quantity + delivered_quantity)", price),
        part_of("delivered_quantity", price),
    )


def part_of(quantity, price):
    """A quantity's share of a line's price; dividing is dear, so only where needed."""
    return SQL(
        "CASE WHEN %(quantity)s IS NULL THEN NULL"
        " WHEN %(quantity)s = wanted THEN %(price)s"
        " WHEN wanted <> 0 THEN round(%(quantity)s * %(price)s / wanted, digits)"
        " ELSE round(%(quantity)s * price_unit"
        " * (1 - COALESCE(discount, 0) / 100), digits) END",
        quantity=SQL(quantity),
        price=SQL(price),
    )
