from freezegun import freeze_time

from odoo.tests import tagged

from ...models.overview.credit_insurance_my_day_own import TOLD
from .my_day_common import REF, MyDayCommon

#: sections with fifty rows in the test of queries
FULL = {
    "Sam": ["own_holds", "own_releases", "own_news"],
    "Mona": [
        "holds",
        "deadlines",
        "reviews",
        "expiring",
        "buyers",
        "disputes",
        "activities",
    ],
}


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDayQueries(MyDayCommon):
    """As many queries with fifty rows in each section as with one."""

    def fill(self, buyers):
        """One row of each buyer in the sections that grow fastest."""
        for buyer in buyers:
            self.make_limit(buyer, 100.0, date_to="2026-10-15")
            invoice = self.make_invoice(
                buyer, 900.0, day="2026-07-01", due="2026-08-03"
            )
            self.env["credit.followup.dispute"].create(
                {"move_id": invoice.id, "amount": 10.0}
            )
            order = self.make_quotation(45000.0, buyer, self.salesman)
            self.ask_release(order)
            self.release(self.ask_release(self.make_quotation(45000.0, buyer)))
            self.plan(order, REF + "mail_activity_type_claim", self.manager)
            self.plan(order, TOLD, self.salesman)

    def spent(self, user):
        day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        day.get_my_day()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        users = (self.salesman, self.manager)
        self.fill(self.make_buyer("One"))
        for user in users:
            self.spent(user)  # what is cached for good
        one = {user: self.spent(user) for user in users}
        self.fill(
            self.env["res.partner"].union(
                *(self.make_buyer(f"Buyer {n}") for n in range(49))
            )
        )
        for user in users:
            day = self.env["credit.insurance.my.day"].with_user(user).sudo(False)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(user=user.name), self.assertQueryCount(one[user]):
                sections = day.get_my_day()["sections"]
            full = [each["key"] for each in sections if each["count"] >= 50]
            self.assertEqual(full, FULL[user.name])
