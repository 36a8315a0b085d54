"""Random calls of who keeps the books and sells, and may not decide on credit."""

from odoo import Command

from .fuzz import Fuzzer

BILLS = ("out_invoice", "out_refund", "out_receipt")


class ClerkFuzzer(Fuzzer):
    """Besides all that others do: invoices of orders and without, credited, undone."""

    def invoice(self, *states):
        """One of the invoices and credit notes, one of those just made first."""
        invoices = self.world.invoices().filtered(lambda move: move.state in states)
        if invoices and self.random.random() < 0.5:
            invoices = invoices[:3]
        return self.random.choice(invoices) if invoices else invoices

    def invoice_line_values(self):
        pick = self.random.choice
        values = {
            "product_id": pick(self.world.products).id,
            "quantity": pick((1, 1, 5, 28, 60, -1, -20)),
            "price_unit": pick((0.01, 100, 1000, 1000, 5000, -1000)),
            "discount": pick((0, 0, 0, 50, 100)),
            "tax_ids": [Command.clear()],
        }
        if (line := self.line("sale")) and self.random.random() < 0.2:
            values["sale_line_ids"] = [Command.link(line.id)]
        return values

    def invoice_values(self):
        pick, world = self.random.choice, self.world
        values = {}
        for name, choices in {
            "partner_id": world.partners.ids,
            "invoice_date": (self.day()[:10], False),
            "invoice_date_due": (self.day()[:10], False),
            "invoice_payment_term_id": (*world.terms.ids, False),
            "currency_id": (world.dollars.currency_id.id,),
            "move_type": BILLS,
            "state": ("posted", "draft", "cancel"),
            "auto_post": ("at_date", "no"),
            "amount_total": (1.0,),
            "invoice_line_ids": ([Command.create(self.invoice_line_values())],),
            "line_ids": ([Command.clear()],),
            "reversed_entry_id": (False, *self.world.invoices()[:2].ids),
            "payment_state": ("paid",),
        }.items():
            if self.random.random() < 0.15:
                values[name] = pick(choices)
        return values

    # === THE BOOKS === #

    def do_invoice_without_an_order(self):
        pick = self.random.choice
        values = {
            "move_type": pick(("out_invoice", "out_invoice", "out_receipt")),
            "partner_id": pick(self.world.partners).id,
            "invoice_date": str(self.world.today),
            "invoice_line_ids": [Command.create(self.invoice_line_values())],
            **(self.invoice_values() if self.random.random() < 0.3 else {}),
        }
        made = self.call(self.world.clerk, "account.move", "create", (), [values])
        if made:
            self.call(self.world.clerk, "account.move", "action_post", made)

    def do_post(self):
        if invoice := self.invoice("draft"):
            self.call(self.world.clerk, "account.move", "action_post", invoice.ids)

    do_post_again = do_post_once_more = do_post

    def do_bill_and_post(self):
        self.do_bill()
        self.do_post()

    def do_write_invoice(self):
        invoice = self.invoice("draft", "draft", "posted")
        if invoice and (values := self.invoice_values()):
            self.call(self.world.clerk, "account.move", "write", invoice.ids, values)

    def do_write_invoice_line(self):
        if not (invoice := self.invoice("draft", "posted")):
            return
        if lines := invoice.invoice_line_ids:
            command = Command.update(
                self.random.choice(lines).id, self.invoice_line_values()
            )
            values = {"invoice_line_ids": [command]}
            self.call(self.world.clerk, "account.move", "write", invoice.ids, values)

    def do_undo_invoice(self):
        method = self.random.choice(("button_draft", "button_cancel", "copy", "unlink"))
        if invoice := self.invoice("draft", "posted", "cancel"):
            self.call(self.world.clerk, "account.move", method, invoice.ids)

    def do_credit(self):
        """The dialogue of Odoo's, which may make a new invoice as well."""
        if not (invoice := self.invoice("posted")):
            return
        values = {"move_ids": [Command.set(invoice.ids)], "reason": "Fuzz"}
        values["journal_id"] = invoice.journal_id.id
        model = "account.move.reversal"
        wizard = self.call(self.world.clerk, model, "create", (), [values])
        if wizard:
            method = self.random.choice(("refund_moves", "modify_moves"))
            self.call(self.world.clerk, model, method, wizard)
            self.do_post()

    def do_link_to_an_order(self):
        """An item of an invoice is said to be of an order."""
        if (invoice := self.invoice("draft", "posted")) and (line := self.line("sale")):
            if items := invoice.invoice_line_ids:
                values = {"sale_line_ids": [Command.link(line.id)]}
                item = self.random.choice(items)
                self.call(
                    self.world.clerk, "account.move.line", "write", item.ids, values
                )

    # === WHO DECIDES === #

    def do_review(self):
        """Somebody ticks off what is listed: it was seen."""
        if lines := self.world.listed().filtered("is_open"):
            line = self.random.choice(lines).with_user(self.world.manager)
            self.attempt("review", line.action_reviewed)
