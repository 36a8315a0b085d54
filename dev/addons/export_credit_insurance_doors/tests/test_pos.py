from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .checked_common import ALFA
from .growth_common import GrowthCommon


class TillCommon(HttpCase, GrowthCommon):
    """A till of the company's, with a cashier who sells and one who only cashes up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.available_in_pos = True
        cls.cashier = cls.make_user(
            "doors-kim",
            "point_of_sale.group_pos_user,sales_team.group_sale_salesman_all_leads,"
            "stock.group_stock_user,account.group_account_invoice",
            name="Kim",
        )
        cls.till = cls.env["pos.config"].create({"name": "Till"})
        cls.cash = cls.env["pos.payment.method"].create(
            {
                "name": "Cash at the till",
                "journal_id": cls.env["account.journal"]
                .create({"name": "Till", "type": "cash", "code": "TILL"})
                .id,
            }
        )
        cls.till.payment_method_ids = cls.cash
        cls.till.down_payment_product_id = cls.env.ref(
            "pos_sale.default_downpayment_product"
        )
        cls.till.open_ui()
        cls.till_session = cls.till.current_session_id

    def pos_line(self, product, quantity, price, **values):
        amount = quantity * price
        return Command.create(
            {
                "discount": 0,
                "pack_lot_ids": [],
                "price_unit": price,
                "product_id": product.id,
                "price_subtotal": amount,
                "price_subtotal_incl": amount,
                "qty": quantity,
                "tax_ids": [],
                **values,
            }
        )

    def settle(self, order, quantity):
        """The till's line for so many of the order's goods."""
        line = order.order_line[0]
        return self.pos_line(
            line.product_id,
            quantity,
            line.price_unit,
            sale_order_line_id=line.id,
            sale_order_origin_id=order.id,
        )

    def deposit(self, order, amount):
        """The till's line for a part of what the order will cost."""
        return self.pos_line(
            self.till.down_payment_product_id,
            1,
            amount,
            sale_order_origin_id=order.id,
        )

    def cash_up(self, line, user="doors-kim"):
        """What the till sends to the server; return the till's order."""
        amount = line[2]["price_subtotal_incl"]
        self.authenticate(user, user)
        receipt = {
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "partner_id": self.buyer.id,
            "lines": [line],
            "session_id": self.till_session.id,
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": fields.Datetime.to_string(fields.Datetime.now()),
                        "payment_method_id": self.cash.id,
                    }
                )
            ],
            "uuid": f"till-{self.id()}-{amount}",
            "state": "paid",
            "to_invoice": False,
        }
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/pos.order/sync_from_ui",
            {
                "model": "pos.order",
                "method": "sync_from_ui",
                "args": [[receipt]],
                "kwargs": {},
            },
        )
        self.env.invalidate_all()
        return self.env["pos.order"].browse(answer["pos.order"][0]["id"])


@tagged("post_install", "-at_install")
class TestTill(TillCommon):
    """Quotations that are settled at the till.

    20 000 are ordered, 8 000 are free: of a quotation of 45 000 there are 37 000 too
    much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fits = cls.make_quotation(8)
        cls.waits = cls.make_quotation(45)

    def test_deposit_on_what_fits_confirms_it(self):
        receipt = self.cash_up(self.deposit(self.fits, 1000.0))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(self.fits.state, "sale")

    def test_deposit_on_what_does_not_fit_is_taken(self):
        """It is counted once it is invoiced: till then 45 000 - 8 000 are missing."""
        receipt = self.cash_up(self.deposit(self.waits, 1000.0))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(receipt.amount_paid, 1000.0)
        self.assertWaits(self.waits, missing=37000.0)
        self.assertTold(self.waits)

    def test_paid_at_the_till_it_passes(self):
        receipt = self.cash_up(self.settle(self.waits, 45))
        self.assertEqual(receipt.state, "paid")
        self.assertEqual(self.waits.state, "sale")
        self.assertFalse(self.hold_of(self.waits))

    def test_paid_in_part_the_rest_waits(self):
        # 45 000 - 36 000 - 8 000
        receipt = self.cash_up(self.settle(self.waits, 36))
        self.assertEqual(receipt.state, "paid")
        self.assertWaits(self.waits, missing=1000.0)

    def test_cashier_of_the_warehouse(self):
        """Who may not sell: Odoo lets them read what they hand out."""
        user = self.make_user(
            "doors-tim",
            "base.group_user,point_of_sale.group_pos_user,stock.group_stock_user",
        )
        self.assertFalse(user.has_group("sales_team.group_sale_salesman"))
        receipt = self.cash_up(self.settle(self.waits, 36), user="doors-tim")
        self.assertEqual(receipt.state, "paid")
        self.assertWaits(self.waits, missing=1000.0)

    def test_released_it_is_confirmed(self):
        self.cash_up(self.deposit(self.waits, 1000.0))
        with self.mock_mail_gateway():
            self.release(self.waits)
        self.assertEqual(self.waits.state, "sale")
        self.assertFalse(self.mails_to(ALFA))

    def test_sent_again_nothing_happens_twice(self):
        line = self.deposit(self.waits, 1000.0)
        receipt = self.cash_up(line)
        self.assertEqual(self.cash_up(line), receipt)
        self.assertWaits(self.waits, missing=37000.0)
        self.assertTold(self.waits)


@tagged("post_install", "-at_install")
class TestTillGrowth(TillCommon):
    """What the till adds to a confirmed order of 20 000, of which 28 000 were free."""

    def test_more_than_ordered_is_sold_and_held(self):
        """30 of 20 are taken home: paid at the till, they use no credit."""
        receipt = self.cash_up(self.settle(self.order, 30))
        self.assertEqual(receipt.state, "paid")
        self.assertFalse(self.growth())
