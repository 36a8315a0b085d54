from datetime import date

from odoo import Command
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestDue(FollowupCommon):
    """Which step is due, and what is left alone. The day is 1 October 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_step(5)
        cls.second = cls.make_step(15)
        cls.third = cls.make_step(30)

    def overdue(self, days=20, amount=1000.0, buyer=None, **values):
        """An invoice of this amount, overdue for so many days on 1 October 2026."""
        due = date.fromordinal(self.today.toordinal() - days)
        return self.make_invoice(
            buyer or self.alfa, amount, day="2026-07-01", due=due, **values
        )

    def assertLeftAlone(self, invoice, reason):
        item = self.item(invoice)
        self.assertEqual((item.exclusion, item.step_id), (reason, None))

    def test_highest_step(self):
        for days, step in (
            (4, None),
            (5, self.first),
            (14, self.first),
            (15, self.second),
            (45, self.third),
        ):
            with self.subTest(days=days):
                self.assertDue(self.overdue(days), self.today, step)

    def test_step_is_taken_once(self):
        invoice = self.overdue(20)
        self.take(invoice, self.second)
        self.assertDue(invoice, self.today, None)
        item = self.item(invoice)
        self.assertEqual(item.last_step_id, self.second.id)
        # due 11 September + 30 = Sunday 11 October: Monday the 12th
        self.assertEqual(item.next_step_id, self.third.id)
        self.assertEqual(item.next_day, date(2026, 10, 12))

    def test_change_of_plan_goes_on_at_the_next_level(self):
        """After step 20 of one plan comes the step above 20 of the other."""
        invoice = self.overdue(40)
        self.take(invoice, self.second)
        other = self.env["credit.followup.plan"].create(
            {"name": "Other", "currency_id": self.euro.id, "sequence": 1}
        )
        self.make_step(1, plan=other)
        self.make_step(2, plan=other)
        third = self.make_step(3, plan=other)
        self.assertDue(invoice, self.today, third)
        third.active = False
        self.assertDue(invoice, self.today, None)

    def test_disputed_part(self):
        """400 of 1 000 disputed: 600 are asked for; all of it: nothing."""
        invoice = self.overdue()
        invoice.credit_dispute_amount = 400.0
        item = self.item(invoice)
        self.assertEqual((item.disputed, item.chased), (400.0, 600.0))
        self.assertEqual(item.step_id, self.second.id)
        invoice.credit_dispute_amount = 1000.0
        self.assertLeftAlone(invoice, "disputed")

    def test_dispute_lies_on_the_earliest_instalment(self):
        """700 disputed of twice 500: all of the first instalment, 200 of the other."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 10}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 20}),
                ],
            }
        )
        invoice = self.make_invoice(
            self.alfa,
            1000.0,
            day="2026-08-01",
            due=False,
            invoice_payment_term_id=term.id,
        )
        invoice.credit_dispute_amount = 700.0
        first, second = self.items()[invoice]
        self.assertEqual((first.disputed, first.exclusion), (500.0, "disputed"))
        self.assertEqual((second.disputed, second.chased), (200.0, 300.0))

    def test_no_followup(self):
        invoice = self.overdue()
        invoice.no_followup = True
        self.assertLeftAlone(invoice, "no_followup")

    def test_insolvent(self):
        invoice = self.overdue()
        proceedings = self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-30"}
        )
        self.assertLeftAlone(invoice, "insolvent")
        # the day on which they are closed is one of theirs, as for cover and deadlines
        proceedings.date_end = "2026-10-01"
        self.assertLeftAlone(invoice, "insolvent")
        self.assertDue(invoice, "2026-10-02", self.second)

    def test_handed_over(self):
        """One instalment handed over: the others go on."""
        invoice, other = self.overdue(), self.overdue()
        line = invoice.line_ids.filtered("date_maturity")
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "date_from": "2026-09-20",
                "cause": "handed_over",
                "move_line_id": line.id,
            }
        )
        self.assertLeftAlone(invoice, "handed_over")
        self.assertDue(other, self.today, self.second)

    def test_payment_on_its_way(self):
        """A payment recorded without entries, as the full accounting app has them:
        the invoice counts as paid although it is open in the books."""
        invoice = self.overdue()
        for state in ("in_payment", "paid"):
            with self.subTest(state):
                invoice.payment_state = state
                self.assertEqual(self.item(invoice).amount, 1000.0)
                self.assertLeftAlone(invoice, "in_payment")

    def test_residue(self):
        """POL-26 ignores less than 50: 49.99 are left alone, 50 are not; nor is less
        than 1 % of the invoice: 99 of 10 000."""
        small, enough = self.overdue(amount=49.99), self.overdue(amount=50.0)
        self.assertLeftAlone(small, "residue")
        self.assertDue(enough, self.today, self.second)
        large = self.overdue(amount=10000.0)
        receipt = self.make_receipt(self.alfa, 9901.0)
        (receipt.line_ids + large.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertLeftAlone(large, "residue")

    def test_residue_of_each_debt_s_policy(self):
        """Another policy insures Argentina and ignores less than 200: 120 owed from
        there are left alone, from Brazil they are not; 49.99 are, from either."""
        self.make_policy(
            name="POL-AR",
            kind="country",
            sequence=1,
            residue_amount=200.0,
            country_term_ids=[
                Command.create({"country_id": self.env.ref("base.ar").id})
            ],
        )
        gamma = self.make_buyer("GAMMA", "ar", email="gamma@example.com")
        for buyer, amount, exclusion in (
            (self.alfa, 120.0, None),
            (self.alfa, 49.99, "residue"),
            (gamma, 120.0, "residue"),
            (gamma, 200.0, None),
        ):
            with self.subTest(buyer=buyer.name, amount=amount):
                invoice = self.overdue(amount=amount, buyer=buyer)
                self.assertEqual(self.item(invoice).exclusion, exclusion)

    def test_no_residue_without_a_policy(self):
        small = self.overdue(amount=10.0)
        self.policy.state = "closed"
        self.assertDue(small, self.today, self.second)

    def test_credits_are_seen(self):
        """300 received and not matched: no exclusion, but told of."""
        invoice = self.overdue()
        receipt = self.make_receipt(self.alfa, 300.0)
        found = self.items()
        self.assertEqual([item.amount for item in found[receipt]], [-300.0])
        self.assertEqual(found[receipt][0].step_id, None)
        self.assertDue(invoice, self.today, self.second)

    def test_paid_is_not_seen(self):
        invoice = self.overdue()
        receipt = self.make_receipt(self.alfa, 1000.0)
        (receipt.line_ids + invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self.items(), {})

    def test_no_plan(self):
        invoice = self.overdue()
        self.plan.active = False
        self.assertLeftAlone(invoice, "no_plan")

    def test_contacts_debts_are_the_buyers(self):
        branch = self.make_buyer("Branch", parent_id=self.alfa.id, is_company=False)
        invoice = self.overdue(buyer=branch)
        item = self.item(invoice)
        self.assertEqual((item.partner_id, item.contact_id), (self.alfa.id, branch.id))

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.overdue()
        self.assertEqual(self.items(company=other), {})

    def test_foreign_currency(self):
        """In the document's currency; 1 000 USD at 2 USD for a euro are 500 EUR."""
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 2.0,
            }
        )
        item = self.item(self.overdue(currency_id=self.dollar.id))
        self.assertEqual(item.currency_id, self.dollar.id)
        self.assertEqual((item.amount, item.amount_company), (1000.0, 500.0))

    def test_accelerated_before_cover_stops(self):
        """Due 2 August, extension until 1 October, cover stops on 2 October: within
        15 days of it the next step is taken 5 days after the last one."""
        self.plan.accelerate_days = 5
        self.third.days = 90
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-07-01", due="2026-08-02"
        )
        self.take(invoice, self.second, date(2026, 9, 15))
        self.assertDue(invoice, "2026-09-16", None)  # 16 days before the stop
        self.assertDue(invoice, "2026-09-17", None)  # 2 days after the last step
        self.assertDue(invoice, "2026-09-20", self.third)
        self.assertTrue(self.item(invoice, "2026-09-20").is_accelerated)
        self.assertDue(invoice, "2026-10-02", None)  # it is too late to prevent it
        self.plan.accelerate_days = 0
        self.assertDue(invoice, "2026-09-20", None)

    def test_accelerated_after_the_insurer_was_notified(self):
        """Due 2 August, cover stops on 2 October only. Notified on 5 September, the
        next step is taken 5 days after the last one, of 6 September."""
        self.plan.accelerate_days = 5
        self.third.days = 90
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-07-01", due="2026-08-02"
        )
        self.take(invoice, self.second, date(2026, 9, 6))
        self.assertDue(invoice, "2026-09-11", None)
        stop = self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "date_from": "2026-09-05",
                "cause": "notified",
            }
        )
        self.assertDue(invoice, "2026-09-10", None)  # 4 days after the last step
        self.assertDue(invoice, "2026-09-11", self.third)
        self.assertTrue(self.item(invoice, "2026-09-11").is_accelerated)
        stop.date_to = "2026-09-10"  # paid, or the insurer agreed
        self.assertDue(invoice, "2026-09-11", None)

    def cut_limit(self, decision="reduced", **values):
        """The insurer decides on ALFA's 100 000 with effect on 10 September."""
        limit = self.make_limit(self.alfa, 100000.0)
        if decision == "reduced":
            values["amount"] = 40000.0
        self.decided = limit.with_user(self.controller)._record_decision(
            decision, decision_date="2026-09-08", date_from="2026-09-10", **values
        )
        self.plan.accelerate_days = 5
        self.third.days = 90
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-07-01", due="2026-08-02"
        )
        self.take(invoice, self.second, date(2026, 9, 6))
        return invoice

    def test_accelerated_when_the_limit_is_cut(self):
        """From 100 000 to 40 000 on 10 September; cover stops on 2 October only. The
        next step comes 5 days after the last one, of 6 September, on 11 September; of
        what is invoiced on the 10th or later, under the lower limit, on its day."""
        invoice = self.cut_limit()
        self.assertDue(invoice, "2026-09-10", None)  # 4 days after the last step
        self.assertDue(invoice, "2026-09-11", self.third)
        self.assertTrue(self.item(invoice, "2026-09-11").is_accelerated)
        later = self.make_invoice(self.alfa, 1000.0, day="2026-09-10", due="2026-09-10")
        self.take(later, self.second, date(2026, 9, 12))
        self.assertDue(later, "2026-09-20", None)
        # granted as much again: the ordinary pace
        self.decided._record_decision("raised", amount=1e5, date_from="2026-09-12")
        self.assertDue(invoice, "2026-09-13", None)

    def test_accelerated_when_the_insurer_cancels(self):
        self.assertDue(self.cut_limit("cancelled"), "2026-09-11", self.third)

    def test_cancelled_by_ourselves_is_no_cut(self):
        invoice = self.cut_limit("cancelled", cancelled_by="insured")
        self.assertDue(invoice, "2026-09-11", None)

    def test_asked_for_by_ourselves_is_no_cut(self):
        """We asked for 60 000 instead of 100 000: granted so, the ordinary pace;
        40 000 were granted, less than asked for: the insurer's cut."""
        for granted, step in ((60000.0, None), (40000.0, self.third)):
            with self.subTest(granted):
                buyer = self.make_buyer(f"ASKED {granted}")
                limit = self.make_limit(buyer, 100000.0)
                request = self.env["credit.insurance.limit"].create(
                    {
                        "policy_id": self.policy.id,
                        "partner_id": buyer.id,
                        "requested_amount": 60000.0,
                        "request_type": "reduce",
                        "previous_id": limit.id,
                    }
                )
                request.action_request()
                request._record_decision(
                    "partial" if step else "approved",
                    amount=granted,
                    decision_date="2026-09-08",
                    date_from="2026-09-10",
                )
                self.assertEqual(limit.state, "reduced")
                self.plan.accelerate_days = 5
                self.third.days = 90
                invoice = self.make_invoice(
                    buyer, 1000.0, day="2026-07-01", due="2026-08-02"
                )
                self.take(invoice, self.second, date(2026, 9, 6))
                self.assertDue(invoice, "2026-09-11", step)

    def test_constant_queries(self):
        """One buyer or fifty, the same number of queries."""
        buyers = self.env["res.partner"]
        for number in range(51):
            buyer = self.make_buyer(f"B{number}", "sa" if number % 2 else "br")
            self.overdue(buyer=buyer)
            buyers += buyer
        self.env.flush_all()
        counts = []
        # the first two fill the caches of rules
        for some in (buyers[:1], buyers[:1], buyers[:1], buyers[1:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.due._get_items(some, self.company, self.today)
            counts.append(self.cr.sql_log_count - before)
            self.assertTrue(all(items[0].step_id for items in found.values()))
        self.assertEqual(counts[2], counts[3])
