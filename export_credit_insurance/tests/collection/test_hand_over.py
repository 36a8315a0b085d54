from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestHandOver(FollowupCommon):
    """A controller hands over; those instalments are left alone from then on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.step = cls.make_step(5, send_mail=False, hand_over=True)
        cls.later = cls.make_step(6)
        cls.invoice = cls.make_invoice(
            cls.alfa, 1000.0, day="2026-07-01", due="2026-09-26"
        )
        cls.reminder = cls.take(cls.invoice, cls.step)

    def test_controller_only(self):
        with self.assertRaises(AccessError):
            self.reminder.with_user(self.accountant).action_hand_over()

    def test_handed_over(self):
        mine = self.reminder.with_user(self.controller)
        self.assertTrue(mine.can_hand_over)
        self.assertDue(self.invoice, "2026-10-02", self.later)
        mine.action_hand_over()
        stop = self.alfa.credit_stop_ids
        self.assertRecordValues(
            stop,
            [
                {
                    "cause": "handed_over",
                    "policy_id": self.policy.id,
                    "move_line_id": self.reminder.line_ids.move_line_id.id,
                    "date_from": self.today,
                    "date_to": False,
                }
            ],
        )
        self.assertEqual(self.item(self.invoice, "2026-10-02").exclusion, "handed_over")
        mine.invalidate_recordset()
        self.assertFalse(mine.can_hand_over)
        mine.action_hand_over()
        self.assertEqual(self.alfa.credit_stop_ids, stop)
