from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .checked_common import CheckedCommon


@tagged("post_install", "-at_install")
class TestOrderFile(CheckedCommon):
    """Orders that come as a file (UBL): a quotation like any other. 28 000 are free."""

    def import_file(self, quantity, **context):
        """Sam drops the file of an order of so many thousands on the list of orders."""
        sent = self.make_quotation(quantity)
        content = self.env["sale.edi.xml.ubl_bis3"]._export_order(sent)
        before = self.env["sale.order"].search([])
        file = (
            self.env["ir.attachment"]
            .with_user(self.seller)
            .create({"name": "order.xml", "raw": content})
        )
        orders = self.env["sale.order"].with_user(self.seller).with_context(**context)
        orders.create_document_from_attachment(file.ids)
        self.env.invalidate_all()
        return self.env["sale.order"].search([]) - before

    def test_it_is_a_quotation(self):
        order = self.import_file(45)
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "partner_id": self.buyer.id,
                    "amount_total": 45000.0,
                }
            ],
        )
        with self.assertRaises(RedirectWarning):
            order.with_user(self.seller).action_confirm()

    def test_a_request_that_says_it_is_confirmed(self):
        """By the defaults of the context: refused for want of credit, like any other.

        28 000 of 130 000 are left for 45 000, so 17 000 are missing.
        """
        before = self.env["sale.order"].search([("state", "=", "sale")])
        with self.assertRaises(UserError) as refusal:
            self.import_file(45, default_state="sale")
        self.assertIn(
            "exceeds it by $\N{NO-BREAK SPACE}17,000.00", refusal.exception.args[0]
        )
        self.assertEqual(
            self.env["sale.order"].search([("state", "=", "sale")]), before
        )
