from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...models.collection.followup_text import PLACEHOLDERS
from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestPlanChoice(CreditInsuranceCommon):
    """Explicit, else zone, else band, else tag, else general, else default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Plan = cls.env["credit.followup.plan"]
        cls.Plan.search([]).active = False
        cls.default = cls.make_plan("Default", is_default=True, sequence=1)
        cls.zone = cls.alfa.credit_zone_id

    @classmethod
    def make_plan(cls, name, **values):
        return cls.Plan.create({"name": name, "currency_id": cls.euro.id, **values})

    def choice(self, buyer=None, company=None):
        buyer = buyer or self.alfa
        return self.Plan._get_plans(buyer, company or self.company)[buyer]

    def assertPlan(self, plan, reason, buyer=None):
        choice = self.choice(buyer)
        self.assertEqual((choice.plan, choice.reason), (plan, reason))

    def rate_alfa(self, value):
        """A score that puts ALFA into some band; returns that band."""
        agency = "export_credit_insurance.credit_insurance_rating_source_creditsafe"
        self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": self.alfa.id,
                "source_id": self.env.ref(agency).id,
                "value": value,
                "date": self.company._credit_today(),
            }
        )
        return self.alfa.credit_band_id

    def test_default(self):
        self.assertPlan(self.default, "default")

    def test_order_of_criteria(self):
        """Each plan made here beats those made before it, whatever their sequence."""
        general = self.make_plan("General", sequence=2)
        self.assertPlan(general, "general")
        tag = self.env["res.partner.category"].create({"name": "Distributor"})
        tagged_plan = self.make_plan("Tag", sequence=3, tag_ids=tag.ids)
        self.assertPlan(general, "general")
        self.alfa.category_id = tag
        self.assertPlan(tagged_plan, "tag")
        band = self.rate_alfa(50.0)
        banded = self.make_plan("Band", sequence=4, band_ids=band.ids)
        self.assertPlan(banded, "band")
        zoned = self.make_plan("Zone", sequence=5, zone_ids=self.zone.ids)
        self.assertPlan(zoned, "zone")
        explicit = self.make_plan("Hand", sequence=6, zone_ids=self.zones_of("fr").ids)
        self.alfa.credit_followup_plan_id = explicit
        self.assertPlan(explicit, "explicit")

    def zones_of(self, country):
        return self.env.ref(f"base.{country}").credit_zone_id

    def test_sequence_decides_between_equals(self):
        second = self.make_plan("Second", sequence=20, zone_ids=self.zone.ids)
        self.assertPlan(second, "zone")
        first = self.make_plan("First", sequence=10, zone_ids=self.zone.ids)
        self.assertPlan(first, "zone")

    def test_all_criteria_hold(self):
        """A plan for the zone and a tag fits only buyers with that tag."""
        tag = self.env["res.partner.category"].create({"name": "Distributor"})
        self.make_plan("Both", zone_ids=self.zone.ids, tag_ids=tag.ids)
        self.assertPlan(self.default, "default")
        self.alfa.category_id = tag
        self.assertEqual(self.choice().reason, "zone")

    def test_tag_stands_for_its_children(self):
        Tag = self.env["res.partner.category"]
        parent = Tag.create({"name": "Trade"})
        child = Tag.create({"name": "Wholesale", "parent_id": parent.id})
        plan = self.make_plan("Trade", tag_ids=parent.ids)
        self.alfa.category_id = child
        self.assertPlan(plan, "tag")

    def test_insured_or_not(self):
        """ALFA has a limit under POL-26; a company of the same group is left out."""
        self.make_limit(self.alfa, 100000.0)
        insured = self.make_plan("Insured", insured="insured")
        bare = self.make_plan("Bare", insured="not_insured")
        related = self.make_buyer("RELATED", credit_party_kind="related")
        self.assertPlan(insured, "general")
        self.assertPlan(bare, "general", related)

    def test_minimum_amount(self):
        """10 000.00 owed: a plan from 10 000.00 fits, one from 10 000.01 does not."""
        plan = self.make_plan("Large", minimum_amount=10000.01)
        self.make_invoice(self.alfa, 10000.0)
        self.assertPlan(self.default, "default")
        plan.minimum_amount = 10000.0
        self.assertPlan(plan, "general")

    def test_minimum_amount_in_another_currency(self):
        """EUR 10 000 at 1.25 are USD 12 500."""
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.25,
            }
        )
        plan = self.make_plan(
            "Large", minimum_amount=12500.0, currency_id=self.dollar.id
        )
        self.make_invoice(self.alfa, 10000.0)
        self.assertPlan(plan, "general")
        plan.minimum_amount = 12500.01
        self.assertPlan(self.default, "default")

    def test_explicit_plan_is_of_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        hand = self.make_plan("Hand", zone_ids=self.zones_of("fr").ids)
        self.alfa.with_company(self.company).credit_followup_plan_id = hand
        self.assertPlan(hand, "explicit")
        self.assertEqual(self.choice(company=other).reason, "default")

    def test_plan_of_another_company_does_not_fit(self):
        other = self.env["res.company"].create({"name": "Other"})
        plan = self.make_plan("Other's", company_id=other.id)
        self.assertPlan(self.default, "default")
        self.assertEqual(self.choice(company=other).plan, plan)

    def test_no_plan(self):
        self.default.active = False
        choice = self.choice()
        self.assertEqual((len(choice.plan), choice.reason), (0, "none"))

    def test_partner_says_which_and_why(self):
        self.assertEqual(self.alfa.credit_followup_applied_plan_id, self.default)
        self.assertEqual(self.alfa.credit_followup_plan_reason, "default")
        self.assertTrue(self.alfa.credit_followup_plan_explained)
        contact = self.make_buyer("Ana", parent_id=self.alfa.id, is_company=False)
        self.assertEqual(contact.credit_followup_applied_plan_id, self.default)

    def test_constant_queries(self):
        """One buyer or fifty: the same number of queries, all criteria asked for."""
        tag = self.env["res.partner.category"].create({"name": "Distributor"})
        band = self.rate_alfa(50.0)
        self.make_plan(
            "All",
            zone_ids=self.zone.ids,
            band_ids=band.ids,
            tag_ids=tag.ids,
            insured="insured",
            minimum_amount=10.0,
        )
        buyers = self.alfa
        for number in range(50):
            buyers += self.make_buyer(f"B{number}", category_id=[Command.set(tag.ids)])
        self.env.flush_all()
        counts = []
        for some in (buyers[:1], buyers[:1], buyers[1:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.Plan._get_plans(some, self.company)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_unknown_placeholder_is_refused(self):
        for text in ("{{ user.password }}", "{{ env['res.users'] }}", "{{ nothing }}"):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                self.make_plan("Receipt", receipt_body=f"<p>{text}</p>")

    def test_step_without_channel_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["credit.followup.step"].create(
                {
                    "plan_id": self.default.id,
                    "name": "Nothing",
                    "days": 5,
                    "send_mail": False,
                }
            )

    def test_copy_is_no_default(self):
        copy = self.env.ref(
            "export_credit_insurance.credit_followup_plan_standard"
        ).copy()
        self.assertFalse(copy.is_default)
        self.assertEqual(len(copy.step_ids), 7)

    def test_every_placeholder_is_explained(self):
        labels = self.env["credit.followup.step"]._placeholder_labels()
        self.assertEqual(labels.keys(), PLACEHOLDERS)
