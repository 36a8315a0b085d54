from odoo.tests import TransactionCase, new_test_user

SOURCE = "export_credit_insurance.credit_insurance_rating_source_%s"
GRADE = "export_credit_insurance.credit_insurance_rating_grade_own_sector_%s"
BAND = "export_credit_insurance.credit_insurance_band_%s"


class SectorCommon(TransactionCase):
    """A builder and a hotel in Brazil, on 15 June 2026.

    Weights 40 country / 35 agency / 25 payment / 10 sector. Brazil is OECD 4: 42.857;
    the sector scale: low 100, medium 66.67, sensitive 33.33, high 0.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.construction = cls.env.ref("base.res_partner_industry_F")
        cls.hotels = cls.env.ref("base.res_partner_industry_I")
        cls.builder, cls.hotel = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "customer_rank": 1,
                    "country_id": cls.env.ref("base.br").id,
                    "industry_id": industry.id,
                }
                for name, industry in (
                    ("Builder", cls.construction),
                    ("Hotel", cls.hotels),
                )
            ]
        )
        cls.controller = new_test_user(
            cls.env,
            "sector_controller",
            groups="export_credit_insurance.group_credit_controller",
        )
        cls.manager = new_test_user(
            cls.env,
            "sector_manager",
            groups="export_credit_insurance.group_credit_manager",
        )

    def rate(self, industry, grade, day="2026-03-01"):
        grade = self.env.ref(GRADE % grade)
        return self.env["credit.insurance.sector.rating"].create(
            {
                "industry_id": industry.id,
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": day,
            }
        )
