from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReleaseScope(DecisionCommon):
    """A release answers the findings that it was asked for, no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def released(self, amount=45000.0, partner=None):
        order = self.make_quotation(amount, partner)
        hold = self.ask_release(order)
        self.release(hold, user=self.manager)
        return order, hold

    def assertNeedsAnother(self, order, code):
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        hold = self.ask_release(order)
        self.assertEqual(hold.main_code, code)
        self.release(hold, user=self.manager)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_later_insolvency(self):
        order, _hold = self.released()
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-30"}
        )
        self.assertNeedsAnother(order, "insolvent")

    def test_later_country_off_cover(self):
        order, _hold = self.released()
        self.make_event("off_cover")
        self.assertNeedsAnother(order, "country_off_cover")

    def test_later_cover_stop(self):
        order, _hold = self.released()
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-09-30", "cause": "insurer"}
        )
        self.assertNeedsAnother(order, "cover_stopped")

    def test_later_payment_terms_too_long(self):
        order, _hold = self.released()
        order.payment_term_id = self.env["account.payment.term"].create(
            {"name": "200 days", "line_ids": [(0, 0, {"nb_days": 200})]}
        )
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertIn("terms_too_long", self.find(order))

    def test_lack_of_credit_is_one_thing_whatever_its_reason(self):
        beta = self.make_buyer("BETA")
        order, hold = self.released(3000.0, beta)
        self.assertEqual(hold.main_code, "no_limit")
        self.make_limit(beta, 1000.0)
        self.assertIn("over_limit", self.find(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_limit_that_was_withdrawn_since(self):
        order, hold = self.released()
        self.assertEqual(hold.main_code, "over_limit")
        for limit in self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id)]
        ):
            limit._record_decision(
                "cancelled", cancelled_by="insurer", date_from="2026-10-01"
            )
        self.assertIn("limit_refused", self.find(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_was_uninsured_altogether_may_lack_credit_too(self):
        stop = self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-09-30", "cause": "insurer"}
        )
        order, hold = self.released()
        self.assertEqual(hold.main_code, "cover_stopped")
        stop.date_to = "2026-09-30"
        self.assertEqual(list(self.find(order)), ["over_limit"])
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_finding_that_was_seen_as_a_warning_is_known(self):
        self.set_rule("overdue", "warn")
        self.make_invoice(self.alfa, 6000.0, due="2026-09-15")  # 5 000 are paid
        order, hold = self.released()
        self.assertIn("overdue", hold.finding_ids.mapped("code"))
        self.set_rule("overdue", "block")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
