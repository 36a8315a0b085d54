from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestOwnRisk(CreditInsuranceCommon):
    """Own risk is dated and signed, per buyer and company."""

    def accept(self, amount=5000.0, **values):
        return self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": amount,
                "date_from": "2026-10-01",
                "reason": "Strategic customer",
                **values,
            }
        )

    def limit_on(self, day, partner=None, company=None):
        partner = (partner or self.alfa).with_company(company or self.company)
        with freeze_time(f"{day} 12:00:00"):
            partner.invalidate_recordset()
            return partner.own_risk_limit

    def test_is_nothing_by_default(self):
        self.assertEqual(self.limit_on("2026-10-01"), 0.0)

    def test_counts_on_its_days_for_its_company(self):
        row = self.accept(date_to="2026-10-31")
        self.assertEqual(row.author_id, self.env.user)
        self.assertEqual(self.limit_on("2026-09-30"), 0.0)
        self.assertEqual(self.limit_on("2026-10-01"), 5000.0)
        self.assertEqual(self.limit_on("2026-10-31"), 5000.0)
        self.assertEqual(self.limit_on("2026-11-01"), 0.0)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self.limit_on("2026-10-01", company=other), 0.0)

    def test_contacts_read_their_company(self):
        self.accept()
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.alfa.id}
        )
        self.assertEqual(self.limit_on("2026-10-01", contact), 5000.0)

    def test_what_was_signed_is_not_rewritten(self):
        row = self.accept()
        other = self.env.ref("base.user_admin")
        for values in ({"amount": 9000.0}, {"author_id": other.id}, {"reason": "x"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                row.write(values)
        row.action_end()
        self.assertEqual(row.date_to, date(2026, 10, 1))

    def test_author_is_who_creates(self):
        row = self.accept(author_id=self.env.ref("base.user_root").id)
        self.assertEqual(row.author_id, self.env.user)

    def test_bad_input_is_refused(self):
        self.accept(date_to="2026-10-31")
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.alfa.id}
        )
        for values in (
            {"amount": 0.0, "date_from": "2026-12-01"},
            {"amount": -1.0, "date_from": "2026-12-01"},
            {"date_from": "2026-12-01", "date_to": "2026-11-30"},
            {"date_from": "2026-10-31"},
            {"partner_id": contact.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.accept(**values)
        self.accept(date_from="2026-11-01")
