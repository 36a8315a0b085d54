from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import Form, new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestRequestOpen(DecisionCommon):
    """Who has asked for a release is not told to ask again.

    ALFA has a limit of 50 000; 60 000 are quoted. Carl decides.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.company.credit_controller_id = cls.controller
        cls.order = cls.make_quotation(cls, 60000.0)

    def refusal(self, orders=None):
        """What a refusal says, and what its button opens."""
        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            (orders or self.order).action_confirm()
        message, action_id, button, context = caught.exception.args
        action = self.env["ir.actions.act_window"].browse(action_id)
        return message, button, action, context

    def open_request(self, order, user=None, **context):
        requests = self.env["credit.insurance.hold.request"].with_user(
            user or self.salesman
        )
        context = {"active_model": "sale.order", "active_ids": order.ids, **context}
        return Form(requests.with_context(**context))

    def test_before_anybody_asked(self):
        _message, button, action, context = self.refusal()
        self.assertEqual(button, "Ask for Credit Release")
        self.assertEqual(action.name, "Ask for Credit Release")
        form = self.open_request(self.order, **context)
        self.assertFalse(form.is_waiting)
        self.assertFalse(form.status)

    def test_while_it_waits(self):
        """Who decides, since when, and the request itself: nothing to send again."""
        hold = self.ask_release(self.order)
        self.assertIn("Carl", hold._who_decides())
        self.assertIn("Mona", hold._who_decides())  # it is beyond what Carl may
        message, button, action, context = self.refusal()
        said = f"on 10/01/2026 by Sam, to be decided by {hold._who_decides()}."
        self.assertIn(said, message)
        self.assertIn(said, self.order.credit_check_summary)
        self.assertEqual(button, "Open the Request")
        self.assertEqual(action.name, "Request for Credit Release")
        form = self.open_request(self.order, **context)
        self.assertTrue(form.is_waiting)
        for text in (self.order.name, said, "The customer pays on Friday."):
            self.assertIn(text, form.status)

    def test_what_others_read(self):
        """Not what the asker wrote; and nothing of orders that are not theirs."""
        self.ask_release(self.order)
        other = self.open_request(self.order, self.user)
        self.assertIn("by Sam", other.status)
        self.assertNotIn("Friday", other.status)
        stranger = new_test_user(
            self.env,
            "credit-stan",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        request = (
            self.env["credit.insurance.hold.request"]
            .with_user(stranger)
            .new({"line_ids": [(0, 0, {"order_id": self.order.id, "amount": 1.0})]})
        )
        self.assertFalse(request.status)
        self.assertFalse(request.is_waiting)

    def test_larger_than_was_asked_for(self):
        """What nobody has to decide on yet can be asked for."""
        self.ask_release(self.order)
        self.set_amount(self.order, 70000.0)
        self.assertEqual(self.refusal()[1], "Ask for Credit Release")
        form = self.open_request(self.order)
        self.assertFalse(form.is_waiting)
        self.assertIn("by Sam", form.status)

    def test_for_another_buyer(self):
        """A request for the former buyer can be released no more: it is asked again."""
        former = self.ask_release(self.order)
        self.order.partner_invoice_id = self.make_buyer("BETA")
        self.assertEqual(self.refusal()[1], "Ask for Credit Release")
        self.assertFalse(self.open_request(self.order).is_waiting)
        hold = self.ask_release(self.order)
        self.assertEqual((former.state, hold.state), ("obsolete", "open"))
        self.assertEqual(hold.partner_id.name, "BETA")

    def test_several_orders(self):
        """Only those that nobody has asked for are asked for."""
        self.ask_release(self.order)
        other = self.make_quotation(55000.0)
        _message, button, _action, context = self.refusal(self.order + other)
        self.assertEqual(button, "Ask for Credit Release")
        self.assertEqual(context["active_ids"], other.ids)
        self.ask_release(other)
        _message, button, _action, context = self.refusal(self.order + other)
        self.assertEqual(button, "Open the Request")
        self.assertEqual(context["active_ids"], (self.order + other).ids)

    def test_after_the_decision(self):
        self.ask_release(self.order).with_user(self.controller)._refuse("Pays late")
        self.assertEqual(self.refusal()[1], "Ask for Credit Release")

    def test_growth_of_a_confirmed_order(self):
        order = self.make_quotation(40000.0)
        order.action_confirm()

        def grow():
            with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
                self.set_amount(order, 55000.0)
            return caught.exception.args

        args = grow()
        self.assertEqual(args[2], "Ask for Credit Release")
        order.action_request_credit_release(
            reason="Please", amounts={order.id: 55000.0}
        )
        self.assertEqual(grow()[2], "Open the Request")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestToldInOneGo(DecisionCommon):
    """Who decides is told in one go, however many orders are asked for.

    Odoo itself needs a handful of queries for each activity: it writes a mail. They
    are counted apart, on the same holds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_id = cls.controller
        cls.holds = cls.env["credit.insurance.hold"]
        for number in range(52):
            buyer = cls.make_buyer(f"Buyer {number}")
            order = cls.make_order(
                buyer, 1000.0, confirm=False, user_id=cls.salesman.id
            )
            order.with_user(cls.salesman).action_request_credit_release(reason="Please")
        cls.holds = cls.holds.sudo().search([("company_id", "=", cls.company.id)])

    def count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def plain(self, holds):
        """As many activities of Odoo's own, for the same person."""
        holds.sudo().activity_schedule(
            "export_credit_insurance.mail_activity_type_credit_hold",
            user_id=self.controller.id,
            summary="Decide",
        )

    def test_as_many_queries_as_the_mails_need(self):
        self.assertEqual(len(self.holds), 52)
        for work in (lambda some: some._tell_controllers(), self.plain):
            work(self.holds[:1])
        of_one = self.count(lambda: self.holds[1:2]._tell_controllers())
        mail_of_one = self.count(lambda: self.plain(self.holds[1:2]))
        of_fifty = self.count(lambda: self.holds[2:]._tell_controllers())
        mail_of_fifty = self.count(lambda: self.plain(self.holds[2:]))
        self.assertEqual(len(self.holds[2:]), 50)
        self.assertLessEqual(of_one - mail_of_one, 20)
        self.assertLessEqual(of_fifty - mail_of_fifty, of_one - mail_of_one)

    def test_one_for_each_who_decides(self):
        self.assertEqual(self.holds.activity_ids.user_id, self.controller)
        self.assertEqual(len(self.holds.activity_ids), 52)
        self.assertEqual(
            sorted(self.holds.activity_ids.mapped("summary")),
            sorted(f"Release asked for: {hold.name}" for hold in self.holds),
        )

    def test_context_of_the_request_silences_nobody(self):
        order = self.make_order(
            self.make_buyer("Quiet"), 1000.0, confirm=False, user_id=self.salesman.id
        )
        hold = self.ask_release(
            order.with_user(self.salesman).with_context(
                mail_activity_automation_skip=True
            )
        )
        self.assertEqual(hold.activity_ids.user_id, self.controller)

    def test_administrators_read_of_all(self):
        """Where nobody else is left: one note names every request of the company."""
        admin = new_test_user(
            self.env,
            "credit-adam",
            "base.group_system",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        groups = self.env.ref(
            "export_credit_insurance.group_credit_controller"
        ) + self.env.ref("export_credit_insurance.group_credit_manager")
        for user in groups.sudo().all_user_ids:
            user.sudo().group_ids -= groups
        self.company.sudo().credit_controller_id = False
        three = self.holds[:3]
        before = three.message_ids
        three._tell_controllers()
        note = three.message_ids - before
        self.assertEqual(len(note), 1)
        for hold in three:
            self.assertIn(hold.name, note.body)
        self.assertIn(admin.partner_id, note.notified_partner_ids)
