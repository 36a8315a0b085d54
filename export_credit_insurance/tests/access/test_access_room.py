from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestAccessRoom(HttpCommon):
    """A salesperson with an API key tries to make room for a quotation of 45 000.

    102 000 of 130 000 are ordered already, in an order of the salesperson's own. None
    of these calls is refused for the quotation's sake, so what counts is the end: the
    exposure has not gone down, and the quotation does not pass.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_user("http-room", "sales_team.group_sale_salesman")
        cls.key = cls.make_key(cls.seller)
        cls.quotation = cls.make_order(45000.0, user_id=cls.seller.id, name="ROOM")
        cls.order = cls.env["sale.order"].search(
            [("partner_id", "=", cls.buyer.id), ("state", "=", "sale")]
        )
        cls.order.user_id = cls.seller

    def call(self, model, method, ids=(), **arguments):
        return self.json2(self.key, model, method, ids, **arguments)

    def assertNoRoom(self, *calls):
        """Make these calls one after the other; none of them makes any room."""
        before = self.exposure()
        self.assertEqual(before, 102000.0)
        for number, (model, method, ids, arguments) in enumerate(calls):
            with self.subTest(number=number, model=model, method=method):
                with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
                    _status, answer = self.call(model, method, ids, **arguments)
                self.assertGreaterEqual(self.exposure(), before, answer)
                status, _answer = self.call(
                    "sale.order", "action_confirm", self.quotation.ids
                )
                self.assertGreaterEqual(status, 400)
                self.assertEqual(self.quotation.state, "draft")

    def written(self, record, **vals):
        return record._name, "write", record.ids, {"vals": vals}

    def test_what_an_order_says_of_itself(self):
        line = self.order.order_line
        self.assertNoRoom(
            self.written(self.order, invoice_status="invoiced"),
            self.written(self.order, invoice_status="no"),
            self.written(self.order, locked=True),
            ("sale.order", "action_lock", self.order.ids, {}),
            ("sale.order", "action_unlock", self.order.ids, {}),
            self.written(line, invoice_status="invoiced"),
            self.written(line, qty_invoiced=1.0),
            self.written(line, qty_to_invoice=0.0),
            self.written(line, qty_delivered=1.0),
            self.written(line, qty_delivered=0.0),
            self.written(line, qty_delivered_method="analytic"),
            self.written(line, untaxed_amount_to_invoice=0.0),
            self.written(self.order, amount_paid=102000.0),
            self.written(self.order, transaction_ids=[(6, 0, [])]),
            self.written(self.order, prepayment_percent=0.0, require_payment=True),
        )

    def test_web_save(self):
        """The web client's own call, with all that it may send along."""
        line = self.quotation.order_line
        for vals in (
            {"state": "sale"},
            {"state": "sale", "locked": True},
            {"state": "sale", "credit_remainder_closed": True},
            {"state": "sale", "order_line": [[1, line.id, {}]]},
        ):
            self.assertNoRoom(
                (
                    "sale.order",
                    "web_save",
                    self.quotation.ids,
                    {"vals": vals, "specification": {"state": {}}},
                )
            )

    def test_invoices_by_the_wizard(self):
        """Drafts of deposits and of all of it count; without them the order does."""
        for values in (
            {"advance_payment_method": "percentage", "amount": 100.0},
            {"advance_payment_method": "fixed", "fixed_amount": 102000.0},
            {"advance_payment_method": "delivered"},
        ):
            context = {"active_model": "sale.order", "active_ids": self.order.ids}
            status, wizard = self.call(
                "sale.advance.payment.inv",
                "create",
                vals_list=[{**values, "sale_order_ids": self.order.ids}],
                context=context,
            )
            self.assertEqual(status, 200, wizard)
            self.assertNoRoom(
                (
                    "sale.advance.payment.inv",
                    "create_invoices",
                    wizard,
                    {"context": context},
                )
            )
            invoices = self.order.invoice_ids
            if invoices:
                self.assertNoRoom(
                    ("account.move", "write", invoices.ids, {"vals": {"ref": "x"}}),
                    ("account.move", "button_cancel", invoices.ids, {}),
                    ("account.move", "unlink", invoices.ids, {}),
                )

    def test_papers_of_the_books(self):
        """Who sells posts nothing: neither invoices nor money nor entries."""
        receivable = self.env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company.id)], limit=1
        )
        credit = {
            "account_id": receivable.id,
            "partner_id": self.buyer.id,
            "credit": 45000.0,
        }
        self.assertNoRoom(
            (
                "account.move",
                "create",
                (),
                {
                    "vals_list": [
                        {
                            "move_type": "out_refund",
                            "partner_id": self.buyer.id,
                            "state": "posted",
                            "invoice_line_ids": [
                                Command.create(
                                    {
                                        "product_id": self.product.id,
                                        "price_unit": 45000.0,
                                    }
                                )
                            ],
                        }
                    ]
                },
            ),
            (
                "account.move",
                "create",
                (),
                {
                    "vals_list": [
                        {
                            "move_type": "entry",
                            "journal_id": journal.id,
                            "line_ids": [Command.create(credit)],
                        }
                    ]
                },
            ),
            ("account.move.line", "create", (), {"vals_list": [credit]}),
            (
                "account.payment",
                "create",
                (),
                {
                    "vals_list": [
                        {"partner_id": self.buyer.id, "amount": 45000.0},
                    ]
                },
            ),
            (
                "payment.transaction",
                "create",
                (),
                {
                    "vals_list": [
                        {
                            "partner_id": self.buyer.id,
                            "amount": 45000.0,
                            "state": "done",
                            "sale_order_ids": [(6, 0, self.quotation.ids)],
                        }
                    ]
                },
            ),
        )

    def test_what_was_delivered_is_not_cancelled(self):
        """By no wizard: goods are with the buyer."""
        self.order.order_line.qty_delivered = 1.0
        status, wizard = self.call(
            "sale.mass.cancel.orders",
            "create",
            vals_list=[{"sale_order_ids": self.order.ids}],
            context={"active_ids": self.order.ids},
        )
        self.assertEqual(status, 200, wizard)
        self.assertNoRoom(
            ("sale.mass.cancel.orders", "action_mass_cancel", wizard, {}),
            ("sale.order", "action_cancel", self.order.ids, {}),
            ("sale.order", "action_draft", self.order.ids, {}),
            ("sale.order", "unlink", self.order.ids, {}),
            ("sale.order.line", "unlink", self.order.order_line.ids, {}),
            self.written(self.order, state="cancel"),
            self.written(
                self.order.order_line, product_uom_qty=0.0, price_unit=102000.0
            ),
        )
        self.assertEqual(self.order.state, "sale")

    def test_discounts_that_come_and_go(self):
        """What a discount frees is taken once it is removed."""
        line = {
            "order_id": self.order.id,
            "product_id": self.product.copy({"invoice_policy": "order"}).id,
            "name": "Discount",
            "product_uom_qty": 1.0,
            "price_unit": -17000.0,
            "tax_ids": [Command.clear()],
        }
        self.env.flush_all()
        status, answer = self.call("sale.order.line", "create", vals_list=[line])
        self.assertEqual(status, 200, answer)
        status, answer = self.call("sale.order", "action_confirm", self.quotation.ids)
        # 102 000 - 17 000 + 45 000 = 130 000: it fits by now, and fairly so
        self.assertEqual(status, 200, answer)
        discount = self.order.order_line.filtered(lambda line: line.price_unit < 0)
        for method, arguments in (
            ("unlink", {}),
            ("write", {"vals": {"product_uom_qty": 0.0}}),
            ("write", {"vals": {"price_unit": 0.0}}),
        ):
            status, _answer = self.call(
                "sale.order.line", method, discount.ids, **arguments
            )
            self.assertGreaterEqual(status, 400, method)
        self.env.invalidate_all()
        self.assertEqual(self.order.amount_total, 85000.0)

    def test_dates_and_validity(self):
        later = fields.Date.to_string(fields.Date.add(self.today, years=3))
        self.assertNoRoom(
            self.written(self.quotation, validity_date=later),
            self.written(self.quotation, date_order=f"{later} 00:00:00"),
            self.written(self.quotation, note="prepaid", client_order_ref="PAID"),
        )
