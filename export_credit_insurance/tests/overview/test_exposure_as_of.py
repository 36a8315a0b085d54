from datetime import date
from random import Random

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError
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

    def test_receipt_matched_later(self):
        """Received on 15 May, matched with an invoice of June: a credit on 31 May."""
        receipt = self.make_receipt(self.alfa, 8000.0, day="2026-05-15")
        invoice = self.make_invoice(self.alfa, 20000.0, day="2026-06-20")
        self.match(receipt, invoice)
        self.assertRow(
            self.alfa, "2026-05-31", receivable=0.0, unallocated=-8000.0, covered=0.0
        )
        self.assertRow(
            self.alfa,
            "2026-06-30",
            receivable=12000.0,
            unallocated=0.0,
            overdue_000=12000.0,
        )

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

    def test_entry_that_is_not_posted(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 5000.0, day="2026-03-01", post=False)
        self.assertRow(self.alfa, "2026-04-30", exposure=0.0)

    # ------------------------------------------------- what has a day of its own

    def test_dispute(self):
        """Contested from 1 April to 1 June: not eligible in between."""
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-08-20"
        )
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 4000.0, "date": "2026-04-01"}
        )
        with freeze_time("2026-06-01 12:00:00"):
            dispute.outcome = "withdrawn"
            dispute.action_settle()
        for day, eligible in (
            ("2026-03-31", 10000.0),
            ("2026-04-01", 6000.0),
            ("2026-05-31", 6000.0),
            ("2026-06-01", 10000.0),
        ):
            self.assertRow(
                self.alfa, day, exposure=10000.0, eligible=eligible, overdue_000=10000.0
            )

    def test_sold_without_recourse(self):
        """The factor's loss from 1 May to 30 June, when the invoice is handed back."""
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(self.alfa, 10000.0, day="2026-03-01")
        sale = self.env["credit.insurance.assignment"].create(
            {
                "move_id": invoice.id,
                "factor_id": self.make_buyer("Factor").id,
                "recourse": "without",
                "date": "2026-05-01",
            }
        )
        for day, exposure in (("2026-04-30", 10000.0), ("2026-05-01", 0.0)):
            self.assertRow(self.alfa, day, exposure=exposure, overdue_000=exposure)
        self.assertRow(self.alfa, self.today, exposure=0.0)
        sale.date_end = "2026-06-30"
        for day, exposure in (("2026-06-29", 0.0), ("2026-06-30", 10000.0)):
            self.assertRow(self.alfa, day, exposure=exposure, overdue_000=exposure)

    def test_stop_that_ended_later(self):
        """Stopped from 1 April to 31 May: reinstated afterwards, not on 30 April."""
        self.policy.stop_reinstates = True
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 10000.0, day="2026-04-10", due="2026-09-01")
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "date_from": "2026-04-01",
                "date_to": "2026-05-31",
                "cause": "insurer",
            }
        )
        self.assertRow(
            self.alfa,
            "2026-04-30",
            covered=0.0,
            uninsured=10000.0,
            overdue_000=10000.0,
            cover_state="stopped",
        )
        self.assertEqual(self.ageing(self.alfa, "2026-04-30").insurance, "stopped")
        self.assertRow(
            self.alfa,
            "2026-06-01",
            covered=9000.0,
            overdue_000=10000.0,
            cover_state="ok",
        )

    def test_stop_by_an_instalment_paid_later(self):
        """Due 10 January, extension ends 11 March; paid on 5 May.

        On 30 April cover is stopped since 12 March, and what left on 20 April is not
        insured; on 31 May new shipments are insured again, that one is not.
        """
        self.make_limit(self.alfa, 100000.0)
        late = self.make_invoice(self.alfa, 10000.0, day="2026-01-02", due="2026-01-10")
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": "2026-03-12",
                "cause": "overdue",
                "move_line_id": late.line_ids.filtered("date_maturity").id,
            }
        )
        self.make_invoice(self.alfa, 3000.0, day="2026-04-20", due="2026-10-10")
        self.match(self.make_receipt(self.alfa, 10000.0, day="2026-05-05"), late)
        self.assertRow(
            self.alfa,
            "2026-04-30",
            exposure=13000.0,
            covered=9000.0,
            uninsured=3000.0,
            overdue_000=3000.0,
            overdue_091=10000.0,
            cover_state="stopped",
            stop_date=date(2026, 3, 12),
        )
        self.assertRow(
            self.alfa,
            "2026-05-31",
            exposure=3000.0,
            covered=0.0,
            overdue_000=3000.0,
            cover_state="ok",
        )

    def test_extension_agreed_later(self):
        """Due 1 April, extension period until 31 May; agreed on 1 July until 30 July.

        On 15 June cover was stopped since 1 June; on 15 July it no longer is.
        """
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-04-01"
        )
        self.env["credit.insurance.extension"].create(
            {
                "move_line_id": invoice.line_ids.filtered("date_maturity").id,
                "extension_until": "2026-07-30",
                "agreement_ref": "E-1",
                "agreed_on": "2026-07-01",
            }
        )
        row = self.assertRow(self.alfa, "2026-06-15", overdue_061=10000.0)
        self.assertEqual(
            (row.cover_state, row.stop_date), ("stopped", date(2026, 6, 1))
        )
        row = self.assertRow(self.alfa, "2026-07-15", overdue_091=10000.0)
        self.assertFalse(row.stop_date)
        self.assertNotEqual(row.cover_state, "stopped")

    def test_request_answered_later(self):
        self.make_invoice(self.alfa, 10000.0, day="2026-03-01")
        self.make_limit(
            self.alfa,
            50000.0,
            date_from="2026-05-10",
            request_date="2026-04-20",
            decision_date="2026-05-10",
        )
        for day, state in (
            ("2026-04-10", "none"),
            ("2026-04-30", "requested"),
            ("2026-05-10", "in_force"),
        ):
            self.assertRow(self.alfa, day, limit_state=state, overdue_000=10000.0)

    def test_conditions_met_later(self):
        self.make_invoice(self.alfa, 10000.0, day="2026-04-01", due="2026-09-01")
        proof = self.env["ir.attachment"].create({"name": "guarantee.pdf"})
        self.make_limit(
            self.alfa,
            50000.0,
            date_from="2026-03-01",
            state="conditional",
            conditions="Guarantee",
            proof_ids=[Command.set(proof.ids)],
            conditions_met=True,
            conditions_met_on="2026-05-15",
        )
        self.assertRow(self.alfa, "2026-04-30", covered=0.0, overdue_000=10000.0)
        self.assertRow(self.alfa, "2026-05-15", covered=9000.0, overdue_000=10000.0)

    def test_shipped_later(self):
        """Invoiced on 1 March, shipped on 10 June under a limit that was cut on 1 May.

        Until the goods leave, the invoice's day counts.
        """
        self.make_limit(self.alfa, 100000.0, date_to="2026-04-30", state="closed")
        self.make_limit(self.alfa, 5000.0, date_from="2026-05-01")
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-08-20"
        )
        invoice.credit_shipment_date = "2026-06-10"
        self.assertRow(self.alfa, "2026-05-31", covered=9000.0, overdue_000=10000.0)
        self.assertRow(self.alfa, "2026-06-30", covered=4500.0, overdue_000=10000.0)

    # ------------------------------------------------------------ the dialogue

    def test_dialogue(self):
        """It proposes the end of last month, and opens the rows of the day chosen."""
        self.tell_story(self.alfa)
        report = self.Report.create({})
        self.assertEqual(report.date, date(2026, 9, 30))
        self.assertEqual(len(report.basis.splitlines()), 6)
        report.date = "2026-04-30"
        self.assertRecordValues(
            report,
            [
                {
                    "receivable": 110000.0,
                    "exposure": 110000.0,
                    "covered": 90000.0,
                    "own_share": 10000.0,
                    "uninsured": 10000.0,
                }
            ],
        )
        action = report.action_open_exposure()
        self.assertIn("04/30/2026", action["name"])
        rows = self.env[action["res_model"]].with_context(**action["context"])
        self.env.invalidate_all()
        (row,) = rows.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(row.exposure, 110000.0)
        action = row.action_open_instalments()
        lines = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(
            sorted(lines.search(action["domain"]).mapped("open_amount")),
            [50000.0, 60000.0],
        )
        action = report.action_open_ageing()
        self.env.invalidate_all()
        lines = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(sum(lines.search([]).mapped("open_amount")), 110000.0)
        report.date = self.today
        self.assertEqual(len(report.basis.splitlines()), 2)

    def test_says_what_the_figures_are(self):
        """All that the documentation says is on the report of a past day."""
        basis = self.Report.create({"date": "2026-04-30"}).basis
        for words in (
            "sales at the till that are not posted",
            "which policies are active",
            "entered, cancelled or put back to draft since",
            "Goods that left after that day count as invoiced",
        ):
            with self.subTest(words=words):
                self.assertIn(words, basis)

    def test_rows_come_with_the_search(self):
        """However many rows there are, no column runs the engine a second time."""
        for number in range(5):
            self.make_invoice(self.make_buyer(f"Buyer {number}"), 100.0)
        for table, name in ((self.Exposure, "exposure"), (self.Ageing, "open_amount")):
            with self.subTest(table=table._name):
                rows = table._rows_of(self.company, self.today)
                self.assertEqual(len(rows), 5)
                with self.assertQueryCount(0):
                    self.assertEqual(sum(row[name] for row in rows), 500.0)

    def test_day_to_come(self):
        with self.assertRaises(ValidationError):
            self.Report.create({"date": "2026-10-02"})
        rows = self.Exposure.with_context(credit_report_day="2027-01-01")
        self.assertEqual(rows._report_day(), self.today)

    def test_sorted_and_grouped(self):
        beta = self.make_buyer("BETA", country="us")
        self.tell_story(self.alfa)
        self.tell_story(beta)
        self.make_invoice(beta, 5000.0, day="2026-04-25")
        rows = self.exposures(self.alfa + beta, "2026-04-30")
        self.assertEqual(rows.partner_id.ids, [beta.id, self.alfa.id])
        of_day = self.Exposure._of_day(self.company, date(2026, 4, 30))
        groups = of_day._read_group(
            [("exposure", ">", 0)], ["country_id"], ["exposure:sum", "covered:sum"]
        )
        self.assertEqual(
            {country.code: amounts for country, *amounts in groups},
            {"BR": [110000.0, 90000.0], "US": [115000.0, 90000.0]},
        )

    def test_queries_do_not_grow_with_buyers(self):
        self.tell_story(self.alfa)
        more = self.env["res.partner"].create(
            [
                {
                    "name": f"B{number}",
                    "is_company": True,
                    "country_id": self.alfa.country_id.id,
                }
                for number in range(50)
            ]
        )
        for buyer in more:
            self.make_limit(buyer, 1000.0)
            self.make_invoice(buyer, 500.0, day="2026-04-01")
        names = ["exposure", "covered", "uninsured", "overdue_001", "cover_state"]
        day = fields.Date.to_date("2026-04-30")
        for model in (self.Exposure, self.Ageing):
            counts = []
            for buyers in (self.alfa, self.alfa, self.alfa + more):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                rows = model._rows_of(
                    self.company, day, [("partner_id", "in", buyers.ids)]
                )
                rows.read([name for name in names if name in model._fields])
                counts.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len(rows.partner_id), len(buyers))
            self.assertEqual(counts[1], counts[2])

    def test_other_company(self):
        """A sister's older 60 000 fill the limit that the policy shares.

        Of 100 000 they leave 40 000 for A on 30 April, nothing for B.
        """
        sister = self.setup_other_company(name="Sister", currency_id=self.euro.id)
        self.policy.company_ids = [Command.link(sister["company"].id)]
        self.tell_story(self.alfa)
        self.make_invoice(
            self.alfa,
            60000.0,
            day="2026-02-01",
            due="2026-07-01",
            company=sister["company"],
        )
        self.assertRow(
            self.alfa,
            "2026-04-30",
            exposure=110000.0,
            covered=36000.0,
            uninsured=70000.0,
            overdue_000=110000.0,
        )
        row = self.Exposure._rows_of(
            sister["company"],
            date(2026, 4, 30),
            [("partner_id", "=", self.alfa.id)],
        )
        self.assertEqual((row.exposure, row.covered), (60000.0, 54000.0))
