from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .findings_common import FindingsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestFindingsCure(FindingsCommon):
    """What carries an order without a limit, and which prepayment would."""

    def test_prepayment_is_no_more_than_the_order(self):
        # 5 000 - 9 000 owed - 10 000 = -14 000; paying the 10 000 in advance will do
        self.make_limit(self.beta, 5000.0)
        self.make_invoice(self.beta, 9000.0)
        order = self.order_of(10000.0)
        found = self.assertFound(order, over_limit="block")["over_limit"]
        self.assertEqual(found.amount, 14000.0)
        self.assertIn("authorised credit of 5,000.00", found.message)
        self.assertIn("by 4,000.00", found.message)
        self.assertIn("order of 10,000.00", found.message)
        self.assertIn("prepayment of 10,000.00", found.cure)
        self.pay(order)
        self.assertFound(order)

    def test_prepayment_of_what_is_missing(self):
        # 5 000 - 8 000 = -3 000
        self.make_limit(self.beta, 5000.0)
        order = self.order_of(8000.0)
        found = self.assertFound(order, over_limit="block")["over_limit"]
        self.assertIn("prepayment of 3,000.00", found.cure)
        self.pay(order, 3000.0)
        self.assertFound(order)

    def test_prepayment_without_a_limit(self):
        # 4 000 owed and 10 000 ordered: of this order 10 000 would be at own risk
        self.make_invoice(self.beta, 4000.0)
        found = self.assertFound(self.order_of(10000.0), no_limit="block")["no_limit"]
        self.assertEqual(found.amount, 14000.0)
        self.assertIn("10,000.00", found.message)
        self.assertIn("prepayment of 10,000.00", found.cure)

    def test_own_risk_carries_what_no_limit_does(self):
        # 4 000 at own risk: 4 000 pass, 4 001 do not
        # by another one than who makes the orders, whom it would not serve
        rows = self.env["credit.insurance.own.risk"].with_user(self.manager)
        rows.create(
            {
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": 4000.0,
                "date_from": "2026-01-01",
                "reason": "Old customer",
            }
        )
        self.assertFound(self.order_of(4000.0))
        found = self.assertFound(self.order_of(4001.0), no_limit="block")
        self.assertEqual(found["no_limit"].amount, 1.0)

    def make_security(self, amount, **values):
        return self.env["credit.insurance.security"].create(
            {
                "name": "Guarantee",
                "kind": "bank_guarantee",
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": amount,
                "currency_id": self.euro.id,
                "date_from": "2026-01-01",
                "date_to": "2027-12-31",
                "state": "active",
                **values,
            }
        )

    def test_security_of_the_order_carries_it(self):
        # a guarantee of 2 500 for this order alone: 500 of 3 000 stay at own risk
        order = self.order_of(3000.0)
        self.make_security(2500.0, order_ids=[Command.set(order.ids)])
        found = self.assertFound(order, no_limit="block")
        self.assertEqual(found["no_limit"].amount, 500.0)
        self.assertFound(self.order_of(2500.0), no_limit="block")
        self.set_amount(order, 2500.0)
        self.assertFound(order)

    def test_prepaid_order_is_never_held(self):
        order = self.order_of(3000.0)
        self.pay(order, 2999.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.pay(order, 1.0)
        self.assertFound(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_partly_paid_order_needs_the_rest(self):
        # 3 000 less 1 000 received, no entry in the books: 2 000 to insure
        self.make_limit(self.beta, 2000.0)
        order = self.order_of(3000.0)
        self.assertFound(order, over_limit="block")
        self.pay(order, 1000.0)
        self.assertFound(order)
