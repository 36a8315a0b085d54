from odoo import Command
from odoo.tests import new_test_user

from ..decision.common import DecisionCommon

REF = "export_credit_insurance."
CALL = REF + "mail_activity_type_followup_call"


class MyDayCommon(DecisionCommon):
    """1 October 2026: ALFA owes and has ordered 102 000 of 130 000 (DOMAIN 1.16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_ceiling = 1000000.0
        cls.make_alfa_debt()
        cls.accountant = new_test_user(
            cls.env,
            "credit-anna",
            "export_credit_insurance.group_credit_followup",
            name="Anna",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def day_of(self, user, companies=None, keys=None):
        self.env.invalidate_all()
        day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
        active = (companies or user.company_ids).ids
        return day.with_context(allowed_company_ids=active).get_my_day(keys)

    def sections_of(self, user, companies=None):
        sections = self.day_of(user, companies)["sections"]
        return {section["key"]: section for section in sections}

    def rows_of(self, user, key, *names):
        names = names or ("label", "detail", "date", "urgency", "amount")
        rows = self.sections_of(user)[key]["rows"]
        return [tuple(row[name] for name in names) for row in rows]

    def methods_of(self, user, key):
        rows = self.sections_of(user)[key]["rows"]
        return [[button["method"] for button in row["buttons"]] for row in rows]

    def press(self, user, key, method):
        """Call the method of the first row's button, as the screen does."""
        row = self.sections_of(user)[key]["rows"][0]
        self.assertIn(method, [button["method"] for button in row["buttons"]])
        record = self.env[row["model"]].with_user(user).sudo(False).browse(row["id"])
        return getattr(record, method)()

    def plan(self, record, kind, user, **values):
        return record.activity_schedule(
            kind, user_id=user.id, date_deadline=self.today, **values
        )
