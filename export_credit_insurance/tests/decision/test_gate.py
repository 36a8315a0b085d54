from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestGate(DecisionCommon):
    """Every way to a confirmed order leads through the check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_alfa_45000_exceeds_by_17000(self):
        # DOMAIN 1.16: 130 000 - 102 000 = 28 000 left; 45 000 - 28 000 = 17 000
        order = self.make_quotation(45000.0, user=self.user)
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        message, action_id, _button, context = refusal.exception.args
        self.assertIn("ALFA", message)
        self.assertIn("45,000.00", message)
        self.assertIn("28,000.00", message)
        self.assertIn("130,000.00", message)
        self.assertIn("17,000.00", message)
        action = self.env["ir.actions.act_window"].browse(action_id)
        self.assertEqual(action.res_model, "credit.insurance.hold.request")
        self.assertEqual(context["active_ids"], order.ids)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.clearance_of(order))

    def test_order_within_headroom_passes_with_snapshot(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "partner_id": self.alfa.id,
                    "amount": 28000.0,
                    "limit_amount": 130000.0,
                    "exposure": 102000.0,
                    "headroom_before": 28000.0,
                    "headroom_after": 0.0,
                    "company_exposure_after": 130000.0,
                    "insured_amount": 28000.0,
                    "own_risk_amount": 0.0,
                    "policy_id": self.policy.id,
                    "cleared_by": self.salesman.id,
                    "hold_id": False,
                }
            ],
        )
