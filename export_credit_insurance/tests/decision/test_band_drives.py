from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon

AGENCY = "export_credit_insurance.credit_insurance_rating_source_creditsafe"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBandDrives(DecisionCommon):
    """What a band does to orders, and what it never does.

    ALFA: OECD 4 -> 42.86 x 40, Creditsafe 0 x 35: 22.86, band D (20-40).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.rate(cls.alfa, 0.0)
        cls.band = cls.env.ref("export_credit_insurance.credit_insurance_band_d")
        cls.days30, cls.days60 = (
            cls.env["account.payment.term"].create(
                {
                    "name": f"{days} days",
                    "line_ids": [
                        (
                            0,
                            0,
                            {"value": "percent", "value_amount": 100, "nb_days": days},
                        )
                    ],
                }
            )
            for days in (30, 60)
        )

    @classmethod
    def rate(cls, buyer, value):
        cls.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": buyer.id,
                "source_id": cls.env.ref(AGENCY).id,
                "value": value,
                "date": "2026-09-01",
            }
        )

    def quote(self, term, amount=5000.0, **values):
        return self.make_quotation(amount, payment_term_id=term.id, **values)

    # === PAYMENT TERMS === #

    def test_terms_longer_than_the_band_s_are_warned_about(self):
        self.assertEqual(self.alfa.credit_band_id, self.band)
        self.assertNotIn("terms_beyond_band", self.find(self.quote(self.days60)))
        self.band.payment_days = 45
        finding = self.find(self.quote(self.days60))["terms_beyond_band"]
        self.assertEqual((finding.severity, finding.amount), ("warn", 5000.0))
        for words in ("60", "45", self.band.name):
            self.assertIn(words, finding.message)
        self.assertIn("45", finding.cure)
        order = self.quote(self.days60)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_terms_within_the_band_s_are_no_matter(self):
        self.band.payment_days = 30
        self.assertNotIn("terms_beyond_band", self.find(self.quote(self.days30)))
        self.band.payment_days = 29
        self.assertIn("terms_beyond_band", self.find(self.quote(self.days30)))

    def test_a_rule_makes_them_block(self):
        self.band.payment_days = 45
        self.set_rule("terms_beyond_band")
        with self.assertRaises(RedirectWarning):
            self.quote(self.days60).action_confirm()

    def test_longer_terms_of_a_confirmed_order(self):
        self.band.payment_days = 45
        self.set_rule("terms_beyond_band")
        order = self.quote(self.days30)
        order.action_confirm()
        with self.assertRaises(RedirectWarning):
            order.sudo(False).with_user(self.salesman).write(
                {"payment_term_id": self.days60.id}
            )

    # === SEVERITY === #

    def test_severity_by_band(self):
        """Overdue debt warns everywhere; it blocks for this band alone."""
        self.make_invoice(self.alfa, 1000.0, day="2026-08-01", due="2026-09-01")
        self.assertEqual(self.find(self.quote(self.days30))["overdue"].severity, "warn")
        self.set_rule("overdue", band_id=self.band.id)
        self.assertEqual(
            self.find(self.quote(self.days30))["overdue"].severity, "block"
        )
        self.rate_better()
        self.assertEqual(self.find(self.quote(self.days30))["overdue"].severity, "warn")

    def rate_better(self):
        """Creditsafe 90: (42.86 x 40 + 90 x 35) / 75 = 64.86, band B."""
        self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": self.alfa.id,
                "source_id": self.env.ref(AGENCY).id,
                "value": 90.0,
                "date": "2026-09-30",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.alfa.credit_band_id.code, "B")

    # === A SCORE ALONE NEVER REFUSES === #

    def test_the_worst_score_alone_stops_nothing(self):
        """Score 0 in a country of score 0: the worst band, and the order goes."""
        worst = self.make_buyer("WORST", "ar")  # OECD 7: 0
        self.rate(worst, 0.0)
        self.assertEqual(
            (worst.credit_grid_score, worst.credit_band_id.code), (0.0, "E")
        )
        self.make_limit(worst, 50000.0)
        order = self.quote(self.days30, partner=worst)
        self.assertFalse(self.find(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_even_where_a_band_gets_no_credit_a_person_decides(self):
        """A manager ticked it; the order waits for a release, with a reason kept."""
        self.band.no_credit = True
        order = self.quote(self.days30)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        hold = self.ask_release(order)
        self.assertRecordValues(
            hold,
            [{"state": "open", "main_code": "band_no_credit", "decided_by": False}],
        )
        self.notice_due()
        self.assertEqual(hold.state, "open")  # no job refuses
        self.release(
            hold,
            release_kind="own_risk",
            release_amount=5000.0,
            release_until="2026-10-31",
        )
        self.assertEqual(
            (hold.decided_by, hold.reason), (self.controller, "Good customer")
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_scores_of_persons_decide_on_no_order(self):
        person = self.env["res.partner"].create(
            {"name": "Ana Silva", "country_id": self.env.ref("base.br").id}
        )
        self.rate(person, 0.0)
        self.assertEqual(person.credit_band_id, self.band)
        self.band.write({"no_credit": True, "payment_days": 10})
        for code in ("band_no_credit", "terms_beyond_band"):
            self.set_rule(code, scope="private")
        codes = {"band_no_credit", "terms_beyond_band"}
        self.assertFalse(
            codes & set(self.find(self.quote(self.days60, partner=person)))
        )
        # nor where the person is entered as a company
        person.is_company = True
        for values in ({"credit_sole_trader": True}, {"credit_party_kind": "private"}):
            person.write({"credit_sole_trader": False, **values})
            self.assertIsNone(person._credit_checked_band())
        person.credit_party_kind = False
        self.assertEqual(person._credit_checked_band(), self.band)

    # === IN WORDS === #

    def test_the_buyer_s_page_says_what_the_band_means(self):
        self.band.write({"no_credit": True, "payment_days": 45, "review_months": 3})
        self.set_rule("overdue", band_id=self.band.id)
        self.env["credit.insurance.release.authority"].create(
            {
                "group_id": self.env.ref(
                    "export_credit_insurance.group_credit_controller"
                ).id,
                "band_id": self.band.id,
                "own_risk_buyer": 2000.0,
            }
        )
        self.env["credit.followup.plan"].create(
            {
                "name": "Short leash",
                "band_ids": self.band.ids,
                "currency_id": self.euro.id,
            }
        )
        self.env.invalidate_all()
        text = self.alfa.with_user(self.user).credit_band_meaning
        lines = text.replace("\xa0", " ").split("\n")
        self.assertEqual(lines[0], "No open credit: prepayment or a security.")
        self.assertEqual(lines[1], "Payment terms of at most 45 days.")
        self.assertEqual(lines[2], "Limits are reviewed every 3 months.")
        self.assertEqual(lines[3], "Overdue Debt: Blocks.")
        self.assertIn("own risk on one buyer up to", lines[4])
        self.assertIn("2,000.00", lines[4])
        self.assertEqual(lines[5], "Follow-up by the plan: Short leash.")
        self.assertEqual(len(lines), 6)

    def test_meaning_of_many_buyers(self):
        """As many queries for fifty buyers of a band as for one."""
        buyers = self.alfa.union(
            *(self.make_buyer(f"B{number}") for number in range(49))
        )
        for buyer in buyers[1:]:
            self.rate(buyer, 0.0)
        counts = []
        for some in (buyers[:1], buyers[:1], buyers):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.mapped("credit_band_meaning")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
