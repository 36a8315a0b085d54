from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestOwnRiskBand(DecisionCommon):
    """ALFA stands in band C, which bears 5 000 of own risk at most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_controller_ceiling = 50000.0
        cls.band = cls.alfa.credit_band_id
        cls.band.own_risk_max = 5000.0

    def accept(self, amount, user=None, partner=None, **values):
        rows = self.env["credit.insurance.own.risk"].with_user(user or self.controller)
        return rows.create(
            {
                "partner_id": (partner or self.alfa).id,
                "company_id": self.company.id,
                "amount": amount,
                "date_from": "2026-10-01",
                "reason": "Strategic customer",
                **values,
            }
        )

    def test_a_controller_accepts_up_to_the_bound(self):
        self.assertFalse(self.accept(5000.0).is_above_band)

    def test_above_it_the_refusal_says_what_to_do(self):
        with self.assertRaises(AccessError) as refusal:
            self.accept(5000.01)
        message = str(refusal.exception)
        for words in ("5,000.01", "5,000.00", "ALFA", self.band.name, "manager"):
            self.assertIn(words, message)

    def test_a_manager_goes_beyond_and_the_row_shows_it(self):
        row = self.accept(8000.0, self.manager)
        self.assertTrue(row.is_above_band)
        self.assertEqual(row.reason, "Strategic customer")
        rows = self.env["credit.insurance.own.risk"].with_user(self.user)
        self.assertEqual(rows.search([("is_above_band", "=", True)]).ids, row.ids)
        self.assertNotIn(row.id, rows.search([("is_above_band", "=", False)]).ids)

    def test_a_controller_does_not_prolong_what_is_above(self):
        row = self.accept(8000.0, self.manager, date_to="2026-11-30")
        with self.assertRaises(AccessError):
            row.with_user(self.controller).date_to = "2026-12-31"
        row.with_user(self.controller).date_to = "2026-10-31"

    def test_rows_from_before_the_bound_stay_and_are_shown(self):
        self.band.own_risk_max = 0.0
        row = self.accept(20000.0)
        self.band.own_risk_max = 5000.0
        self.env.invalidate_all()
        self.assertTrue(row.is_above_band)
        buyer = self.alfa.with_company(self.company)
        self.assertEqual(buyer.own_risk_limit, 20000.0)

    def test_the_band_of_a_person_bounds_nothing(self):
        person = self.make_buyer("DOE", is_company=False)
        self.assertEqual(person.credit_band_id, self.band)
        self.assertFalse(self.accept(6000.0, partner=person).is_above_band)

    def test_the_band_says_so(self):
        self.assertIn(
            "Own risk on one buyer up to",
            "".join(self.band._meaning(self.company)),
        )
