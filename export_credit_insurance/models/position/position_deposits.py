from odoo.tools import SQL

from ..ledger.deposit_invoice import IS_DEPOSIT, deposit_select
from .position_shipment import PositionShipment


class PositionDeposits(PositionShipment):
    """Invoices of deposits: owed at once, insured once what they are for has left.

    DESIGN 4: eligible counts only goods shipped; an unpaid deposit invoice is a
    receivable.
    """

    def deposit_probe(self):
        """Whether deposits were ever asked of the buyers."""
        return SQL(
            "SELECT FROM sale_order_line sol JOIN sale_order so ON so.id = sol.order_id"
            " WHERE %s AND %s",
            IS_DEPOSIT,
            self.in_scope("so.partner_invoice_id"),
        )

    def deposit_ctes(self):
        """The invoices of deposits, and when what they are for left."""
        if not self.present.deposits:
            return {}
        condition = SQL(
            "move.company_id = ANY(%s) AND %s",
            self.company_ids,
            self.in_scope("so.partner_invoice_id"),
        )
        return {"deposit_invoice": SQL("(%s)", deposit_select(condition))}

    def deposit_join(self, move="move"):
        # OVERRIDES PositionShipment
        if not self.present.deposits:
            return SQL()
        return SQL(
            "LEFT JOIN deposit_invoice ON deposit_invoice.move_id = %s.id",
            SQL.identifier(move),
        )

    def shipped_on(self, move="move"):
        # EXTENDS PositionShipment: a deposit goes with its order, not with its invoice
        if not self.present.deposits:
            return super().shipped_on(move)
        return SQL(
            "COALESCE(%(known)s, deposit_invoice.shipped_on, %(invoiced)s)",
            known=self.known_shipment(move),
            invoiced=self.invoiced_on(move),
        )

    def is_unshipped(self, day=None, move="move"):
        # EXTENDS PositionShipment: by a day, that of the query if it is None
        if not self.present.deposits:
            return SQL("FALSE")
        return SQL(
            "(deposit_invoice.move_id IS NOT NULL"
            " AND COALESCE(%s, deposit_invoice.shipped_on, 'infinity') > %s)",
            self.known_shipment(move),
            day or self.day,
        )
