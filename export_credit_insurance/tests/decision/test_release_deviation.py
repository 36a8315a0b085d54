from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReleaseDeviation(DecisionCommon):
    """By some percent an order may exceed what it was released for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_no_deviation_by_default(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.release(hold)
        self.assertEqual(hold.confirmable_amount, 45000.0)
        self.set_amount(order, 45001.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_up_to_the_deviation(self):
        # 45 000 and 2 % make 45 900
        self.company.credit_release_deviation_pct = 2.0
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.release(hold)
        self.assertEqual(hold.confirmable_amount, 45900.0)
        self.assertIn("45,900.00", order.sudo().activity_ids.summary)
        self.set_amount(order, 45901.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.set_amount(order, 45900.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(RedirectWarning):
            self.add_line(order, 1.0)

    def test_the_deviation_of_the_day_of_the_release_counts(self):
        self.company.credit_release_deviation_pct = 2.0
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        self.company.credit_release_deviation_pct = 0.0
        self.set_amount(order, 45900.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_never_for_sanctions(self):
        self.company.credit_release_deviation_pct = 10.0
        self.make_event("sanctioned")
        order = self.make_quotation(1000.0)
        hold = self.ask_release(order)
        self.release(
            hold,
            user=self.manager,
            legal_basis="Licence 12",
            attachment_ids=self.make_file(self.manager).ids,
        )
        self.assertEqual(hold.confirmable_amount, 1000.0)
        self.set_amount(order, 1001.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_the_dialogue_says_so(self):
        self.company.credit_release_deviation_pct = 10.0
        hold = self.ask_release(self.make_quotation(45000.0))
        action = hold.with_user(self.controller).action_release()
        decisions = self.env[action["res_model"]].with_user(self.controller)
        form = Form(decisions.with_context(**action["context"]))
        self.assertEqual(form.confirmable_amount, 49500.0)
        form.release_amount = 50000.0
        self.assertEqual(form.confirmable_amount, 55000.0)
