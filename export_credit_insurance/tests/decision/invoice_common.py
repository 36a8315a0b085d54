from odoo import Command
from odoo.tests import new_test_user

from ..common import TODAY
from .common import DecisionCommon


class InvoiceCommon(DecisionCommon):
    """A sale that begins with its invoice: posted, but credit control sees it.

    ALFA has 28 000 left of 130 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.controller
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.clerk = new_test_user(
            cls.env,
            "credit-ines",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
            name="Ines",
            **company,
        )

    def invoice(self, amount, partner=None, **values):
        """An invoice of the clerk's own, posted by the clerk."""
        invoice = self.make_invoice(
            partner or self.alfa, amount, day=TODAY, post=False, **values
        ).with_user(self.clerk)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        return invoice

    def listed(self):
        return self.env["credit.insurance.review.line"].search(
            [("stage", "=", "invoice")]
        )

    def bill(self, order, **changes):
        """Invoice an order, with these changes of its line; posted by the clerk."""
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        line = invoice.invoice_line_ids
        header = changes.pop("header", {})
        if changes:
            invoice.invoice_line_ids = [Command.update(line.id, changes)]
        if header:
            invoice.write(header)
        invoice.action_post()
        return invoice

    def ordered(self, amount):
        self.product.invoice_policy = "order"
        order = self.make_quotation(amount)
        order.action_confirm()
        return order
