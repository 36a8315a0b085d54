from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CreditInsuranceCommon

REF = "export_credit_insurance."


@tagged("post_install", "-at_install")
class TestDeadlineTour(CreditInsuranceCommon, HttpCase):
    """A controller works through this week's deadlines, in a real browser.

    Days are relative to the real today: a browser's clock cannot be frozen. Due 85 days
    ago, the extension period of 60 days ended 25 days ago: to be notified within 30
    days of its end, in 5 days; the hand-over follows 15 days later.
    """

    today = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(
            cls.alfa, 100000.0, date_from=str(cls.today - timedelta(days=200))
        )
        cls.late = cls.make_invoice(
            cls.alfa,
            20000.0,
            cls.today - timedelta(days=120),
            cls.today - timedelta(days=85),
        )
        cls.controller = new_test_user(
            cls.env,
            "tour-deadlines",
            REF + "group_credit_controller",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today
        dates = {
            "date_start": cls.today - timedelta(days=200),
            "date_end": cls.today + timedelta(days=100),
        }
        terms = {"notification_days": 30, "collection_days": 45}
        return super().make_policy(company, **dates, **terms, **values)

    def test_prepared_sent_answered(self):
        self.start_tour(
            "/odoo/credit-deadlines", "credit_deadlines", login="tour-deadlines"
        )
        notice = self.env["credit.insurance.overdue.notice"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertRecordValues(
            notice,
            [
                {
                    "kind": "monitor",
                    "state": "answered",
                    "reply": "confirmed",
                    "insurer_ref": "OVD-1874",
                    "sent_on": self.today,
                    "sent_by": self.controller.id,
                }
            ],
        )
        self.assertEqual(notice.line_ids.move_id, self.late)
