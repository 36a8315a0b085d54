from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CreditInsuranceCommon

REF = "export_credit_insurance."
BAND = REF + "credit_insurance_band_%s"


@tagged("post_install", "-at_install")
class TestManagerTour(CreditInsuranceCommon, HttpCase):
    """A barometer, other weights and the advisor, in a real browser.

    Days are relative to the real today: a browser's clock cannot be frozen. Weights 40
    country / 10 sector are all that rates the two buyers in Brazil, and Coface's is the
    country's only source: A3 (71.43) a quarter ago, B (42.86) in the file. The
    builder's sector is at 0, the hotel's is not rated.
    """

    today = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coface = cls.env.ref(REF + "credit_insurance_rating_source_coface_country")
        cls.brazil = cls.env.ref("base.br")
        cls.env["credit.insurance.rating.source"].search(
            [("criterion", "=", "country"), ("id", "!=", cls.coface.id)]
        ).active = False
        cls.make_rating("coface_country_a3", "country", country_id=cls.brazil.id)
        cls.construction = cls.env.ref("base.res_partner_industry_F")
        cls.make_rating("own_sector_high", "sector", industry_id=cls.construction.id)
        hotels = cls.env.ref("base.res_partner_industry_I")
        cls.builder, cls.hotel = (
            cls.make_buyer(f"Tour {name}", customer_rank=1, industry_id=industry.id)
            for name, industry in (("Builder", cls.construction), ("Hotel", hotels))
        )
        for buyer, amount in ((cls.builder, 400000.0), (cls.hotel, 600000.0)):
            day = cls.today - timedelta(days=40)
            cls.make_invoice(buyer, amount, day, cls.today + timedelta(days=40))
        cls.manager = new_test_user(
            cls.env,
            "tour-credit-manager",
            REF + "group_credit_manager",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today
        dates = {
            "date_start": cls.today - timedelta(days=100),
            "date_end": cls.today + timedelta(days=100),
        }
        return super().make_policy(company, **dates, **values)

    @classmethod
    def make_rating(cls, grade, criterion, **rated):
        grade = cls.env.ref(f"{REF}credit_insurance_rating_grade_{grade}")
        return cls.env[f"credit.insurance.{criterion}.rating"].create(
            {
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": cls.today - timedelta(days=90),
                **rated,
            }
        )

    def start(self, action, tour):
        self.start_tour(f"/odoo/action-{REF}{action}", tour, login=self.manager.login)
        self.env.invalidate_all()

    def assertBands(self, builder, hotel):
        buyers = (self.builder + self.hotel).with_company(self.company)
        self.assertEqual(
            buyers.credit_band_id.mapped("code"),
            (self.env.ref(BAND % builder) + self.env.ref(BAND % hotel)).mapped("code"),
        )

    def test_barometer_weights_advice(self):
        """Builder 40 x 71.43 / 50 = 57.14, then 40 x 42.86 / 50 = 34.29, then with a
        sector at 100: 40 x 42.86 / 140 = 12.24. Hotel 71.43, then 42.86."""
        self.assertBands("c", "b")
        self.start("credit_insurance_country_rating_action", "credit_barometer")
        edition = self.env["credit.insurance.rating.edition"].search(
            [("name", "=", "Tour barometer")]
        )
        self.assertEqual(edition.source_id, self.coface)
        self.assertEqual(edition.create_uid, self.manager)
        self.assertBands("d", "c")
        self.start("credit_insurance_band_action", "credit_weights_tried")
        self.assertEqual(self.company.credit_weight_sector, 100.0)
        self.assertBands("e", "c")
        self.start("credit_insurance_advice_action", "credit_advice_read")
        advice = self.env["credit.insurance.advice"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(advice.create_uid, self.manager)
        first = advice.line_ids[:1]
        self.assertEqual((first.kind, first.verdict), ("buyer", "recommended"))
