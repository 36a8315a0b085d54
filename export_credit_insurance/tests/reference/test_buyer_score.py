from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestBuyerScore(TransactionCase):
    """The grid of ALFA: Brazil, Creditsafe 62, payment behaviour 80.

    OECD 4 -> (7 - 4) / 7 x 100 = 42.857; weights 40 / 35 / 25:
    17.143 + 21.70 + 20 = 58.84; the buyer alone (62 x 35 + 80 x 25) / 60 = 69.50.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rating = cls.env["credit.insurance.buyer.rating"]
        cls.company = cls.env.company
        cls.alfa = cls.env["res.partner"].create(
            {
                "name": "ALFA",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )

    def source(self, code):
        return self.env.ref(
            f"export_credit_insurance.credit_insurance_rating_source_{code}"
        )

    def rate(self, source_code, value, day="2026-03-01", partner=None, **values):
        return self.Rating.create(
            {
                "partner_id": (partner or self.alfa).id,
                "source_id": self.source(source_code).id,
                "value": value,
                "date": day,
                **values,
            }
        )

    def assertScores(self, country, buyer, total, band, partner=None):
        partner = partner or self.alfa
        self.assertAlmostEqual(partner.country_risk_score, country, 2)
        self.assertAlmostEqual(partner.buyer_credit_score, buyer, 2)
        self.assertAlmostEqual(partner.credit_grid_score, total, 2)
        self.assertEqual(partner.credit_band_id.code, band)

    def test_alfa(self):
        self.rate("creditsafe", 62)
        self.rate("own_experience", 80)
        self.assertScores(42.86, 69.50, 58.84, "C")

    def test_missing_criteria_are_dropped_and_shown(self):
        # country alone
        self.assertScores(42.86, 0, 42.86, "C")
        self.assertIn("not rated, left out", self.alfa.credit_score_detail)
        # (42.857 x 40 + 62 x 35) / 75 = 51.79
        self.rate("creditsafe", 62)
        self.assertScores(42.86, 62, 51.79, "C")
        # Barbados is not reviewed: the buyer alone
        self.alfa.country_id = self.env.ref("base.bb")
        self.assertScores(0, 62, 62, "B")
        score = self.alfa._credit_scores(self.company)[self.alfa]
        self.assertIsNone(score.country)

    def test_the_worst_score_counts_it_is_not_missing(self):
        # Argentina, OECD 7: (0 x 40 + 62 x 35) / 75 = 28.93
        self.rate("creditsafe", 62)
        self.alfa.country_id = self.env.ref("base.ar")
        self.assertScores(0, 62, 28.93, "D")
        score = self.alfa._credit_scores(self.company)[self.alfa]
        self.assertEqual(score.country, 0)

    def test_the_worst_score_and_none_are_told_apart(self):
        """0 is the worst score; screens show nothing where there is none."""
        flags = ("credit_country_is_rated", "credit_buyer_is_rated", "credit_is_rated")
        buyer = self.alfa.copy({"name": "NEW", "country_id": False})
        self.assertEqual([buyer[name] for name in flags], [False, False, False])
        self.rate("creditsafe", 0.0, partner=buyer)
        self.assertEqual(buyer.buyer_credit_score, 0.0)
        self.assertEqual([buyer[name] for name in flags], [False, True, True])
        buyer.country_id = self.env.ref("base.br")
        self.assertEqual([buyer[name] for name in flags], [True, True, True])

    def test_nothing_known_no_band(self):
        self.alfa.country_id = False
        self.assertScores(0, 0, 0, False)

    def test_high_income_by_company_choice(self):
        self.rate("creditsafe", 62)
        self.alfa.country_id = self.env.ref("base.de")
        # (100 x 40 + 62 x 35) / 75 = 82.27
        self.assertScores(100, 62, 82.27, "A")
        self.company.credit_high_income_best = False
        self.assertScores(0, 62, 62, "B")

    def test_company_weights(self):
        self.rate("creditsafe", 62)
        self.rate("own_experience", 80)
        self.company.write(
            {
                "credit_weight_country": 0,
                "credit_weight_agency": 50,
                "credit_weight_payment": 50,
            }
        )
        self.assertScores(0, 71, 71, "B")
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.company.credit_weight_agency = -1

    def test_sources_of_a_criterion_are_joined_by_weight(self):
        # Creditsafe 62 x 1, Allianz Trade 4 -> 66.67 x 3: 65.50
        self.rate("creditsafe", 62)
        self.rate("allianz_trade_buyer", 4)
        self.source("allianz_trade_buyer").weight = 3
        self.alfa.country_id = False
        self.alfa.invalidate_recordset(["buyer_credit_score"])
        self.assertAlmostEqual(self.alfa.buyer_credit_score, 65.50, 2)

    def test_the_latest_score_up_to_the_day_counts(self):
        self.rate("creditsafe", 62)
        self.rate("creditsafe", 30, "2026-06-01")
        scores = [
            self.alfa._credit_scores(self.company, date(2026, month, 15))[
                self.alfa
            ].buyer
            for month in (2, 5, 6)
        ]
        self.assertEqual(scores, [None, 62, 30])

    def test_a_new_country_rating_changes_the_score(self):
        self.assertAlmostEqual(self.alfa.country_risk_score, 42.86, 2)
        self.env["credit.insurance.rating.edition"]._import_table(
            self.source("oecd"), b"iso2,code,date\nBR,5,2026-06-26\n"
        )
        scores = self.alfa._credit_scores(self.company, date(2026, 7, 1))
        self.assertAlmostEqual(scores[self.alfa].country, 28.57, 2)

    def test_contacts_show_their_buyer_s_score(self):
        self.rate("creditsafe", 62)
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.alfa.id}
        )
        self.assertScores(42.86, 62, 51.79, "C", contact)

    def test_detail_names_sources_and_dates(self):
        self.rate("creditsafe", 62)
        lines = self.alfa.with_context(lang="en_US").credit_score_detail.split("\n")
        self.assertIn("Country Risk: 42.86, weight 40", lines[0])
        self.assertIn("OECD country risk classification of 01/30/2026: 4", lines[0])
        self.assertIn("62.00, weight 35 (Creditsafe score of", lines[1])
        self.assertEqual(lines[2], "Payment Behaviour: not rated, left out")

    def test_detail_writes_weights_as_they_are(self):
        self.company.credit_weight_country = 12.5
        lines = self.alfa.with_context(lang="en_US").credit_score_detail.split("\n")
        self.assertIn("Country Risk: 42.86, weight 12.50 (", lines[0])

    def test_scores_of_persons_are_for_controllers(self):
        person = self.env["res.partner"].create(
            {"name": "Ana Silva", "country_id": self.env.ref("base.br").id}
        )
        rating = self.rate("creditsafe", 62, partner=person)
        self.rate("creditsafe", 62)
        group = "export_credit_insurance.group_credit_%s"
        user = new_test_user(self.env, "user", groups=group % "user")
        controller = new_test_user(self.env, "control", groups=group % "controller")
        self.assertScores(42.86, 62, 51.79, "C", person.with_user(controller))
        self.assertScores(42.86, 0, 0, False, person.with_user(user))
        self.assertScores(42.86, 62, 51.79, "C", self.alfa.with_user(user))
        self.assertFalse(
            self.Rating.with_user(user).search_count([("id", "=", rating.id)])
        )
        self.assertTrue(
            self.Rating.with_user(controller).search_count([("id", "=", rating.id)])
        )

    def test_bad_ratings_are_refused(self):
        with self.assertRaisesRegex(UserError, "101 is no value of Creditsafe"):
            self.rate("creditsafe", 101)
        with self.assertRaisesRegex(ValidationError, "does not rate buyers"):
            self.rate("oecd", 4)
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.alfa.id}
        )
        with self.assertRaisesRegex(ValidationError, "Ana is a contact of ALFA"):
            self.rate("creditsafe", 50, partner=contact)

    def test_history_is_never_rewritten(self):
        rating = self.rate("creditsafe", 62)
        with self.assertRaisesRegex(UserError, "history"):
            rating.value = 63
        self.source("creditsafe").value_max = 200
        self.assertEqual(rating.score, 62)

    @mute_logger("odoo.sql_db")
    def test_one_rating_per_source_buyer_and_date(self):
        self.rate("creditsafe", 62)
        with self.assertRaises(IntegrityError):
            self.rate("creditsafe", 63)

    def test_graded_buyer_source(self):
        source = self.env["credit.insurance.rating.source"].create(
            {"name": "Opinion", "code": "opinion", "criterion": "agency"}
        )
        good, unknown = self.env["credit.insurance.rating.grade"].create(
            [
                {"source_id": source.id, "code": "+", "rank": 1, "score": 75},
                {
                    "source_id": source.id,
                    "code": "?",
                    "rank": 2,
                    "scoring": "none",
                },
            ]
        )
        vals = {"partner_id": self.alfa.id, "source_id": source.id}
        self.Rating.create({**vals, "grade_id": good.id, "date": "2026-03-01"})
        self.assertAlmostEqual(self.alfa.buyer_credit_score, 75, 2)
        self.Rating.create({**vals, "grade_id": unknown.id, "date": "2026-04-01"})
        score = self.alfa._credit_scores(self.company)[self.alfa]
        self.assertIsNone(score.buyer)
        with self.assertRaisesRegex(ValidationError, r"grades of Opinion: \+, \?"):
            self.Rating.create(vals)

    def test_queries_do_not_depend_on_the_number_of_buyers(self):
        countries = self.env["res.country"].search([], limit=50)
        buyers = self.env["res.partner"].create(
            [
                {"name": f"Buyer {n}", "is_company": True, "country_id": country.id}
                for n, country in enumerate(countries)
            ]
        )
        for buyer in buyers:
            self.rate("creditsafe", 50, partner=buyer)
            self.rate("own_experience", 60, partner=buyer)
        counts = []
        for some in (buyers[:1], buyers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("credit_grid_score")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 13)

    def test_old_scores_of_persons_are_deleted(self):
        """Kept for 12 months: one of 14 June 2025 goes, one of the 15th stays."""
        self.env["res.company"].search([]).credit_person_score_months = 12
        ana = self.env["res.partner"].create({"name": "Ana Silva"})
        for partner in (ana, self.alfa):
            for day in ("2025-06-14", "2025-06-15"):
                self.rate("creditsafe", 62, day, partner)
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_purge_persons"
            ).method_direct_trigger()
        kept = self.Rating.search([("partner_id", "in", (ana + self.alfa).ids)])
        self.assertEqual(
            sorted((r.partner_id.name, str(r.date)) for r in kept),
            [
                ("ALFA", "2025-06-14"),
                ("ALFA", "2025-06-15"),
                ("Ana Silva", "2025-06-15"),
            ],
        )
