from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _credit_refunds(self):
        """Return what providers gave back of these, or of what was captured of them."""
        children = self.child_transaction_ids
        refunds = children.filtered(lambda child: child.operation == "refund")
        captured = children - refunds
        return refunds | captured._credit_refunds() if captured else refunds
