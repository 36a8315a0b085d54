from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .dashboard_common import DashboardCommon

#: amount of a row of the page: column of the lists
COLUMNS = {
    "exposure": "exposure",
    "covered": "covered",
    "own_risk": "own_risk_amount",
    "uncovered": "beyond_amount",
}


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestDashboardOpen(DashboardCommon):
    """Each figure opens a list that sums to it, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.epsilon = cls.make_dollar_buyer()
        # paid too much: an exposure below 0
        cls.make_receipt(cls.make_buyer("ZETA", "it"), 250.4)
        nowhere = cls.make_buyer("NOWHERE", country_id=False)
        cls.make_invoice(nowhere, 77.77)

    def listed(self, opened):
        """The records of the list that a figure opens."""
        action = self.dashboard.get_action(opened["key"], opened["params"])
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertEqual(action["views"][0][1], "list")
        model = self.env[action["res_model"]].with_context(**action["context"])
        for view_id, kind in action["views"]:
            model.get_view(view_id, kind)  # what the client asks for
        return model.search(action["domain"])

    def assertOpens(self, row, *keys):
        """The list's columns sum to the amounts of a row that carries them."""
        found = self.listed(row["open"])
        for key in keys or COLUMNS:
            self.assertAlmostEqual(
                sum(found.mapped(COLUMNS[key])), row[key], 2, (row["open"], key)
            )

    def assertAllOpen(self, board):
        for figure in board["figures"]:
            self.assertOpens(
                {figure["key"]: figure["amount"], "open": figure["open"]}, figure["key"]
            )
        for name in ("countries", "zones", "insurers"):
            for key in COLUMNS:
                self.assertAlmostEqual(
                    sum(row[key] for row in board[name]),
                    self.figures(board)[key],
                    2,
                    (name, key),
                )
            for row in board[name]:
                self.assertOpens(row)

    def test_today(self):
        board = self.get()
        self.assertEqual(len(board["countries"]), 5)  # BR, DE, US, IT, none
        self.assertIn(False, [row["id"] for row in board["insurers"]])
        self.assertAllOpen(board)
        for row in board["countries"]:
            found = self.listed(row["open"])
            owing = found.filtered("exposure")
            self.assertEqual(len(owing), row["buyers"])

    def test_lists_are_named_as_in_the_menu(self):
        board = self.get()
        opened = board["figures"][0]["open"]
        action = self.dashboard.get_action(opened["key"], opened["params"])
        self.assertEqual(action["name"], "Exposure")
        action = self.dashboard.get_action("holds", {"company_id": self.company.id})
        self.assertEqual(action["name"], "Credit Holds")

    def test_parts_add_up_everywhere(self):
        """Also in dollars, where a buyer is in credit, and rounded."""
        board = self.get()
        for name in ("countries", "zones", "insurers", "top_uncovered"):
            for row in board[name]:
                exposure, covered, own_risk, uncovered = self.amounts(row)
                self.assertAlmostEqual(exposure, covered + own_risk + uncovered, 2)

    def test_past_day(self):
        self.snapshots._record_month_end(self.company)
        self.make_invoice(self.beta, 10000.0)
        self.gamma.country_id = self.germany
        board = self.get(date="2026-09-30")
        self.assertAllOpen(board)
        self.assertEqual(board["figures"][0]["open"]["params"]["date"], "2026-09-30")

    def test_trend(self):
        """8 000 of GAMMA alone were invoiced by the end of August."""
        self.snapshots._record(self.company, date(2026, 8, 31))
        self.make_invoice(self.beta, 10000.0)
        self.snapshots._record_month_end(self.company)
        months = [m for m in self.get()["trend"]["months"] if m["recorded"]]
        self.assertEqual([m["date"] for m in months], ["2026-08-31", "2026-09-30"])
        for month in months:
            self.assertOpens(month, "exposure")
        self.assertEqual(months[0]["exposure"], 8000.0)
        self.assertAlmostEqual(
            months[1]["exposure"], self.get()["figures"][0]["amount"], 2
        )

    def test_limits(self):
        limits = self.get()["limits"]
        for name in ("near", "expiring"):
            found = self.listed(limits[name]["open"])
            self.assertEqual(len(found), limits[name]["count"])
            shown = [row["id"] for row in limits[name]["rows"]]
            self.assertEqual(sorted(shown), sorted(found.ids))
        # 1 000.33 ÷ 1.0837 = 923.07 of 500 used: EPSILON beside ALFA
        self.assertEqual(limits["near"]["count"], 2)
        [ends] = limits["expiring"]["rows"]
        self.assertEqual(self.listed(ends["open"]).partner_id, self.alfa)

    def test_limit_of_a_shared_number(self):
        """OMEGA carries ALFA's number: its limit is ALFA's line."""
        lines = self.env["credit.insurance.limit"]
        line = lines.search([("partner_id", "=", self.alfa.id)])
        line.insurer_buyer_ref = "4711"
        omega = self.make_buyer("OMEGA")
        own = self.make_limit(omega, 1.0, insurer_buyer_ref="4711")
        found = self.listed(self.dashboard._open("limit", partner_id=omega.id))
        self.assertEqual(found, line | own)
        alone = self.listed(self.dashboard._open("limit", partner_id=self.beta.id))
        self.assertEqual(alone.partner_id, self.beta)

    def test_overdue(self):
        followup = self.get()["followup"]
        found = self.listed(followup["open"])
        self.assertEqual(sum(found.mapped("overdue_amount")), 8000.0)
        self.assertEqual(followup["overdue_amount"], 8000.0)

    def test_deadlines(self):
        """Due on 5 August, extension of 60 days: cover stops on 5 October."""
        self.make_invoice(self.beta, 400.0, day="2026-07-01", due="2026-08-05")
        deadlines = self.get()["deadlines"]
        found = self.listed(deadlines["open"])
        self.assertEqual(len(found), deadlines["count"])
        self.assertEqual(
            len(found.filtered(lambda row: row.urgency == "missed")),
            deadlines["missed"],
        )
        self.assertTrue(deadlines["rows"])
        for shown in deadlines["rows"]:
            row = self.listed(shown["open"])
            self.assertEqual(row.open_amount, shown["amount"])
            self.assertEqual(str(row.next_date), shown["date"])
            self.assertEqual(row.partner_id.name, shown["buyer"])
            self.assertEqual(
                (row.next_date - date(2026, 10, 1)).days, shown["days_left"]
            )

    def test_holds(self):
        """Two requests: 5 000 € and 2 167.40 $, which is 2 000 € at 1.0837."""
        for buyer, amount, currency in (
            (self.alfa, 5000.0, self.euro),
            (self.epsilon, 2167.4, self.dollar),
        ):
            order = self.make_order(
                buyer, amount, confirm=False, currency_id=currency.id
            )
            order.currency_id = currency
            self.env["credit.insurance.hold"].sudo().create(
                {
                    "order_id": order.id,
                    "partner_id": buyer.id,
                    "company_id": self.company.id,
                    "currency_id": currency.id,
                    "amount": amount,
                    "main_code": "over_limit",
                    "requested_on": "2026-09-28 10:00:00",
                }
            )
        holds = self.get()["holds"]
        self.assertEqual((holds["count"], holds["amount"]), (2, 7000.0))
        found = self.listed(holds["open"])
        self.assertEqual(len(found), 2)
        total = sum(
            hold.currency_id._convert(
                hold.amount, self.euro, self.company, date(2026, 10, 1)
            )
            for hold in found
        )
        self.assertAlmostEqual(total, holds["amount"], 2)
        # 28 September 10:00 to 1 October 12:00
        self.assertEqual([row["age_days"] for row in holds["rows"]], [3, 3])
        self.assertEqual(
            {row["order"] for row in holds["rows"]}, set(found.mapped("order_id.name"))
        )
        hold = self.dashboard.get_action(**holds["rows"][0]["open"])
        self.assertIn(hold["res_id"], found.ids)

    def test_steps(self):
        """Four reminded on 1 September: one paid on day 10, one on day 20.

        Of two the 14 days are not over or the money has not come: 1 of 3.
        """
        plan = self.env["credit.followup.plan"].search([], limit=1)
        step = plan.step_ids[0]
        invoices = [self.make_invoice(self.beta, 100.0 + n) for n in range(4)]
        run = self.env["credit.followup.run"].create({"company_id": self.company.id})
        days = ["2026-09-01", "2026-09-01", "2026-09-01", "2026-09-25"]
        for invoice, day in zip(invoices, days, strict=True):
            self.remind(run, step, invoice, day)
        self.pay(invoices[0], "2026-09-11")
        self.pay(invoices[1], "2026-09-21")
        [row] = self.get()["followup"]["steps"]
        self.assertEqual(row["reminders"], 3)
        self.assertAlmostEqual(row["paid_share"], 1 / 3, 6)
        found = self.listed(row["open"])
        self.assertEqual(len(found), row["reminders"])
        self.assertEqual(found.step_id, step)

    def remind(self, run, step, invoice, day):
        item = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        reminder = (
            self.env["credit.followup.reminder"]
            .sudo()
            .create(
                {
                    "run_id": run.id,
                    "company_id": self.company.id,
                    "date": day,
                    "partner_id": invoice.partner_id.id,
                    "currency_id": invoice.currency_id.id,
                    "lang": "en_US",
                    "plan_id": step.plan_id.id,
                    "step_id": step.id,
                }
            )
        )
        self.env["credit.followup.reminder.line"].sudo().create(
            {
                "reminder_id": reminder.id,
                "company_id": self.company.id,
                "move_line_id": item.id,
                "move_id": invoice.id,
                "step_id": step.id,
                "state": "taken",
                "date": day,
                "currency_id": invoice.currency_id.id,
                "amount": invoice.amount_residual,
            }
        )

    def pay(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def test_records(self):
        board = self.get()
        action = self.dashboard.get_action(**board["top_uncovered"][0]["open"])
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.alfa.id)
        )
        action = self.dashboard.get_action(**board["policies"][0]["open"])
        self.assertEqual(action["res_id"], self.policy.id)

    def test_unknown_key(self):
        for key in ("res.users", ["exposure"], None):
            with self.subTest(key=key), self.assertRaises(UserError):
                self.dashboard.get_action(key, {})

    def test_malformed_parameters(self):
        for key, params in (
            ("country", {"country_id": "Brazil"}),
            ("country", {"country_id": 2**40}),
            ("exposure", {"date": "yesterday"}),
            ("exposure", {"date": 20260930}),
            ("exposure", {"company_id": float("inf")}),
            ("exposure", [1]),
            ("step", {}),
            ("policy", {}),
            ("step", {"step_ids": [[1]]}),
        ):
            with self.subTest(key=key, params=params), self.assertRaises(UserError):
                self.dashboard.get_action(key, params)
        for filters in ({"date": "2026-02-31"}, {"company_id": {"id": 1}}, "today"):
            with self.subTest(filters=filters), self.assertRaises(UserError):
                self.dashboard.get_dashboard(filters)

    def test_company_of_actions_in_files(self):
        """Their context is a text: the company asked about gets into it, too."""
        for key in ("setup_policy", "setup_limits", "exposure"):
            action = self.dashboard.get_action(key, {"company_id": self.company.id})
            self.assertEqual(
                action["context"]["allowed_company_ids"], self.company.ids, key
            )
