from odoo import models


class SaleOrder(models.Model):
    """Who owes an order, what it comes to, and the money received for it."""

    _inherit = "sale.order"

    def _credit_debtor(self):
        """Return the buyers whose credit the orders use: the invoiced entities."""
        # sudo: the salesperson may not read every partner that is invoiced
        return self.sudo().partner_invoice_id.commercial_partner_id

    def _credit_total(self):
        """Return the total, with what is delivered beyond it, in its own currency."""
        return self.amount_total + self.order_line._credit_delivered_more()

    def _credit_payers(self):
        """Return who may pay for these orders: who owes them, or ordered."""
        # sudo: the salesperson may not read every partner
        return self._credit_debtor() | self.sudo().partner_id.commercial_partner_id

    def _credit_received(self):
        """Return the money received for one order, see :meth:`_credit_receipts`."""
        self.ensure_one()
        return self._credit_receipts()[self]

    def _credit_receipts(self):
        """Return the money received for the orders, {order: in its own currency}.

        What is authorised only is no money yet, what was given back or matched with
        other debts none any more. In the books money is the payer's, who may use it for
        other orders: what somebody else pays lowers no debt of this buyer.
        """
        received = dict.fromkeys(self, 0.0)
        # sudo: payment transactions are read by accountants only
        paid = self.filtered(lambda order: order.sudo().transaction_ids)
        if not paid:
            return received
        engine = self.env["credit.insurance.position"]
        amounts = engine._get_order_money(paid._origin)
        for order in paid:
            parties = order._credit_debtor()._origin.id, order.currency_id.id
            amount = amounts.get((order._origin.id, *parties), 0.0)
            received[order] = amount - order._credit_refunded() if amount else 0.0
        return received
