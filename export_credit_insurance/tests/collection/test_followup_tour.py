from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import FollowupCommon


@tagged("post_install", "-at_install")
class TestFollowupTour(FollowupCommon, HttpCase):
    """Prepared, reviewed, sent, stopped, resumed, signed, retried: in a real browser.

    Days are relative to the real today: a browser's clock cannot be frozen. Twenty days
    late is past the step of day 15, fifty days past the formal notice of day 40.
    """

    today = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "exporter@example.com"
        cls.first, cls.second = cls.make_step(5), cls.make_step(15)
        cls.notice = cls.make_step(40, is_formal_notice=True, subject="Formal notice")
        cls.buyers = {
            name: cls.make_late_buyer(name, **values)
            for name, values in {
                "Alfa": {},
                "Beta": {},
                "Gamma": {},
                "Delta": {"days": 50},
                "Epsilon": {"email": False},
                "Zeta": {"country": "us"},
                "Eta": {},
            }.items()
        }
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Bookkeeping",
                "parent_id": cls.buyers["Epsilon"].id,
                "email": "bookkeeping@example.com",
            }
        )

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today
        dates = {
            "date_start": cls.today - timedelta(days=100),
            "date_end": cls.today + timedelta(days=100),
        }
        return super().make_policy(company, **dates, **values)

    @classmethod
    def make_late_buyer(cls, name, days=20, **values):
        """A buyer that owes 1 000 since so many days."""
        values = {"email": f"{name.lower()}@example.com", **values}
        buyer = cls.make_buyer(f"Tour {name}", **values)
        due = cls.today - timedelta(days=days)
        cls.make_invoice(buyer, 1000.0, day=due - timedelta(days=30), due=due)
        return buyer

    def states(self, run):
        return {
            r.partner_id.name.removeprefix("Tour "): r.state for r in run.reminder_ids
        }

    def test_accountant(self):
        self.start_tour(
            "/odoo/credit-followup",
            "credit_followup_prepared_and_sent",
            login="followup-accountant",
        )
        run = self.env["credit.followup.run"].search([])
        self.assertEqual(run.create_uid, self.accountant)
        self.assertEqual(
            self.states(run),
            {
                "Alfa": "queued",
                "Beta": "skipped",
                "Gamma": "queued",
                "Delta": "draft",
                "Epsilon": "queued",
                "Eta": "skipped",
            },
        )
        self.send_queued()
        self.see_failure(run)
        self.sign(run)
        self.send_queued()
        self.assertSent(run)

    def see_failure(self, run):
        url = "/odoo/action-export_credit_insurance.credit_followup_run_action"
        failed = run.reminder_ids.filtered(lambda r: r.state == "failed")
        self.assertRecordValues(
            failed,
            [
                {
                    "partner_id": self.buyers["Epsilon"].id,
                    "failure_type": "no_address",
                }
            ],
        )
        self.start_tour(
            f"{url}/{run.id}",
            "credit_followup_failure_retried",
            login="followup-accountant",
        )

    def sign(self, run):
        url = "/odoo/action-export_credit_insurance.credit_followup_reminder_action"
        [notice] = run.reminder_ids.filtered("needs_approval")
        self.start_tour(
            f"{url}/{notice.id}",
            "credit_followup_notice_signed",
            login="followup-controller",
        )
        self.assertEqual(notice.approved_by, self.controller)

    def assertSent(self, run):
        """Each its step, its words and its address; one left out, none twice."""
        self.assertRecordValues(
            run, [{"state": "done", "sent_count": 4, "skipped_count": 2}]
        )
        sent = run.reminder_ids.filtered(lambda r: r.state == "sent")
        self.assertEqual(
            {r.partner_id.name.removeprefix("Tour "): r.step_id for r in sent},
            {
                "Alfa": self.second,
                "Gamma": self.first,
                "Delta": self.notice,
                "Epsilon": self.second,
            },
        )
        mails = self.env["mail.mail"].search([("model", "=", sent._name)])
        self.assertEqual(
            sorted(mails.recipient_ids.mapped("email")),
            [
                "alfa@example.com",
                "bookkeeping@example.com",
                "delta@example.com",
                "gamma@example.com",
            ],
        )
        self.assertEqual(len(mails), 4)
        skipped = run.reminder_ids - sent
        self.assertEqual(skipped.partner_id, self.buyers["Beta"] + self.buyers["Eta"])
        self.assertEqual(skipped.mapped("skip_reason"), ["user", "user"])
