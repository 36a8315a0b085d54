from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestShipmentDates(DeliveryCommon):
    """An invoice was shipped with the last delivery of what it bills (DOMAIN 1.5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_clock("2026-08-31")
        cls.make_limit(cls.alfa, 100000.0)

    @classmethod
    def set_clock(cls, day, hour="10:00:00"):
        """Freeze the clock until the next call, or the end of the class."""
        if clock := getattr(cls, "clock", None):
            clock.stop()
        else:
            cls.addClassCleanup(lambda: cls.clock.stop())
        cls.clock = freeze_time(f"{day} {hour}")
        cls.clock.start()

    def setUp(self):
        super().setUp()
        self.set_clock("2026-09-01")

    def deliver(self, order, quantity, day, hour="10:00:00"):
        self.set_clock(day, hour)
        picking = order.picking_ids.filtered(lambda each: each.state != "done")
        self.ship(picking, quantity=quantity)
        return picking

    def bill(self, order, day, quantity=None):
        invoice = order._create_invoices()
        if quantity:
            invoice.invoice_line_ids.quantity = quantity
        invoice.invoice_date = day
        invoice.action_post()
        return invoice

    def assertShipped(self, invoice, day):
        self.assertEqual(
            invoice.insured_shipment_date, date.fromisoformat(day), invoice.name
        )

    def test_last_delivery_of_what_is_billed(self):
        """Not the order's first one, which Odoo copies to each of its invoices."""
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        first = self.bill(order, "2026-09-02")
        self.deliver(order, 6.0, "2026-09-15")
        second = self.bill(order, "2026-09-16")
        self.assertShipped(first, "2026-09-01")
        self.assertShipped(second, "2026-09-15")
        self.assertEqual(second.delivery_date, date(2026, 9, 1))
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 9, 15))

    def test_several_deliveries_on_one_invoice(self):
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        self.deliver(order, 6.0, "2026-09-15")
        self.assertShipped(self.bill(order, "2026-09-20"), "2026-09-15")

    def test_billed_as_ordered_before_it_leaves(self):
        """Each delivery dates the invoice anew; before the first it has its own day."""
        product = self.make_goods("Pumps", invoice_policy="order")
        order = self.make_sold(10.0, product=product)
        invoice = self.bill(order, "2026-09-01")
        self.assertShipped(invoice, "2026-09-01")
        self.deliver(order, 4.0, "2026-09-05")
        self.assertShipped(invoice, "2026-09-05")
        self.deliver(order, 6.0, "2026-09-12")
        self.assertShipped(invoice, "2026-09-12")

    def test_two_invoices_before_anything_leaves(self):
        """First delivered, first billed: 4 of 10 are the first invoice's."""
        product = self.make_goods("Pumps", invoice_policy="order")
        order = self.make_sold(10.0, product=product)
        first = self.bill(order, "2026-09-01", quantity=4.0)
        second = self.bill(order, "2026-09-02")
        self.assertEqual(second.invoice_line_ids.quantity, 6.0)
        self.deliver(order, 4.0, "2026-09-05")
        self.assertShipped(first, "2026-09-05")
        self.assertShipped(second, "2026-09-02")
        self.deliver(order, 6.0, "2026-09-12")
        self.assertShipped(first, "2026-09-05")
        self.assertShipped(second, "2026-09-12")

    def test_returns_are_left_out(self):
        order = self.make_sold(10.0)
        first = self.deliver(order, 4.0, "2026-09-01")
        self.deliver(order, 6.0, "2026-09-15")
        self.give_back(first, 4.0)
        # the 6 units of the 15th are billed; the return of that day moves nothing
        invoice = self.bill(order, "2026-09-20")
        self.assertEqual(invoice.amount_total, 6.0)
        self.assertShipped(invoice, "2026-09-15")
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 9, 15))

    def test_last_delivery_returned(self):
        """What was shipped on the 15th came back: only the 1st counts."""
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        second = self.deliver(order, 6.0, "2026-09-15")
        invoice = self.bill(order, "2026-09-20")
        self.assertShipped(invoice, "2026-09-15")
        self.give_back(second, 6.0)
        self.assertShipped(invoice, "2026-09-01")

    def test_correction_by_hand_stays(self):
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        invoice = self.bill(order, "2026-09-02")
        invoice.insured_shipment_date = "2026-08-30"
        self.deliver(order, 6.0, "2026-09-15")
        self.assertShipped(invoice, "2026-08-30")
        invoice.insured_shipment_date = "2026-09-01"
        self.assertFalse(invoice.credit_shipment_date)
        self.assertShipped(invoice, "2026-09-01")

    def test_nobody_writes_the_delivery_date(self):
        invoice = self.make_invoice(self.alfa, 10.0)
        with self.assertRaises(AccessError):
            invoice.credit_delivery_date = "2026-08-01"

    def test_day_in_the_companys_time_zone(self):
        """23:30 in Paris is 21:30 UTC; 00:30 of the next day is 22:30 UTC."""
        self.company.partner_id.tz = "Europe/Paris"
        self.env.registry.clear_cache()
        order = self.make_sold(10.0)
        self.deliver(order, 10.0, "2026-09-10", "22:30:00")
        self.assertShipped(self.bill(order, "2026-09-20"), "2026-09-11")

    def test_transfer_dated_back(self):
        order = self.make_sold(10.0)
        picking = self.deliver(order, 10.0, "2026-09-10")
        invoice = self.bill(order, "2026-09-20")
        picking.date_done = "2026-09-08 12:00:00"
        self.assertShipped(invoice, "2026-09-08")
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 9, 8))

    def test_cancelled_invoice_leaves_its_goods_to_the_next(self):
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        first = self.bill(order, "2026-09-02")
        self.deliver(order, 6.0, "2026-09-15")
        first.button_draft()
        first.button_cancel()
        second = self.bill(order, "2026-09-16", quantity=4.0)
        self.assertShipped(second, "2026-09-01")

    def test_reversed_and_billed_anew(self):
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        first = self.bill(order, "2026-09-02")
        self.set_clock("2026-09-03")
        first._reverse_moves([{"invoice_date": date(2026, 9, 3)}], cancel=True)
        self.deliver(order, 6.0, "2026-09-15")
        second = self.bill(order, "2026-09-16", quantity=4.0)
        self.assertShipped(second, "2026-09-01")

    def test_other_unit_of_measure(self):
        """Sold by the dozen, shipped by the piece: 12 pieces are the first dozen."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_sold(2.0, confirm=False)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        order.picking_ids.action_assign()
        self.deliver(order, 12.0, "2026-09-01")
        first = self.bill(order, "2026-09-02")
        self.deliver(order, 12.0, "2026-09-15")
        second = self.bill(order, "2026-09-16")
        self.assertEqual(first.invoice_line_ids.quantity, 1.0)
        self.assertShipped(first, "2026-09-01")
        self.assertShipped(second, "2026-09-15")

    def test_delivered_not_invoiced_in_the_engine(self):
        order = self.make_sold(10.0)
        self.deliver(order, 4.0, "2026-09-01")
        self.deliver(order, 3.0, "2026-09-15")
        (row,) = self.get_cover(self.alfa, "2026-09-20")
        self.assertEqual(row["order_id"], order.id)
        self.assertEqual(row["shipment_date"], date(2026, 9, 15))

    def test_limit_of_the_day_of_shipment_decides(self):
        """Shipped before the limit ended: insured, though invoiced after."""
        limit = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        order = self.make_sold(1000.0)
        self.deliver(order, 1000.0, "2026-09-09")
        self.set_clock("2026-09-10")
        limit._write({"date_to": date(2026, 9, 10)})
        invoice = self.bill(order, "2026-09-12")
        self.assertShipped(invoice, "2026-09-09")
        (row,) = self.get_cover(self.alfa, "2026-09-20")
        self.assertEqual(float(row["covered_amount"]), 900.0)  # 90 %
        invoice.insured_shipment_date = "2026-09-12"
        (row,) = self.get_cover(self.alfa, "2026-09-20")
        self.assertEqual(float(row["covered_amount"]), 0.0)

    def test_lists_sort_and_filter_by_it(self):
        order = self.make_sold(10.0)
        self.deliver(order, 10.0, "2026-09-01")
        late = self.bill(order, "2026-09-20")
        early = self.make_invoice(self.alfa, 10.0, day="2026-09-10")
        found = self.env["account.move"].search(
            [("id", "in", (late + early).ids)], order="insured_shipment_date"
        )
        self.assertEqual(found, late + early)

    def test_checks_that_begin_date_what_is_open(self):
        """Nothing is dated while nothing is checked; then all at once."""
        self.policy.action_close()
        order, paid = self.make_sold(10.0), self.make_sold(10.0)
        self.deliver(order + paid, 10.0, "2026-09-01")
        self.set_clock("2026-09-02")
        invoice, settled = self.bill(order, "2026-09-05"), self.bill(paid, "2026-09-05")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=settled.ids
        ).create({})._create_payments()
        self.assertFalse(invoice.credit_delivery_date)
        self.company.credit_check_enabled = True
        self.assertEqual(invoice.credit_delivery_date, date(2026, 9, 1))
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 9, 1))

    def test_fifty_invoices_cost_as_much_as_one(self):
        orders = self.make_many_sold([self.alfa] * 51)
        self.deliver(orders, 10.0, "2026-09-10")
        invoices = orders._create_invoices(grouped=True)
        self.assertEqual(len(invoices), 51)
        self.env.flush_all()

        def count(moves):
            lines = moves.invoice_line_ids.sale_line_ids
            before = self.env.cr.sql_log_count
            self.env["credit.insurance.shipment"]._date_lines(lines.ids)
            return self.env.cr.sql_log_count - before

        count(invoices[:1])
        self.assertEqual(count(invoices[1:]), count(invoices[:1]))
        self.assertEqual(count(invoices[:1]), 2)  # an UPDATE of lines, one of invoices
        self.assertEqual(
            set(invoices.mapped("credit_delivery_date")), {date(2026, 9, 10)}
        )
