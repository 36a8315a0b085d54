from odoo import Command
from odoo.tests import tagged

from .checked_common import ALFA, ANA
from .payment_common import PaymentDoors


@tagged("post_install", "-at_install")
class TestRewardsThatEnd(PaymentDoors):
    """What a reward took off a quotation comes back as it is confirmed.

    Odoo looks at rewards once more then: 35 000 less a quarter are 26 250, which fit
    into the 28 000 that are free. Without the quarter, which has ended meanwhile, there
    are 35 000 - 28 000 = 7 000 too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "A quarter off",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 25.0,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                        }
                    )
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self.visit()

    def make_rewarded(self, quantity, **values):
        order = self.make_quotation(quantity, **values)
        order._update_programs_and_rewards()
        ((card, rewards),) = order._get_claimable_rewards().items()
        order._apply_program_reward(rewards, card)
        return order

    def test_signed(self):
        """The signature is kept, the order waits, nobody reads of credit."""
        order = self.make_rewarded(35, require_signature=True, require_payment=False)
        self.assertEqual(order.amount_total, 26250.0)
        self.program.active = False
        with self.mock_mail_gateway():
            answer = self.sign(order)
        self.env.invalidate_all()
        self.assertWaits(order, missing=7000.0)
        self.assertTold(order)
        self.assertEqual(order.signed_by, "Ana")
        self.assertNeutral(self.read_page(answer["redirect_url"]))
        self.assertMailsNeutral(ALFA, ANA)

    def test_released(self):
        """Who accepted 26 250 is not billed 35 000 without being asked."""
        order = self.make_rewarded(35, require_signature=True, require_payment=False)
        self.program.active = False
        self.sign(order)
        self.env.invalidate_all()
        self.assertEqual(self.hold_of(order).amount, 35000.0)
        self.release(order)
        self.assertEqual(order.state, "sent")
        told = " ".join(order.activity_ids.mapped("summary"))
        self.assertIn("accepted another total", told)
        order.with_user(self.seller).action_confirm()
        self.assertConfirmed(order)

    def test_ended_while_it_waited(self):
        """Released for 26 250, which the order does not cost any more."""
        self.set_limit(107000.0)
        order = self.make_rewarded(35, require_signature=True, require_payment=False)
        self.sign(order)
        self.env.invalidate_all()
        # 26 250 - 5 000
        self.assertWaits(order, missing=21250.0)
        self.program.active = False
        asked = self.hold_of(order)
        self.release(order)
        self.assertEqual(order.state, "sent")
        self.assertEqual(asked.state, "released")
        again = self.hold_of(order) - asked
        self.assertRecordValues(
            again, [{"state": "open", "amount": 35000.0, "accepted_amount": 26250.0}]
        )

    def test_still_there(self):
        """As long as the reward is there the order fits, and is confirmed."""
        order = self.make_rewarded(35, require_signature=True, require_payment=False)
        self.sign(order)
        self.env.invalidate_all()
        self.assertConfirmed(order)
        self.assertEqual(order.amount_total, 26250.0)

    def test_paid(self):
        """The money is kept: 26 250 of 35 000 are paid for, and 5 000 are free."""
        self.set_limit(107000.0)
        order = self.make_rewarded(35, require_signature=False, require_payment=True)
        transaction = self.begin_payment(order, 26250.0)
        self.program.active = False
        with self.mock_mail_gateway():
            self.provider_says(transaction)
            self.come_back()
        self.env.invalidate_all()
        self.assertKept(transaction, 26250.0)
        # 35 000 - 26 250 - 5 000
        self.assertWaits(order, missing=3750.0)
        self.assertMailsNeutral(ALFA, ANA)
