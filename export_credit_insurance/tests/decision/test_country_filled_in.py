from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestCountryFilledIn(ReviewCommon):
    """A buyer without a country is taken for a neighbour, whom no policy insures.

    The policy covers Brazil. NEW has no limit: once it turns out to be there, what it
    has ordered and has not got yet needs credit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.policy.country_term_ids = [
            Command.create({"country_id": cls.brazil.id, "cover_status": "covered"})
        ]
        cls.policy.kind = "country"
        cls.salesman.group_ids += cls.env.ref("base.group_partner_manager")
        cls.new = cls.make_buyer("NEW")

    def sold(self):
        """45 000 are confirmed while nobody knows where NEW is."""
        self.new.with_user(self.salesman).country_id = False
        order = self.order(45000.0, self.new, confirm=False)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        return order

    def assertHeld(self, order):
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(order),
            [{"state": "open", "main_code": "no_limit", "missing_amount": 45000.0}],
        )
        self.assertTrue(self.lines_of(order).is_open)

    def test_filled_in_by_who_sells(self):
        order = self.sold()
        self.new.with_user(self.salesman).country_id = self.brazil
        self.assertHeld(order)

    def test_filled_in_with_the_first_contact(self):
        """Odoo gives a company without an address that of its first contact."""
        order = self.sold()
        self.salesman.group_ids += self.env.ref("account.group_account_readonly")
        answer = (
            self.env["res.partner"]
            .with_user(self.salesman)
            .load(
                ["name", "parent_id/.id", "country_id/.id", "city"],
                [["Ana", str(self.new.id), str(self.brazil.id), "Rio"]],
            )
        )
        self.assertTrue(answer["ids"], answer)
        self.assertEqual(self.new.country_id, self.brazil)
        self.assertHeld(order)

    def test_a_neighbour_stays_one(self):
        order = self.sold()
        self.new.with_user(self.salesman).country_id = self.company.country_id
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
