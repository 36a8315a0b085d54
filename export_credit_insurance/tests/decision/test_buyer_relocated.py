from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerRelocated(ReviewCommon):
    """Nobody who sells takes a buyer out of a country off cover by editing it."""

    def relocate(self, partner, user, country="cl"):
        partner.with_user(user).country_id = self.env.ref(f"base.{country}")

    def test_country_of_a_buyer_with_credit(self):
        for user in self.salesman + self.user + self.controller:
            user.group_ids += self.env.ref("base.group_partner_manager")
        self.make_event("off_cover")
        for user in (self.salesman, self.user):
            for country in (self.env.ref("base.cl").id, False):
                with self.assertRaises(AccessError) as refusal:
                    self.alfa.with_user(user).country_id = country
                self.assertIn("credit controller", str(refusal.exception))
        self.alfa.with_user(self.salesman).write(
            {"country_id": self.alfa.country_id.id, "phone": "1"}
        )
        self.relocate(self.alfa, self.controller)
        self.assertEqual(self.alfa.country_id.code, "CL")

    def test_others_and_addresses_are_everybodys(self):
        self.salesman.group_ids += self.env.ref("base.group_partner_manager")
        new = self.make_buyer("NEW")
        self.relocate(new, self.salesman)
        self.assertEqual(new.country_id.code, "CL")
        address = self.env["res.partner"].create(
            {
                "name": "Warehouse",
                "type": "delivery",
                "parent_id": self.alfa.id,
                "country_id": self.env.ref("base.br").id,
            }
        )
        self.relocate(address, self.salesman)
        self.assertEqual(address.country_id.code, "CL")

    def leave_out_home(self):
        """The policy insures exports alone."""
        self.controller.group_ids += self.env.ref("base.group_partner_manager")
        self.env["credit.insurance.policy.country.term"].create(
            {
                "policy_id": self.policy.id,
                "country_id": self.company.country_id.id,
                "cover_status": "off_cover",
            }
        )

    def test_who_turns_out_to_be_abroad(self):
        """Sold as at home, where nobody is asked: on hold once it is insured abroad."""
        self.leave_out_home()
        beta = self.make_buyer("BETA", "fr")
        order = self.make_quotation(45000.0, beta)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.relocate(beta, self.controller, "br")
        self.run_reviews()
        self.assertRecordValues(
            self.holds_of(order),
            [{"state": "open", "kind": "buyer", "main_code": "no_limit"}],
        )

    def test_who_turns_out_to_be_at_home(self):
        """Nobody is asked for the credit of buyers at home: nothing is looked at."""
        self.leave_out_home()
        order = self.make_quotation(45000.0, self.gamma)
        order.action_confirm()
        self.relocate(self.gamma, self.controller, "fr")
        self.run_reviews()
        self.assertFalse(self.holds_of(order))
