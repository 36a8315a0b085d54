from odoo.exceptions import AccessError
from odoo.tests import tagged

from .till_account_common import TillAccountCommon


@tagged("post_install", "-at_install")
class TestTillDecided(TillAccountCommon):
    """Who decides on a sale on account, and what the till did not tell of it."""

    def test_somebody_decides(self):
        receipt = self.sell(10)
        line = self.lines_of(receipt)
        self.notice_due()
        self.assertTrue(line.review_id.activity_ids)
        with self.assertRaises(AccessError):
            line.with_user(self.seller).action_reviewed()
        line.with_user(self.controller).action_reviewed()
        self.assertEqual(line.reviewed_by, self.controller)
        self.assertFalse(line.is_open)
        self.notice_due()
        self.assertFalse(line.review_id.activity_ids)
        self.assertFalse(
            self.lines_of(receipt).filtered_domain([("is_open", "=", True)])
        )

    def test_who_sold_it_does_not(self):
        self.cashier.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_controller"
        )
        line = self.lines_of(self.sell(10))
        with self.assertRaises(AccessError):
            line.with_user(self.cashier).action_reviewed()

    def test_forged_context_decides_nothing(self):
        receipt = self.sell(
            10,
            context={
                "default_reviewed_on": "2026-01-01 00:00:00",
                "default_reviewed_by": self.cashier.id,
                "default_stage": "quotation",
            },
        )
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_payment_changed_later(self):
        """Paid in cash, then put on account: the night finds it."""
        receipt = self.sell(10, method=self.cash)
        receipt.payment_ids.payment_method_id = self.account
        self.notice_due()
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def put_on_account(self, receipt, amount):
        """Share the sale out: so much on account, the rest in cash."""
        payment = receipt.payment_ids[0]
        payment.write({"payment_method_id": self.account.id, "amount": amount})
        if rest := receipt.amount_total - amount:
            receipt.add_payment(
                {
                    "amount": rest,
                    "payment_method_id": self.cash.id,
                    "pos_order_id": receipt.id,
                }
            )

    def test_grown_since_it_was_listed(self):
        """9 000 of 20 000 were listed and ticked off; then all of it is on account."""
        receipt = self.sell(20, method=self.cash)
        self.put_on_account(receipt, 9000.0)
        self.notice_due()
        self.assertListed(receipt, 9000.0, missing=1000.0)
        self.lines_of(receipt).with_user(self.controller).action_reviewed()
        self.notice_due()
        self.assertFalse(self.lines_of(receipt).filtered("is_open"))
        receipt.payment_ids.payment_method_id = self.account
        for _night in range(2):
            self.notice_due()
            self.assertRecordValues(
                self.lines_of(receipt).filtered("is_open"),
                [{"undelivered_amount": 20000.0, "missing_amount": 12000.0}],
            )

    def test_changed_before_the_session_is_closed(self):
        """The same evening: no night sees it open."""
        receipt = self.sell(10, method=self.cash)
        receipt.payment_ids.payment_method_id = self.account
        self.assertFalse(self.lines_of(receipt))
        self.till_session.with_user(self.cashier).action_pos_session_closing_control()
        self.assertEqual(self.till_session.state, "closed")
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_who_changed_the_payment_does_not(self):
        """Carl put on account what Kim had sold."""
        self.controller.group_ids += self.env.ref("point_of_sale.group_pos_manager")
        receipt = self.sell(10, method=self.cash)
        payment = receipt.payment_ids.with_user(self.controller)
        payment.payment_method_id = self.account
        self.notice_due()
        with self.assertRaises(AccessError):
            self.lines_of(receipt).with_user(self.controller).action_reviewed()

    def test_paid_in_the_back_office(self):
        """A draft of the till, paid on account in the list of orders."""
        receipt = self.sell(10, state="draft", pay=False)
        self.assertEqual(receipt.state, "draft")
        self.assertFalse(self.lines_of(receipt))
        self.cashier.group_ids += self.env.ref("point_of_sale.group_pos_manager")
        payments = self.env["pos.make.payment"].with_user(self.cashier)
        payments.with_context(active_id=receipt.id, active_ids=receipt.ids).create(
            {
                "config_id": self.till.id,
                "amount": 10000.0,
                "payment_method_id": self.account.id,
            }
        ).check()
        self.assertEqual(receipt.state, "paid")
        self.assertListed(receipt, 10000.0, missing=2000.0)

    def test_only_controller_sold_it(self):
        """Then managers are told."""
        manager = self.make_user(
            "doors-mona", "export_credit_insurance.group_credit_manager", name="Mona"
        )
        self.company.credit_controller_id = self.cashier
        line = self.lines_of(self.sell(10))
        told = line.review_id.activity_ids.user_id
        self.assertIn(manager, told)
        self.assertNotIn(self.cashier, told)

    def test_each_decides_on_what_others_sold(self):
        """Kim and Carl, both controllers, sold 9 000 and 10 000 through one till."""
        self.cashier.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_controller"
        )
        self.company.credit_controller_id = False
        receipts = self.cash_up_all(
            self.receipt(
                self.pos_line(self.product, number, 1000.0),
                self.account,
                user_id=user.id,
            )
            for number, user in ((9, self.cashier), (10, self.controller))
        )
        lines = self.lines_of(*receipts)
        self.assertEqual(len(lines.review_id), 1)
        self.assertEqual(lines.sold_by, self.cashier + self.controller)
        activities = lines.review_id.activity_ids
        for seller in self.cashier + self.controller:
            own = lines.filtered(lambda line, seller=seller: line.sold_by == seller)
            note = activities.filtered(
                lambda activity, seller=seller: activity.user_id == seller
            ).note
            self.assertNotIn(own.receipt_ref, note)
            self.assertIn((lines - own).receipt_ref, note)
            with self.assertRaises(AccessError):
                own.with_user(seller).action_reviewed()
            (lines - own).with_user(seller).action_reviewed()
        self.assertFalse(lines.filtered("is_open"))

    def test_administrators_read_of_all_that_nobody_decides(self):
        """Kim alone may decide and has sold both: one note names the two."""
        groups = self.env.ref(
            "export_credit_insurance.group_credit_controller"
        ) + self.env.ref("export_credit_insurance.group_credit_manager")
        for user in groups.sudo().all_user_ids:
            user.group_ids -= groups
        self.cashier.group_ids += groups[0]
        admin = self.make_user("doors-adam", "base.group_system", name="Adam")
        self.company.credit_controller_id = False
        receipts = self.cash_up_all(
            self.receipt(self.pos_line(self.product, number, 1000.0), self.account)
            for number in (9, 10)
        )
        review = self.lines_of(*receipts).review_id
        self.assertEqual(len(review), 1)
        self.assertFalse(review.activity_ids)
        note = review.message_ids.filtered(
            lambda message: admin.partner_id in message.notified_partner_ids
        )
        self.assertEqual(len(note), 1)
        for receipt in receipts:
            self.assertIn(receipt.pos_reference, note.body)
