from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .dashboard_common import DashboardCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """The page's figures, worked out by hand in the table of ``DashboardCommon``."""

    def test_four_figures_add_up(self):
        board = self.get()
        self.assertEqual(
            self.figures(board),
            {
                "exposure": 158000.0,
                "covered": 117000.0,
                "own_risk": 16000.0,
                "uncovered": 25000.0,
            },
        )
        shares = [figure["share"] for figure in board["figures"]]
        # 117/158, 16/158, 25/158
        for share, expected in zip(shares, (1.0, 0.7405, 0.1013, 0.1582), strict=True):
            self.assertAlmostEqual(share, expected, 4)
        self.assertEqual([figure["change"] for figure in board["figures"]], [None] * 4)
        self.assertTrue(board["is_today"])
        self.assertEqual(board["date"], "2026-10-01")

    def test_split_is_that_of_the_bar(self):
        """own = exposure − covered − beyond, beyond = −headroom where below 0."""
        rows = self.env["credit.insurance.exposure"].search([])
        for row in rows:
            over = min(max(-row.headroom, 0.0), row.exposure - row.covered)
            self.assertAlmostEqual(row.beyond_amount, over, 2)
            self.assertAlmostEqual(
                row.own_risk_amount, row.exposure - row.covered - over, 2
            )

    def test_by_country_zone_and_insurer(self):
        board = self.get()
        countries = {row["id"]: row for row in board["countries"]}
        # Brazil: ALFA and GAMMA
        self.assertEqual(
            self.amounts(countries[self.brazil.id]),
            (128000.0, 90000.0, 13000.0, 25000.0),
        )
        self.assertEqual(countries[self.brazil.id]["buyers"], 2)
        self.assertEqual(countries[self.brazil.id]["code"], "BR")
        self.assertEqual(
            self.amounts(countries[self.germany.id]), (30000.0, 27000.0, 3000.0, 0.0)
        )
        zones = {row["id"]: self.amounts(row) for row in board["zones"]}
        self.assertEqual(
            zones,
            {
                self.alfa.credit_zone_id.id: (128000.0, 90000.0, 13000.0, 25000.0),
                self.beta.credit_zone_id.id: (30000.0, 27000.0, 3000.0, 0.0),
            },
        )
        insurers = [(row["id"], self.amounts(row)) for row in board["insurers"]]
        self.assertEqual(
            insurers,
            [
                (self.insurer.id, (150000.0, 117000.0, 13000.0, 20000.0)),
                (False, (8000.0, 0.0, 3000.0, 5000.0)),
            ],
        )

    def test_zone_by_hand_counts(self):
        self.gamma.credit_zone_override_id = self.beta.credit_zone_id
        zones = {row["id"]: row["exposure"] for row in self.get()["zones"]}
        self.assertEqual(zones[self.beta.credit_zone_id.id], 38000.0)

    def test_top_uncovered(self):
        top = self.get()["top_uncovered"]
        self.assertEqual(
            [(row["id"], row["uncovered"], row["reason"]) for row in top],
            [
                (self.alfa.id, 20000.0, "The exposure exceeds the insured limit"),
                (self.gamma.id, 5000.0, "No policy insures this buyer"),
            ],
        )

    def test_limits(self):
        """ALFA: 120 % used, ends on 15 November, in 45 days. BETA: 60 %."""
        limits = self.get()["limits"]
        self.assertEqual(limits["near"]["count"], 1)
        [near] = limits["near"]["rows"]
        self.assertEqual(
            (near["id"], near["limit"], near["used"]), (self.alfa.id, 100000, 120000)
        )
        self.assertAlmostEqual(near["share"], 1.2, 6)
        self.assertEqual(limits["expiring"]["count"], 1)
        [ends] = limits["expiring"]["rows"]
        self.assertEqual((ends["id"], ends["date_to"]), (self.alfa.id, "2026-11-15"))
        self.assertEqual((ends["limit"], ends["used"]), (100000, 120000))
        # as orders warn: by the company's own setting
        self.company.credit_limit_expiring_days = 44
        self.assertEqual(self.get()["limits"]["expiring"]["count"], 0)

    def test_tones_of_the_map(self):
        """As the map's legend says: 75 to 100, 50 to 75, 25 to 50, below 25."""
        tones = [
            self.dashboard._map_band("A", score)
            for score in (100, 75, 74.9, 50, 49.9, 25, 24.9, 0)
        ]
        self.assertEqual(
            tones,
            [
                *["low"] * 2,
                *["medium"] * 2,
                *["high"] * 2,
                *["very_high"] * 2,
            ],
        )
        self.assertEqual(self.dashboard._map_band("", 0), "none")

    def test_country_without_country(self):
        nowhere = self.make_buyer("NOWHERE", country_id=False)
        self.make_invoice(nowhere, 100.0)
        [row] = [row for row in self.get()["countries"] if not row["id"]]
        self.assertEqual(
            (row["code"], row["exposure"], row["band"]), ("", 100.0, "none")
        )

    def test_country_risk(self):
        """Germany is of high income: 100. An embargo is seen at once."""
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [(6, 0, self.brazil.ids)],
                "date_from": "2026-09-30",
                "cover_status": "off_cover",
                "source": "Official Journal",
            }
        )
        countries = {row["id"]: row for row in self.get()["countries"]}
        for buyer in (self.alfa, self.beta):
            country = countries[buyer.country_id.id]
            self.assertAlmostEqual(country["score"], buyer.country_risk_score, 6)
        self.assertEqual(countries[self.germany.id]["band"], "low")
        self.assertEqual(countries[self.germany.id]["status"], "open")
        self.assertEqual(countries[self.brazil.id]["status"], "off_cover")

    def test_empty_book(self):
        other = self.make_other_company()
        board = self.get(company_id=other.id)
        self.assertEqual(set(self.figures(board).values()), {0.0})
        self.assertEqual([figure["share"] for figure in board["figures"]], [0.0] * 4)
        self.assertFalse(board["countries"])
        self.assertIsNone(board["followup"]["dso_days"])

    def test_days_sales_outstanding(self):
        """158 000 ÷ turnover since 3 July (158 000) × 90 days = 90 days.

        A paid invoice of 42 000 raises turnover to 200 000: 158/200 × 90 = 71.1.
        """
        self.assertEqual(self.get()["followup"]["dso_days"], 90)
        paid = self.make_invoice(self.beta, 42000.0)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=paid.ids
        ).create({})._create_payments()
        followup = self.get()["followup"]
        self.assertEqual(followup["dso_days"], 71)
        # 8 000 of 158 000
        self.assertEqual(followup["overdue_amount"], 8000.0)
        self.assertAlmostEqual(followup["overdue_share"], 0.0506, 4)

    def test_policy_counters(self):
        """Liability 30 × the larger of 20 000 and the premium = 600 000."""
        year = self.policy.year_ids
        year.write(
            {
                "minimum_premium": 20000.0,
                "max_liability_multiple": 30.0,
                "liability_used": 50000.0,
                "aggregate_first_loss": 10000.0,
                "first_loss_used": 4000.0,
            }
        )
        [policy] = self.get()["policies"]
        self.assertEqual(policy["first_loss"], {"amount": 10000.0, "used": 4000.0})
        self.assertEqual(policy["liability"], {"amount": 600000.0, "used": 50000.0})
        self.assertEqual(policy["premium"]["minimum"], 20000.0)
        self.assertEqual(year.max_liability, 600000.0)
        self.assertEqual(year._used(), (4000.0, 50000.0))
        help_text = policy["premium"].pop("help")
        self.assertIn("drafts", help_text)
        self.assertEqual(
            policy["premium"],
            {
                "minimum": 20000.0,
                "declared": 0.0,
                "drafted": 0.0,
                "estimate": 20000.0,
            },
        )
        self.assertEqual(policy["year"], "2026")

    def test_premium_of_drafts_is_expected(self):
        """What was sold to Brazil and Germany is in a draft; 10 % of malus come on it.

        ALFA's 120 000 × 2 % + BETA's 30 000 × 1 % = 2 700, 2 970 with the malus, more
        than the minimum of 1 000.
        """
        self.policy.country_term_ids = [
            Command.create({"country_id": self.brazil.id, "premium_rate": 2.0}),
            Command.create({"country_id": self.germany.id, "premium_rate": 1.0}),
        ]
        self.policy.year_ids.write({"minimum_premium": 1000.0, "bonus_malus_pct": 10.0})
        draft = self.env["credit.insurance.declaration"].create(
            {
                "policy_id": self.policy.id,
                "company_id": self.company.id,
                "date_from": "2026-07-01",
                "date_to": "2026-09-30",
            }
        )
        draft.action_bring_up_to_date()
        drafted = 2700.0
        self.assertEqual(draft.premium_amount, drafted)
        [policy] = self.get()["policies"]
        premium = policy["premium"]
        self.assertEqual((premium["declared"], premium["drafted"]), (0.0, drafted))
        self.assertEqual(premium["estimate"], 2970.0)
        draft.action_declare()
        [policy] = self.get()["policies"]
        premium = policy["premium"]
        self.assertEqual((premium["declared"], premium["drafted"]), (drafted, 0.0))
        self.assertEqual(premium["estimate"], 2970.0)

    def test_buyers_in_credit_lower_no_sum(self):
        """ZETA has paid 5 000 too much: the others owe 158 000 all the same."""
        self.make_receipt(self.make_buyer("ZETA", "de"), 5000.0)
        board = self.get()
        self.assertEqual(self.figures(board)["exposure"], 158000.0)
        germany = {row["id"]: row for row in board["countries"]}[self.germany.id]
        self.assertEqual((germany["exposure"], germany["buyers"]), (30000.0, 1))
        opened = board["figures"][0]["open"]
        action = self.dashboard.get_action(opened["key"], opened["params"])
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(rows.mapped("exposure")), 158000.0)
        # recorded as well: the row is there, the month's sum leaves it out
        self.snapshots._record_month_end(self.company)
        month = self.get()["trend"]["months"][-1]
        self.assertEqual(month["exposure"], 158000.0)

    def test_month_caught_up_late(self):
        """August was missed: GAMMA's 8 000 from the books, and the page says so."""
        self.company.credit_exposure_recorded_until = "2026-07-31"
        self.snapshots._record_month_end(self.company)
        months = self.get()["trend"]["months"]
        august, september = months[-2:]
        self.assertEqual(august["exposure"], 8000.0)
        self.assertEqual((august["note"], september["note"]), ("receivables alone", ""))
        self.assertIn("alone", self.get(date="2026-08-31")["recorded_note"])
        self.assertNotIn("alone", self.get(date="2026-09-30")["recorded_note"])

    def test_past_month_as_recorded(self):
        """What changes in the books afterwards changes nothing of the month's end."""
        recorded = self.snapshots._record_month_end(self.company)
        self.assertEqual(recorded, 3)
        self.make_invoice(self.beta, 10000.0)
        self.beta.country_id = self.brazil
        board = self.get(date="2026-09-30")
        self.assertEqual(
            self.figures(board),
            {
                "exposure": 158000.0,
                "covered": 117000.0,
                "own_risk": 16000.0,
                "uncovered": 25000.0,
            },
        )
        countries = {row["id"]: row["exposure"] for row in board["countries"]}
        self.assertEqual(
            countries, {self.brazil.id: 128000.0, self.germany.id: 30000.0}
        )
        for name in ("limits", "holds", "deadlines", "followup", "policies", "setup"):
            self.assertIsNone(board[name], name)
        today = self.get()
        changes = {figure["key"]: figure["change"] for figure in today["figures"]}
        # BETA in Brazil: 40 000, within 50 000; 90 % of it covered
        self.assertEqual(
            changes,
            {
                "exposure": 10000.0,
                "covered": 9000.0,
                "own_risk": 1000.0,
                "uncovered": 0,
            },
        )
        since = {figure["since"] for figure in today["figures"]}
        self.assertEqual(since, {"2026-09-30"})
        month = today["trend"]["months"][-1]
        self.assertEqual(month["date"], "2026-09-30")
        self.assertTrue(month["recorded"])
        self.assertEqual(self.amounts(month), (158000.0, 117000.0, 16000.0, 25000.0))
        self.assertEqual([day["value"] for day in today["dates"]], ["2026-09-30"])

    def test_twelve_months(self):
        """October 2025 to September 2026; July alone is recorded, at 1 000.

        What changed is told against July, which is named.
        """
        with freeze_time("2026-09-15 12:00:00"):
            self.make_invoice(self.beta, 1000.0, day="2026-07-01")
            self.snapshots._record(self.company, date(2026, 7, 31))
        board = self.get()
        months = board["trend"]["months"]
        self.assertEqual(len(months), 12)
        self.assertEqual(
            (months[0]["date"], months[-1]["date"]), ("2025-10-31", "2026-09-30")
        )
        recorded = [month for month in months if month["recorded"]]
        self.assertEqual([month["date"] for month in recorded], ["2026-07-31"])
        self.assertEqual(recorded[0]["exposure"], 1000.0)
        self.assertEqual(months[-1]["open"], None)
        self.assertEqual(self.amounts(months[-1]), (0.0, 0.0, 0.0, 0.0))
        exposure = board["figures"][0]
        # 158 000 + 1 000 today, 1 000 at the end of July
        self.assertEqual(exposure["change"], 158000.0)
        self.assertEqual(exposure["since"], "2026-07-31")
        # recorded on 15 September at 12:00 UTC
        note = self.get(date="2026-07-31")["recorded_note"]
        self.assertIn("09/15/2026", note)
        self.assertEqual(board["recorded_note"], "")

    def test_merged_buyers_are_one_of_a_past_day(self):
        """ALFA 20 000 and GAMMA 5 000 beyond: merged since, one row of 25 000."""
        self.snapshots._record_month_end(self.company)
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            (self.alfa + self.gamma).ids, self.alfa
        )
        [row] = self.get(date="2026-09-30")["top_uncovered"]
        self.assertEqual((row["id"], row["name"]), (self.alfa.id, "ALFA"))
        self.assertEqual(self.amounts(row), (128000.0, 90000.0, 13000.0, 25000.0))

    def test_no_whole_turnover_policy(self):
        """GAMMA: its row says that single-order contracts are counted there, too."""
        *insured, last = self.get()["insurers"]
        self.assertEqual([row["help"] for row in insured], [""])
        self.assertEqual(last["name"], "No whole-turnover policy")
        self.assertIn("single-order contracts", last["help"])

    def test_day_without_record(self):
        with self.assertRaises(UserError):
            self.get(date="2026-08-31")

    def test_queries_do_not_depend_on_the_buyers(self):
        self.count_queries()  # caches of the registry
        few = self.count_queries()
        for number in range(50):
            buyer = self.make_buyer(f"Buyer {number}", "it" if number % 2 else "es")
            self.make_limit(buyer, 1000.0)
            self.make_invoice(buyer, 900.0, due="2026-09-01")
        self.assertEqual(self.count_queries(), few)
        self.assertLess(few, 10)

    def count_queries(self):
        """Queries of the page with warm registry caches."""
        self.get()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.dashboard.get_dashboard({})
        return self.env.cr.sql_log_count - before
