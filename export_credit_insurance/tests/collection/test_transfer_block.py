from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestTransferBlock(FollowupCommon):
    """While transfers are blocked, buyers there are asked for proof, not for money.

    The ordinary plan has steps 5, 15 and 30 days after the due date; the one for the
    time of the block, after 3 and 20 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = (cls.make_step(days) for days in (5, 15, 30))
        cls.blocked = cls.env["credit.followup.plan"].create(
            {
                "name": "Blocked",
                "event_kind": "transfer_block",
                "currency_id": cls.euro.id,
            }
        )
        cls.proof, cls.letter = (cls.make_step(days, cls.blocked) for days in (3, 20))

    def block(self, **values):
        return self.env["credit.insurance.country.event"].create(
            {
                "name": "Transfers suspended",
                "kind": "transfer_block",
                "country_ids": [(6, 0, self.env.ref("base.br").ids)],
                "date_from": "2026-09-10",
                "source": "Circular 12",
                **values,
            }
        )

    def assertPlan(self, plan, reason):
        self.alfa.invalidate_recordset()
        self.assertEqual(self.alfa.credit_followup_applied_plan_id, plan)
        self.assertEqual(self.alfa.credit_followup_plan_reason, reason)

    def test_the_plan_and_back(self):
        """The buyer's page says why, and which plan goes on afterwards."""
        self.assertPlan(self.plan, "default")
        block = self.block()
        self.assertPlan(self.blocked, "event")
        text = self.alfa.credit_followup_plan_explained
        for words in ("Brazil", "Transfers suspended", "09/10/2026", "Plan"):
            self.assertIn(words, text)
        block.date_to = "2026-09-30"
        self.assertPlan(self.plan, "default")

    def test_even_of_a_plan_chosen_by_hand(self):
        own = self.env["credit.followup.plan"].create(
            {"name": "Key account", "currency_id": self.euro.id}
        )
        self.alfa.credit_followup_plan_id = own
        block = self.block()
        self.assertPlan(self.blocked, "event")
        self.assertIn("Key account", self.alfa.credit_followup_plan_explained)
        block.active = False
        self.assertPlan(own, "explicit")

    def test_only_that_kind_of_event_and_that_country(self):
        self.block(kind="war")
        self.assertPlan(self.plan, "default")
        self.block(country_ids=[(6, 0, self.env.ref("base.ar").ids)])
        self.assertPlan(self.plan, "default")
        self.block(date_from="2026-10-02")
        self.assertPlan(self.plan, "default")

    def test_what_else_the_plan_asks_for(self):
        self.blocked.zone_ids = self.env.ref("base.fr").credit_zone_id
        self.block()
        self.assertPlan(self.plan, "default")

    def test_the_default_is_no_event_s(self):
        with self.assertRaises(ValidationError):
            self.plan.event_kind = "transfer_block"

    def test_steps_before_during_and_after(self):
        """Due 1 September, a Tuesday; two steps taken before the block.

        The block's own steps begin with its first one; when it ends, the ordinary
        plan goes on after its second step, whatever was sent meanwhile. Days: 30 days
        after 1 September is 1 October; 20 days after is 21 September, a Monday.
        """
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-08-01", due="2026-09-01"
        )
        self.take(invoice, self.second, "2026-09-16")
        self.assertDue(invoice, "2026-09-30", None)
        block = self.block()
        self.assertDue(invoice, "2026-09-18", self.proof)
        self.take(invoice, self.proof, "2026-09-18")
        self.assertDue(invoice, "2026-09-18", None)
        self.assertDue(invoice, "2026-09-21", self.letter)
        self.take(invoice, self.letter, "2026-09-21")
        self.assertDue(invoice, "2026-10-01", None)
        block.date_to = "2026-09-30"
        self.assertDue(invoice, "2026-10-01", self.third)
        # blocked again: what was asked for is not asked for twice
        self.block(date_from="2026-10-01")
        self.assertDue(invoice, "2026-10-01", None)

    def test_a_reminder_prepared_before_the_block_is_not_sent(self):
        invoice = self.make_invoice(
            self.alfa, 1000.0, day="2026-08-01", due="2026-09-25"
        )
        run = self.prepare()
        self.assertEqual(run.reminder_ids.step_id, self.first)
        self.block()
        run.action_send()
        self.send_queued()
        self.assertFalse(
            self.env["credit.followup.reminder.line"].search(
                [("move_id", "=", invoice.id), ("state", "=", "taken")]
            )
        )
        self.assertEqual(run.reminder_ids.skip_reason, "other_plan")

    def test_the_delivered_plan_threatens_nothing(self):
        """It asks for proof and letter; the insurer's clock goes on."""
        plan = self.env.ref(
            "export_credit_insurance.credit_followup_plan_transfer_blocked"
        )
        self.assertEqual(plan.event_kind, "transfer_block")
        self.assertFalse(plan.accelerate_days or plan.send_receipt)
        writing = plan.step_ids.filtered(lambda step: step._writes_to_buyer())
        self.assertEqual(set(writing.mapped("tone")), {"courteous"})
        for field in ("show_interest", "show_fees", "is_formal_notice", "hold_orders"):
            self.assertFalse(any(writing.mapped(field)), field)
        texts = " ".join(str(step.body) for step in writing)
        self.assertIn("local currency", texts)
        self.assertIn("letter", texts)
        for step in writing:
            self.assertNotRegex(str(step.body), r"interest|court|legal|notice|fee")
        others = plan.step_ids - writing
        self.assertEqual(others.mapped("base"), ["mep_end", "mep_end"])
        self.assertTrue(others[0].notify_insurer and others[1].hand_over)

    def test_queries(self):
        """Buyers in one blocked country cost what one of them does."""
        self.block()
        buyers = self.alfa.union(
            *(self.make_buyer(f"B{number}") for number in range(49))
        )
        counts = []
        for some in (self.alfa, self.alfa, buyers):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["credit.followup.plan"]._get_plans(some, self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
