from odoo import api, models
from odoo.tools import str2bool

# What is paid, by whom and for what: providers say so, and Odoo books it. Clerks may
# write transactions, and an order that is paid for adds nothing to the exposure.
SAID_BY_PROVIDERS = {
    "amount",
    "child_transaction_ids",
    "company_id",
    "currency_id",
    "invoice_ids",
    "is_post_processed",
    "last_state_change",
    "operation",
    "partner_id",
    "payment_id",
    "provider_id",
    "sale_order_ids",
    "source_transaction_id",
    "state",
}
# What a transaction is that somebody makes by hand: nothing has come in.
MADE_BY_HAND = {
    "child_transaction_ids": [],
    "invoice_ids": [],
    "is_post_processed": False,
    "payment_id": False,
    "sale_order_ids": [],
    "source_transaction_id": False,
    "state": "draft",
}


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'payment': defaults of the context or the database say nothing either
        if not self._credit_trusted():
            vals_list = [{**vals, **MADE_BY_HAND} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'payment'
        if not self._credit_trusted():
            vals = {
                name: value
                for name, value in vals.items()
                if name not in SAID_BY_PROVIDERS
            }
        return super().write(vals)

    def _credit_trusted(self):
        """Whether the server acts, as for every provider, or nothing is checked."""
        return self.env.su or not self.env["res.company"]._credit_check_modes()

    def _post_process(self):
        # EXTENDS 'sale', 'account_payment': an employee has it done again by a button,
        # which books what the provider said
        if self._credit_trusted():
            return super()._post_process()
        self.check_access("write")
        # sudo: only the server says what is booked
        return super(PaymentTransaction, self.sudo())._post_process()

    def _check_amount_and_confirm_order(self):
        # EXTENDS 'sale': an order that waits for credit control is not confirmed, its
        # customer is thanked for the payment only
        confirmed = super()._check_amount_and_confirm_order()
        return confirmed.filtered(lambda order: order.state == "sale")

    def _credit_invoice_released(self):
        """Invoice what was paid while its order waited, as the payment would have.

        Where Odoo invoices by itself what is paid online.
        """
        # sudo: a parameter of the server, which nobody else reads
        parameters = self.env["ir.config_parameter"].sudo()
        if not str2bool(parameters.get_param("sale.automatic_invoice", "False")):
            return
        paid = self.filtered(
            lambda transaction: transaction.state == "done"
            and transaction.is_post_processed
        ).sorted("id")
        if not paid or paid.invoice_ids:
            return
        last = paid[-1]
        last._invoice_sale_orders()  # for all that was paid
        invoices = last.invoice_ids
        invoices.filtered(lambda invoice: invoice.state == "draft").action_post()
        payments = (paid | paid.child_transaction_ids).payment_id
        (payments.move_id.line_ids | invoices.line_ids).filtered(
            lambda line: line.account_id in payments.destination_account_id
            and not line.reconciled
        ).reconcile()
        last._send_invoice()
