from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        # EXTENDS 'sale': an order that waits for credit control is not confirmed, its
        # customer is thanked for the payment only
        confirmed = super()._check_amount_and_confirm_order()
        return confirmed.filtered(lambda order: order.state == "sale")

    def _credit_money(self):
        """Return what came in with this transaction and was not given back.

        What was authorised is captured or voided by transactions of their own, and
        given back by others (of negative amount), which no order names. The state of
        the first one says "done" then, even where most of it was voided.
        """
        self.ensure_one()
        children = self.child_transaction_ids
        refunds = children.filtered(lambda child: child.operation == "refund")
        split = (children - refunds).filtered(
            lambda child: child.state in ("done", "cancel")
        )
        amount = sum(child._credit_money() for child in split)
        if not split and self.state == "done":
            amount = self.amount
        return amount + sum(refund._credit_money() for refund in refunds)
