from freezegun import freeze_time

from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHoldDeciders(DecisionCommon):
    """Somebody is always told, and never only the one who asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_ceiling = 50000.0
        cls.admin = new_test_user(
            cls.env,
            "credit-ada",
            "base.group_system",
            name="Ada",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def told(self, hold):
        """Who has an activity, but for the user the tests run as."""
        return hold.activity_ids.user_id - self.env.user

    def note_of(self, hold):
        return " ".join(map(html2plaintext, hold.message_ids.mapped("body")))

    def ask(self, user=None, amount=45000.0):
        order = self.make_quotation(amount, user=user)
        order.action_request_credit_release("The customer pays on Friday.")
        return order.sudo().credit_hold_id

    def leave(self, *users):
        """Nobody else is a controller any more."""
        group = self.env.ref("export_credit_insurance.group_credit_controller")
        managers = self.env.ref("export_credit_insurance.group_credit_manager")
        for user in group.sudo().all_user_ids:
            if user not in users:
                user.group_ids -= group + managers

    def test_all_controllers_are_told(self):
        hold = self.ask()
        self.assertEqual(self.told(hold), self.controller + self.manager)
        self.assertNotIn("Nobody else", self.note_of(hold))

    def test_the_company_s_controller_alone(self):
        self.company.credit_controller_id = self.controller
        self.assertEqual(self.told(self.ask()), self.controller)

    def test_the_company_s_controller_asks_himself(self):
        self.company.credit_controller_id = self.controller
        hold = self.ask(self.controller)
        self.assertEqual(self.told(hold), self.manager)
        self.assertIn("Mona", self.note_of(hold))

    def test_above_his_ceiling_the_managers_are_told_too(self):
        self.company.credit_controller_id = self.controller
        hold = self.ask(amount=50001.0)
        self.assertEqual(self.told(hold), self.controller + self.manager)
        self.assertIn("Mona", self.note_of(hold))

    def test_sanctions_reach_the_managers(self):
        self.company.credit_controller_id = self.controller
        self.make_event("sanctioned")
        self.assertIn(self.manager, self.told(self.ask(amount=100.0)))

    def test_nobody_left_but_administrators(self):
        self.leave(self.controller)
        hold = self.ask(self.controller)
        self.assertFalse(self.told(hold))
        note = hold.message_ids.filtered(
            lambda message: self.admin.partner_id in message.partner_ids
        )
        self.assertIn(hold.name, html2plaintext(note.body))
        self.assertIn("credit manager", html2plaintext(note.body))
        self.assertTrue(note.is_internal or note.subtype_id.internal)

    def test_who_may_not_release_it_is_told_with_the_administrators(self):
        self.leave(self.controller)
        hold = self.ask(amount=60000.0)
        self.assertEqual(self.told(hold), self.controller)
        self.assertIn(self.admin.partner_id, hold.message_ids.partner_ids)

    def test_people_of_other_companies_are_not_told(self):
        other = self.setup_other_company(name="Sister")["company"]
        stranger = new_test_user(
            self.env,
            "credit-otto",
            "export_credit_insurance.group_credit_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertNotIn(stranger, self.told(self.ask()))
