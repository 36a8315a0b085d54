from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import Form, tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationYears(DeclarationCommon):
    """Whose premium late documents make, and what a year costs to date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.renewal = "tacit"
        cls.second_year = cls.year.copy(
            {
                "policy_id": cls.policy.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "minimum_premium": 15000.0,
            }
        )

    def invoice_new_buyer(self, amount, day):
        """Of a buyer who owes nothing yet: unpaid debts would stop cover."""
        buyer = self.make_buyer(f"NEW {day}", country="de")
        return self.make_invoice(buyer, amount, day, due="2027-08-01")

    def declare_first(self, amount):
        """Declare 2026 in January; 1 000 000 of December are invoiced afterwards."""
        with freeze_time("2027-01-05 09:00:00"):
            self.make_invoice(self.german, amount, "2026-11-20")
            self.declare("2026-01-01", "2026-12-31")
            self.late = self.make_invoice(self.german, 1000000.0, "2026-12-20")

    def declare_second(self):
        """Declare the first quarter of 2027: 7 000 000 × 0.20 % = 14 000."""
        with freeze_time("2027-04-05 09:00:00"):
            self.invoice_new_buyer(7000000.0, "2027-02-10")
            self.env.invalidate_all()
            return self.declare("2027-01-01", "2027-03-31")

    def test_late_documents_make_their_own_years_premium(self):
        """2026: 10 000 000 × 0.20 % = 20 000, then 1 000 000 × 0.20 % = 2 000 more.

        2027: 14 000 are below its minimum of 15 000. Together 17 000; with the 2 000
        in 2027 it would be max(15 000, 16 000) = 16 000. Maximum liability 30 ×.
        """
        self.declare_first(10000000.0)
        self.assertEqual(self.year.premium_amount, 20000.0)
        second = self.declare_second()
        self.assertRecordValues(
            second,
            [
                {
                    "premium_amount": 14000.0,
                    "premium_before": 0.0,
                    "earlier_amount": 2000.0,
                    "earlier_before": 0.0,
                    "total_amount": 17000.0,
                }
            ],
        )
        self.assertEqual(
            {group.year_id: group.premium_amount for group in second.group_ids},
            {self.year: 2000.0, self.second_year: 14000.0},
        )
        self.assertEqual(
            second.group_ids.mapped("display_name"),
            ["European Union", "European Union, policy year from 01/01/2026"],
        )
        years = self.year + self.second_year
        self.assertEqual(years.mapped("declared_premium"), [22000.0, 14000.0])
        self.assertEqual(years.mapped("premium_amount"), [22000.0, 15000.0])
        self.assertEqual(years.mapped("max_liability"), [660000.0, 450000.0])

    def test_below_the_minimum_of_their_year_they_cost_nothing(self):
        """2026: 5 000 000 × 0.20 % = 10 000, and 2 000: the minimum is 15 000."""
        self.declare_first(5000000.0)
        second = self.declare_second()
        self.assertEqual(second.earlier_amount, 0.0)
        self.assertEqual(second.total_amount, 15000.0)
        self.assertEqual(self.year.declared_premium, 12000.0)
        self.assertEqual(self.year.premium_amount, 15000.0)

    def test_what_the_year_paid_for_earlier_ones_stays(self):
        """The second quarter of 2027 counts the 2 000 of the first: 17 000 still, and
        2 000 000 × 0.20 % = 4 000 make 18 000 + 2 000."""
        self.declare_first(10000000.0)
        self.declare_second()
        with freeze_time("2027-07-05 09:00:00"):
            self.invoice_new_buyer(2000000.0, "2027-05-10")
            third = self.make_declaration("2027-04-01", "2027-06-30")
        self.assertEqual((third.earlier_amount, third.earlier_before), (0.0, 2000.0))
        self.assertEqual(third.total_amount, 20000.0)

    def test_a_balance_is_of_the_year_in_which_it_is_owed(self):
        """An invoice of 2026 still owed in January 2027: 2 000 of 2027."""
        self.policy.write(
            {"declaration_basis": "balance", "declaration_period": "month"}
        )
        self.make_invoice(self.german, 1000000.0, "2026-12-20")
        with freeze_time("2027-02-05 09:00:00"):
            january = self.make_declaration("2027-01-01", "2027-01-31")
        self.assertEqual(january.group_ids.year_id, self.second_year)
        self.assertEqual(january.premium_amount, 2000.0)

    @freeze_time("2026-10-05 09:00:00")
    def test_what_a_draft_lists_is_counted_until_it_ends(self):
        """Made by hand before its quarter is over, it takes the invoice of October:
        30 000 declared + 5 000 000 × 0.20 % = 10 000; then 2 000 that no draft has."""
        self.make_invoice(self.domestic, 20000000.0)
        self.declare()
        self.make_invoice(self.german, 5000000.0, "2026-10-02")
        self.make_declaration("2026-10-01", "2026-12-31")
        self.env.invalidate_all()
        self.assertEqual(self.year.premium_to_date, 40000.0)
        self.make_invoice(self.german, 1000000.0, "2026-10-05")
        self.env.invalidate_all()
        self.assertEqual(self.year.premium_to_date, 42000.0)

    @freeze_time("2026-10-05 09:00:00")
    def test_a_policy_opens_without_reading_the_ledger(self):
        """Each year would read all invoices of each company: its own page does."""
        self.make_invoice(self.domestic, 20000000.0)
        declarations = type(self.declarations)
        documents = declarations._documents
        asked = []

        def listen(own, declaration):
            asked.append(declaration)
            return documents(own, declaration)

        with patch.object(declarations, "_documents", listen):
            Form(self.policy)
            self.assertFalse(asked)
            action = self.year.action_open_premium()
            ((view_id, _kind),) = action["views"]
            form = Form(self.year.browse(action["res_id"]), view=view_id)
            self.assertEqual(len(asked), 1)
        self.assertEqual(form.premium_to_date, 30000.0)
