from datetime import timedelta

from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestOrdinaryBuyers(CreditInsuranceCommon):
    """The short way to a buyer's position gives what the full query gives."""

    def assert_same(self, buyers, orders=None):
        company, day = self.company, self.today
        orders = orders or self.env["sale.order"]
        self.position._flush_sources()
        short = self.position._get_ordinary_rows(buyers, company, day, orders)
        self.assertIsNotNone(short)
        full = self.position._get_full_rows(buyers, company, day, orders)
        for buyer in buyers:
            for name, value in short[buyer.id].items():
                expected = full[buyer.id][name]
                if name == "order_amounts":
                    expected = {
                        int(order_id): tuple(amounts)
                        for order_id, amounts in (expected or {}).items()
                    }
                if isinstance(value, float):
                    self.assertAlmostEqual(value, float(expected), 2, name)
                else:
                    self.assertEqual(value or None, expected or None, name)

    def assert_left_to_the_full_query(self, buyers):
        self.position._flush_sources()
        self.assertIsNone(
            self.position._get_ordinary_rows(
                buyers, self.company, self.today, self.env["sale.order"]
            )
        )

    def test_alfa(self):
        self.make_alfa_limits()
        self.make_invoice(self.alfa, 40000.0)
        self.make_invoice(self.alfa, 35000.0)
        self.make_receipt(self.alfa, 5000.0)
        self.make_order(self.alfa, 12000.0, delivered=12000.0)
        order = self.make_order(self.alfa, 45000.0, confirm=False)
        self.assert_same(self.alfa)
        self.assert_same(self.alfa, order)

    def test_many_buyers_currencies_and_states(self):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.1,
            }
        )
        in_dollars = self.make_buyer("Dollars", "us")
        self.make_limit(in_dollars, 100000.0, currency_id=self.dollar.id)
        self.make_invoice(in_dollars, 333.33, currency_id=self.dollar.id)
        self.make_invoice(in_dollars, 777.77)
        overdue = self.make_buyer("Overdue", "it")
        self.make_limit(overdue, 500.0)
        self.make_invoice(overdue, 900.0, day="2026-08-01", due="2026-09-20")
        refused = self.make_buyer("Refused", "de")
        self.make_limit(
            refused, 0.0, state="refused", requested_amount=9.0, request_type="new"
        )
        ended = self.make_buyer("Ended", "pt")
        self.make_limit(ended, 100.0)._record_decision(
            "cancelled", date_from="2026-09-01", cancelled_by="insured"
        )
        # of 60.02 overdue, 50.01 are no residue, and the later of the two
        self.make_invoice(ended, 10.01, day="2026-08-01", due="2026-08-20")
        self.make_invoice(ended, 50.01, day="2026-08-01", due="2026-09-20")
        position = self.get_position(ended)
        self.assertEqual(position.limit_state, "ended")
        self.assertEqual(position.overdue_amount, 60.02)
        self.assertEqual(position.overdue_days, 42)
        self.assertEqual(position.chased_amount, 50.01)
        self.assertEqual(position.chased_days, 11)
        blind = self.make_buyer("Blind", "es")
        self.make_limit(
            blind,
            7500.0,
            kind="discretionary",
            date_to=self.today + timedelta(days=30),
        )
        person = self.make_buyer("Person", "fr", is_company=False)
        own = self.make_buyer("Own risk", "cn")
        self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": own.id,
                "company_id": self.company.id,
                "amount": 1234.0,
                "date_from": "2026-01-01",
                "reason": "Known for years",
            }
        )
        self.assert_same(in_dollars + overdue + refused + ended + blind + person + own)

    def test_net_limits_and_taxed_debts(self):
        self.policy.limit_basis = "net"
        tax = self.percent_tax(20.0)
        self.make_limit(self.alfa, 9000.0)
        self.make_invoice(self.alfa, 100.0, taxes=tax)
        self.make_order(self.alfa, 50.0, taxes=tax)
        self.assert_same(self.alfa)

    def test_stopped_buyers_are_left_to_the_full_query(self):
        self.make_limit(self.alfa, 9000.0)
        # due 1 July + 60 days: cover stopped on 31 August
        self.make_invoice(self.alfa, 900.0, day="2026-06-01", due="2026-07-01")
        self.assert_left_to_the_full_query(self.alfa)

    def test_recorded_stops_are_left_to_the_full_query(self):
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "cause": "insurer"}
        )
        self.assert_left_to_the_full_query(self.alfa)

    def test_drafts_are_left_to_the_full_query(self):
        self.make_invoice(self.alfa, 900.0, post=False)
        self.assert_left_to_the_full_query(self.alfa)

    def test_shared_limits_are_left_to_the_full_query(self):
        mate = self.make_buyer("ALFA do Sul")
        self.make_limit(self.alfa, 900.0, insurer_buyer_ref="77")
        self.make_limit(mate, 900.0, insurer_buyer_ref="77")
        self.assert_left_to_the_full_query(self.alfa)

    def test_returns_are_left_to_the_full_query(self):
        order = self.make_order(self.alfa, 100.0)
        order.order_line.copy({"order_id": order.id, "product_uom_qty": -10.0})
        self.assert_left_to_the_full_query(self.alfa)

    def test_securities_are_left_to_the_full_query(self):
        self.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 500.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
            }
        )
        self.assert_left_to_the_full_query(self.alfa)

    def test_queries_do_not_depend_on_the_number_of_buyers(self):
        buyers = self.alfa
        for number in range(49):
            buyers += self.make_buyer(f"Buyer {number}")
        self.position._get_credit_position(self.alfa, self.company, self.today)
        for some in (self.alfa, buyers):
            self.env.invalidate_all()
            some.mapped("country_id")
            some.mapped("credit_party_kind")
            self.company.mapped("currency_id.name")
            with self.assertQueryCount(2):
                self.position._get_credit_position(some, self.company, self.today)
