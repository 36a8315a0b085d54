from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestInForce(CreditInsuranceCommon):
    """The limit in force on a day (DOMAIN 1.4, DESIGN 4)."""

    def in_force(self, day=None, partner=None, policy=None, **options):
        partner = partner or self.alfa
        found = self.env["credit.insurance.limit"]._in_force(
            partner, date.fromisoformat(day or "2026-10-01"), self.company, **options
        )
        return found[partner].get(policy or self.policy)

    def test_alfa_temporary_line_ends_with_the_year(self):
        """DOMAIN 1.4: 100 000 + 30 000 = 130 000 on 2026-10-01; on 2027-01-01
        100 000 where the policy renews, else nothing."""
        self.make_alfa_limits()
        limit = self.in_force("2026-10-01")
        self.assertEqual(limit.amount, 130000.0)
        self.assertEqual(limit.currency, self.euro)
        self.assertEqual(limit.kind, "named")
        self.assertEqual(limit.percentage, 90.0)
        self.assertEqual(limit.date_to, date(2026, 12, 31))
        self.assertEqual(limit.state, "in_force")
        self.assertEqual(self.in_force("2026-12-31").amount, 130000.0)
        self.assertIsNone(self.in_force("2027-01-01"))
        self.policy.renewal = "tacit"
        self.assertEqual(self.in_force("2027-01-01").amount, 100000.0)

    def test_limit_keeps_its_currency(self):
        """DOMAIN 1.4: USD 100 000 at 1.10 = EUR 90 909.09."""
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.dollar.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-10-01",
                "rate": 1.10,
            }
        )
        self.make_limit(self.alfa, 100000.0, currency_id=self.dollar.id)
        limit = self.in_force()
        self.assertEqual((limit.amount, limit.currency), (100000.0, self.dollar))
        self.assertEqual(
            limit.convert(self.euro, self.company, date(2026, 10, 1)), 90909.09
        )

    def setup_twin(self):
        """A partner that was one buyer with ALFA to the insurer, by an ended line.

        Lines of one buyer or number have one currency; these meet in none.
        """
        self.dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.1,
            }
        )
        self.make_limit(self.alfa, 1.0, date_to="2026-01-31", insurer_buyer_ref="4711")
        return self.make_buyer("TWIN")

    def test_lines_of_two_currencies_add_up_in_the_leading_one(self):
        """EUR 100 000 named and USD 30 000 more at 1.10, 27 272.73: EUR 127 272.73.

        Not 130 000. The position, whose dollars were granted last, says the same.
        """
        named = self.make_limit(self.setup_twin(), 1e5, insurer_buyer_ref="4711")
        more = self.make_limit(
            self.alfa,
            30000.0,
            kind="temporary",
            currency_id=self.dollar.id,
            date_from="2026-06-01",
            date_to="2026-12-31",
        )
        limit = self.in_force()
        self.assertEqual((limit.amount, limit.currency), (127272.73, self.euro))
        self.assertEqual((limit.lines, limit.kind), (named + more, "named"))
        self.assertEqual(limit.parts, (100000.0, 27272.73))
        self.assertEqual(
            (self.alfa.insured_limit, self.alfa.insured_limit_currency_id),
            (127272.73, self.euro),
        )

    def test_which_line_leads_where_none_is_named(self):
        """Of two temporary lines the first: USD 30 000 + EUR 20 000 at 1.10 = 22 000
        are USD 52 000; on the net basis, at 90 %, USD 57 777.78."""
        twin = self.setup_twin()
        for buyer, amount, currency, day, number in (
            (twin, 30000.0, self.dollar, "2026-03-01", "4711"),
            (self.alfa, 20000.0, self.euro, "2026-06-01", False),
        ):
            self.make_limit(
                buyer,
                amount,
                kind="temporary",
                currency_id=currency.id,
                date_from=day,
                date_to="2026-12-31",
                insurer_buyer_ref=number,
            )
        for basis, amount in (("gross", 52000.0), ("net", 57777.78)):
            self.policy.limit_basis = basis
            self.env.invalidate_all()
            limit = self.in_force()
            self.assertEqual((limit.amount, limit.currency), (amount, self.dollar))
            self.assertEqual(self.alfa.insured_limit_currency_id, self.dollar)
            self.assertEqual(self.alfa.insured_limit, amount)

    def test_net_basis_divides_by_the_percentage(self):
        """DOMAIN 1.3: a net limit of 30 000 at 90 % lets 33 333.33 be owed."""
        self.policy.limit_basis = "net"
        self.make_limit(self.alfa, 30000.0)
        self.assertEqual(self.in_force().amount, 33333.33)

    def test_line_overrides_the_percentage(self):
        self.policy.limit_basis = "net"
        self.make_limit(self.alfa, 30000.0, insured_pct=75.0)
        limit = self.in_force()
        self.assertEqual((limit.amount, limit.percentage), (40000.0, 75.0))

    def test_named_replaces_express(self):
        self.make_limit(self.alfa, 20000.0, kind="express")
        self.assertEqual(self.in_force().amount, 20000.0)
        self.make_limit(self.alfa, 50000.0, date_from="2026-06-01")
        self.assertEqual(self.in_force("2026-05-31").amount, 20000.0)
        self.assertEqual(self.in_force("2026-06-01").amount, 50000.0)

    def test_temporary_total_replaces_until_its_end(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_limit(
            self.alfa,
            150000.0,
            "2026-09-01",
            kind="temporary",
            amount_mode="total",
            date_to="2026-10-31",
        )
        self.assertEqual(self.in_force("2026-08-31").amount, 100000.0)
        self.assertEqual(self.in_force("2026-10-31").amount, 150000.0)
        self.assertEqual(self.in_force("2026-11-01").amount, 100000.0)

    def test_topup_adds_to_the_named_line(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_limit(self.alfa, 40000.0, kind="topup")
        self.assertEqual(self.in_force().amount, 140000.0)

    def test_conditional_counts_once_its_conditions_are_met(self):
        line = self.make_limit(
            self.alfa, 80000.0, state="conditional", conditions="Parent's guarantee"
        )
        self.assertEqual(self.in_force().amount, 0.0)
        proof = self.env["ir.attachment"].create({"name": "guarantee.pdf", "raw": b"x"})
        line.proof_ids = proof
        line.action_conditions_met()
        self.assertEqual(self.in_force(str(line.date_from)).amount, 80000.0)

    def test_requests_are_not_in_force(self):
        self.make_limit(
            self.alfa, 0.0, state="requested", requested_amount=60000.0, date_from=False
        )
        limit = self.in_force()
        self.assertEqual((limit.amount, limit.state), (0.0, "requested"))

    def test_discretionary_serves_where_nothing_else_does(self):
        """Covered: 7 500 × 70 % = 5 250 (DOMAIN 1.6, buyer B)."""
        self.make_limit(self.alfa, 7500.0, kind="discretionary")
        limit = self.in_force()
        self.assertEqual((limit.amount, limit.state), (7500.0, "discretionary"))
        self.assertEqual(limit.amount * limit.percentage / 100, 5250.0)
        self.make_limit(self.alfa, 5000.0, "2026-10-01")
        self.assertEqual(self.in_force().amount, 5000.0)
        self.assertEqual(self.in_force("2026-09-30").amount, 7500.0)

    def test_refused_new_limit_ends_the_discretionary_one(self):
        self.make_limit(self.alfa, 7500.0, kind="discretionary")
        self.make_limit(self.alfa, 0.0, "2026-09-01", state="refused")
        self.assertEqual(self.in_force("2026-08-31").amount, 7500.0)
        limit = self.in_force("2026-09-01")
        self.assertEqual((limit.amount, limit.state), (0.0, "refused"))

    def test_refused_increase_changes_nothing(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_limit(
            self.alfa, 0.0, "2026-09-01", state="refused", request_type="increase"
        )
        self.assertEqual(self.in_force().amount, 100000.0)

    def test_cancellation_by_the_insurer_ends_the_discretionary_one(self):
        self.make_limit(self.alfa, 7500.0, kind="discretionary")
        named = self.make_limit(self.alfa, 50000.0)
        named._record_decision("cancelled", date_from="2026-09-01")
        self.assertEqual(self.in_force("2026-08-31").amount, 50000.0)
        limit = self.in_force("2026-09-01")
        self.assertEqual((limit.amount, limit.state), (0.0, "cancelled"))

    def test_cancellation_by_the_insured_leaves_the_discretionary_one(self):
        self.make_limit(self.alfa, 7500.0, kind="discretionary")
        named = self.make_limit(self.alfa, 50000.0)
        named._record_decision(
            "cancelled", date_from="2026-09-01", cancelled_by="insured"
        )
        self.assertEqual(self.in_force().amount, 7500.0)

    def test_cancellation_by_the_insured_is_no_refusal(self):
        named = self.make_limit(self.alfa, 50000.0)
        named._record_decision(
            "cancelled", date_from="2026-09-01", cancelled_by="insured"
        )
        limit = self.in_force("2026-09-01")
        self.assertEqual((limit.amount, limit.state), (0.0, "ended"))

    def test_ended_lines_stay_in_force_for_their_past_days(self):
        """Run-off (DOMAIN 1.5): 100 000 until 14 June, then 40 000."""
        line = self.make_limit(self.alfa, 100000.0)
        line._record_decision("reduced", amount=40000.0, date_from="2026-06-15")
        self.assertEqual(self.in_force("2026-06-14").amount, 100000.0)
        self.assertEqual(self.in_force("2026-06-15").amount, 40000.0)

    def test_closed_policy_covers_its_past_days(self):
        self.make_limit(self.alfa, 100000.0)
        self.policy.write({"state": "closed", "date_end": "2026-06-30"})
        self.assertEqual(self.in_force("2026-06-30").amount, 100000.0)
        self.assertIsNone(self.in_force("2026-07-01"))

    def test_draft_policy_covers_nothing(self):
        draft = self.make_policy(name="POL-27", number="POL-27", state="draft")
        self.make_limit(self.alfa, 100000.0, policy=draft)
        self.assertIsNone(self.in_force(policy=draft))

    def test_single_transaction_serves_its_orders_only(self):
        """DOMAIN 1.2: SR-1 covers the contract of 50 000 at 95 %: 47 500."""
        order = self.make_order(self.alfa, 50000.0, confirm=False)
        single = self.make_policy(
            name="SR-1",
            number="SR-1",
            kind="single",
            insured_pct_named=95.0,
            order_ids=[Command.set(order.ids)],
        )
        self.make_limit(self.alfa, 50000.0, policy=single)
        self.assertIsNone(self.in_force(policy=single))
        limit = self.in_force(policy=single, orders=order)
        self.assertEqual(limit.amount * limit.percentage / 100, 47500.0)

    def test_one_number_of_the_insurer_is_one_limit(self):
        """Two partners, one legal person: the latest line of either serves both."""
        twin = self.make_buyer("ALFA (duplicate)")
        self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="4711")
        self.make_limit(twin, 60000.0, "2026-06-01", insurer_buyer_ref="4711")
        self.assertEqual(self.in_force("2026-05-31", twin).amount, 100000.0)
        self.assertEqual(self.in_force("2026-06-01", twin).amount, 60000.0)
        self.assertEqual(self.in_force("2026-06-01", self.alfa).amount, 60000.0)

    def test_another_company_is_not_insured(self):
        self.make_limit(self.alfa, 100000.0)
        other = self.env["res.company"].create({"name": "Not Insured"})
        found = self.env["credit.insurance.limit"]._in_force(
            self.alfa, self.today, other
        )
        self.assertEqual(found, {self.alfa: {}})

    def test_contacts_ask_for_their_company(self):
        self.make_limit(self.alfa, 100000.0)
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.alfa.id}
        )
        found = self.env["credit.insurance.limit"]._in_force(
            contact, self.today, self.company
        )
        self.assertEqual(found[self.alfa][self.policy].amount, 100000.0)

    def test_queries_do_not_depend_on_the_buyers(self):
        buyers = self.env["res.partner"]
        for index in range(50):
            buyer = self.make_buyer(f"Buyer {index}")
            self.make_limit(buyer, 1000.0 + index, insurer_buyer_ref=f"R{index // 2}")
            buyers |= buyer
        counts = {}
        for number in (1, 50):
            asked = buyers[:number]
            for _warm_up in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                found = self.env["credit.insurance.limit"]._in_force(
                    asked, self.today, self.company
                )
                counts[number] = self.cr.sql_log_count - before
            self.assertEqual(len(found), number)
        self.assertLessEqual(counts[50], counts[1])
        self.assertLessEqual(counts[1], 16)
