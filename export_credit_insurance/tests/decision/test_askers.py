from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .review_common import ReviewCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestAskers(ReviewCommon):
    """Who asks cannot grant, whoever asks after them or in whose place they act.

    ALFA has a limit of 50 000: 60 000 are 10 000 too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_id = False
        cls.company.credit_controller_ceiling = 1000000.0  # no other obstacle
        cls.second = new_test_user(
            cls.env,
            "askers-cora",
            "sales_team.group_sale_salesman_all_leads," + CONTROLLERS,
            name="Cora",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def open_hold(self, order):
        return self.holds_of(order).filtered(lambda hold: hold.state == "open")

    def assertCannotRelease(self, hold, user):
        with self.assertRaises(AccessError):
            self.release(hold, user=user)
        self.assertNotIn(user, hold._deciders()[hold].able)

    def test_employee_who_signs_for_the_customer(self):
        order = self.make_quotation(60000.0)
        order.with_user(self.controller).sudo()._validate_order()
        hold = self.open_hold(order)
        self.assertTrue(hold.accepted_by_customer)
        self.assertCannotRelease(hold, self.controller)
        self.assertIn(
            "in the customer's place by Carl", order.sudo().message_ids[:1].body
        )
        self.release(hold, user=self.second)
        self.assertEqual(order.state, "sale")

    def test_who_made_it_in_the_name_of_somebody_else(self):
        """Carl writes the quotation and calls it Sam's; its customer accepts it."""
        mine = self.make_quotation(60000.0, user=self.controller)
        mine.user_id = self.salesman
        self.assertEqual(mine.sudo().create_uid, self.env.user)
        order = mine.copy({"user_id": self.salesman.id})
        self.assertEqual(order.sudo().create_uid, self.controller)
        order.with_user(self.env.ref("base.public_user")).sudo()._validate_order()
        hold = self.open_hold(order)
        self.assertTrue(hold.accepted_by_customer)
        self.assertCannotRelease(hold, self.controller)
        self.assertFalse(hold.with_user(self.controller).can_decide)
        self.release(hold, user=self.second)
        self.assertEqual(order.sudo().state, "sale")

    def test_employee_who_signs_what_waits_already(self):
        order = self.make_quotation(60000.0)
        hold = self.ask_release(order)
        order.with_user(self.controller).sudo()._validate_order()
        self.assertEqual(self.open_hold(order), hold)
        self.assertCannotRelease(hold, self.controller)

    def test_customer_who_accepts_what_waits_already(self):
        """The team and who decides hear of it, once."""
        order = self.make_quotation(60000.0)
        hold = self.ask_release(order)
        superuser = order.with_user(self.env.ref("base.user_root"))
        superuser._validate_order()
        told = order.sudo().activity_ids
        self.assertEqual(told.user_id, self.salesman)
        self.assertIn("Accepted by the customer", told.summary)
        note = hold.sudo().message_ids[:1]
        self.assertIn("has accepted", note.body)
        self.assertIn(self.controller.partner_id, note.partner_ids)
        superuser._validate_order()
        self.assertEqual(len(order.sudo().activity_ids), 1)

    def test_a_renewed_request_washes_nobody_off(self):
        order = self.make_quotation(60000.0)
        with freeze_time("2026-09-28 12:00:00"):
            first = self.ask_release(order.with_user(self.controller))
        self.assertEqual(first.requested_by, self.controller)
        hold = self.ask_release(order)
        self.assertEqual(hold.requested_by, self.salesman)
        self.assertNotEqual(hold, first)
        self.assertEqual(hold.requested_on, first.requested_on)
        self.assertEqual(hold.waiting_days, 3)
        self.assertCannotRelease(hold, self.controller)
        # and once more
        again = self.ask_release(order)
        self.assertCannotRelease(again, self.controller)
        self.release(again, user=self.second)
        self.assertEqual(again.state, "released")

    def test_who_enlarged_it_first(self):
        """A delivery of Carl's, then one of nobody's."""
        order = self.order(40000.0, delivered=0.0)
        line = order.order_line
        line.with_user(self.controller).qty_delivered = line.product_uom_qty * 2
        self.env.flush_all()
        hold = self.open_hold(order)
        self.assertEqual(hold.caused_by, self.controller)
        line.with_user(self.env.ref("base.user_root")).sudo().qty_delivered = (
            line.product_uom_qty * 3
        )
        self.env.flush_all()
        self.assertEqual(self.open_hold(order), hold)
        self.assertFalse(hold.caused_by)
        self.assertCannotRelease(hold, self.controller)

    def test_second_signature_on_what_an_event_holds(self):
        """A cut limit holds a confirmed order; the others are asked to sign, too."""
        self.env["credit.insurance.release.authority"].create(
            {"group_id": self.env.ref(CONTROLLERS).id, "second_from": 10000.0}
        )
        order = self.order(45000.0)
        self.limit._record_decision(
            "reduced", amount=20000.0, decision_date="2026-10-01"
        )
        self.run_reviews()
        hold = self.open_hold(order)
        self.assertEqual(hold.kind, "review")
        self.assertFalse(hold.activity_ids)  # the event tells of it
        self.release(hold, user=self.controller)
        self.assertEqual(hold.first_signed_by, self.controller)
        told = hold.sudo().activity_ids.user_id
        self.assertIn(self.second, told)
        self.assertNotIn(self.controller, told)
