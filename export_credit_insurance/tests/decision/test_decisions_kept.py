from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDecisionsKept(DecisionCommon):
    """No decision of credit control goes with a quotation that is deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def delete(self, order):
        order.with_user(self.env.ref("base.user_admin")).sudo().unlink()

    def test_quotations_without_a_decision_go(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.delete(self.make_quotation(1000.0))
        self.delete(order)
        self.assertFalse(hold.exists())

    def test_released_and_refused_ones_stay(self):
        for decide in (
            self.release,
            lambda hold: hold.with_user(self.controller)._refuse("No"),
        ):
            order = self.make_quotation(45000.0)
            hold = self.ask_release(order)
            decide(hold)
            with self.assertRaises(UserError):
                self.delete(order)
            order.sudo().action_cancel()
            with self.assertRaises(UserError):
                self.delete(order)
            self.assertTrue(hold.exists().decided_by)

    def test_signed_by_one_of_two(self):
        self.env["credit.insurance.release.authority"].create(
            {"user_id": self.controller.id, "second_from": 1.0}
        )
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        with self.assertRaises(UserError):
            self.delete(order)
