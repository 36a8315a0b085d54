from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerMerge(DecisionCommon):
    """Merging two buyers, through Odoo's own wizard.

    Refused while both have what one buyer has only once; otherwise one buyer owes
    afterwards what two owed, and its confirmed orders are looked at again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls.make_buyer("ALFA twin")
        cls.merger = new_test_user(
            cls.env,
            "credit-max",
            "base.group_partner_manager,sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def merge(self, source=None, target=None):
        """Merge ``source`` into ``target``, ALFA's twin into ALFA by default."""
        source, target = source or self.twin, target or self.alfa
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_user(self.merger)
            .create(
                {
                    "partner_ids": [Command.set((source | target).ids)],
                    "dst_partner_id": target.id,
                    "state": "selection",
                }
            )
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def assertRefused(self, *words):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.merge()
        for word in ("ALFA", "ALFA twin", *words):
            self.assertIn(word, str(caught.exception))
        self.env.invalidate_all()
        self.assertTrue(self.twin.exists())

    def accept_own_risk(self, partner, amount, **values):
        # by another one than who makes the orders, whom it would not serve
        rows = self.env["credit.insurance.own.risk"].with_user(self.manager)
        return rows.create(
            {
                "partner_id": partner.id,
                "amount": amount,
                "date_from": "2026-01-01",
                "reason": "Known for long",
                **values,
            }
        )

    def holds_of(self, order):
        return self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])

    # === REFUSED === #

    def test_two_limits_under_one_policy(self):
        self.make_limit(self.alfa, 50000.0)
        self.make_limit(self.twin, 10000.0)
        self.assertRefused("50,000.00", "10,000.00", "POL-26")

    def test_limit_and_request_under_one_policy(self):
        self.make_limit(self.alfa, 50000.0)
        self.make_limit(self.twin, 0.0, state="requested", requested_amount=9000.0)
        self.assertRefused("9,000.00")

    def test_two_holds_under_one_policy(self):
        self.make_limit(self.alfa, 50000.0)
        for buyer in self.alfa | self.twin:
            order = self.make_quotation(60000.0, buyer)
            self.ask_release(order)
        self.assertRefused("on hold")

    def test_two_own_risks_in_one_company(self):
        self.accept_own_risk(self.alfa, 3000.0)
        self.accept_own_risk(self.twin, 2000.0)
        self.assertRefused("3,000.00", "2,000.00")

    def test_ended_limit_while_something_is_owed(self):
        """Both timelines would cover one buyer's invoices."""
        self.make_limit(self.alfa, 50000.0)
        self.make_limit(self.twin, 10000.0, date_to="2026-09-30", state="cancelled")
        self.make_invoice(self.twin, 1000.0)
        self.assertRefused("09/30/2026")

    def test_into_a_twin_at_home(self):
        """No policy insures it there: nobody would ask for credit any more."""
        self.make_limit(self.alfa, 50000.0)
        self.make_order(self.alfa, 45000.0)
        self.twin.country_id = self.env.ref("base.fr")
        with self.assertRaises(AccessError):
            self.merge(self.alfa, self.twin)

    def test_into_a_private_person(self):
        self.make_limit(self.alfa, 50000.0)
        self.twin.credit_party_kind = "private"
        with self.assertRaises(AccessError):
            self.merge(self.alfa, self.twin)

    def test_a_twin_without_credit_at_home(self):
        """The other way round ALFA stays what it is."""
        self.make_limit(self.alfa, 50000.0)
        self.twin.country_id = self.env.ref("base.fr")
        self.merge()
        self.assertEqual(self.alfa.country_id.code, "BR")

    def test_a_private_person_into_a_company(self):
        """Everybody may: from now on credit is asked for."""
        self.make_limit(self.alfa, 50000.0)
        self.twin.credit_party_kind = "private"
        self.make_order(self.twin, 600.0)
        self.merge()
        self.assertEqual(self.get_position(self.alfa).exposure, 600.0)

    def test_into_a_twin_at_home_by_credit_control(self):
        limit = self.make_limit(self.alfa, 50000.0)
        self.twin.country_id = self.env.ref("base.fr")
        self.merger.group_ids += self.controller.group_ids
        self.merge(self.alfa, self.twin)
        self.assertEqual(limit.partner_id, self.twin)

    # === MERGED === #

    def test_ended_limit_when_all_is_paid(self):
        self.make_limit(self.alfa, 50000.0)
        ended = self.make_limit(
            self.twin, 10000.0, date_to="2026-09-30", state="cancelled"
        )
        self.merge()
        self.assertEqual(ended.partner_id, self.alfa)
        self.assertEqual(self.get_position(self.alfa).limit, 50000.0)

    def test_limits_of_two_policies_move(self):
        other = self.make_policy(name="Other", sequence=20)
        self.make_limit(self.alfa, 50000.0)
        limit = self.make_limit(self.twin, 10000.0, policy=other)
        self.merge()
        self.assertEqual(limit.partner_id, self.alfa)

    def test_rows_of_the_twin_move(self):
        """ALFA owes 8 000 + 5 000 of 50 000 afterwards: 37 000 are left."""
        limit = self.make_limit(self.alfa, 50000.0)
        own_risk = self.accept_own_risk(self.twin, 20000.0)
        orders = self.make_order(self.alfa, 8000.0) | self.make_order(self.twin, 5000.0)
        self.merge()
        self.assertEqual((limit | self.alfa.insured_limit_line_ids), limit)
        self.assertEqual(own_risk.partner_id, self.alfa)
        self.assertEqual(
            self.env["credit.insurance.clearance"]
            .search([("order_id", "in", orders.ids)])
            .partner_id,
            self.alfa,
        )
        anchor = self.env["credit.insurance.anchor"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertEqual(len(anchor), 1)
        position = self.get_position(self.alfa)
        self.assertEqual(position.exposure, 13000.0)  # 8 000 + 5 000
        self.assertEqual(position.headroom, 57000.0)  # 50 000 + 20 000 - 13 000

    def test_orders_that_fitted_two_and_not_one(self):
        """45 000 of 50 000 and 8 000 of own 8 000; together 53 000 of 58 000 fit."""
        self.make_limit(self.alfa, 50000.0)
        self.accept_own_risk(self.twin, 8000.0)
        first = self.make_order(self.alfa, 45000.0)
        second = self.make_order(self.twin, 8000.0)
        self.merge()
        self.assertFalse(self.holds_of(first) | self.holds_of(second))

    def test_orders_that_fitted_two_and_no_longer_fit_one(self):
        """Own risk was accepted on the twin until yesterday: 53 000 of 50 000."""
        self.make_limit(self.alfa, 50000.0)
        with freeze_time("2026-09-30 12:00:00"):
            self.accept_own_risk(self.twin, 8000.0, date_to="2026-09-30")
            first = self.make_order(self.alfa, 45000.0)
            second = self.make_order(self.twin, 8000.0, user_id=self.salesman.id)
        self.merge()
        self.assertFalse(self.holds_of(first))
        self.assertRecordValues(
            self.holds_of(second),
            [
                {
                    "kind": "buyer",
                    "state": "open",
                    "partner_id": self.alfa.id,
                    "missing_amount": 3000.0,  # 45 000 + 8 000 - 50 000
                }
            ],
        )
        self.assertEqual(second.activity_ids.user_id, self.salesman)

    def test_contacts_of_two_companies_merged(self):
        """The orders of ALFA's contact owe to BETA: 12 000 of its 10 000."""
        beta = self.make_buyer("BETA")
        self.make_limit(self.alfa, 50000.0)
        self.make_limit(beta, 10000.0)
        mine, other = self.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": self.alfa.id},
                {"name": "Ann", "parent_id": beta.id},
            ]
        )
        order = self.make_order(mine, 12000.0)
        self.merge(mine, other)
        self.assertEqual(order.partner_invoice_id, other)
        self.assertEqual(self.holds_of(order).partner_id, beta)
        self.assertEqual(self.holds_of(order).missing_amount, 2000.0)
        self.assertEqual(self.clearance_of(order).partner_id, beta)

    def test_ratings_of_both_stay(self):
        """Only the double opinion of one source on one day goes, ALFA's own stays."""
        source = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_source_creditsafe"
        )
        ratings = self.env["credit.insurance.buyer.rating"].create(
            [
                {
                    "partner_id": buyer.id,
                    "source_id": source.id,
                    "value": value,
                    "date": day,
                }
                for buyer, value, day in (
                    (self.alfa, 70.0, "2026-06-01"),
                    (self.twin, 40.0, "2026-06-01"),
                    (self.twin, 50.0, "2026-07-01"),
                )
            ]
        )
        self.merge()
        self.assertEqual(ratings.exists(), ratings[0] | ratings[2])
        self.assertEqual(ratings.exists().partner_id, self.alfa)

    def test_without_checks_odoo_merges_as_ever(self):
        self.policy.action_close()
        order = self.make_order(self.twin, 8000.0)
        self.merge()
        self.assertEqual(order.partner_id, self.alfa)
        self.assertFalse(self.env["credit.insurance.review"].search([]))
