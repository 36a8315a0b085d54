from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..position.position_common import PositionCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestLimitUse(PositionCommon):
    """Limits that are nearly full, and those that cost fees for nothing.

    ALFA 100 000, 70 000 owed: 70 %. BETA 50 000, never used, since 1 January. GAMMA
    20 000, 8 000 owed from 1 March, paid on 15 June: unused since then.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # 8.55 a quarter: 2.85 a month
        cls.policy.declaration_period = "quarter"
        cls.policy.fee_ids = [Command.create({"kind": "monitoring", "amount": 8.55})]
        cls.beta, cls.gamma = cls.make_buyer("BETA"), cls.make_buyer("GAMMA")
        cls.make_limit(cls.alfa, 100000.0)
        cls.make_limit(cls.beta, 50000.0)
        cls.make_limit(cls.gamma, 20000.0)
        cls.make_invoice(cls.alfa, 70000.0)
        cls.make_invoice(cls.gamma, 8000.0, day="2026-03-01", due="2026-05-01")
        cls.make_receipt(cls.gamma, 8000.0, day="2026-06-15")
        cls.buyers = cls.alfa + cls.beta + cls.gamma
        cls.Use = cls.env["credit.insurance.limit.use"]

    def rows(self, buyers=None):
        self.env.invalidate_all()
        return self.Use.search([("partner_id", "in", (buyers or self.buyers).ids)])

    def test_use_and_months(self):
        """1 January to 1 October: 9 months × 2.85 = 25.65; 15 June: 3 × 2.85 = 8.55."""
        self.assertRecordValues(
            self.rows().sorted("id"),
            [
                {
                    "partner_id": self.alfa.id,
                    "insured_limit": 100000.0,
                    "used": 70000.0,
                    "use_share": 70.0,
                    "level": "second",
                    "peak_balance": 70000.0,
                    "unused_since": False,
                    "months_unused": 0,
                    "fees": 0.0,
                },
                {
                    "partner_id": self.beta.id,
                    "insured_limit": 50000.0,
                    "used": 0.0,
                    "use_share": 0.0,
                    "level": "unused",
                    "peak_balance": 0.0,
                    "unused_since": date(2026, 1, 1),
                    "months_unused": 9,
                    "fees": 25.65,
                },
                {
                    "partner_id": self.gamma.id,
                    "insured_limit": 20000.0,
                    "used": 0.0,
                    "use_share": 0.0,
                    "level": "unused",
                    "peak_balance": 8000.0,
                    "unused_since": date(2026, 6, 15),
                    "months_unused": 3,
                    "fees": 8.55,
                },
            ],
        )

    def test_securities_carry_first(self):
        """70 000 owed, of which a guarantee carries 60 000: 10 000 of 100 000 used."""
        self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 60000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
            }
        )
        row = self.rows(self.alfa)
        self.assertEqual((row.used, row.use_share), (10000.0, 10.0))

    def test_owed_and_carried_whole_is_not_unused(self):
        """70 000 owed, a guarantee of 80 000: 0 % used, since no day, for no fee."""
        self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 80000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
            }
        )
        self.assertRecordValues(
            self.rows(self.alfa),
            [{"used": 0.0, "level": "low", "unused_since": False, "fees": 0.0}],
        )

    def test_balance_of_long_ago_is_no_peak_of_the_year(self):
        """Owed from 1 May 2025 until 1 September 2025: before 1 October 2025."""
        delta = self.make_buyer("DELTA")
        self.make_limit(delta, 1000.0, date_from="2025-01-01")
        self.make_invoice(delta, 400.0, day="2025-05-01", due="2025-06-01")
        self.make_receipt(delta, 400.0, day="2025-09-01")
        row = self.rows(delta)
        self.assertRecordValues(
            row,
            [
                {
                    "peak_balance": 0.0,
                    "unused_since": date(2025, 9, 1),
                    "months_unused": 13,
                }
            ],
        )

    def test_levels_follow_the_thresholds(self):
        """70 % is the third level where the thresholds are 20, 30 and 70."""
        levels = {}
        for owed in (0.0, 10000.0, 25000.0, 31000.0):
            if owed:
                self.make_invoice(self.alfa, owed)
            levels[owed] = self.rows(self.alfa).level
        # 70, 80, 105 and 136 %
        self.assertEqual(list(levels.values()), ["second", "second", "over", "over"])
        self.company.write(
            {
                "credit_use_first_pct": 20.0,
                "credit_use_second_pct": 30.0,
                "credit_use_third_pct": 40.0,
            }
        )
        self.make_invoice(self.beta, 20000.0)  # 40 %
        self.make_invoice(self.gamma, 5000.0)  # 25 %
        self.assertEqual(self.rows(self.beta).level, "third")
        self.assertEqual(self.rows(self.gamma).level, "first")
        with self.assertRaises(ValidationError):
            self.company.credit_use_second_pct = 10.0

    def test_levels_in_percent_of_the_limit(self):
        """By the company's own thresholds, in the reader's way to write numbers."""
        self.company.write({"credit_use_first_pct": 12.5})
        self.assertEqual(
            self.labels(self.Use),
            {
                "unused": "Unused",
                "low": "Below 12.5 %",
                "first": "12.5 to 70 %",
                "second": "70 to 90 %",
                "third": "90 to 100 %",
                "over": "Limit Exceeded",
            },
        )
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._lang_get("fr_FR").decimal_point = ","
        self.assertIn("12,5", self.labels(self.Use.with_context(lang="fr_FR"))["low"])

    def labels(self, use):
        return dict(use.fields_get(["level"])["level"]["selection"])

    def test_filters_say_the_thresholds(self):
        """Those of the company that looks, also after they have changed."""

        def filters(use):
            arch = etree.fromstring(use.get_view(view_type="search")["arch"])
            return {
                node.get("name"): node.get("string")
                for node in arch.iter("filter")
                if node.get("name") in ("first", "second", "near")
            }

        expected = {
            "near": "Used 90 % or More",
            "second": "Used 70 % or More",
            "first": "Used 50 % or More",
        }
        self.assertEqual(filters(self.Use), expected)
        self.company.credit_use_third_pct = 95.0
        self.assertEqual(filters(self.Use), expected | {"near": "Used 95 % or More"})

    def test_other_currency(self):
        """USD 11 000 at 1.10 is EUR 10 000; EUR 5 000 owed is USD 5 500: 50 %."""
        self.clear_rates()
        self.set_rate(self.dollar, 1.10)
        delta = self.make_buyer("DELTA")
        self.make_limit(delta, 11000.0, currency_id=self.dollar.id)
        self.make_invoice(delta, 5000.0)
        self.assertRecordValues(
            self.rows(delta),
            [
                {
                    "insured_limit": 11000.0,
                    "used": 5500.0,
                    "limit_amount": 10000.0,
                    "used_amount": 5000.0,
                    "use_share": 50.0,
                    "level": "first",
                }
            ],
        )

    def test_ask_from_the_list(self):
        requests = self.env["credit.insurance.limit.request"]
        idle = self.rows(self.beta + self.gamma)
        action = idle.action_ask_cancellation()
        found = requests.search(action["domain"])
        self.assertEqual(found.partner_id, self.beta + self.gamma)
        self.assertEqual(set(found.mapped("request_type")), {"cancel"})
        action = self.rows(self.alfa).action_ask_increase()
        asked = requests.browse(action["res_id"])
        self.assertEqual((asked.request_type, asked.amount), ("increase", 70000.0))

    def test_groups(self):
        groups = self.Use._read_group(
            [("partner_id", "in", self.buyers.ids)],
            ["level"],
            ["limit_amount:sum", "__count"],
        )
        self.assertEqual(
            sorted(groups), [("second", 100000.0, 1), ("unused", 70000.0, 2)]
        )

    def test_queries_do_not_grow_with_buyers(self):
        more = self.env["res.partner"].create(
            [
                {"name": f"B{number}", "country_id": self.alfa.country_id.id}
                for number in range(50)
            ]
        )
        for buyer in more:
            buyer.is_company = True
            self.make_limit(buyer, 100.0)
        self.rows().mapped("fees")  # what is asked once a process
        counts = []
        for buyers in (self.alfa, self.alfa + more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.Use.search([("partner_id", "in", buyers.ids)])
            rows.mapped("fees")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), len(buyers))
        self.assertEqual(counts[0], counts[1])
