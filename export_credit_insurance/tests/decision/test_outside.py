from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID
from odoo.exceptions import RedirectWarning
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import DecisionCommon

ACTIVITY_TOLD = "export_credit_insurance.mail_activity_type_credit_decision"
PAYMENT = "payment.transaction"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOutside(DecisionCommon):
    """Customers confirm: nothing raises, what is not covered waits on hold.

    ALFA owes 82 000 and has 20 000 on order against 130 000 (DOMAIN 1.16): 28 000 are
    free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.portal = new_test_user(cls.env, "credit-portal", "base.group_portal")

    def outside(self, order):
        """The order as a customer's page or a payment handles it."""
        return order.with_user(self.portal).sudo()

    def hold_of(self, order):
        return self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])

    def test_what_fits_is_confirmed(self):
        order = self.make_quotation(28000.0)
        self.outside(order)._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.hold_of(order))

    def test_what_does_not_fit_waits(self):
        # 45 000 against 28 000: 17 000 are missing
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.assertEqual(order.state, "sent")
        hold = self.hold_of(order)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "kind": "order",
                    "accepted_by_customer": True,
                    "requested_by": False,
                    "missing_amount": 17000.0,
                }
            ],
        )

    def test_the_team_is_told(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        activity = order.sudo().activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.activity_type_id, self.env.ref(ACTIVITY_TOLD))
        self.assertIn(self.controller, self.hold_of(order).activity_ids.user_id)

    def fail_at(self, name):
        """Release what waits while a method of another add-on breaks."""
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        fault = patch.object(
            type(self.env["sale.order" if name == "action_confirm" else PAYMENT]),
            name,
            autospec=True,
            side_effect=KeyError("x_secret_field"),
        )
        logger = "odoo.addons.export_credit_insurance.models.decision"
        with (
            fault,
            self.assertLogs(f"{logger}.order.sale_order_outside", "ERROR") as log,
        ):
            self.release(self.hold_of(order))
        self.assertIn("x_secret_field", log.output[0])
        self.assertEqual(self.hold_of(order).state, "released")
        order = order.sudo()
        told = order.activity_ids[-1].summary, order.message_ids[0].body
        for text in told:
            self.assertNotIn("x_secret_field", text)
        return order, told

    def test_fault_of_the_confirmation(self):
        """The team reads what to do; what broke is in the log."""
        order, told = self.fail_at("action_confirm")
        self.assertEqual(order.state, "sent")
        for text in told:
            self.assertIn("confirm it by hand", text)

    def test_fault_of_the_invoice(self):
        order, told = self.fail_at("_credit_invoice_released")
        self.assertEqual(order.state, "sale")
        for text in told:
            self.assertIn("no invoice could be made", text)
            self.assertIn("make it by hand", text)

    def test_orders_part(self):
        # 20 000 fit, 45 000 do not: the first is confirmed
        fits, waits = self.make_quotation(20000.0), self.make_quotation(45000.0)
        self.outside(fits + waits).action_confirm()
        self.assertEqual((fits + waits).mapped("state"), ["sale", "sent"])

    def test_one_takes_from_the_next(self):
        # 20 000 and 10 000 against 28 000: 2 000 are missing for the second
        first, second = self.make_quotation(20000.0), self.make_quotation(10000.0)
        self.outside(first + second).action_confirm()
        self.assertEqual((first + second).mapped("state"), ["sale", "sent"])
        self.assertEqual(self.hold_of(second).missing_amount, 2000.0)

    def test_a_paid_order_passes(self):
        order = self.make_quotation(45000.0)
        self.pay(order)
        self.outside(order)._validate_order()
        self.assertEqual(order.state, "sale")

    def test_partly_paid_the_rest_counts(self):
        # 45 000 less 17 000 paid: 28 000 fit; less 16 999 they would not
        less, enough = self.make_quotation(45000.0), self.make_quotation(45000.0)
        self.pay(less, 16999.0)
        self.pay(enough, 17000.0)
        self.outside(less)._validate_order()
        self.assertEqual(less.state, "sent")
        self.assertEqual(self.hold_of(less).missing_amount, 1.0)
        self.outside(enough)._validate_order()
        self.assertEqual(enough.state, "sale")

    def test_paid_after_it_waited(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.pay(order)
        self.outside(order)._validate_order()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.hold_of(order).state, "obsolete")
        self.assertFalse(order.sudo().activity_ids)

    def test_waiting_twice_asks_once(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.outside(order)._validate_order()
        self.assertEqual(len(self.hold_of(order)), 1)
        self.assertEqual(len(order.sudo().activity_ids), 1)

    def test_a_request_that_waits_is_accepted(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.outside(order)._validate_order()
        self.assertEqual(self.hold_of(order), hold)
        self.assertTrue(hold.accepted_by_customer)
        self.assertEqual(order.state, "sent")

    def test_asked_for_afterwards_the_acceptance_is_kept(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        hold = self.ask_release(order)
        self.assertEqual(hold.requested_by, self.salesman)
        self.assertTrue(hold.accepted_by_customer)
        self.release(hold)
        self.assertEqual(order.state, "sale")

    def test_released_it_is_confirmed_by_itself(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.release(self.hold_of(order))
        self.assertEqual(order.state, "sale")
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.hold_id, self.hold_of(order))
        self.assertFalse(order.sudo().activity_ids)
        messages = order.sudo().message_ids
        sent = messages.filtered(lambda m: m.partner_ids == order.partner_id)
        self.assertEqual(len(sent), 1, "the customer gets one confirmation")

    def test_released_it_is_confirmed_as_it_would_have_been(self):
        """What is confirmed without a mail to the customer stays without one."""
        order = self.make_quotation(45000.0)
        self.outside(order).action_confirm()
        self.release(self.hold_of(order))
        self.assertEqual(order.state, "sale")
        self.assertFalse(
            order.sudo().message_ids.filtered(
                lambda message: order.partner_id in message.partner_ids
            )
        )

    def test_what_was_given_back_is_not_paid(self):
        order = self.make_quotation(45000.0)
        self.pay(order)
        payment = order.sudo().transaction_ids
        payment._create_child_transaction(45000.0, is_refund=True).state = "done"
        self.outside(order)._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertEqual(self.hold_of(order).missing_amount, 17000.0)

    def test_what_was_captured_in_part_is_paid_in_part(self):
        # 45 000 authorised, 16 999 captured: 1 more than the 28 000 is missing
        order = self.make_quotation(45000.0)
        self.pay(order)
        payment = order.sudo().transaction_ids
        payment._create_child_transaction(16999.0).state = "done"
        payment._create_child_transaction(28001.0).state = "cancel"
        self.outside(order)._validate_order()
        self.assertEqual(self.hold_of(order).missing_amount, 1.0)

    def test_changed_since_it_is_not_confirmed_by_itself(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.set_amount(order, 44000.0)
        self.release(self.hold_of(order), release_amount=45000.0)
        self.assertEqual(order.state, "sent")
        self.assertIn("another total", order.sudo().activity_ids.mapped("summary")[-1])

    def test_credit_comes_back(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.make_receipt(self.alfa, 17000.0)
        self.env["credit.insurance.hold"].search([("state", "=", "open")])._refresh()
        self.assertEqual(self.hold_of(order).state, "obsolete")
        self.assertEqual(order.state, "sale")

    def test_refused_it_stays(self):
        order = self.make_quotation(45000.0)
        self.outside(order)._validate_order()
        self.hold_of(order).with_user(self.controller)._refuse("Too much")
        self.assertEqual(order.state, "sent")

    def test_what_else_keeps_it_is_told(self):
        # Odoo refuses to confirm what is confirmed: the decision on credit stands
        order = self.make_quotation(28000.0)
        order.action_confirm()
        order.sudo()._confirm_accepted({})
        self.assertIn("not in a state", order.sudo().activity_ids.summary)

    def test_the_superuser_is_outside(self):
        order = self.make_quotation(45000.0).with_user(SUPERUSER_ID)
        order.action_confirm()
        self.assertEqual(order.state, "sent")

    def test_an_employee_is_refused(self):
        order = self.make_quotation(45000.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_a_context_changes_nothing(self):
        order = self.make_quotation(45000.0)
        for flow in ("automatic", "point_of_sale", True):
            forged = order.with_context(credit_background_flow=flow)
            with self.assertRaises(RedirectWarning):
                forged.action_confirm()

    def test_an_order_made_for_a_task_is_not_lost(self):
        # what the same request has made would be rolled back with a refusal
        order = self.make_quotation(45000.0)
        order.with_context(create_for_task_id=1).action_confirm()
        self.assertEqual(order.state, "sent")
        self.assertEqual(self.hold_of(order).state, "open")
