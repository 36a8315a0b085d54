from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestSecurity(CreditInsuranceCommon):
    """Letters of credit, guarantees, deposits: amount, validity, orders served."""

    def make_security(self, **values):
        return self.env["credit.insurance.security"].create(
            {
                "name": "LC 26/1",
                "kind": "lc_confirmed",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 40000.0,
                "date_from": "2026-09-01",
                "date_to": "2026-12-15",
                "latest_shipment_date": "2026-11-24",
                **values,
            }
        )

    def test_life_cycle(self):
        security = self.make_security()
        self.assertEqual(security.state, "draft")
        self.assertEqual(security.presentation_days, 21)
        security.action_activate()
        self.assertEqual(security.state, "active")
        with self.assertRaises(UserError):
            security.unlink()
        self.assertFalse(security.closed_on)
        with freeze_time("2026-11-05 12:00:00"):
            security.action_close()
        self.assertEqual(security.state, "closed")
        self.assertEqual(security.closed_on, date(2026, 11, 5))

    def test_day_of_its_end(self):
        """Closed again it keeps its day; active again, it has none."""
        security = self.make_security()
        security.action_activate()
        for day in ("2026-11-05", "2026-11-06"):
            with freeze_time(f"{day} 12:00:00"):
                security.action_close()
            self.assertEqual(security.closed_on, date(2026, 11, 5))
        security.action_activate()
        self.assertFalse(security.closed_on)

    def test_serves_orders_of_the_buyer(self):
        order = self.make_order(self.alfa, 40000.0, confirm=False)
        security = self.make_security(order_ids=[Command.set(order.ids)])
        self.assertEqual(security.order_ids, order)
        other = self.make_order(self.make_buyer("BETA"), 100.0, confirm=False)
        with self.assertRaises(ValidationError):
            security.order_ids += other

    def test_bad_input_is_refused(self):
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.alfa.id}
        )
        for values in (
            {"amount": 0.0},
            {"amount": -1.0},
            {"presentation_days": -1},
            {"date_to": "2026-08-31", "latest_shipment_date": False},
            {"date_to": False},
            {"latest_shipment_date": "2026-12-16"},
            {"partner_id": contact.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.make_security(**values)

    def test_deposits_need_no_expiry(self):
        deposit = self.make_security(
            kind="deposit", date_to=False, latest_shipment_date=False
        )
        self.assertFalse(deposit.date_to)

    def test_night_closes_what_has_expired(self):
        security = self.make_security(
            date_from="2020-01-01", date_to="2020-12-31", latest_shipment_date=False
        )
        security.action_activate()
        with freeze_time("2021-01-01 12:00:00"):
            self.expire_securities()
        self.assertEqual(security.state, "closed")
        self.assertEqual(security.closed_on, date(2021, 1, 1))
