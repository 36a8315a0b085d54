from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import FollowupCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestPaymentIncidents(FollowupCommon):
    """Broken promises and unfounded disputes take points off the own experience."""

    def behaviour(self):
        return self.env["credit.insurance.payment.experience"]._behaviours(
            self.company, date(2026, 10, 1), self.alfa
        )[self.alfa.id]

    def test_incidents(self):
        """1 000, 15 days overdue: 70. Two broken promises and an unfounded dispute:
        70 - 10 - 5 = 55."""
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-08-01", "2026-09-16")
        self.assertEqual(self.behaviour().score, 70.0)
        promises = self.env["credit.followup.promise"].create(
            [
                {
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "currency_id": self.euro.id,
                    "payment_ids": [Command.create({"date": day, "amount": 100.0})],
                }
                for day in ("2026-09-20", "2026-09-25", "2025-09-30")
            ]
        )
        promises.sudo().write({"state": "broken"})
        self.assertEqual(self.behaviour().broken_promises, 2)  # the third is too old
        self.assertEqual(self.behaviour().score, 60.0)
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 400.0, "category": "other"}
        )
        dispute.outcome = "upheld"
        dispute.action_settle()
        self.assertEqual(self.behaviour().lost_disputes, 1)
        self.assertEqual(self.behaviour().score, 55.0)
