from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestOwnRiskCeiling(DecisionCommon):
    """A controller accepts no more at own risk than he may release."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_ceiling = 10000.0

    def accept(self, amount, user=None, **values):
        rows = self.env["credit.insurance.own.risk"].with_user(user or self.controller)
        return rows.create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": amount,
                "date_from": "2026-10-01",
                "reason": "Strategic customer",
                **values,
            }
        )

    def test_controller_accepts_up_to_the_ceiling(self):
        row = self.accept(10000.0)
        self.assertEqual(row.author_id, self.controller)

    def test_above_it_amount_and_ceiling_are_told(self):
        with self.assertRaises(AccessError) as refusal:
            self.accept(10000.01)
        message = str(refusal.exception)
        for words in ("10,000.01", "10,000.00", "ALFA", "ask a credit manager"):
            self.assertIn(words, message)
        row = self.accept(10000.01, self.manager)
        self.assertEqual(row.author_id, self.manager)

    def test_form_of_a_controller(self):
        rows = self.env["credit.insurance.own.risk"].with_user(self.controller)
        form = Form(rows.with_company(self.company))
        form.partner_id = self.alfa
        form.amount = 20000.0
        form.reason = "Strategic customer"
        with self.assertRaises(AccessError) as refusal:
            form.save()
        self.assertIn("20,000.00", str(refusal.exception))
        form.amount = 10000.0
        self.assertEqual(form.save().amount, 10000.0)

    def test_ceiling_of_zero_leaves_all_to_managers(self):
        self.company.credit_controller_ceiling = 0.0
        with self.assertRaises(AccessError):
            self.accept(1.0)
        self.accept(1.0, self.manager)

    def test_controller_ends_a_manager_s_row_but_does_not_prolong_it(self):
        row = self.accept(25000.0, self.manager, date_to="2026-12-31")
        row = row.with_user(self.controller)
        for date_to in ("2027-01-01", False):
            with self.subTest(date_to=date_to), self.assertRaises(AccessError):
                row.date_to = date_to
        row.date_to = "2026-12-15"
        row.action_end()
        self.assertEqual(str(row.date_to), "2026-10-01")
        row.with_user(self.manager).date_to = "2027-01-31"
        self.assertEqual(str(row.date_to), "2027-01-31")

    def test_controller_prolongs_what_he_may_accept(self):
        row = self.accept(10000.0, date_to="2026-12-31")
        row.date_to = False
        self.assertFalse(row.date_to)

    def test_each_company_has_its_own_ceiling(self):
        # in the company's currency, as own risk itself
        other = self.setup_other_company(name="Sister")["company"]
        other.credit_controller_ceiling = 500.0
        self.controller.company_ids += other
        rows = {"company_id": other.id}
        with self.assertRaises(AccessError):
            self.accept(501.0, **rows)
        self.accept(500.0, **rows)
        self.accept(10000.0)

    def test_rows_that_follow_each_other_do_not_add_up(self):
        # 10 000 until 31 October, 10 000 from 1 November: 10 000 on any day
        self.accept(10000.0, date_to="2026-10-31")
        self.accept(10000.0, date_from="2026-11-01")

    def test_message_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rows = self.env["credit.insurance.own.risk"].with_user(self.controller)
        with self.assertRaises(AccessError) as refusal:
            rows.with_context(lang="fr_FR").create(
                {
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "amount": 10001.0,
                    "reason": "Strategic customer",
                }
            )
        self.assertIn("plafond des gestionnaires", str(refusal.exception))
