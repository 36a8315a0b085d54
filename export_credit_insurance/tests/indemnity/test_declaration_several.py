from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-05 09:00:00")
class TestDeclarationSeveral(DeclarationCommon):
    """Several declarations of one policy year: each sees what was declared before."""

    def test_several_at_once(self):
        """9 000, below the minimum of 15 000; then 5 000 + 4 500 = 9 500: 18 500."""
        self.make_invoice(self.domestic, 6000000.0, "2026-06-20", "2026-09-10")
        self.make_invoice(self.german, 2500000.0)
        self.make_invoice(self.alfa, 1000000.0)
        second = self.make_declaration()
        first = self.make_declaration("2026-04-01", "2026-06-30")
        (second + first).action_declare()
        names = ("premium_amount", "premium_before", "total_amount")
        self.assertEqual([first[n] for n in names], [9000.0, 0.0, 15000.0])
        self.assertEqual([second[n] for n in names], [9500.0, 9000.0, 18500.0])
        self.assertLess(first.name, second.name)
        self.assertEqual(self.year.premium_amount, 18500.0)

    def test_fees_of_two_companies_are_counted_once(self):
        """Two decisions at 30 = 60, also where the first company declares nothing."""
        other = self.setup_other_company(name="Sister")["company"]
        other.currency_id = self.euro
        self.policy.company_ids = [Command.link(other.id)]
        self.policy.fee_ids = [Command.create({"kind": "decision", "amount": 30.0})]
        for buyer in (self.german, self.domestic):
            self.make_limit(buyer, 1000.0, date_from="2026-08-01")
        theirs = self.make_declaration(company_id=other.id)
        self.assertEqual(theirs.fee_amount, 60.0)
        own = self.make_declaration()
        self.assertEqual(own.fee_amount, 0.0)
        theirs.action_declare()
        own.action_declare()
        self.assertEqual((own.fee_amount, own.fee_before), (0.0, 60.0))
        self.assertEqual(theirs.fee_amount, 60.0)
