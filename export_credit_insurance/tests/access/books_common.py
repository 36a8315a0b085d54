from odoo.tools import mute_logger

from ..http_common import HttpCommon


class BooksCommon(HttpCommon):
    """A clerk who bills and sells tries, over JSON-2, to have debts count for less.

    102 000 of 130 000 are ordered already, and a quotation of 45 000 does not fit. The
    clerk may write invoices and entries: what these say of themselves and Odoo only
    computes makes no room.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.make_user(
            "http-clerk",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        cls.key = cls.make_key(cls.clerk)
        cls.quotation = cls.make_order(45000.0, name="ROOM")
        cls.order = cls.env["sale.order"].search(
            [("partner_id", "=", cls.buyer.id), ("state", "=", "sale")]
        )
        cls.product.invoice_policy = "order"

    def call(self, model, method, ids=(), **arguments):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            return self.json2(self.key, model, method, ids, **arguments)

    def say(self, record, **vals):
        return self.call(record._name, "write", record.ids, vals=vals)

    def assertNoRoom(self, answer=None):
        self.assertGreaterEqual(self.exposure(), 102000.0, answer)
        status, _answer = self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertGreaterEqual(status, 400)
        self.assertEqual(self.quotation.state, "draft")

    def posted(self):
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def assertLookedThrough(self, exposure=147000.0):
        """102 000 + 45 000 of 130 000: what was confirmed is to be reviewed."""
        self.assertEqual(self.exposure(), exposure)
        reviews = self.env["credit.insurance.review"].search([("cause", "=", "undone")])
        self.assertIn(self.buyer, reviews.partner_ids)
