from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestSharedChainGate(DecisionCommon):
    """ALFA and B share one number, B and C another: ALFA and C are one buyer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.b, cls.c = cls.make_buyer("B"), cls.make_buyer("C")
        cls.make_limit(cls.alfa, 10000.0, insurer_buyer_ref="N-1")
        for buyer, number in ((cls.b, "N-1"), (cls.b, "N-2"), (cls.c, "N-2")):
            cls.make_limit(
                buyer,
                0.0,
                state="refused",
                request_type="increase",
                insurer_buyer_ref=number,
            )

    def test_orders_of_both_ends_compete(self):
        """6 000 + 5 000 of 10 000, in one call: B has no order in it."""
        pair = self.make_quotation(6000.0) + self.make_quotation(5000.0, self.c)
        with self.assertRaises(RedirectWarning) as refusal:
            pair.action_confirm()
        self.assertIn("1,000.00", str(refusal.exception))

    def test_anchors_of_the_whole_chain(self):
        self.env["credit.insurance.anchor"]._bump(self.alfa)
        anchors = self.env["credit.insurance.anchor"].search([])
        self.assertEqual(anchors.partner_id, self.alfa | self.b | self.c)
