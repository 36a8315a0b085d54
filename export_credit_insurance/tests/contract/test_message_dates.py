from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestMessageDates(CreditInsuranceCommon):
    """Messages write days as their reader does: 31/12/2026 in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def make(self, model, lang, **values):
        return self.env[model].with_context(lang=lang).create(values)

    def assertDates(self, action, english, french):
        """The action is refused, and the refusal names these days."""
        for lang, days in (("en_US", english), ("fr_FR", french)):
            with self.subTest(lang=lang), self.assertRaises(UserError) as refusal:
                action(lang)
            for day in days:
                self.assertIn(day, str(refusal.exception))

    def test_own_risk(self):
        values = {
            "partner_id": self.alfa.id,
            "company_id": self.company.id,
            "amount": 5000.0,
            "reason": "Strategic customer",
        }
        self.assertDates(
            lambda lang: self.make(
                "credit.insurance.own.risk",
                lang,
                **values,
                date_from="2026-12-31",
                date_to="2026-11-30",
            ),
            ["12/31/2026", "11/30/2026"],
            ["31/12/2026", "30/11/2026"],
        )
        self.make("credit.insurance.own.risk", "en_US", **values)
        self.assertDates(
            lambda lang: self.make("credit.insurance.own.risk", lang, **values),
            ["10/01/2026"],
            ["01/10/2026"],
        )

    def test_policy_and_year(self):
        policy = self.policy
        self.assertDates(
            lambda lang: policy.with_context(lang=lang).copy(
                {"number": lang, "date_start": "2026-12-31", "date_end": "2026-11-30"}
            ),
            ["12/31/2026", "11/30/2026"],
            ["31/12/2026", "30/11/2026"],
        )
        self.assertDates(
            lambda lang: self.make(
                "credit.insurance.policy.year",
                lang,
                policy_id=policy.id,
                date_from="2027-12-31",
                date_to="2027-11-30",
            ),
            ["12/31/2027", "11/30/2027"],
            ["31/12/2027", "30/11/2027"],
        )
        # POL-26 began on 1 January 2026
        year = policy.year_ids[0]
        self.assertEqual(
            [year.with_context(lang=lang).display_name for lang in ("en_US", "fr_FR")],
            ["POL-26 01/01/2026", "POL-26 01/01/2026"],
        )

    def test_limits(self):
        asked = {
            "policy_id": self.policy.id,
            "partner_id": self.alfa.id,
            "kind": "named",
            "requested_amount": 1000.0,
        }
        granted = {
            **asked,
            "state": "approved",
            "amount": 1000.0,
            "decision_date": "2026-01-31",
        }
        limits = "credit.insurance.limit"
        self.assertDates(
            lambda lang: self.make(
                limits, lang, **granted, date_from="2026-12-31", date_to="2026-11-30"
            ),
            ["12/31/2026", "11/30/2026"],
            ["31/12/2026", "30/11/2026"],
        )
        self.make(limits, "en_US", **granted, date_from="2026-01-31")
        self.assertDates(
            lambda lang: self.make(limits, lang, **granted, date_from="2026-02-28"),
            ["01/31/2026"],
            ["31/01/2026"],
        )
        self.make(limits, "en_US", **asked, request_date="2026-09-30").action_request()
        self.assertDates(
            lambda lang: self.make(limits, lang, **asked).action_request(),
            ["09/30/2026"],
            ["30/09/2026"],
        )

    def test_security(self):
        self.assertDates(
            lambda lang: self.make(
                "credit.insurance.security",
                lang,
                name="LC 1",
                partner_id=self.alfa.id,
                company_id=self.company.id,
                amount=1000.0,
                date_from="2026-12-31",
                date_to="2026-11-30",
            ),
            ["11/30/2026"],
            ["30/11/2026"],
        )

    def test_shipment_date(self):
        invoice = self.make_invoice(self.alfa, 1000.0)

        def correct(lang):
            invoice.with_context(lang=lang).insured_shipment_date = "2026-12-31"

        self.assertDates(correct, ["12/31/2026"], ["31/12/2026"])
