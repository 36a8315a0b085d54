from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryGroup(DeliveryCommon):
    """The ceiling of ALFA's group is asked once more when goods leave.

    ALFA owes 70 000, BETA, of its group, 21 000: 91 000 of a ceiling of 125 000 by
    what has left. Ordered are 20 000 by ALFA and 10 000 by BETA besides: 121 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()
        cls.set_rule(cls, "over_group_ceiling")
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 100000.0)
        cls.make_invoice(cls.beta, 21000.0)
        cls.group = cls.env["credit.insurance.buyer.group"].create(
            {
                "name": "Alfabeta",
                "member_ids": [
                    Command.create({"partner_id": buyer.id, "date_from": "2026-01-01"})
                    for buyer in cls.alfa + cls.beta
                ],
            }
        )
        cls.set_ceiling(125000.0)
        cls.order = cls.make_sold(20000.0)
        cls.other = cls.make_sold(10000.0, cls.beta)

    @classmethod
    def set_ceiling(cls, amount):
        cls.env["credit.insurance.buyer.group.ceiling"].create(
            {
                "group_id": cls.group.id,
                "company_id": cls.company.id,
                "amount": amount,
                "currency_id": cls.company.currency_id.id,
                "reason": "One owner: so much and no more.",
            }
        )

    def missing(self, order):
        found = {finding.code: finding for finding in self.assess(order).findings}
        finding = found.get("over_group_ceiling")
        return finding and finding.amount

    def test_what_fits_leaves(self):
        # 91 000 + 20 000
        self.ship(self.order.picking_ids)
        self.assertEqual(self.order.picking_ids.state, "done")

    def test_ceiling_lowered_since(self):
        """91 000 + 20 000 - 110 000; what BETA has ordered takes nothing."""
        self.set_ceiling(110000.0)
        self.assertEqual(self.missing(self.order), 1000.0)
        picking = self.order.picking_ids
        with self.assertRaises(RedirectWarning):
            self.ship(picking)
        self.assertNotEqual(picking.state, "done")
        # the ceiling to the cent
        self.ship(picking, quantity=19000.0)
        self.assertEqual(picking.state, "done")

    def test_used_by_another_company_of_the_group_since(self):
        """BETA is invoiced 20 000 without an order: 111 000 + 20 000 - 125 000."""
        self.make_invoice(self.beta, 20000.0)
        self.assertEqual(self.missing(self.order), 6000.0)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(self.order.picking_ids, user=self.shipper)
        message = caught.exception.args[0]
        for text in ("Alfabeta", "111,000.00", "with this delivery", "6,000.00"):
            self.assertIn(text, message)

    def test_what_another_ships_in_the_same_call_counts(self):
        """91 000 + 20 000 + 10 000 - 115 000: each fits, but not both."""
        self.set_ceiling(115000.0)
        for order in self.order + self.other:
            self.assertIsNone(self.missing(order))
        pickings = self.order.picking_ids + self.other.picking_ids
        with self.assertRaises(RedirectWarning):
            self.ship(pickings)
        self.ship(self.order.picking_ids)
        # 111 000 + 10 000 - 115 000
        self.assertEqual(self.missing(self.other), 6000.0)

    def test_goods_invoiced_before_count_once(self):
        """The invoice of 20 000 is owed already: 111 000, and no more by shipping."""
        self.goods.invoice_policy = "order"
        order = self.make_sold(4000.0)
        order._create_invoices().action_post()
        # 70 000 + 4 000 + 21 000
        self.set_ceiling(95000.0)
        self.assertIsNone(self.missing(order))
        self.set_ceiling(94000.0)
        self.assertEqual(self.missing(order), 1000.0)

    def test_a_second_part_counts_the_first(self):
        """91 000 + 8 000 + 12 000 - 110 000."""
        self.set_ceiling(110000.0)
        picking = self.order.picking_ids
        self.ship(picking, quantity=8000.0)
        self.assertEqual(self.missing(self.order), 1000.0)

    def test_a_release_that_knew_of_it_lets_it_go(self):
        self.set_ceiling(110000.0)
        picking = self.order.picking_ids
        self.release(self.ask_delivery_release(picking))
        self.ship(picking)
        self.assertEqual(picking.state, "done")

    def test_a_ceiling_costs_no_query(self):
        """The group's companies are asked about with the buyer."""
        deliveries = self.order.picking_ids._credit_deliveries()
        checks = self.env["credit.insurance.check"]

        def count():
            self.env.invalidate_all()
            self.env.user.mapped("login")
            before = self.env.cr.sql_log_count
            checks._assess_deliveries(deliveries)
            return self.env.cr.sql_log_count - before

        count()
        with_ceiling = count()
        self.group.member_ids.date_to = "2026-09-30"
        count()
        self.assertLessEqual(with_ceiling, count() + 1)
