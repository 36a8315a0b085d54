from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger


class TestBand(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bands = cls.env["credit.insurance.band"].search([])

    def test_shipped_bands_hold_every_score_once(self):
        codes = [
            self.bands._matching(score).code
            for score in (0, 19.99, 20, 39.99, 40, 58.84, 60, 79.99, 80, 100)
        ]
        self.assertEqual(codes, ["E", "E", "D", "D", "C", "C", "B", "B", "A", "A"])

    def test_no_score_no_band(self):
        self.assertFalse(self.bands._matching(None))

    def test_overlapping_bands_are_refused(self):
        band = self.env.ref("export_credit_insurance.credit_insurance_band_c")
        with self.assertRaisesRegex(ValidationError, "one band only"):
            band.score_max = 61

    @mute_logger("odoo.sql_db")
    def test_band_upside_down_is_refused(self):
        with self.assertRaises(IntegrityError):
            self.env["credit.insurance.band"].create(
                {"name": "Wrong", "code": "X", "score_min": 50, "score_max": 40}
            )
