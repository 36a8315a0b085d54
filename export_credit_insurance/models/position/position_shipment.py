from odoo.tools import SQL


class PositionShipment:
    """When the goods of an invoice left, and whether they have.

    The day that somebody entered, else that of the last delivery of what is billed,
    else that of the invoice (DESIGN 4, *Covered*).
    """

    def shipped_on(self, move="move"):
        """When the goods of an invoice left."""
        return SQL(
            "COALESCE(%s, %s)", self.known_shipment(move), self.invoiced_on(move)
        )

    def known_shipment(self, move="move"):
        """The same, as somebody or the inventory says."""
        return SQL(
            "%(move)s.credit_shipment_date, %(move)s.credit_delivery_date",
            move=SQL.identifier(move),
        )

    def invoiced_on(self, move="move"):
        """When it was invoiced."""
        return SQL("%(move)s.invoice_date, %(move)s.date", move=SQL.identifier(move))

    def is_unshipped(self, day=None, move="move"):
        """Whether an invoice asks a deposit for what has not left."""
        return SQL("FALSE")

    def deposit_join(self, move="move"):
        """What to join for :meth:`shipped_on` and :meth:`is_unshipped`."""
        return SQL()
