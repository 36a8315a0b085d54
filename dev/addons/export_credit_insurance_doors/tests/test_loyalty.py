from odoo import Command
from odoo.tests import tagged

from .http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestLoyalty(HttpCommon):
    """A point per piece; 50 of ALFA's 100 points take 1 000 off an order.

    28 000 are free. 46 pieces less 1 000 are 45 000: 17 000 too much. Confirmed, they
    would leave 100 - 50 + 46 = 96 points.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "rule_ids": [
                    Command.create(
                        {"reward_point_mode": "unit", "reward_point_amount": 1}
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 1000.0,
                            "discount_mode": "per_order",
                            "discount_applicability": "order",
                            "required_points": 50,
                        }
                    )
                ],
            }
        )
        cls.card = cls.env["loyalty.card"].create(
            {
                "program_id": cls.program.id,
                "partner_id": cls.buyer.id,
                "points": 100,
            }
        )

    @classmethod
    def make_rewarded(cls, quantity):
        order = cls.make_quotation(
            quantity, require_signature=True, require_payment=False
        )
        order._update_programs_and_rewards()
        order._apply_program_reward(cls.program.reward_ids, cls.card)
        return order

    def history(self, order):
        return self.env["loyalty.history"].search([("order_id", "=", order.id)])

    def setUp(self):
        super().setUp()
        self.visit()

    def test_what_fits_takes_and_gives_points(self):
        # 29 000 - 1 000 fit; 100 - 50 + 29 = 79
        order = self.make_rewarded(29)
        self.sign(order)
        self.assertConfirmed(order)
        self.assertEqual(self.card.points, 79)

    def test_what_does_not_fit_takes_no_points(self):
        order = self.make_rewarded(46)
        self.assertEqual(order.amount_total, 45000.0)
        self.sign(order)
        self.assertWaits(order)
        self.assertEqual(self.card.points, 100)
        self.assertFalse(self.history(order))
        self.assertEqual(order.amount_total, 45000.0)

    def test_released_it_takes_and_gives_points_once(self):
        order = self.make_rewarded(46)
        self.sign(order)
        self.release(order)
        self.assertConfirmed(order)
        self.assertEqual(self.card.points, 96)
        self.assertEqual(len(self.history(order)), 1)

    def test_released_without_points_left_the_team_is_told(self):
        """The points went with another order while this one waited."""
        order = self.make_rewarded(46)
        self.sign(order)
        self.card.points = 0
        self.release(order)
        self.assertEqual(order.state, "sent")
        self.assertEqual(self.hold_of(order).state, "released")
        self.assertIn("cannot be confirmed", order.activity_ids[-1].summary)

    def test_order_paid_by_points_may_wait(self):
        """Nothing is invoiced of an order that costs nothing, but is not confirmed."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Embargo",
                "kind": "embargo",
                "country_ids": [Command.set(self.env.ref("base.br").ids)],
                "cover_status": "sanctioned",
                "date_from": self.today,
                "source": "Official journal",
            }
        )
        order = self.make_rewarded(1)
        self.assertEqual(order.amount_total, 0.0)
        self.sign(order)
        self.assertWaits(order, missing=0.0)
        self.assertFalse(order.invoice_ids)
        self.assertEqual(self.card.points, 100)
