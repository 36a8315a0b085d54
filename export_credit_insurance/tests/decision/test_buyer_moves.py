from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import Form, new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerMoves(DecisionCommon):
    """A contact moved under another company takes its open orders along (DESIGN 4).

    ALFA has a limit of 50 000, BETA one of 10 000. Nothing is refused: what BETA has
    no room for is held.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.alfa, 50000.0)
        cls.make_limit(cls.beta, 10000.0)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": cls.alfa.id}
        )
        cls.partner_manager = new_test_user(
            cls.env,
            "credit-pam",
            "base.group_partner_manager,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def order(self, amount, **values):
        return self.make_order(self.contact, amount, user_id=self.salesman.id, **values)

    def move(self, partner=None, to=None):
        partner = (partner or self.contact).with_user(self.partner_manager)
        partner.parent_id = to or self.beta
        self.env.flush_all()
        self.env.invalidate_all()

    def holds_of(self, order, state="open"):
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", order.id), ("state", "=", state)]
        )

    def test_room_of_the_new_debtor_clears_the_order(self):
        """8 000 fit BETA's 10 000: the clearance follows, 2 000 are left."""
        order = self.order(8000.0)
        self.assertEqual(self.clearance_of(order).partner_id, self.alfa)
        self.move()
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.partner_id, self.beta)
        self.assertEqual(clearance.limit_amount, 10000.0)
        self.assertEqual(clearance.headroom_after, 2000.0)  # 10 000 - 8 000
        self.assertFalse(order.credit_hold_ids)

    def test_lack_of_room_holds_without_raising(self):
        """12 000 exceed BETA's 10 000 by 2 000."""
        order = self.order(12000.0)
        self.move()
        hold = self.holds_of(order)
        self.assertRecordValues(
            hold,
            [
                {
                    "kind": "buyer",
                    "partner_id": self.beta.id,
                    "amount": 12000.0,
                    "limit_amount": 10000.0,
                    "missing_amount": 2000.0,
                    "main_code": "over_limit",
                    "requested_by": self.partner_manager.id,
                }
            ],
        )
        self.assertEqual(order.state, "sale")
        self.assertIn(order, self.env["credit.insurance.hold"]._get_stops(order))
        self.assertRecordValues(
            self.clearance_of(order),
            [{"partner_id": self.beta.id, "amount": 0.0, "unallowed_amount": 12000.0}],
        )
        self.assertEqual(hold.review_id.partner_ids, self.contact)

    def test_several_orders_compete_in_turn(self):
        """6 000 take 6 000 of 10 000; the next 5 000 lack 1 000; 4 000 still fit."""
        first, second, third = self.order(6000.0), self.order(5000.0), self.order(4000)
        self.move()
        self.assertFalse(self.holds_of(first))
        self.assertEqual(self.holds_of(second).missing_amount, 1000.0)
        self.assertFalse(self.holds_of(third))  # what was refused takes nothing

    def test_held_order_may_shrink_but_not_grow(self):
        """The next edit is not refused for a move that it does not make."""
        order = self.order(12000.0)
        self.move()
        self.set_amount(order.with_user(self.salesman), 11000.0)
        self.assertEqual(order.amount_total, 11000.0)
        self.assertTrue(self.holds_of(order))
        with self.assertRaises(RedirectWarning):
            self.set_amount(order.with_user(self.salesman), 11500.0)

    def test_shrinking_into_the_room_then_growing_within_it(self):
        """9 000 would fit; growing to 9 500 is checked and closes the hold."""
        order = self.order(12000.0)
        self.move()
        self.set_amount(order.with_user(self.salesman), 9000.0)
        self.env.flush_all()
        self.set_amount(order.with_user(self.salesman), 9500.0)
        self.env.flush_all()
        self.assertFalse(self.holds_of(order))
        self.assertEqual(self.clearance_of(order).headroom_after, 500.0)

    def test_release_lets_the_order_go(self):
        order = self.order(12000.0)
        self.move()
        self.release(
            self.holds_of(order),
            release_kind="own_risk",
            release_amount=12000.0,
            release_until="2026-10-31",
        )
        self.assertFalse(self.env["credit.insurance.hold"]._get_stops(order))
        clearance = self.clearance_of(order)
        self.assertEqual((clearance.amount, clearance.unallowed_amount), (12000.0, 0.0))
        self.assertEqual(clearance.hold_id.state, "released")

    def test_moving_back_ends_the_hold(self):
        order = self.order(12000.0)
        self.move()
        hold = self.holds_of(order)
        self.move(to=self.alfa)
        self.assertEqual(hold.state, "obsolete")
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.partner_id, self.alfa)
        self.assertEqual(clearance.headroom_after, 38000.0)  # 50 000 - 12 000

    def test_delivered_part_counts_for_the_new_debtor(self):
        """12 000, of which 5 000 delivered: BETA owes all of it."""
        order = self.order(12000.0, delivered=5000.0)
        self.move()
        self.assertEqual(self.holds_of(order).missing_amount, 2000.0)
        line = self.env["credit.insurance.review.line"].search(
            [("order_id", "=", order.id)]
        )
        self.assertEqual(line.undelivered_amount, 7000.0)  # 12 000 - 5 000

    def test_finished_order_is_left_alone(self):
        """Delivered and invoiced: its debt is an invoice, the clearance follows."""
        order = self.order(12000.0, delivered=12000.0)
        order._create_invoices().action_post()
        self.move()
        self.assertFalse(order.credit_hold_ids)
        self.assertEqual(self.clearance_of(order).partner_id, self.beta)
        self.assertEqual(self.clearance_of(order).amount, 12000.0)

    def test_quotation_is_listed_and_its_salesperson_told(self):
        """A quotation needs no hold: its confirmation is refused anyway."""
        quotation = self.order(11000.0, confirm=False)
        other = self.order(9000.0, confirm=False)
        self.move()
        line = self.env["credit.insurance.review.line"].search(
            [("partner_id", "=", self.beta.id)]
        )
        self.assertRecordValues(
            line,
            [
                {
                    "order_id": quotation.id,
                    "stage": "quotation",
                    "cause": "buyer",
                    "missing_amount": 1000.0,  # 11 000 - 10 000
                    "undelivered_amount": 11000.0,
                    "hold_id": False,
                }
            ],
        )
        self.assertEqual(
            quotation.activity_ids.user_id, self.salesman, "the salesperson is told"
        )
        self.assertFalse(other.activity_ids)

    def test_request_for_the_former_buyer_is_closed(self):
        """It could be neither released nor renewed."""
        quotation = self.order(60000.0, confirm=False)
        hold = self.ask_release(quotation.with_user(self.salesman))
        self.move()
        self.assertEqual(hold.state, "obsolete")

    def test_invoice_address_moved_below_another_company(self):
        """The order's own contact stays; its invoice address moves."""
        address = self.env["res.partner"].create(
            {"name": "Accounting", "type": "invoice", "parent_id": self.alfa.id}
        )
        order = self.order(12000.0, partner_invoice_id=address.id)
        self.move(address)
        self.assertEqual(self.holds_of(order).partner_id, self.beta)

    def test_contacts_below_a_moved_one_move_with_it(self):
        below = self.env["res.partner"].create(
            {"name": "Assistant", "parent_id": self.contact.id}
        )
        order = self.make_order(below, 12000.0)
        self.move()
        self.assertEqual(self.holds_of(order).partner_id, self.beta)

    def test_contact_that_becomes_a_company(self):
        """Ticking “Company” makes it a buyer of its own, without a limit."""
        order = self.order(12000.0)
        self.contact.with_user(self.partner_manager).is_company = True
        hold = self.holds_of(order)
        self.assertEqual(hold.partner_id, self.contact)
        self.assertEqual(hold.main_code, "no_limit")

    def test_through_the_form(self):
        order = self.order(12000.0)
        with Form(self.contact.with_user(self.partner_manager)) as form:
            form.parent_id = self.beta
        self.assertEqual(self.holds_of(order).kind, "buyer")

    def test_nobody_is_told_twice(self):
        """One activity for the salesperson, one for the controllers, per move."""
        first = self.order(12000.0)
        second = self.order(13000.0)
        self.company.credit_controller_id = self.controller
        self.move()
        activities = (first | second).activity_ids
        self.assertEqual(len(activities), 1)
        self.assertEqual(activities.user_id, self.salesman)
        self.assertNotIn("limit", activities.note.lower())  # confidential
        review = self.env["credit.insurance.review"].search([])
        self.assertEqual(len(review), 1)
        self.assertEqual(review.activity_ids.user_id, self.controller)
        self.assertFalse((first | second).credit_hold_ids.activity_ids)

    def test_nothing_is_sent_to_customers(self):
        order = self.order(12000.0)
        before = order.message_ids
        self.move()
        self.assertFalse((order.message_ids - before).filtered("partner_ids"))

    def test_observation_lists_and_holds_nothing(self):
        self.policy.observation = True
        order = self.order(12000.0)
        self.move()
        self.assertFalse(order.credit_hold_ids)
        self.assertEqual(self.clearance_of(order).partner_id, self.beta)
        line = self.env["credit.insurance.review.line"].search(
            [("order_id", "=", order.id)]
        )
        self.assertEqual(line.missing_amount, 2000.0)

    def test_anchors_of_both_debtors_are_written(self):
        self.order(12000.0)
        anchors = self.env["credit.insurance.anchor"].search([])
        before = {anchor.partner_id: anchor.revision for anchor in anchors}
        self.move()
        for buyer in self.alfa | self.beta:
            anchor = anchors.search([("partner_id", "=", buyer.id)])
            self.assertGreater(anchor.revision, before.get(buyer, -1))

    def test_switched_off_costs_nothing(self):
        """Not one statement of ours where no company is checked."""
        self.policy.action_close()
        self.env["res.company"]._credit_check_modes()
        statements = []
        execute = self.env.cr.execute

        def listen(query, *args, **kwargs):
            statements.append(str(query))
            return execute(query, *args, **kwargs)

        with patch.object(self.env.cr, "execute", listen):
            self.contact.parent_id = self.beta
            self.env.flush_all()
        self.assertTrue(statements)
        self.assertFalse([text for text in statements if "credit_insurance" in text])
