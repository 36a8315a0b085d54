from freezegun import freeze_time

from .review_common import ReviewCommon

ADDON = "export_credit_insurance."
SOURCE = ADDON + "credit_insurance_rating_source_"


class BandMoveCommon(ReviewCommon):
    """ALFA in Brazil is in band C: OECD 4, 42.857. GAMMA in Argentina is in no move.

    Bands: C from 40, D from 20, E below. Weights: 40 country, 35 agency, 25 payment,
    10 sector.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_id = cls.controller
        cls.alfa.customer_rank = 1
        with freeze_time("2026-10-01 12:00:00"):
            cls.confirmed = cls.make_order(cls.alfa, 5000.0)
            cls.elsewhere = cls.make_order(cls.gamma, 5000.0)
        cls.bands = {
            code: cls.env.ref(f"{ADDON}credit_insurance_band_{code.lower()}")
            for code in "ABCDE"
        }
        cls.bands["D"].no_credit = True

    last_night = False

    def night(self, day):
        """Run the night's job and what it starts."""
        # Odoo notes the real time of a run, which no clock of a test is at
        self.env.ref(f"{ADDON}ir_cron_credit_band_move").lastcall = self.last_night
        self.last_night = f"{day} 02:00:00"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.enter_registry_test_mode(), freeze_time(f"{day} 02:00:00"):
            for cron in ("band_move", "review", "review_due"):
                self.env.ref(f"{ADDON}ir_cron_credit_{cron}").method_direct_trigger()
        self.env.invalidate_all()

    def moves(self, partner=None):
        return self.env["credit.insurance.band.move"].search(
            [
                ("partner_id", "=", (partner or self.alfa).id),
                ("company_id", "=", self.company.id),
            ],
            order="id",
        )

    def reviews(self):
        return self.env["credit.insurance.review"].search(
            [("cause", "in", ("rating", "score", "band"))]
        )

    def rate_buyer(self, value, day, partner=None):
        return self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": (partner or self.alfa).id,
                "source_id": self.env.ref(f"{SOURCE}creditsafe").id,
                "value": value,
                "date": day,
            }
        )

    def rate_sector(self, code, day):
        grade = self.env.ref(f"{ADDON}credit_insurance_rating_grade_own_sector_{code}")
        self.alfa.industry_id = self.env.ref("base.res_partner_industry_I")
        return self.env["credit.insurance.sector.rating"].create(
            {
                "industry_id": self.alfa.industry_id.id,
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": day,
            }
        )
