from odoo.tests import freeze_time, tagged

from odoo.addons.export_credit_insurance.tests.common import CreditInsuranceCommon

from ..models.credit_insurance_position import with_progress_claims


class Another:
    """What another add-on adds to the same query."""

    def unposted_selects(self):
        return [*super().unposted_selects(), "another"]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestBucket(CreditInsuranceCommon):
    """Progress claims are exposure like draft invoices, and use the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.make_invoice(cls.alfa, 40000.0)
        cls.claim = cls.env["example.progress.claim"].create(
            {
                "name": "Claim 1",
                "partner_id": cls.alfa.id,
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
                "date": "2026-09-30",
                "amount": 6000.0,
                "amount_untaxed": 5000.0,
            }
        )

    def test_counts_and_uses_the_limit(self):
        """40 000 invoiced + 6 000 claimed = 46 000; of the limit, without tax,
        40 000 + 5 000 are used: 130 000 - 45 000 = 85 000 are left."""
        position = self.get_position(self.alfa)
        self.assertEqual(position.exposure, 46000.0)
        self.assertEqual(position.headroom_limit_currency, 85000.0)
        self.assertEqual(self.get_totals(self.alfa)["draft"], 6000.0)

    def test_is_exposure_but_not_insured(self):
        """90 % of the 40 000 that were shipped."""
        totals = self.get_totals(self.alfa)
        self.assertEqual((totals["eligible"], totals["covered"]), (40000.0, 36000.0))

    def test_a_contact_of_the_buyer_counts_for_it(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "parent_id": self.alfa.id, "type": "contact"}
        )
        self.claim.partner_id = contact
        self.assertEqual(self.get_position(self.alfa).exposure, 46000.0)
        rows = self.env["credit.insurance.exposure"].search([("draft", ">", 0)])
        self.assertIn((self.alfa, 6000.0), [(r.partner_id, r.draft) for r in rows])

    def test_two_add_ons_count_each_its_own(self):
        """Both selects stand in the class, whichever add-on comes last."""
        base = self.position._query_class()

        both = with_progress_claims(type("Both", (Another, base.__bases__[1]), {}))
        order = [each.__name__ for each in both.mro()]
        self.assertLess(order.index("ProgressClaims"), order.index("Another"))
        self.assertLess(order.index("Another"), order.index("PositionQuery"))

    def test_counts_once(self):
        self.claim.is_invoiced = True
        self.assertEqual(self.get_position(self.alfa).exposure, 40000.0)

    def test_lists_and_buyers_show_it(self):
        row = self.env["credit.insurance.exposure"].browse(self.alfa.id)
        self.assertEqual((row.draft, row.exposure), (6000.0, 46000.0))
        self.claim.amount = 7000.0
        row.invalidate_recordset()
        self.assertEqual(row.exposure, 47000.0)

    def test_explains_itself(self):
        explained = self.position._explain(self.alfa, self.company, self.today)
        (section,) = [part for part in explained["sections"] if part["key"] == "draft"]
        self.assertEqual(section["label"], "Not posted yet")
        self.assertEqual(
            [(row["label"], row["amount"]) for row in section["rows"]],
            [("Claim 1", 6000.0)],
        )
