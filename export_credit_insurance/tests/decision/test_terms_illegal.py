from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
class TestTermsIllegal(DecisionCommon):
    """Terms beyond the ceiling of a law of late payment (DOMAIN 3.3).

    A French seller on 1 October 2026. France: 60 days, or 45 days end of month.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.lyon = cls.make_buyer("Lyon", country="fr")
        cls.make_limit(cls.lyon, 50000.0)

    @classmethod
    def make_term(cls, days, delay_type="days_after", **values):
        line = {
            "value": "percent",
            "value_amount": 100.0,
            "nb_days": days,
            "delay_type": delay_type,
            **values,
        }
        return cls.env["account.payment.term"].create(
            {"name": f"{delay_type} {days}", "line_ids": [Command.create(line)]}
        )

    def find(self, term, buyer=None, **values):
        """The finding about the law on an order of 3 000, if any."""
        order = self.make_order(
            buyer or self.lyon,
            3000.0,
            confirm=False,
            payment_term_id=term.id,
            **values,
        )
        assessment = self.env["credit.insurance.check"]._assess(order)[order]
        found = {finding.code: finding for finding in assessment.findings}
        return found.get("terms_illegal")

    def test_sixty_days_from_the_invoice(self):
        self.assertFalse(self.find(self.make_term(60)))
        found = self.find(self.make_term(61))
        self.assertEqual((found.severity, found.amount), ("warn", 3000.0))
        self.assertIn("61 days", found.message)
        self.assertIn("45 days end of month", found.message)
        self.assertTrue(found.cure)

    def test_forty_five_days_end_of_month(self):
        """From 1 October: 31 October + 45 days is 15 December, 75 days; one more is too
        long. 15 November, to its end: 30 November, 60 days. 17 + 45 days from the
        17th is beyond no ceiling either: see the examples of ``terms_ceiling``."""
        self.assertFalse(self.find(self.make_term(45, "days_after_end_of_month")))
        self.assertTrue(self.find(self.make_term(46, "days_after_end_of_month")))

    def test_seventy_five_days_that_are_no_month_end(self):
        self.assertTrue(self.find(self.make_term(75)))

    def test_every_instalment_counts(self):
        term = self.make_term(30)
        term.line_ids.value_amount = 50.0
        term.line_ids = [
            Command.create({"value": "percent", "value_amount": 50.0, "nb_days": 90})
        ]
        self.assertTrue(self.find(term))

    def test_directive_where_national_law_is_not_recorded(self):
        """Germany: 60 days, unless agreed expressly; French law is the contract's."""
        buyer = self.make_buyer("Beta", country="de")
        self.assertTrue(self.find(self.make_term(90), buyer))
        buyer.credit_governing_law_id = self.env.ref("base.de")
        found = self.find(self.make_term(90), buyer)
        self.assertIn("expressly", found.message)

    def test_sales_overseas_are_left_to_the_parties(self):
        """No ceiling is recorded in Brazil; the contract may choose French law."""
        self.assertFalse(self.find(self.make_term(90), self.alfa))
        self.alfa.credit_governing_law_id = self.env.ref("base.fr")
        self.assertTrue(self.find(self.make_term(90), self.alfa))

    def test_an_order_names_its_law(self):
        """Swiss law knows no ceiling; French law, for a sale overseas, does."""
        term = self.make_term(90)
        swiss = {"credit_governing_law_id": self.env.ref("base.ch").id}
        self.assertFalse(self.find(term, **swiss))
        french = {"credit_governing_law_id": self.env.ref("base.fr").id}
        self.assertTrue(self.find(term, self.alfa, **french))

    def test_private_persons(self):
        self.lyon.credit_party_kind = "private"
        self.assertFalse(self.find(self.make_term(90)))

    def test_a_new_law_counts_at_once(self):
        """30 days in a law that begins today."""
        rule = self.env.ref(
            "export_credit_insurance.credit_followup_late_payment_rule_fr"
        )
        self.assertFalse(self.find(self.make_term(45)))
        rule.date_to = "2026-09-30"
        rule.copy(
            {
                "date_from": "2026-10-01",
                "date_to": False,
                "max_payment_days": 30,
                "max_month_end_days": 0,
            }
        )
        self.assertTrue(self.find(self.make_term(45)))

    def test_buyers_terms(self):
        self.lyon.property_payment_term_id = self.make_term(90)
        self.assertIn("90 days", self.lyon.credit_terms_warning)
        self.lyon.property_payment_term_id = self.make_term(30)
        self.assertFalse(self.lyon.credit_terms_warning)

    def test_invoice(self):
        """Due 60 days after 1 September is 31 October."""
        invoice = self.make_invoice(self.lyon, 1000.0, due="2026-10-31", post=False)
        self.assertFalse(invoice.credit_terms_warning)
        invoice.invoice_date_due = "2026-11-01"
        self.assertIn("61 days", invoice.credit_terms_warning)
        invoice.invoice_payment_term_id = self.make_term(90)
        self.assertIn("90 days", invoice.credit_terms_warning)

    def test_nothing_before_a_policy(self):
        """Installing changes nothing."""
        other = self.env["res.company"].create(
            {"name": "Other", "country_id": self.env.ref("base.fr").id}
        )
        self.env.user.company_ids += other
        lyon = self.lyon.with_company(other)
        lyon.property_payment_term_id = self.make_term(90)
        self.assertFalse(lyon.credit_terms_warning)

    def test_queries(self):
        """As many for ten orders as for one, with legal terms and with illegal ones."""
        check = self.env["credit.insurance.check"]
        buyers = [self.make_buyer(f"B{n}", country="fr") for n in range(10)]
        for days in (30, 90):
            term = self.make_term(days)
            orders = self.env["sale.order"].concat(
                *(
                    self.make_order(b, 3000.0, confirm=False, payment_term_id=term.id)
                    for b in buyers
                )
            )
            counts = []
            for some in (orders, orders[:1], orders):  # the first fills the caches
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                check._assess(some)
                counts.append(self.cr.sql_log_count - before)
            with self.subTest(days=days):
                self.assertLessEqual(counts[2], counts[1])
