import doctest
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ...models.overview import coverage_profile, coverage_rules, whole_percents
from ...models.overview.advice_text import AdviceText
from ...models.overview.coverage_profile import ExportProfile
from ...models.overview.coverage_rules import Answers
from ..common import CreditInsuranceCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestAdvice(CreditInsuranceCommon):
    """The advisor reads the sales abroad, asks the rest, and says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = {
            code: cls.make_buyer(f"B-{code}", country_id=cls.env.ref(f"base.{code}").id)
            for code in ("de", "us", "br", "ar", "fr")
        }
        cls.manager = new_test_user(
            cls.env,
            "advice_manager",
            groups="export_credit_insurance.group_credit_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def sell(self, code, amount, day="2026-06-01", **values):
        return self.make_invoice(self.buyers[code], amount, day, **values)

    def advise(self, **answers):
        advice = (
            self.env["credit.insurance.advice"].with_user(self.manager).create(answers)
        )
        advice.action_advise()
        return advice

    def verdicts(self, advice):
        return {line.kind: line.verdict for line in advice.line_ids}

    def test_examples_in_docstrings(self):
        for module in (coverage_profile, coverage_rules, whole_percents):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_facts(self):
        """Germany 300 000, the States 200 000 less a credit note of 50 000, Brazil
        100 000, Argentina (OECD 7) 50 000; France is home, 2025 is too long ago."""
        self.sell("de", 300000.0)
        self.sell("us", 200000.0)
        self.sell("us", 50000.0, move_type="out_refund")
        self.sell("br", 100000.0)
        self.sell("ar", 50000.0)
        self.sell("fr", 900000.0)
        self.sell("br", 70000.0, "2025-10-01")
        advice = self.advise()
        self.assertEqual(advice.turnover, 600000.0)
        self.assertEqual(
            (advice.market_count, advice.buyer_count, advice.invoice_count), (4, 4, 4)
        )
        self.assertEqual(advice.largest_buyers_share, 1.0)
        self.assertEqual(advice.largest_country_share, 0.5)
        # 300 000 + 150 000 of 600 000
        self.assertEqual(advice.marketable_share, 0.75)
        self.assertEqual(advice.gap_ids.country_id, self.env.ref("base.ar"))
        self.assertEqual(advice.gap_ids.turnover, 50000.0)

    def test_verdicts_and_costs(self):
        """600 000 to four buyers, 550 000 of it not refused: named buyers; 0.5 % of it
        is below the minimum of 5 000, 1.5 % is 8 250. Public cover for the 50 000 of
        Argentina: 2 %. Letters of credit: 1 % and 4 x 250. Guarantees: 2 % of 600 000
        x 60 / 365."""
        for code, amount in (
            ("de", 300000.0),
            ("us", 150000.0),
            ("br", 100000.0),
            ("ar", 50000.0),
        ):
            self.sell(code, amount)
        advice = self.advise()
        self.assertEqual(
            self.verdicts(advice),
            {
                "single": "unsuitable",
                "simplified": "unsuitable",
                "buyer": "recommended",
                "country": "possible",
                "global": "possible",
                "public": "recommended",
                "letter_of_credit": "possible",
                "guarantee": "possible",
            },
        )
        costs = {line.kind: line.cost for line in advice.line_ids}
        self.assertEqual(costs["buyer"], 5000.0)
        self.assertEqual(costs["single"], 8250.0)
        self.assertEqual(costs["public"], 1000.0)
        self.assertEqual(costs["letter_of_credit"], 7000.0)
        self.assertAlmostEqual(costs["guarantee"], 1972.60, 2)

    def test_letters_of_credit_follow_the_turnover_expected(self):
        """Two invoices of 150 000; 450 000 expected are three: 1 % and 3 x 250."""
        self.sell("de", 150000.0)
        self.sell("us", 150000.0)
        advice = self.advise(expected_turnover=450000.0)
        letters = self.line(advice, "letter_of_credit")
        self.assertEqual((letters.turnover, letters.cost), (450000.0, 5250.0))
        # 310 000 are more than two of them
        more = self.advise(expected_turnover=310000.0)
        self.assertEqual(self.line(more, "letter_of_credit").cost, 3850.0)

    def test_no_public_cover_for_marketable_risks(self):
        self.sell("de", 300000.0)
        self.buyers["de"].credit_party_kind = "public"
        advice = self.advise(is_public_contract=True)
        public = advice.line_ids.filtered(lambda line: line.kind == "public")
        self.assertEqual((public.verdict, public.turnover), ("unsuitable", 0.0))
        # credit of more than two years is no short-term risk, but only that part
        long = self.advise(is_public_contract=True, long_term_turnover=40000.0)
        public = long.line_ids.filtered(lambda line: line.kind == "public")
        self.assertEqual((public.verdict, public.turnover), ("recommended", 40000.0))
        # 300 000 less 40 000
        self.assertEqual(self.line(long, "global").turnover, 260000.0)

    def line(self, advice, kind):
        return advice.line_ids.filtered(lambda line: line.kind == kind)

    def test_marketable_country_refused_is_a_gap_without_public_cover(self):
        """Germany is off cover by its zone; a second private policy covers it."""
        self.sell("de", 300000.0)
        germany = self.env.ref("base.de")
        zones = self.env["credit.insurance.zone"]._zone_by_country(self.company)
        self.policy.country_term_ids.create(
            {
                "policy_id": self.policy.id,
                "zone_id": zones[germany.id],
                "cover_status": "off_cover",
            }
        )
        advice = self.advise()
        self.assertEqual(advice.gap_ids.country_id, germany)
        self.assertIn("may not be given", advice.gap_ids.remedy)
        self.assertEqual(advice.marketable_share, 1.0)
        self.assertEqual(self.line(advice, "public").verdict, "unsuitable")
        self.assertEqual(self.line(advice, "global").turnover, 0.0)
        second = self.make_policy(name="POL-27", number="POL-27")
        self.assertFalse(self.advise().gap_ids)
        second.insurer_id = second.insurer_id.copy({"kind": "public", "code": "PUB"})
        self.assertEqual(self.advise().gap_ids.country_id, germany)

    def test_exclusion_of_a_public_insurer_refuses_nothing(self):
        self.sell("br", 300000.0)
        self.policy.insurer_id.kind = "public"
        self.policy.country_term_ids.create(
            {
                "policy_id": self.policy.id,
                "country_id": self.env.ref("base.br").id,
                "cover_status": "off_cover",
            }
        )
        self.assertFalse(self.advise().gap_ids)

    def test_simplified_contract_is_a_kind_of_its_own(self):
        """Four buyers of 100 000: 0.6 % of 400 000 is 2 400, the minimum is 5 000."""
        for code in ("de", "us", "br"):
            self.sell(code, 100000.0)
        buyer = self.make_buyer("B-4", country_id=self.env.ref("base.us").id)
        self.make_invoice(buyer, 100000.0, "2026-06-01")
        advice = self.advise()
        self.assertEqual(self.line(advice, "simplified").verdict, "recommended")
        self.assertEqual(self.line(advice, "simplified").cost, 5000.0)
        self.assertEqual(self.line(advice, "global").verdict, "unsuitable")
        self.assertIn("more work", self.line(advice, "global").reason)

    def test_expected_turnover_scales_public_cover(self):
        """Half of 400 000 goes to Argentina: of 1 000 000 expected 500 000, of which
        2 % are 10 000."""
        self.sell("us", 200000.0)
        self.sell("ar", 200000.0)
        self.assertEqual(self.line(self.advise(), "public").cost, 4000.0)
        advice = self.advise(expected_turnover=1000000.0)
        public = self.line(advice, "public")
        self.assertEqual((public.turnover, public.cost), (500000.0, 10000.0))
        self.assertEqual(self.line(advice, "global").turnover, 500000.0)

    def test_what_to_ask_for_comes_first(self):
        self.sell("us", 400000.0)
        self.sell("ar", 200000.0)
        advice = self.advise()
        self.assertEqual(advice.line_ids[:2].mapped("kind"), ["buyer", "public"])
        self.assertIn("To ask for: Named buyers, Public cover.", advice.advice)

    def test_public_tenders_before_a_public_buyer(self):
        self.sell("br", 300000.0)
        public = self.line(self.advise(is_public_contract=True), "public")
        self.assertEqual((public.verdict, public.turnover), ("possible", 0.0))
        self.assertIn("No public buyer", public.reason)

    def test_public_buyers_without_a_tender(self):
        """Brazil's 300 000 are a public buyer's; Germany is a marketable risk."""
        self.sell("br", 300000.0)
        self.sell("de", 100000.0)
        self.buyers["br"].credit_party_kind = "public"
        # those that are known count, the tick is for those to come
        for answers in ({}, {"is_public_buyer": True}):
            public = self.line(self.advise(**answers), "public")
            self.assertEqual(
                (public.verdict, public.turnover), ("recommended", 300000.0)
            )
            self.assertIn("often exclude public buyers", public.reason)
        # no public buyer outside marketable risks
        self.buyers["br"].credit_party_kind = False
        self.buyers["de"].credit_party_kind = "public"
        public = self.line(self.advise(is_public_buyer=True), "public")
        self.assertEqual((public.verdict, public.turnover), ("unsuitable", 0.0))
        # nobody yet: a word ahead
        self.buyers["de"].credit_party_kind = False
        public = self.line(self.advise(is_public_buyer=True), "public")
        self.assertEqual((public.verdict, public.turnover), ("possible", 0.0))
        self.assertIn("before you sell to one", public.reason)

    def test_zones(self):
        """Germany 300 000 and Brazil with Argentina 100 000 of 400 000."""
        self.sell("de", 300000.0)
        self.sell("br", 60000.0)
        self.sell("ar", 40000.0)
        zones = self.env["credit.insurance.zone"]._zone_by_country(self.company)
        europe, america = (
            self.env["credit.insurance.zone"].browse(
                zones[self.env.ref(f"base.{code}").id]
            )
            for code in ("de", "br")
        )
        self.assertIn(
            f"By zone: {europe.name} 75 %, {america.name} 25 %.", self.advise().advice
        )

    def test_shares_side_by_side_add_up(self):
        """62.5, 25.5 and 12 %: each rounded for itself makes 63 + 26 + 12 = 101."""
        text = AdviceText(self.env, self.company.currency_id)
        zones = {"Europe": 0.625, "America": 0.255, "Asia": 0.12}
        self.assertIn(
            "By zone: Europe 63 %, America 25 %, Asia 12 %.",
            text.summary(ExportProfile(()), Answers(), [], zones),
        )

    def test_thresholds_applied_are_kept_with_the_advice(self):
        self.sell("de", 300000.0)
        small = self.env.ref("export_credit_insurance.advice_threshold_small_turnover")
        small.with_user(self.manager).company_value = 200000.0
        advice = self.advise()
        self.assertIn(f"{small.name}: 200,000.00\xa0€", advice.rules)
        small.with_user(self.manager).company_value = 700000.0
        self.assertIn("200,000.00", advice.rules)
        count = self.env["credit.insurance.advice.threshold"].search_count([])
        self.assertEqual(len(advice.rules.splitlines()), count)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "export_credit_insurance.credit_insurance_advice_report", advice.ids
        )[0]
        self.assertIn(b"200,000.00", html)

    def test_figures_of_a_company_are_its_own(self):
        """500 000 EUR are 1 000 000 at two dollars a euro."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        other = self.env["res.company"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": other.id,
                "rate": 0.5,
            }
        )
        Threshold = self.env["credit.insurance.advice.threshold"]
        day = date(2026, 10, 1)
        small = self.env.ref("export_credit_insurance.advice_threshold_small_turnover")
        small.with_user(self.manager).company_value = 200000.0
        self.assertEqual(
            Threshold._values(self.company, day)["small_turnover"], 200000.0
        )
        self.assertEqual(Threshold._values(other, day)["small_turnover"], 1000000.0)
        self.assertEqual(Threshold._values(other, day)["few_buyers"], 3.0)
        with self.assertRaises(AccessError):
            small.with_user(self.manager).value = 1.0

    def test_state_contract_outside_marketable_risks(self):
        self.sell("br", 300000.0)
        self.buyers["br"].credit_party_kind = "public"
        public = self.advise(is_public_contract=True).line_ids.filtered(
            lambda line: line.kind == "public"
        )
        self.assertEqual(public.turnover, 300000.0)
        self.assertIn("100 %", public.reason)
        public = self.advise(is_public_contract=True, firm_size="large").line_ids
        public = public.filtered(lambda line: line.kind == "public")
        self.assertNotIn("100 %", public.reason)

    def test_private_persons_and_own_companies_are_not_insured(self):
        self.sell("de", 1000.0)
        self.sell("us", 5000.0)
        self.buyers["us"].credit_party_kind = "related"
        self.assertEqual(self.advise().turnover, 1000.0)

    def test_country_off_cover_is_a_gap(self):
        self.sell("br", 300000.0)
        self.assertFalse(self.advise().gap_ids)
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Transfer block",
                "kind": "transfer_block",
                "cover_status": "off_cover",
                "date_from": "2026-09-01",
                "source": "Press",
                "country_ids": [(6, 0, self.env.ref("base.br").ids)],
            }
        )
        advice = self.advise()
        self.assertEqual(advice.gap_ids.country_id, self.env.ref("base.br"))
        self.assertIn("refuse", advice.advice)

    def test_thresholds_are_the_users(self):
        self.sell("de", 300000.0)
        self.assertEqual(self.verdicts(self.advise())["single"], "recommended")
        self.env.ref(
            "export_credit_insurance.advice_threshold_small_turnover"
        ).with_user(self.manager).company_value = 200000.0
        self.assertEqual(self.verdicts(self.advise())["buyer"], "recommended")

    def test_nothing_sold_yet(self):
        advice = self.advise(expected_turnover=800000.0, is_first_market=True)
        self.assertEqual(advice.turnover, 0.0)
        self.assertEqual(self.verdicts(advice)["global"], "recommended")
        self.assertIn("rests on what you expect", advice.advice)
        self.assertIn("First sale", advice.advice)
        reasons = "\n".join(advice.line_ids.mapped("reason"))
        self.assertNotIn(" 0 ", reasons)
        # 0.3 % of 800 000 is 2 400: the minimum
        costs = {line.kind: line.cost for line in advice.line_ids}
        self.assertEqual((costs["global"], costs["single"]), (5000.0, 12000.0))

    def test_form_and_report(self):
        self.sell("ar", 50000.0)
        with Form(self.env["credit.insurance.advice"].with_user(self.manager)) as form:
            form.is_first_market = True
        advice = form.record
        advice.action_advise()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "export_credit_insurance.credit_insurance_advice_report", advice.ids
        )[0]
        self.assertIn(b"Argentina", html)
        self.assertEqual(advice.date, date(2026, 10, 1))

    def test_only_managers_are_advised(self):
        controller = new_test_user(
            self.env,
            "advice_controller",
            groups="export_credit_insurance.group_credit_controller",
        )
        with self.assertRaises(AccessError):
            self.env["credit.insurance.advice"].with_user(controller).create({})

    def test_as_many_queries_for_many_buyers(self):
        advice = self.env["credit.insurance.advice"].create({})
        thresholds = self.env["credit.insurance.advice.threshold"]._values(
            self.company, advice.date
        )
        self.sell("de", 1000.0)
        self.count_queries(advice, thresholds)
        few = self.count_queries(advice, thresholds)
        for number in range(50):
            buyer = self.make_buyer(f"Q{number}", country_id=self.env.ref("base.de").id)
            self.make_invoice(buyer, 1000.0, "2026-06-01")
        self.env.flush_all()
        self.assertEqual(self.count_queries(advice, thresholds), few)

    def count_queries(self, advice, thresholds):
        advice._profile(thresholds)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        advice._profile(thresholds)
        return self.cr.sql_log_count - before
