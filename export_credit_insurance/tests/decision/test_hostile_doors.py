from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileDoors(DecisionCommon):
    """The way that customers' orders take is no way for others.

    ALFA has 28 000 free (DOMAIN 1.16): 45 000 have to wait.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.portal = new_test_user(cls.env, "hostile-portal", "base.group_portal")
        cls.clerk = new_test_user(cls.env, "hostile-clerk", "base.group_user")

    def setUp(self):
        super().setUp()
        self.order = self.make_quotation(45000.0)

    def confirm(self, user, **context):
        orders = self.env(user=user)["sale.order"]
        call_kw(orders, "action_confirm", [self.order.ids], {"context": context})
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.order.id)]
        )

    def test_who_may_not_confirm_puts_nothing_on_hold(self):
        """A portal user, or an employee of another department, over RPC."""
        for user, context in (
            (self.portal, {}),
            (self.clerk, {"create_for_task_id": 1}),
            (self.clerk, {"create_for_employee_mapping": True}),
        ):
            with self.subTest(user=user.login, **context):
                with self.assertRaises(AccessError):
                    self.confirm(user, **context)
                self.assertEqual(self.order.state, "draft")

    def test_an_employee_asks_in_his_own_name(self):
        """A forged context makes no customer's acceptance."""
        hold = self.confirm(self.salesman, create_for_task_id=1)
        self.assertEqual(self.order.state, "sent")
        self.assertRecordValues(
            hold,
            [{"requested_by": self.salesman.id, "accepted_by_customer": False}],
        )

    def test_a_controller_does_not_grant_what_he_confirmed(self):
        hold = self.confirm(self.controller, create_for_task_id=1)
        with self.assertRaises(AccessError):
            self.release(hold, self.controller)
        self.release(hold, self.manager)
        self.assertEqual(hold.state, "released")
