from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestDailyRun(FollowupCommon):
    """The run that is made by itself: once a day and company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.email = "exporter@example.com"
        cls.make_step(15)

    def overdue(self, buyer=None, **values):
        """Twenty days late."""
        return self.make_invoice(
            buyer or self.alfa, 1000.0, day="2026-07-01", due="2026-09-11", **values
        )

    def test_daily_run(self):
        """What is safe goes by itself; money not allocated waits for somebody."""
        beta = self.make_buyer("BETA", email="beta@example.com")
        self.overdue()
        self.overdue(buyer=beta)
        self.make_receipt(beta, 100.0)
        self.company.credit_followup_daily = True
        self.run_daily(times=2)
        run = self.env["credit.followup.run"].search([("is_automatic", "=", True)])
        states = {r.partner_id: r.state for r in run.reminder_ids}
        self.assertEqual(states, {self.alfa: "sent", beta: "draft"})

    def test_daily_run_of_two_companies(self):
        """Each company its own, once a day, of its own buyers' invoices."""
        sister = self.setup_other_company(name="Sister", currency_id=self.euro.id)
        sister = sister["company"]
        self.env.user.company_ids += sister
        self.overdue()
        beta = self.make_buyer("BETA", email="beta@example.com")
        self.overdue(buyer=beta, company=sister)
        (self.company + sister).credit_followup_daily = True
        self.run_daily(times=3)
        with freeze_time("2026-10-02"):
            self.run_daily(times=2)
        runs = self.env["credit.followup.run"].search([("is_automatic", "=", True)])
        runs = runs.sorted(lambda run: (run.company_id != self.company, run.date))
        days = [self.today, date(2026, 10, 2)]
        self.assertEqual(
            [(run.company_id, run.date) for run in runs],
            [(company, day) for company in (self.company, sister) for day in days],
        )
        self.assertEqual(
            [run.reminder_ids.partner_id for run in runs],
            [self.alfa, self.alfa.browse(), beta, beta.browse()],
        )
        self.assertEqual(runs.reminder_ids.company_id, self.company + sister)

    def test_it_is_named_in_the_company_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        self.company.credit_followup_daily = True
        self.run_daily(times=1)
        run = self.env["credit.followup.run"].search([("is_automatic", "=", True)])
        self.assertEqual(run.name, "Relances du 01/10/2026")

    def run_daily(self, times):
        """The scheduler comes by, more than once."""
        cron = self.env.ref("export_credit_insurance.ir_cron_daily_followup")
        self.env.flush_all()
        for _time in range(times):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.send_queued()

    @mute_logger("odoo.sql_db")
    def test_daily_run_of_two_workers(self):
        """Whoever comes second is stopped by the database."""
        values = {"company_id": self.company.id, "date": self.today}
        runs = self.env["credit.followup.run"].sudo()
        runs.create({**values, "is_automatic": True})
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            runs.create({**values, "is_automatic": True})
        runs.create(values)  # by hand, as many as somebody wants
