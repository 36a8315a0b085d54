from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .my_day_common import MyDayCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestMyDayCollection(MyDayCommon):
    """What collecting and the policies ask of a day: reminders, promises, renewals."""

    def test_collection(self):
        run = self.env["credit.followup.run"].create({"name": "Follow-up of today"})
        invoice = self.make_invoice(self.alfa, 900.0)
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 100.0, "category": "quality"}
        )
        self.assertEqual(
            self.rows_of(self.accountant, "runs", "label", "detail", "urgency"),
            [("Follow-up of today", "Draft, to review: 0, to approve: 0", "today")],
        )
        self.assertEqual(
            self.rows_of(self.accountant, "disputes"),
            [("ALFA", f"{invoice.name}, Quality", "2026-10-01", "", 100.0)],
        )
        self.assertEqual(self.methods_of(self.accountant, "disputes"), [[]])
        dispute.outcome = "withdrawn"
        self.press(self.accountant, "disputes", "action_settle")
        self.assertEqual(self.rows_of(self.accountant, "disputes"), [])
        self.press(self.accountant, "runs", "action_prepare")
        # nothing is due: nothing to review either
        self.assertEqual(run.state, "prepared")
        self.assertEqual(self.rows_of(self.accountant, "runs"), [])

    def test_promises(self):
        """Due today; the one of tomorrow is not there yet; broken ones for a week."""
        for amount, days in ((100.0, 0), (200.0, 1)):
            invoice = self.make_invoice(self.alfa, amount)
            line = invoice.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            self.env["credit.followup.promise"].create(
                {
                    "partner_id": self.alfa.id,
                    "move_line_ids": [Command.set(line.ids)],
                    "payment_ids": [
                        Command.create(
                            {
                                "date": self.today + timedelta(days=days),
                                "amount": amount,
                            }
                        )
                    ],
                }
            ).action_start()
        self.assertEqual(
            self.rows_of(self.accountant, "promises"),
            [("ALFA", "Running", "2026-10-01", "today", 100.0)],
        )
        promises = self.env["credit.followup.promise"].sudo().search([])
        for day, expected in (
            ("2026-10-02", [("Broken", "late", 100.0), ("Running", "today", 200.0)]),
            # the first was broken on 2 October, the second is only now
            ("2026-10-09", [("Broken", "late", 200.0)]),
            ("2026-10-15", [("Broken", "late", 200.0)]),
            ("2026-10-16", []),
        ):
            with freeze_time(f"{day} 12:00:00"):
                promises._judge(fields.Date.to_date(day))
                self.assertEqual(
                    self.rows_of(
                        self.accountant, "promises", "detail", "urgency", "amount"
                    ),
                    expected,
                )

    def test_promise_in_instalments(self):
        """300 today, 200 on the 11th, 400 in November: what is due, not the 900.

        The 200 do not come: on the 12th they break the promise, which is to be seen
        for a week, though it would have run until November.
        """
        invoice = self.make_invoice(self.alfa, 900.0)
        lines = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        plan = (("2026-10-01", 300.0), ("2026-10-11", 200.0), ("2026-11-30", 400.0))
        promise = self.env["credit.followup.promise"].create(
            {
                "partner_id": self.alfa.id,
                "move_line_ids": [Command.set(lines.ids)],
                "payment_ids": [
                    Command.create({"date": day, "amount": amount})
                    for day, amount in plan
                ],
            }
        )
        promise.action_start()
        names = ("detail", "date", "urgency", "amount")
        self.assertEqual(
            self.rows_of(self.accountant, "promises", *names),
            [("Running", "2026-10-01", "today", 300.0)],
        )
        receipt = self.make_receipt(self.alfa, 300.0, day="2026-10-01")
        lines += receipt.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        broken = ("Broken", "2026-10-11", "late", 200.0)
        for day, expected in (
            ("2026-10-11", [("Running", "2026-10-11", "today", 200.0)]),
            ("2026-10-12", [broken]),
            ("2026-10-18", [broken]),
            ("2026-10-19", []),
        ):
            with freeze_time(f"{day} 12:00:00"), self.subTest(day=day):
                promise.sudo()._judge(fields.Date.to_date(day))
                self.assertEqual(
                    self.rows_of(self.accountant, "promises", *names), expected
                )

    def test_policies(self):
        """POL-26 ends on 31 December without renewing: 60 days before, 1 November."""
        self.assertEqual(self.rows_of(self.manager, "renewals"), [])
        with freeze_time("2026-11-02 12:00:00"):
            self.assertEqual(
                self.rows_of(self.manager, "renewals"),
                [
                    (
                        self.policy.display_name,
                        "Ends, and does not renew by itself",
                        "2026-12-31",
                        "",
                        None,
                    )
                ],
            )
        self.make_policy(name="POL-27", number="POL-27", state="active")
        self.assertEqual(len(self.rows_of(self.manager, "observed")), 1)
        action = self.press(self.manager, "observed", "action_review_observation")
        self.assertEqual(action["target"], "new")
