from odoo import Command, fields
from odoo.http import Request
from odoo.tests import tagged

from .till_account_common import TillAccountCommon


@tagged("post_install", "-at_install")
class TestHostileTill(TillAccountCommon):
    """A cashier who bills and ships, too, has the till stand for what it did not sell.

    8 000 of 130 000 are free.
    """

    def bill(self, amount, **values):
        """A draft invoice without an order."""
        return (
            self.env["account.move"]
            .with_user(self.cashier)
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.buyer.id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    # === WHAT A SALE SAYS OF ITSELF === #

    def test_invoice_of_something_else(self):
        """1 000 sold for cash, and 45 000 billed as if that were it: 37 000 lack."""
        receipt = self.sell(1, method=self.cash)
        invoice = self.bill(45000.0)
        receipt.with_user(self.cashier).account_move = invoice
        self.assertFalse(receipt.account_move)
        invoice.action_post()
        self.assertRecordValues(
            self.listed("invoice"),
            [
                {
                    "invoice_id": invoice.id,
                    "undelivered_amount": 45000.0,
                    "missing_amount": 37000.0,
                    "main_code": "over_limit",
                }
            ],
        )

    def test_invoice_that_names_a_sale(self):
        receipt = self.sell(1, method=self.cash)
        self.bill(45000.0, pos_order_ids=[Command.link(receipt.id)]).action_post()
        self.assertEqual(self.listed("invoice").undelivered_amount, 45000.0)

    def test_sale_on_account_with_another_invoice(self):
        """8 000 on account, that an invoice of 1 shall have billed."""
        receipt = self.sell(8)
        receipt.with_user(self.cashier).account_move = self.bill(1.0)
        self.assertUsedUp()

    def test_automation_rules_changed_meanwhile(self):
        """Odoo takes all off that was put on ``create`` and ``write``."""
        self.env["base.automation"]._update_registry()
        self.test_sale_on_account_with_another_invoice()
        unnamed = self.env["pos.payment.method"].create({"name": "On Account"})
        till = self.env["pos.config"].create({"name": "Other"})
        till.payment_method_ids = unnamed
        self.assertFalse(unnamed.split_transactions)
        till.open_ui()
        self.assertTrue(unnamed.split_transactions)

    def test_sale_on_account_said_to_be_booked(self):
        """The session is open: nothing is in the books."""
        receipt = self.sell(8)
        receipt.with_user(self.cashier).state = "done"
        self.assertUsedUp()

    def test_session_said_to_be_closed(self):
        """It has no entry: nothing is in the books."""
        receipt = self.sell(8)
        receipt.with_user(self.cashier).state = "done"
        self.till_session.with_user(self.cashier).state = "closed"
        self.assertUsedUp()

    def test_sale_sent_with_another_invoice(self):
        """10 000 of 8 000, as a till's script sends it."""
        receipt = self.sell(10, account_move=self.bill(1.0).id)
        self.assertFalse(receipt.account_move)
        self.assertListed(receipt, 10000.0, missing=2000.0)
        self.assertEqual(self.position().headroom_limit_currency, -2000.0)

    def test_sale_never_completed_that_is_said_to_be_paid(self):
        """10 000 on account, as a draft that the cashier's script makes a sale of."""
        receipt = self.sell(10, state="draft")
        receipt.with_user(self.cashier).state = "paid"
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_draft_that_is_moved_to_a_closed_session(self):
        other = self.env["pos.config"].create({"name": "Other Till"})
        other.open_ui()
        closed = other.current_session_id
        closed.state = "closed"
        receipt = self.sell(10, state="draft")
        receipt.with_user(self.cashier).write(
            {"session_id": closed.id, "state": "paid"}
        )
        self.assertEqual(receipt.session_id, self.till_session)
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_billed_together(self):
        """11 000 billed of two sales that came to 1 each: 10 998 are told once."""
        receipts = self.cash_up_all(
            self.receipt(
                self.pos_line(
                    self.product, 1, price, price_subtotal=1.0, price_subtotal_incl=1.0
                ),
                self.cash,
                uuid=f"together-{price}",
            )
            for price in (5000.0, 6000.0)
        )
        receipts.with_user(self.cashier)._generate_pos_order_invoice()
        self.assertEqual(receipts.account_move.amount_total, 11000.0)
        lines = self.lines_of(*receipts)
        self.assertEqual(lines.mapped("undelivered_amount"), [10998.0])
        self.assertEqual(lines.mapped("missing_amount"), [2998.0])

    def test_sale_made_by_a_script(self):
        """10 000 on account, which no till has sent."""
        receipts = self.env["pos.order"].with_user(self.cashier)
        line = self.pos_line(self.product, 10, 1000.0)
        receipt = receipts.create(self.receipt(line, self.account))
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_sale_never_completed_that_is_billed(self):
        """10 000 on account, said to be a draft, and billed in the back office."""
        receipt = self.sell(10, state="draft")
        self.assertEqual(receipt.state, "draft")
        self.assertFalse(self.lines_of(receipt))
        receipt.with_user(self.cashier).action_pos_order_invoice()
        self.assertEqual(receipt.account_move.amount_residual_signed, 10000.0)
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_sale_at_a_negative_price(self):
        """-45 000 on account, which Odoo bills as 45 000 that are owed."""
        line = self.pos_line(self.product, 45, -1000.0)
        receipt = self.cash_up(line, method=self.account, to_invoice=True)
        self.assertEqual(receipt.account_move.amount_residual_signed, 45000.0)
        self.assertListed(receipt, 45000.0, missing=37000.0)

    def test_sale_at_a_negative_price_that_gives_cash(self):
        """20 000 are given in cash, and 5 000 billed: 25 000 are owed, 17 000 lack."""
        line = self.pos_line(self.product, 5, -1000.0)
        receipt = self.cash_up(
            line,
            to_invoice=True,
            payment_ids=[
                Command.create({"amount": amount, "payment_method_id": method.id})
                for method, amount in ((self.cash, -20000.0), (self.account, 15000.0))
            ],
        )
        self.assertEqual(self.position().receivable, 25000.0)
        self.assertListed(receipt, 25000.0, missing=17000.0)

    def test_sale_of_a_closed_session(self):
        """It stays where it was sold: a closed session books nothing any more."""
        other = self.env["pos.config"].create({"name": "Other Till"})
        other.open_ui()
        closed = other.current_session_id
        closed.state = "closed"
        receipt = self.sell(8)
        receipt.with_user(self.cashier).session_id = closed
        self.assertEqual(receipt.session_id, self.till_session)
        self.assertUsedUp()

    def test_invoice_of_the_till_beyond_what_was_paid(self):
        """45 pieces at 1 000, which come to 1 as the till's script says: 1 is paid."""
        line = self.pos_line(
            self.product, 45, 1000.0, price_subtotal=1.0, price_subtotal_incl=1.0
        )
        receipt = self.cash_up(line, to_invoice=True)
        self.assertEqual(receipt.account_move.amount_residual, 44999.0)
        # 44 999 - 8 000: the 1 is paid
        self.assertListed(receipt, 44999.0, missing=36999.0)

    def test_billed_by_the_customer_to_somebody_else(self):
        """8 000 on ALFA's account; the receipt's link, opened by a private person."""
        receipt = self.sell(8)
        zoe = self.env["res.partner"].create(
            {"name": "Zoe", "email": "zoe@example.com", "street": "Rua 1"}
        )
        self.make_user("doors-zoe", "base.group_portal", partner_id=zoe.id)
        self.authenticate("doors-zoe", "doors-zoe")
        page = self.url_open(
            f"/pos/ticket/validate?access_token={receipt.access_token}"
        )
        self.env.invalidate_all()
        self.assertNotIn("credit_insurance", page.text)
        self.assertEqual(receipt.partner_id, self.buyer)
        self.assertEqual(receipt.account_move.partner_id, self.buyer)
        self.assertUsedUp()

    def test_buyer_moved_with_its_receipt(self):
        """Whoever has the receipt says whom to bill: where the buyer is stays."""
        receipt = self.sell(8)
        home = self.company.country_id
        self.authenticate(None, None)
        page = self.url_open(
            f"/pos/ticket/validate?access_token={receipt.access_token}",
            {
                "csrf_token": Request.csrf_token(self),
                "name": self.buyer.name,
                "email": "office@alfa.example.com",
                "phone": "+55 11 5555 5555",
                "street": "1 Street",
                "city": "Town",
                "zip": "94105",
                "country_id": home.id,
                "state_id": home.state_ids[:1].id,
            },
        )
        self.env.invalidate_all()
        self.assertEqual(page.status_code, 200)
        self.assertIn("country is not allowed once document(s)", page.text)
        self.assertEqual(self.buyer.country_id.code, "BR")
        self.assertFalse(receipt.account_move)

    def test_billed_by_the_customer(self):
        """What was paid at once is billed to whoever has the receipt, as in Odoo."""
        receipt = self.sell(8, method=self.cash)
        zoe = self.env["res.partner"].create({"name": "Zoe", "street": "Rua 1"})
        self.make_user("doors-zoe", "base.group_portal", partner_id=zoe.id)
        self.authenticate("doors-zoe", "doors-zoe")
        self.url_open(f"/pos/ticket/validate?access_token={receipt.access_token}")
        self.env.invalidate_all()
        self.assertEqual(receipt.account_move.partner_id, zoe)
        self.assertEqual(receipt.account_move.amount_residual, 0.0)

    # === WHAT IT SAYS OF AN ORDER === #

    def settle_for_nothing(self):
        """20 pieces of an order of 20 000, at a cent each: 20 000 more are free."""
        line = self.order.order_line[0]
        receipt = self.cash_up(
            self.pos_line(
                line.product_id,
                20,
                0.01,
                sale_order_line_id=line.id,
                sale_order_origin_id=self.order.id,
            )
        )
        self.assertEqual(self.position().headroom_limit_currency, 28000.0)
        sold = self.make_quotation(28)
        sold.with_user(self.seller).action_confirm()
        self.assertEqual(sold.state, "sale")
        return receipt

    def assertLookedThrough(self):
        """142 000 + 8 000 of 130 000: what was confirmed is to be reviewed."""
        self.assertEqual(self.position().headroom_limit_currency, -20000.0)
        self.env.cr.precommit.run()
        reviews = self.env["credit.insurance.review"].search([("cause", "=", "undone")])
        self.assertIn(self.buyer, reviews.partner_ids)

    def test_order_settled_for_nothing_and_given_back(self):
        receipt = self.settle_for_nothing()
        line = receipt.lines
        given_back = self.pos_line(
            line.product_id,
            -20,
            0.01,
            refunded_orderline_id=line.id,
            sale_order_line_id=line.sale_order_line_id.id,
            sale_order_origin_id=self.order.id,
        )
        # Odoo answers with what is refunded, too
        self.cash_up_all([self.receipt(given_back, self.cash)])
        self.assertLookedThrough()

    def test_order_settled_for_nothing_and_taken_off(self):
        receipt = self.settle_for_nothing()
        receipt.lines.with_user(self.cashier).sale_order_line_id = False
        self.assertLookedThrough()

    def test_order_settled_for_nothing_and_lowered(self):
        receipt = self.settle_for_nothing()
        receipt.lines.with_user(self.cashier).qty = 0
        self.assertLookedThrough()

    def test_invoice_of_the_till(self):
        """10 000 on account, billed by the till: it tells of itself, once."""
        receipt = self.sell(10, to_invoice=True)
        self.assertEqual(receipt.account_move.state, "posted")
        self.assertListed(receipt, 10000.0, missing=2000.0)
        self.assertFalse(self.listed("invoice"))
