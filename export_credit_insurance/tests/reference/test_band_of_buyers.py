import random

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import TransactionCase, new_test_user, tagged


@freeze_time("2026-06-15 12:00:00")
@tagged("post_install", "-at_install")
class TestBandOfBuyers(TransactionCase):
    """Buyers are sorted, grouped and found by the band that their page shows.

    Weights 40 / 35 / 25; bands E 0-20, D 20-40, C 40-60, B 60-80, A 80-100. OECD:
    Germany high-income -> 100, Brazil 4 -> 42.86, Argentina 7 -> 0, Barbados unrated.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.company = cls.env.company
        cls.german, cls.brazilian, cls.argentine, cls.unrated = cls.buyers = (
            cls.Partner.create(
                [
                    {
                        "name": f"Buyer {code}",
                        "is_company": True,
                        "country_id": cls.env.ref(f"base.{code}").id,
                    }
                    for code in ("de", "br", "ar", "bb")
                ]
            )
        )
        # (100 x 40 + 62 x 35) / 75 = 82.27: A
        cls.rate(cls.german, "creditsafe", 62)
        # 42.86 alone: C; (0 x 40 + 50 x 35) / 75 = 23.33: D; nothing known: none
        cls.rate(cls.argentine, "creditsafe", 50)
        group = "export_credit_insurance.group_credit_%s"
        cls.users = {
            name: new_test_user(cls.env, f"band_{name}", groups=group % name)
            for name in ("user", "controller")
        }

    @classmethod
    def rate(cls, partner, source_code, value, day="2026-03-01"):
        source = cls.source(source_code)
        return cls.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": partner.id,
                "source_id": source.id,
                "value": value,
                "date": day,
            }
        )

    @classmethod
    def source(cls, code):
        return cls.env.ref(
            f"export_credit_insurance.credit_insurance_rating_source_{code}"
        )

    @classmethod
    def band(cls, code):
        return cls.env.ref(f"export_credit_insurance.credit_insurance_band_{code}")

    def find(self, *domain, user=None):
        partners = self.Partner.with_user(user or self.env.user)
        return partners.search(
            Domain("id", "in", self.buyers.ids) & Domain(list(domain))
        ).sudo()

    def test_bands_of_the_four(self):
        codes = [buyer.credit_band_id.code for buyer in self.buyers]
        self.assertEqual(codes, ["A", "C", "D", False])

    def test_order(self):
        ours = [("id", "in", self.buyers.ids)]
        best_first = self.german + self.brazilian + self.argentine + self.unrated
        found = self.Partner.search(ours, order="credit_band_id")
        self.assertEqual(found.ids, best_first.ids)
        found = self.Partner.search(ours, order="credit_band_id desc, id")
        self.assertEqual(found.ids, best_first.ids[::-1])
        self.assertTrue(
            self.Partner.fields_get(["credit_band_id"])["credit_band_id"]["sortable"]
        )

    def test_groups(self):
        other = self.Partner.create(
            {"name": "Other", "is_company": True, "country_id": self.brazil().id}
        )
        ours = [("id", "in", (self.buyers + other).ids)]
        groups = self.Partner._read_group(ours, ["credit_band_id"], ["__count"])
        self.assertEqual(
            [(band.code, count) for band, count in groups],
            [("A", 1), ("C", 2), ("D", 1), (False, 1)],
        )
        shown = self.Partner.formatted_read_group(ours, ["credit_band_id"], ["__count"])
        for group in shown:
            self.assertEqual(
                self.Partner.search_count(
                    Domain(group["__extra_domain"]) & Domain(ours)
                ),
                group["__count"],
            )

    def brazil(self):
        return self.env.ref("base.br")

    def test_search(self):
        rated = self.german + self.brazilian + self.argentine
        band_a, band_c = self.band("a"), self.band("c")
        expected = [
            (("=", band_c.id), self.brazilian),
            (("!=", band_c.id), self.buyers - self.brazilian),
            (("in", (band_a + band_c).ids), self.german + self.brazilian),
            (("not in", band_c.ids), self.buyers - self.brazilian),
            (("=", False), self.unrated),
            (("!=", False), rated),
            (("in", [False]), self.unrated),
            (("in", [band_a.id, False]), self.german + self.unrated),
            (("not in", [False]), rated),
            (("not in", [band_a.id, False]), self.brazilian + self.argentine),
            (("in", []), self.Partner),
            (("not in", []), self.buyers),
            (("ilike", band_a.name), self.german),
            (("any", [("no_credit", "=", False), ("code", "=", "C")]), self.brazilian),
        ]
        for (operator, value), buyers in expected:
            with self.subTest(operator=operator, value=value):
                domain = ("credit_band_id", operator, value)
                self.assertEqual(self.find(domain), buyers)
                self.assertEqual(self.buyers.filtered_domain([domain]), buyers)
        self.assertEqual(self.find(("credit_band_id.code", "=", "D")), self.argentine)

    def test_contacts_stand_in_the_band_of_their_company(self):
        contact = self.Partner.create(
            {
                "name": "Ana",
                "parent_id": self.german.id,
                "type": "other",
                "country_id": self.brazil().id,
            }
        )
        found = self.Partner.search(
            [("credit_band_id", "=", self.band("a").id), ("id", "=", contact.id)]
        )
        self.assertEqual(found, contact)

    def test_persons_are_found_by_controllers_only(self):
        person = self.Partner.create(
            {"name": "Ana Silva", "country_id": self.brazil().id}
        )
        domain = [("credit_band_id", "=", self.band("c").id), ("id", "=", person.id)]
        user, controller = self.users["user"], self.users["controller"]
        self.assertFalse(self.Partner.with_user(user).search(domain))
        self.assertTrue(self.Partner.with_user(controller).search(domain))
        domain = [("credit_band_id", "=", False), ("id", "=", person.id)]
        self.assertTrue(self.Partner.with_user(user).search(domain))

    def test_the_band_cannot_be_guessed_by_searching(self):
        salesman = new_test_user(
            self.env, "band_seller", groups="sales_team.group_sale_salesman"
        )
        partners = self.Partner.with_user(salesman)
        with self.assertRaises(AccessError):
            partners.search([("credit_band_id", "=", self.band("a").id)])
        with self.assertRaises(AccessError):
            partners.search([("credit_band_id.code", "=", "A")])
        with self.assertRaises(AccessError):
            partners.search([], order="credit_band_id", limit=1)
        with self.assertRaises(AccessError):
            partners._read_group([], ["credit_band_id"])

    def test_company_decides(self):
        # Germany left out: 62 alone is B; Argentina: 50 alone is C
        self.company.write(
            {"credit_weight_country": 0.0, "credit_high_income_best": False}
        )
        self.assertEqual(
            self.find(("credit_band_id", "=", self.band("b").id)), self.german
        )
        self.assertEqual(
            self.find(("credit_band_id", "=", self.band("c").id)), self.argentine
        )

    def test_latest_rating_of_a_counted_source_decides(self):
        # (100 x 40 + 0 x 35) / 75 = 53.33: C from June on
        self.rate(self.german, "creditsafe", 0, "2026-06-01")
        self.rate(self.german, "creditsafe", 100, "2026-07-01")  # not yet
        domain = ("credit_band_id", "=", self.band("c").id)
        self.assertIn(self.german, self.find(domain))
        # archived: Germany alone, 100: A
        self.source("creditsafe").active = False
        self.assertNotIn(self.german, self.find(domain))
        self.assertIn(
            self.german, self.find(("credit_band_id", "=", self.band("a").id))
        )

    def test_highest_score_belongs_to_the_best_band(self):
        self.rate(self.german, "creditsafe", 100, "2026-06-01")
        self.rate(self.german, "own_experience", 100)
        self.assertEqual(self.german.credit_band_id, self.band("a"))
        self.assertIn(
            self.german, self.find(("credit_band_id", "=", self.band("a").id))
        )

    def test_sql_and_page_agree(self):
        """Any mixture of countries, sources, weights and kinds of buyer."""
        dice = random.Random(20260615)
        countries = self.env["res.country"].search([("code", "!=", False)], limit=80)
        self.source("allianz_trade_buyer").weight = 3
        self.source("own_experience").weight = 0.5
        buyers = self.Partner.create(
            [
                {
                    "name": f"Buyer {number}",
                    "is_company": dice.random() < 0.8,
                    "country_id": dice.choice([False, *countries.ids]),
                }
                for number in range(120)
            ]
        )
        for buyer in buyers:
            for code, worst, best in (
                ("creditsafe", 0, 100),
                ("allianz_trade_buyer", 1, 10),
                ("own_experience", 0, 100),
            ):
                if dice.random() < 0.5:
                    self.rate(buyer, code, dice.randint(worst, best))
        for user in self.users.values():
            partners = buyers.with_user(user)
            expected = {}
            for partner in partners:
                expected.setdefault(partner.credit_band_id.id, set()).add(partner.id)
            groups = partners._read_group(
                [("id", "in", buyers.ids)], ["credit_band_id"], ["id:array_agg"]
            )
            self.assertEqual({b.id: set(ids) for b, ids in groups}, expected)

    def test_queries_do_not_depend_on_the_number_of_buyers(self):
        counts = []
        self.Partner.search([("id", "in", self.buyers.ids)], order="credit_band_id")
        for limit in (1, 4):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Partner.search(
                [("id", "in", self.buyers.ids)], order="credit_band_id", limit=limit
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
