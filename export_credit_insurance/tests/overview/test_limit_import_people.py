from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .limit_import_common import LimitImportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImportPeople(LimitImportCommon):
    """Who checks and applies a file, for which companies, and what stays then."""

    def test_controller_applies_and_user_sees(self):
        self.alfa.ref = "A"
        run = self.make_import(self.row(our_ref="A"), user=self.controller)
        with self.assertRaises(AccessError):
            run.with_user(self.user).action_check()
        run.action_check()
        self.assertEqual(run.with_user(self.user).line_ids.outcome, "new")
        with self.assertRaises(AccessError):
            run.with_user(self.user).action_apply()
        with self.assertRaises(AccessError):
            run.with_user(self.salesman).read(["name"])
        run.action_apply()
        self.assertEqual(run.applied_by_id, self.controller)
        self.assertEqual(self.lines_of(self.alfa).decided_by_id, self.controller)

    def test_server_fields_are_the_servers(self):
        for values in ({"state": "applied"}, {"is_mailed": True}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.make_import(self.row(), user=self.controller, **values)
        run = self.make_import(self.row(), user=self.controller)
        with self.assertRaises(AccessError):
            run.write({"state": "checked", "file_date": "2026-09-30"})
        self.assertRecordValues(
            run, [{"state": "draft", "file_date": date(2026, 10, 1)}]
        )
        run.action_check()
        with self.assertRaises(AccessError):
            run.line_ids.write({"outcome": "new", "partner_id": self.alfa.id})
        self.assertEqual(self.outcomes(run), ["unknown"])

    def test_applied_stays(self):
        self.alfa.ref = "A"
        run = self.check(self.row(our_ref="A"))
        run.action_apply()
        for action in (run.action_apply, run.action_check, run.unlink):
            with self.assertRaises(UserError):
                action()
        with self.assertRaises(UserError):
            run.file_date = "2026-09-30"

    def test_changed_since_the_check(self):
        self.alfa.ref = "A"
        run = self.check(self.row(our_ref="A"))
        self.make_limit(self.alfa, 99000.0, "2026-09-30")
        with self.assertRaises(UserError):
            run.action_apply()
        self.assertEqual(len(self.lines_of(self.alfa)), 1)

    def test_new_file_is_checked_anew(self):
        run = self.check(self.row())
        run.file_name = "other.csv"
        self.assertEqual((run.state, len(run.line_ids)), ("draft", 0))

    def test_policy_of_another_company(self):
        other = self.setup_other_company()["company"]
        self.make_policy(company=other, name="POL-OTHER", number="POL-OTHER")
        run = self.check(self.row(policy_no="POL-OTHER"))
        self.assertEqual(self.outcomes(run), ["error"])
        self.assertIn("POL-OTHER", run.line_ids.message)

    def test_policy_of_several_companies(self):
        other = self.setup_other_company()["company"]
        self.policy.company_ids += other
        self.alfa.ref = "A"
        run = self.check(self.row(our_ref="A"))
        run.action_apply()
        for company in self.company + other:
            found = self.Limit._in_force(self.alfa, self.today, company)[self.alfa]
            self.assertEqual(found[self.policy].amount, 50000.0)
