from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:30:00")
class TestCompanyDay(CreditInsuranceCommon):
    """Facts are dated by the company's day, wherever the user sits.

    At 12:30 UTC on 1 October it is 01:30 on 2 October in Auckland, where the company
    is; the user works in London, where it is 13:30 on 1 October.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Pacific/Auckland"
        cls.env.user.tz = "Europe/London"
        cls.env.registry.clear_cache()
        cls.env = cls.env(context={**cls.env.context, "tz": "Europe/London"})

    def test_cover_stop(self):
        stop = self.env["credit.insurance.stop"].create({"partner_id": self.alfa.id})
        self.assertEqual(stop.date_from, date(2026, 10, 2))

    def test_delivery_by_hand(self):
        order = self.make_order(self.alfa, 10.0, delivered=4.0)
        self.assertEqual(order.order_line.insured_shipment_date, date(2026, 10, 2))

    def test_shipment_date_may_be_the_companys_today(self):
        invoice = self.make_invoice(self.alfa, 10.0, day="2026-09-01")
        invoice.with_env(self.env).insured_shipment_date = "2026-10-02"
        self.assertEqual(invoice.insured_shipment_date, date(2026, 10, 2))
        with self.assertRaises(ValidationError):
            invoice.with_env(self.env).insured_shipment_date = "2026-10-03"

    def test_country_rating(self):
        model = self.env["credit.insurance.country.rating"]
        self.assertEqual(
            model.default_get(["date"])["date"],
            date(2026, 10, 2),
        )
