from odoo.tests import freeze_time, tagged

from odoo.addons.export_credit_insurance.tests.decision.common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestFinding(DecisionCommon):
    """The finding of the example stands among the others and obeys its rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.rule = cls.env.ref(
            "export_credit_insurance_example"
            ".credit_insurance_check_rule_no_order_reference"
        )
        cls.rule.severity = "warn"

    def codes_of(self, order):
        check = self.env["credit.insurance.check"]
        return [found.code for found in check._assess_each(order)[order].findings]

    def test_warns_of_an_order_without_reference(self):
        order = self.make_order(self.alfa, 28000.0, confirm=False)
        self.assertEqual(self.codes_of(order), ["no_order_reference"])
        order.client_order_ref = "PO 4711"
        self.assertFalse(self.codes_of(order))

    def test_graver_findings_come_first(self):
        """130 000 are in force: an order of 150 000 exceeds them by 20 000."""
        order = self.make_order(self.alfa, 150000.0, confirm=False)
        self.assertEqual(self.codes_of(order), ["over_limit", "no_order_reference"])

    def test_its_rule_decides(self):
        order = self.make_order(self.alfa, 28000.0, confirm=False)
        self.rule.severity = "block"
        check = self.env["credit.insurance.check"]
        self.assertFalse(check._assess_each(order)[order].passes)
        self.rule.severity = "ignore"
        self.assertFalse(self.codes_of(order))
