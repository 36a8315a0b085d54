from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestSharedChain(PositionCommon):
    """Numbers that chain partners: ALFA and B share N-1, B and C N-2, C and D N-3.

    All four are one buyer: they share ALFA's 100 000. D bears no other number, so one
    step from ALFA does not reach it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chain = cls.alfa
        for name in ("B", "C", "D"):
            cls.chain += cls.make_buyer(name)
        cls.make_limit(cls.alfa, 100000.0, insurer_buyer_ref="N-1")
        for left, right, number in ((1, 2, "N-2"), (2, 3, "N-3")):
            for buyer in cls.chain[left] | cls.chain[right]:
                cls.make_number(buyer, number)
        cls.make_number(cls.chain[1], "N-1")

    @classmethod
    def make_number(cls, buyer, number):
        """A refused increase tells the insurer's number and grants nothing."""
        cls.make_limit(
            buyer,
            0.0,
            state="refused",
            request_type="increase",
            insurer_buyer_ref=number,
        )

    def test_limit_and_exposure_of_all(self):
        """70 000 owed by ALFA and 20 000 by D: 10 000 are left to each of the four."""
        self.make_invoice(self.alfa, 70000.0)
        self.make_invoice(self.chain[3], 20000.0)
        for buyer in self.chain:
            position = self.get_position(buyer)
            self.assertEqual(position.limit, 100000.0, buyer.name)
            self.assertEqual(position.exposure_limit_currency, 90000.0, buyer.name)
            self.assertEqual(position.headroom_limit_currency, 10000.0, buyer.name)

    def test_together_as_alone(self):
        """Asked for in one go, and with all buyers, the answer is the same."""
        self.make_invoice(self.chain[3], 20000.0)
        found = self.position._get_credit_position(self.chain, self.company, self.today)
        for buyer in self.chain:
            self.assertEqual(found[buyer].headroom_limit_currency, 80000.0)
        rows = self.position._execute(
            self.position._query(self.company, self.today).position()
        )
        headroom = {
            row["partner_id"]: float(row["headroom_limit_currency"]) for row in rows
        }
        self.assertEqual({headroom[buyer.id] for buyer in self.chain}, {80000.0})

    def test_limit_in_force(self):
        limits = self.env["credit.insurance.limit"]._in_force(
            self.chain, self.today, self.company
        )
        for buyer in self.chain:
            self.assertEqual(limits[buyer][self.policy].amount, 100000.0)
