from collections import Counter

from odoo import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestZone(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Zone = cls.env["credit.insurance.zone"]
        cls.company = cls.env["res.company"].create(
            {"name": "Exporter", "country_id": cls.env.ref("base.fr").id}
        )
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": cls.company.ids,
            }
        )
        cls.Zone = cls.Zone.with_env(cls.env)

    def zone(self, code):
        return self.env.ref(f"export_credit_insurance.credit_insurance_zone_{code}")

    def country(self, code):
        return self.env["res.country"].search([("code", "=", code)])

    def zone_code(self, country_code):
        zone_by_country = self.Zone._zone_by_country(self.company)
        return self.Zone.browse(zone_by_country[self.country(country_code).id]).code

    def test_shipped_zones_hold_every_country_once(self):
        counts = Counter()
        for zone in self.Zone.search([("is_domestic", "=", False)]):
            counts.update(zone.country_ids | zone.country_group_ids.country_ids)
        countries = self.env["res.country"].search([])
        self.assertEqual({c.code for c in countries if counts[c] != 1}, set())
        self.assertFalse(self.Zone._countries_without_zone(self.company))

    def test_shipped_zones_of_sample_countries(self):
        expected = {
            "FR": "domestic",
            "DE": "eu_eea",
            "NO": "eu_eea",
            "RE": "eu_eea",
            "CH": "other_stable",
            "GB": "other_stable",
            "XI": "other_stable",
            "US": "other_stable",
            "JP": "other_stable",
            "TR": "eastern_europe",
            "XK": "eastern_europe",
            "MA": "north_africa",
            "EG": "north_africa",
            "CI": "west_africa",
            "MR": "west_africa",
            "KE": "sub_saharan_africa",
            "ZA": "sub_saharan_africa",
            "SA": "middle_east",
            "IL": "middle_east",
            "KZ": "central_asia",
            "GE": "central_asia",
            "IN": "south_east_asia",
            "CN": "south_east_asia",
            "BR": "latin_america",
            "CU": "latin_america",
            "PF": "rest_of_world",
            "AQ": "rest_of_world",
        }
        self.assertEqual({code: self.zone_code(code) for code in expected}, expected)

    def test_domestic_follows_the_company(self):
        self.company.country_id = self.country("DE")
        self.assertEqual(self.zone_code("DE"), "domestic")
        self.assertEqual(self.zone_code("FR"), "eu_eea")

    def test_company_without_country_has_no_domestic_zone(self):
        self.company.country_id = False
        self.assertEqual(self.zone_code("FR"), "eu_eea")

    def test_first_zone_wins_and_order_can_change(self):
        gulf = self.Zone.create(
            {
                "name": "Gulf",
                "code": "gulf",
                "sequence": 0,
                "country_group_ids": [
                    Command.link(self.env.ref("base.gulf_cooperation_council").id)
                ],
            }
        )
        self.assertEqual(self.zone_code("SA"), "gulf")
        self.assertEqual(gulf.country_count, 6)
        gulf.sequence = 99
        self.assertEqual(self.zone_code("SA"), "middle_east")
        gulf.sequence = 0
        gulf.active = False
        self.assertEqual(self.zone_code("SA"), "middle_east")
        gulf.active = True
        gulf.unlink()
        self.assertEqual(self.zone_code("SA"), "middle_east")

    def test_change_of_a_country_group_moves_countries(self):
        europe = self.env.ref("base.europe")
        ukraine = self.country("UA")
        self.zone("eastern_europe").country_ids = [Command.unlink(ukraine.id)]
        self.assertEqual(self.Zone._countries_without_zone(self.company), ukraine)
        europe.country_ids = [Command.link(ukraine.id)]
        self.assertEqual(self.zone_code("UA"), "eu_eea")
        ukraine.country_group_ids = [Command.unlink(europe.id)]
        self.assertEqual(self.Zone._countries_without_zone(self.company), ukraine)
        action = self.Zone.action_open_unmatched_countries()
        self.assertEqual(action["domain"], [("id", "in", ukraine.ids)])

    def test_zone_map_is_cached(self):
        self.Zone._zone_by_country(self.company)
        with self.assertQueryCount(0):
            self.Zone._zone_by_country(self.company)

    def test_partner_takes_zone_of_its_commercial_entity(self):
        buyer = self.env["res.partner"].create(
            {
                "name": "ALFA",
                "is_company": True,
                "country_id": self.country("BR").id,
            }
        )
        contact = self.env["res.partner"].create(
            {
                "name": "Ana",
                "parent_id": buyer.id,
                "type": "other",
                "country_id": self.country("PT").id,
            }
        )
        self.assertEqual(buyer.credit_zone_id, self.zone("latin_america"))
        self.assertEqual(contact.credit_zone_id, self.zone("latin_america"))
        buyer.credit_zone_override_id = self.zone("eu_eea")
        self.assertEqual(contact.credit_zone_id, self.zone("eu_eea"))
        buyer.credit_zone_override_id = False
        buyer.country_id = False
        self.assertFalse(contact.credit_zone_id)

    def test_zone_of_a_partner_not_saved_yet(self):
        partner = self.env["res.partner"].new({"country_id": self.country("BR").id})
        self.assertEqual(partner.credit_zone_id, self.zone("latin_america"))

    def test_partners_are_found_sorted_and_grouped_by_zone(self):
        Partner = self.env["res.partner"]
        saudi, french, brazilian, nowhere = partners = Partner.create(
            [
                {"name": "Buyer", "country_id": country.id, "is_company": True}
                for country in (
                    self.country("SA"),
                    self.country("FR"),
                    self.country("BR"),
                    self.country("ZZ"),
                )
            ]
        )
        by_hand = self.zone("west_africa")
        saudi.credit_zone_override_id = by_hand
        ours = [("id", "in", partners.ids)]

        def found(*domain):
            return Partner.search([*ours, *domain])

        self.assertEqual(found(("credit_zone_id", "=", by_hand.id)), saudi)
        self.assertFalse(found(("credit_zone_id.code", "=", "middle_east")))
        self.assertEqual(found(("credit_zone_id", "ilike", "latin")), brazilian)
        self.assertEqual(found(("credit_zone_id", "=", False)), nowhere)
        self.assertEqual(found(("credit_zone_id", "!=", False)), partners - nowhere)
        self.assertEqual(
            found(("credit_zone_id", "not in", by_hand.ids)), partners - saudi
        )
        self.assertEqual(found(("credit_zone_id.is_domestic", "=", True)), french)
        # domestic 1, West Africa 6, Latin America 11, none last
        self.assertEqual(
            Partner.search(ours, order="credit_zone_id").ids,
            [french.id, saudi.id, brazilian.id, nowhere.id],
        )
        groups = Partner._read_group(ours, ["credit_zone_id"], ["__count"])
        self.assertEqual(
            {zone.code: count for zone, count in groups},
            {"domestic": 1, "west_africa": 1, "latin_america": 1, False: 1},
        )

    def test_countries_are_found_by_zone(self):
        Country = self.env["res.country"]
        found = Country.search([("credit_zone_id.code", "=", "north_africa")])
        self.assertEqual(
            set(found.mapped("code")), {"DZ", "EG", "EH", "LY", "MA", "TN"}
        )
        self.assertEqual(found.credit_zone_id, self.zone("north_africa"))
        self.assertFalse(Country.search([("credit_zone_id", "=", False)]))

    def test_queries_do_not_depend_on_the_number_of_partners(self):
        brazil = self.country("BR")
        partners = self.env["res.partner"].create(
            [{"name": f"Buyer {n}", "country_id": brazil.id} for n in range(50)]
        )
        counts = []
        for some in (partners[:1], partners):
            self.Zone._zone_by_country(self.company)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("credit_zone_id.id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 3)
