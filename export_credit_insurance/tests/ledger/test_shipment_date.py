from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestShipmentDate(CreditInsuranceCommon):
    """The day of shipment decides the cover (DOMAIN 1.5)."""

    def test_invoice_date_unless_corrected(self):
        invoice = self.make_invoice(self.alfa, 10.0, day="2026-09-01")
        self.assertEqual(invoice.insured_shipment_date, date(2026, 9, 1))
        invoice.insured_shipment_date = "2026-08-20"
        self.assertEqual(invoice.credit_shipment_date, date(2026, 8, 20))
        invoice.insured_shipment_date = "2026-09-01"
        self.assertFalse(invoice.credit_shipment_date)
        self.assertFalse(invoice.copy().credit_shipment_date)

    def test_last_delivery_comes_before_the_invoice_date(self):
        """Where the inventory says when it left; a correction comes before both."""
        invoice = self.make_invoice(self.alfa, 10.0, day="2026-09-01")
        invoice.sudo().credit_delivery_date = "2026-08-25"
        self.assertEqual(invoice.insured_shipment_date, date(2026, 8, 25))
        (row,) = self.get_cover(self.alfa)
        self.assertEqual(row["shipment_date"], date(2026, 8, 25))
        invoice.insured_shipment_date = "2026-09-01"
        self.assertEqual(invoice.credit_shipment_date, date(2026, 9, 1))
        invoice.insured_shipment_date = "2026-08-25"
        self.assertFalse(invoice.credit_shipment_date)
        self.assertFalse(invoice.copy().credit_delivery_date)
        with self.assertRaises(AccessError):
            invoice.credit_delivery_date = "2026-08-01"

    @freeze_time("2026-10-01 08:00:00")
    def test_not_in_the_future(self):
        invoice = self.make_invoice(self.alfa, 10.0, day="2026-09-01")
        with self.assertRaises(ValidationError):
            invoice.insured_shipment_date = "2026-10-02"
        self.assertEqual(invoice.insured_shipment_date, date(2026, 9, 1))

    def test_delivery_by_hand_is_dated(self):
        order = self.make_order(self.alfa, 10.0)
        line = order.order_line
        with freeze_time("2026-09-05 08:00:00"):
            line.qty_delivered = 4.0
        self.assertEqual(line.insured_shipment_date, date(2026, 9, 5))
        with freeze_time("2026-09-12 08:00:00"):
            line.qty_delivered = 10.0
        self.assertEqual(line.insured_shipment_date, date(2026, 9, 12))
        with freeze_time("2026-09-20 08:00:00"):
            # a correction downwards is no shipment
            line.qty_delivered = 9.0
        self.assertEqual(line.insured_shipment_date, date(2026, 9, 12))

    def test_date_given_stays(self):
        order = self.make_order(self.alfa, 10.0)
        order.order_line.write(
            {"qty_delivered": 5.0, "insured_shipment_date": "2026-08-01"}
        )
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 8, 1))

    def test_seller_without_credit_group_delivers(self):
        seller = new_test_user(
            self.env,
            "delivering_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_ids=[(6, 0, self.company.ids)],
            company_id=self.company.id,
        )
        order = self.make_order(self.alfa, 10.0)
        with freeze_time("2026-09-05 08:00:00"):
            order.order_line.with_user(seller).write({"qty_delivered": 3.0})
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 9, 5))
        with freeze_time("2026-09-06 08:00:00"):
            line = (
                self.env["sale.order.line"]
                .with_user(seller)
                .create(
                    {
                        "order_id": order.id,
                        "product_id": self.product.id,
                        "qty_delivered": 2.0,
                    }
                )
            )
        self.assertEqual(line.sudo().insured_shipment_date, date(2026, 9, 6))

    def test_writing_a_line_costs_one_update(self):
        order = self.make_order(self.alfa, 10.0)
        lines = order.order_line
        for _number in range(4):
            lines += lines[0].copy({"order_id": order.id})
        self.env.flush_all()
        lines.mapped("qty_delivered")
        before = self.cr.sql_log_count
        lines._date_shipment()
        self.env.flush_all()
        # one UPDATE for all lines, the same one that stores the quantity
        self.assertLessEqual(self.cr.sql_log_count - before, 1)
