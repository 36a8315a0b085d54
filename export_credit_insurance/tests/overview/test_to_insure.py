from freezegun import freeze_time

from odoo.tests import new_test_user, tagged

from ..position.position_common import PositionCommon

AGENCY = "export_credit_insurance.credit_insurance_rating_source_creditsafe"


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestToInsure(PositionCommon):
    """What is uncovered times the weight of the band.

    ALFA owes 40 000 under 130 000 at 90 %: 4 000 uncovered. BETA owes 10 000, GAMMA
    6 000, both without a limit. Two bands: good weighs 1, bad weighs 4, on average 2.5.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.env["credit.insurance.band"].search([]).active = False
        cls.bad, cls.good = cls.env["credit.insurance.band"].create(
            [
                {
                    "name": "Bad",
                    "code": "TB",
                    "score_min": 0,
                    "score_max": 50,
                    "insure_weight": 4,
                },
                {
                    "name": "Good",
                    "code": "TG",
                    "score_min": 50,
                    "score_max": 100,
                    "insure_weight": 1,
                },
            ]
        )
        cls.beta = cls.make_buyer("BETA")
        cls.gamma = cls.make_buyer("GAMMA", country_id=False)
        cls.make_invoice(cls.alfa, 40000.0)
        cls.make_invoice(cls.beta, 10000.0)
        cls.make_invoice(cls.gamma, 6000.0)
        cls.buyers = cls.alfa + cls.beta + cls.gamma
        cls.ToInsure = cls.env["credit.insurance.to.insure"]

    def rate(self, buyer, value):
        self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": buyer.id,
                "source_id": self.env.ref(AGENCY).id,
                "value": value,
                "date": "2026-09-01",
            }
        )

    def rank(self):
        self.env.invalidate_all()
        return self.ToInsure.search([("partner_id", "in", self.buyers.ids)])

    def test_order_by_uncovered_times_weight(self):
        self.rate(self.alfa, 0.0)
        self.rate(self.beta, 100.0)
        self.assertRecordValues(
            self.rank(),
            [
                {
                    "partner_id": self.alfa.id,
                    "exposure": 40000.0,
                    "covered": 36000.0,
                    "uncovered": 4000.0,
                    "band_id": self.bad.id,
                    "insure_weight": 4.0,
                    "weighted_uncovered": 16000.0,
                },
                {
                    "partner_id": self.gamma.id,
                    "exposure": 6000.0,
                    "covered": 0.0,
                    "uncovered": 6000.0,
                    "band_id": False,
                    "insure_weight": 2.5,
                    "weighted_uncovered": 15000.0,
                },
                {
                    "partner_id": self.beta.id,
                    "exposure": 10000.0,
                    "covered": 0.0,
                    "uncovered": 10000.0,
                    "band_id": self.good.id,
                    "insure_weight": 1.0,
                    "weighted_uncovered": 10000.0,
                },
            ],
        )

    def test_weight_is_the_user_s(self):
        """Good at 2: BETA 20 000, GAMMA 6 000 x (4 + 2) / 2 = 18 000, ALFA 16 000."""
        self.rate(self.alfa, 0.0)
        self.rate(self.beta, 100.0)
        self.good.insure_weight = 2.0
        rows = self.rank()
        self.assertEqual(rows.partner_id.ids, (self.beta + self.gamma + self.alfa).ids)
        self.assertEqual(rows.mapped("weighted_uncovered"), [20000.0, 18000.0, 16000.0])

    def test_who_owes_nothing_is_not_in_it(self):
        nobody = self.make_buyer("NOBODY")
        self.assertFalse(self.ToInsure.search([("partner_id", "=", nobody.id)]))

    def test_bands_of_persons_are_their_deciders_only(self):
        """A person's score is personal data: others see the average weight."""
        self.rate(self.beta, 0.0)
        self.beta.is_company = False
        seller = new_test_user(
            self.env,
            "to_insure_user",
            groups="base.group_user,export_credit_insurance.group_credit_user",
            company_ids=[(6, 0, self.company.ids)],
            company_id=self.company.id,
        )
        self.env.invalidate_all()
        rows = self.ToInsure.search([("partner_id", "=", self.beta.id)])
        self.assertEqual((rows.band_id, rows.insure_weight), (self.bad, 4.0))
        self.env.invalidate_all()
        rows = self.ToInsure.with_user(seller).search(
            [("partner_id", "=", self.beta.id)]
        )
        self.assertFalse(rows.band_id)
        self.assertEqual(rows.insure_weight, 2.5)

    def test_ask_for_a_limit(self):
        """A draft under the policy that applies; the second click opens the first."""
        row = self.ToInsure.search([("partner_id", "=", self.alfa.id)])
        action = row.action_ask_for_limit()
        self.assertEqual(action["res_model"], "credit.insurance.limit.request")
        asked = self.env["credit.insurance.limit.request"].browse(action["res_id"])
        self.assertEqual(asked.partner_id, self.alfa)
        self.assertEqual(asked.policy_id, self.policy)
        self.assertEqual(row.action_ask_for_limit()["res_id"], asked.id)
        self.assertEqual(row.action_open_document()["res_id"], self.alfa.id)

    def test_queries_do_not_grow_with_buyers(self):
        self.rank()
        more = self.env["res.partner"].create(
            [
                {"name": f"B{number}", "country_id": self.alfa.country_id.id}
                for number in range(50)
            ]
        )
        for buyer in more:
            self.make_invoice(buyer, 100.0)
        counts = []
        for buyers in (self.alfa, self.alfa + more):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.ToInsure.search([("partner_id", "in", buyers.ids)])
            rows.mapped("weighted_uncovered")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), len(buyers))
        self.assertEqual(counts[0], counts[1])
