from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestLedgerViews(TransactionCase):
    """Stops and insolvencies as a controller enters them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controller = new_test_user(
            cls.env,
            "ledger_controller",
            groups="export_credit_insurance.group_credit_controller",
        )
        cls.buyer = cls.env["res.partner"].create({"name": "ALFA", "is_company": True})

    def test_controller_stops_a_cover(self):
        Stop = self.env["credit.insurance.stop"].with_user(self.controller)
        self.assertFalse(Stop.new({}).display_name)
        with Form(Stop) as form:
            form.partner_id = self.buyer
            form.cause = "adverse_information"
            form.date_from = "2026-10-01"
        self.assertEqual(
            form.record.display_name, "ALFA: cover stopped from 10/01/2026"
        )
        with Form(form.record) as form:
            form.date_to = "2026-11-01"
            form.agreement_ref = "AZ-1"
        self.assertEqual(self.buyer.credit_stop_ids.agreement_ref, "AZ-1")

    def test_controller_records_an_insolvency(self):
        Insolvency = self.env["credit.insurance.insolvency"].with_user(self.controller)
        self.assertFalse(Insolvency.new({}).display_name)
        with Form(Insolvency) as form:
            form.partner_id = self.buyer
            form.kind = "liquidation"
            form.judgment_date = "2026-10-01"
        self.assertEqual(
            form.record.display_name,
            "ALFA: Liquidation or Bankruptcy of 10/01/2026",
        )
