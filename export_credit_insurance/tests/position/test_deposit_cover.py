from datetime import date

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 09:00:00")
class TestDepositCover(PositionCommon):
    """Only goods shipped are insured (DESIGN 4): a deposit waits for its order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 100000.0)
        cls.order = cls.make_order(cls.alfa, 100000.0)
        cls.deposit = cls.make_deposit(cls.order, 30000.0, "2026-09-01")

    @classmethod
    def make_deposit(cls, order, amount, day, post=True):
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = day
        if post:
            invoice.action_post()
        return invoice

    def goods(self, order=None):
        return (order or self.order).order_line.filtered(
            lambda line: not line.is_downpayment and not line.display_type
        )

    def ship(self, quantity, day, order=None):
        with freeze_time(f"{day} 09:00:00"):
            self.goods(order).qty_delivered = quantity

    def row(self, move=None, day="2026-10-01"):
        query = self.position._query(self.company, fields.Date.to_date(day), self.alfa)
        rows = {row["move_id"]: row for row in self.position._execute(query.cover(0))}
        return rows[(move or self.deposit).id]

    def covered(self, move=None, **options):
        row = self.row(move, **options)
        return row["exclusion_reason"], row["eligible_amount"], row["covered_amount"]

    def test_a_deposit_is_not_shipped(self):
        """30 000 are owed and nothing has left: nothing is covered, of 90 000 shipped
        on 20 September 90 000 × 90 % = 81 000 are. Not 27 000 and 70 000 × 90 %."""
        other = self.make_invoice(self.alfa, 90000.0, day="2026-09-20")
        self.assertEqual(self.covered(), ("not_shipped", 0.0, 0.0))
        self.assertEqual(self.covered(other), (None, 90000.0, 81000.0))
        # what is owed stays exposure: 30 000 + 90 000 + 70 000 of the order
        self.assertExposure(self.alfa, receivable=120000.0, ordered=70000.0)
        self.assertRecordValues(
            self.deposit,
            [
                {
                    "insurability": "not_insurable",
                    "insurability_reason": "not_shipped",
                    "insured_amount": 0.0,
                    "insured_shipment_date": False,
                    "cover_stop_date": False,
                    "overdue_notice_deadline": False,
                    "collection_deadline": False,
                }
            ],
        )

    def test_beside_a_single_transaction_policy(self):
        """Another order of 10 000 has a policy of its own: nothing else changes, and
        100 000 + 90 000 of receivables and orders use the general limit."""
        order = self.make_order(self.alfa, 10000.0)
        single = self.make_policy(
            name="SR-1",
            kind="single",
            insured_pct_named=95.0,
            order_ids=[Command.set(order.ids)],
        )
        self.make_limit(self.alfa, 10000.0, policy=single)
        other = self.make_invoice(self.alfa, 90000.0, day="2026-09-20")
        self.assertEqual(self.covered(), ("not_shipped", 0.0, 0.0))
        self.assertEqual(self.covered(other), (None, 90000.0, 81000.0))
        position = self.get_position(self.alfa)
        self.assertEqual(position.exposure_limit_currency, 190000.0)

    def test_no_security_serves_it_before(self):
        """A guarantee of 30 000 bears the 30 000 shipped on 20 September, although the
        deposit was invoiced before: nothing is left to insure of either."""
        self.env["credit.insurance.security"].create(
            {
                "name": "Guarantee",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": 30000.0,
                "is_general": True,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        ).action_activate()
        other = self.make_invoice(self.alfa, 30000.0, day="2026-09-20")
        self.assertEqual(self.covered(other)[1:], (0.0, 0.0))
        self.assertEqual(self.covered(), ("not_shipped", 0.0, 0.0))

    def test_it_counts_from_the_shipment_of_its_order(self):
        """Shipped in full on 25 September: 30 000 × 90 % = 27 000, after what was
        shipped on the 20th: 90 000, and 10 000 × 90 % of the limit are left."""
        self.ship(100000.0, "2026-09-25")
        self.assertEqual(self.covered(), (None, 30000.0, 27000.0))
        self.assertEqual(self.row()["shipment_date"], date(2026, 9, 25))
        self.assertEqual(self.deposit.insured_shipment_date, date(2026, 9, 25))
        other = self.make_invoice(self.alfa, 90000.0, day="2026-09-20")
        self.assertEqual(self.covered(other), (None, 90000.0, 81000.0))
        self.assertEqual(self.covered(), (None, 30000.0, 9000.0))
        # due on 1 October at once: 60 days later cover would stop
        self.assertTrue(self.deposit.overdue_notice_deadline)

    def test_a_part_of_the_order_leaves_the_deposit_unshipped(self):
        """400 of 1 000 have left: the deposit of 300 is for the 600 that have not, as
        in the exposure. The final invoice takes it off what it bills: from that day it
        has paid for goods that left."""
        pumps = self.make_delivered_product()
        order = self.make_order(self.alfa, 1000.0, product=pumps)
        deposit = self.make_deposit(order, 300.0, "2026-09-01")
        self.ship(400.0, "2026-09-20", order)
        self.assertEqual(self.covered(deposit), ("not_shipped", 0.0, 0.0))
        self.assertExposure(
            self.alfa, receivable=30300.0, delivered=400.0, ordered=70300.0
        )
        final = order._create_invoices(final=True)
        final.invoice_date = "2026-09-28"
        final.action_post()
        self.assertEqual(final.amount_total, 100.0)
        # 100 + 300 are the 400 that left
        self.assertEqual(self.covered(final), (None, 100.0, 90.0))
        self.assertEqual(self.covered(deposit), (None, 300.0, 270.0))
        self.assertEqual(self.row(deposit)["shipment_date"], date(2026, 9, 28))

    def test_goods_on_the_same_invoice(self):
        """With fewer goods than deposits it is a deposit, a cent of goods is not enough
        to insure it: 300 + 100. With more its day is that of the goods, as of any
        invoice: 300 + 350, × 90 % = 585."""
        for amount, expected in (
            (100.0, ("not_shipped", 0.0, 0.0)),
            (350.0, (None, 650.0, 585.0)),
        ):
            order = self.make_order(self.alfa, 1000.0)
            invoice = self.make_deposit(order, 300.0, "2026-09-10", post=False)
            goods = {"name": "Parts", "price_unit": amount}
            goods["tax_ids"] = [Command.clear()]
            invoice.invoice_line_ids = [Command.create(goods)]
            invoice.action_post()
            self.assertEqual(self.covered(invoice), expected)

    def test_somebody_says_when_it_left(self):
        """Corrected, the day counts, be it that of the invoice."""
        for day in (date(2026, 9, 1), date(2026, 9, 3)):
            self.deposit.insured_shipment_date = day
            self.assertEqual(self.row()["shipment_date"], day)
            self.assertEqual(self.covered(), (None, 30000.0, 27000.0))
        self.deposit.insured_shipment_date = False
        self.assertEqual(self.covered(), ("not_shipped", 0.0, 0.0))

    def test_an_unpaid_deposit_stops_nothing_and_has_no_deadline(self):
        """Due on 1 September, 60 days later cover would stop: an insured debt would.
        The position of the buyer says the same by both of its ways."""
        day = date(2026, 12, 15)
        insured = self.make_invoice(
            self.alfa, 1000.0, day="2026-12-01", due="2026-12-20"
        )
        query = self.position._query(self.company, day, self.alfa)
        clock = self.position._execute(query.clock())
        self.assertEqual([row["move_id"] for row in clock], insured.ids)
        self.assertFalse(self.position._execute(query.overdue_stops()))
        with freeze_time("2026-12-15 09:00:00"):
            found = self.get_position(self.alfa, day=day)
        self.assertFalse(found.stop_date)
        self.assertFalse(found.near_stop_date)
        # shipped it is a debt as any other, from its original due date on
        self.ship(100000.0, "2026-09-25")
        self.assertTrue(self.position._execute(query.overdue_stops()))

    def test_a_past_day(self):
        """On 20 September the goods that left on the 25th had not left."""
        self.ship(100000.0, "2026-09-25")
        covered = {}
        for day in (date(2026, 9, 20), date(2026, 9, 26)):
            query = self.position._query_as_of(
                self.company, day, SQL("%s::int[]", self.alfa.ids)
            )
            (row,) = self.position._execute(query.cover(0))
            covered[day.day] = row["exclusion_reason"], row["covered_amount"]
        self.assertEqual(covered, {20: ("not_shipped", 0.0), 26: (None, 27000.0)})
