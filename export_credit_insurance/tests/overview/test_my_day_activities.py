from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.overview.credit_insurance_my_day_own import ACTIVITY_TYPES, TOLD
from .my_day_common import CALL, REF, MyDayCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDayActivities(MyDayCommon):
    """One's own activities, in the companies that are active."""

    # === ACTIVITIES === #

    def test_types_are_those_of_the_addon(self):
        kinds = self.env["mail.activity.type"].search([]).get_external_id().values()
        self.assertEqual(
            {name for name in kinds if name.startswith(REF)}, {*ACTIVITY_TYPES}
        )

    def test_activities_are_ones_own_and_due(self):
        order = self.make_quotation(100.0)
        mine = self.plan(order, REF + "mail_activity_type_claim", self.user)
        self.plan(order, REF + "mail_activity_type_claim", self.manager)
        tomorrow = self.plan(order, REF + "mail_activity_type_claim", self.user)
        tomorrow.date_deadline = self.today + timedelta(days=1)
        self.plan(order, TOLD, self.user, summary="Released")
        self.plan(order, "mail.mail_activity_data_todo", self.user)
        row = self.sections_of(self.user)["activities"]["rows"]
        self.assertEqual([one["id"] for one in row], mine.ids)
        self.assertEqual(row[0]["open"], {"model": "sale.order", "id": order.id})
        self.assertEqual(
            self.rows_of(self.user, "own_news", "label", "urgency"),
            [("Released", "today")],
        )

    def test_active_companies(self):
        """Holds and deadlines of another company, only while it is active."""
        other = self.setup_other_company()["company"]
        other.currency_id = self.euro
        self.controller.company_ids += other
        policy = self.make_policy(other, name="POL-B", number="POL-B")
        policy.write({"notification_days": 30, "notification_base": "due_date"})
        buyer = self.make_buyer("GAMMA")
        self.make_limit(buyer, 5000.0, policy=policy)
        self.make_invoice(
            buyer,
            900.0,
            day="2026-08-01",
            due="2026-09-03",
            company=other,
            company_id=other.id,
        )
        rows = self.rows_of(self.controller, "deadlines", "company_id", "amount")
        self.assertEqual(rows, [(other.id, 900.0)])
        self.controller.company_ids = self.company
        self.assertEqual(self.rows_of(self.controller, "deadlines"), [])

    def make_reminder(self, company):
        run = self.env["credit.followup.run"].create({"company_id": company.id})
        reminders = self.env["credit.followup.reminder"].sudo()
        return reminders.create(
            {
                "run_id": run.id,
                "company_id": company.id,
                "date": self.today,
                "partner_id": self.alfa.id,
                "currency_id": self.euro.id,
                "lang": "en_US",
                "step_id": self.env["credit.followup.step"].search([], limit=1).id,
            }
        )

    def test_activities_of_active_companies(self):
        """Calls, activities and news of a company wait until it is active."""
        other = self.setup_other_company()["company"]
        self.manager.company_ids += other
        for company in (self.company, other):
            order = self.make_quotation(100.0, user=self.manager, company_id=company.id)
            self.plan(order.sudo(), REF + "mail_activity_type_claim", self.manager)
            self.plan(order.sudo(), TOLD, self.manager)
            self.plan(self.make_reminder(company), CALL, self.manager)
        keys = ("calls", "activities", "own_news")
        for companies in (self.company, other, self.company + other):
            sections = self.sections_of(self.manager, companies)
            for key in keys:
                with self.subTest(key=key, companies=companies.mapped("name")):
                    rows = sections[key]["rows"]
                    self.assertEqual(
                        {row["company_id"] for row in rows}, {*companies.ids}
                    )
                    self.assertEqual(sections[key]["count"], len(companies))

    def test_activity_on_what_may_not_be_read(self):
        """Who has left sales has no row of an order, and the day opens."""
        order = self.make_quotation(100.0)
        self.plan(order.sudo(), REF + "mail_activity_type_claim", self.salesman)
        self.assertEqual(self.sections_of(self.salesman)["activities"]["count"], 1)
        self.salesman.group_ids = self.env.ref("base.group_user")
        self.assertEqual(self.sections_of(self.salesman)["activities"]["count"], 0)
