from datetime import date
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from .as_of_common import AsOfCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestExposureAsOf(AsOfCommon):
    """What was owed and covered on a past day, recomputed from the ledger."""

    def test_story(self):
        """See the table of AsOfCommon.

        30 April: A 60 000 + B 50 000 = 110 000 under 100 000: 10 000 not insured; 90 %
            of 100 000 are 90 000.
        31 May: A 35 000 + B 50 000 = 85 000, all within; 76 500.
        30 June: A 35 000, 22 days late, + B 40 000 = 75 000; 67 500.
        31 July: A 53 days late, B 12, both shipped under 100 000: 75 000 within; C
            shipped under 40 000, which the older debts fill: 30 000 not insured.
        Today: A 115 days late, B 74; the order of 20 000 counts, not insured.
        """
        self.tell_story(self.alfa)
        self.make_order(self.alfa, 20000.0)
        self.assertRow(
            self.alfa,
            "2026-04-30",
            day=date(2026, 4, 30),
            insured_limit=100000.0,
            limit_state="in_force",
            receivable=110000.0,
            unallocated=0.0,
            ordered=0.0,
            exposure=110000.0,
            eligible=110000.0,
            within_limit=100000.0,
            covered=90000.0,
            own_share=10000.0,
            uninsured=10000.0,
            overdue_000=110000.0,
            cover_state="warning",
        )
        self.assertRow(
            self.alfa,
            "2026-05-31",
            receivable=85000.0,
            exposure=85000.0,
            within_limit=85000.0,
            covered=76500.0,
            own_share=8500.0,
            uninsured=0.0,
            overdue_000=85000.0,
            cover_state="ok",
        )
        self.assertRow(
            self.alfa,
            "2026-06-30",
            receivable=75000.0,
            exposure=75000.0,
            covered=67500.0,
            own_share=7500.0,
            uninsured=0.0,
            overdue_000=40000.0,
            overdue_001=35000.0,
            overdue_days=22,
        )
        self.assertRow(
            self.alfa,
            "2026-07-31",
            insured_limit=40000.0,
            exposure=105000.0,
            covered=67500.0,
            own_share=7500.0,
            uninsured=30000.0,
            overdue_000=30000.0,
            overdue_001=40000.0,
            overdue_031=35000.0,
            cover_state="warning",
        )
        self.assertRow(
            self.alfa,
            self.today,
            insured_limit=40000.0,
            receivable=105000.0,
            ordered=20000.0,
            exposure=125000.0,
            covered=67500.0,
            own_share=7500.0,
            uninsured=50000.0,
            overdue_000=30000.0,
            overdue_061=40000.0,
            overdue_091=35000.0,
            cover_state="stopped",
        )

    def test_before_the_first_invoice(self):
        """The limit alone is told of; the buyer owes nothing."""
        self.tell_story(self.alfa)
        self.assertRow(
            self.alfa, "2026-03-09", exposure=0.0, covered=0.0, insured_limit=100000.0
        )

    def test_today_is_the_exposure(self):
        beta = self.make_buyer("BETA", country="us")
        for buyer in (self.alfa, beta):
            self.tell_story(buyer)
        self.make_order(beta, 20000.0, delivered=5000.0)
        self.make_receipt(beta, 500000.0)
        names = [
            name
            for name in self.env["credit.insurance.exposure"]._fields
            if name in self.Exposure._fields
        ]
        self.assertIn("covered", names)
        self.env.invalidate_all()
        usual = self.env["credit.insurance.exposure"].search([]).read(names)
        self.assertEqual(self.Exposure.search([]).read(names), usual)
        self.assertEqual(len(usual), 2)

    def test_where_nothing_has_happened_since(self):
        """The books undone back to yesterday say what the engine says of yesterday."""
        beta = self.make_buyer("BETA", country="us")
        for buyer in (self.alfa, beta):
            self.tell_story(buyer)
        self.make_receipt(beta, 4000.0)
        yesterday = date(2026, 9, 30)
        rows = []
        for query in (
            self.position._query_as_of(self.company, yesterday),
            self.position._query(self.company, yesterday),
        ):
            found = self.position._execute(query.position(with_cover=True))
            rows.append(sorted(found, key=lambda row: row["id"]))
        self.assertEqual(len(rows[0]), 2)
        self.assertEqual(rows[0], rows[1])

    def test_equals_the_balance_of_the_books(self):
        """Whatever is matched when: the balance of the receivable account that day."""
        random = Random(7)
        invoices = [
            self.make_invoice(
                self.alfa, random.randrange(100, 9000), day=f"2026-0{month}-11"
            )
            for month in range(1, 9)
        ]
        receipts = [
            self.make_receipt(
                self.alfa, random.randrange(100, 9000), day=f"2026-0{month}-21"
            )
            for month in range(1, 9)
        ]
        for _pair in range(9):
            invoice, receipt = random.choice(invoices), random.choice(receipts)
            lines = (invoice + receipt).line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
                and not line.reconciled
            )
            if len(lines.move_id) == 2:
                lines.reconcile()
        for month in range(1, 10):
            for day in (date(2026, month, 15), date(2026, month, 25)):
                balance = sum(
                    self.env["account.move.line"]
                    .search(
                        [
                            ("partner_id", "=", self.alfa.id),
                            ("account_type", "=", "asset_receivable"),
                            ("date", "<=", day),
                        ]
                    )
                    .mapped("balance")
                )
                row = self.exposures(self.alfa, day)
                self.assertAlmostEqual(row.exposure, balance, 2, day)

    def test_rate_of_the_day(self):
        """USD 11 000 at 1.10 are EUR 10 000, at 1.25 EUR 8 800; half is paid later."""
        self.clear_rates()
        self.set_rate(self.dollar, 1.10)
        self.set_rate(self.dollar, 1.25, day="2026-08-01")
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(
            self.alfa,
            11000.0,
            day="2026-03-01",
            due="2026-08-20",
            currency_id=self.dollar.id,
        )
        receipt = self.make_receipt(
            self.alfa, 5500.0, day="2026-08-10", currency=self.dollar, rate=1.25
        )
        self.match(receipt, invoice)
        self.assertRow(
            self.alfa,
            "2026-07-31",
            exposure=10000.0,
            covered=9000.0,
            overdue_000=10000.0,
        )
        self.assertRow(
            self.alfa, "2026-08-01", exposure=8800.0, covered=7920.0, overdue_000=8800.0
        )
        self.assertRow(
            self.alfa, "2026-08-15", exposure=4400.0, covered=3960.0, overdue_000=4400.0
        )
