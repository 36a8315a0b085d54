from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestStopHistory(CreditInsuranceCommon):
    """Stops and insolvencies are facts: recorded once, ended, never rewritten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stop = cls.env["credit.insurance.stop"].create(
            {"partner_id": cls.alfa.id, "date_from": "2026-06-01"}
        )

    def test_facts_stay(self):
        for vals in (
            {"date_from": "2026-07-01"},
            {"partner_id": self.make_buyer("BETA").id},
            {"cause": "insurer"},
            {"policy_id": self.policy.id},
        ):
            with self.assertRaises(UserError):
                self.stop.write(vals)

    def test_ends_once(self):
        self.stop.write({"date_to": "2026-06-30", "agreement_ref": "Letter"})
        with self.assertRaises(UserError):
            self.stop.date_to = "2026-07-31"
        with self.assertRaises(UserError):
            self.stop.date_to = False

    @mute_logger("odoo.sql_db")
    def test_ends_after_it_begins(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.stop.date_to = "2026-05-31"
            self.stop.flush_recordset()

    def test_of_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.alfa.id}
        )
        for model, day in (
            ("credit.insurance.stop", "date_from"),
            ("credit.insurance.insolvency", "judgment_date"),
        ):
            with self.assertRaises(ValidationError):
                self.env[model].create({"partner_id": contact.id, day: "2026-06-01"})

    @mute_logger("odoo.sql_db")
    def test_insolvency_dates(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["credit.insurance.insolvency"].create(
                {
                    "partner_id": self.alfa.id,
                    "judgment_date": "2026-06-01",
                    "date_end": "2026-05-01",
                }
            )

    def test_buyer_with_history_stays(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.alfa.unlink()
        self.assertTrue(self.alfa.exists())
