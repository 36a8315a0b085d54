import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SendingCommon


@tagged("post_install", "-at_install")
class TestHandOverOnce(SendingCommon):
    """A file goes to the insurer once, whatever the plans of its buyer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["credit.followup.plan"].create(
            {"name": "Other plan", "currency_id": cls.euro.id}
        )
        cls.hand_over = cls.make_step(18, send_mail=False, hand_over=True)
        cls.other_mail = cls.make_step(10, plan=cls.other)
        cls.other_hand_over = cls.make_step(
            19, plan=cls.other, send_mail=False, hand_over=True
        )
        cls.other_later = cls.make_step(20, plan=cls.other)

    def test_the_second_plan_does_not_plan_it_again(self):
        invoice = self.overdue(19)
        self.take(invoice, self.hand_over)
        self.alfa.credit_followup_plan_id = self.other
        self.other_hand_over.sequence = 1000  # above what was taken
        self.assertDue(invoice, self.today, None)
        # without the hand-over it would be the step of the day
        self.other_hand_over.write({"hand_over": False, "send_mail": True})
        self.assertDue(invoice, self.today, self.other_hand_over)

    def test_its_other_steps_go_on(self):
        invoice = self.overdue(20)
        self.take(invoice, self.hand_over)
        self.alfa.credit_followup_plan_id = self.other
        self.other_hand_over.sequence = 1000
        self.other_later.sequence = 1001
        self.assertDue(invoice, self.today, self.other_later)

    def test_the_database_keeps_one(self):
        """Also where two people record it at the same moment."""
        invoice = self.overdue(20)
        values = {
            "partner_id": self.alfa.id,
            "policy_id": self.policy.id,
            "move_line_id": invoice.line_ids.filtered("date_maturity").id,
            "date_from": self.today,
            "cause": "handed_over",
        }
        stops = self.env["credit.insurance.stop"]
        first = stops.create(values)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            stops.create(values)
        first.date_to = self.today  # taken back
        self.env.flush_all()
        self.assertTrue(stops.create(values))
