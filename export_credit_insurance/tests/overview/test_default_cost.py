import doctest

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.overview import default_cost
from ..common import CreditInsuranceCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestDefaultCost(CreditInsuranceCommon):
    """What a default costs beyond the invoice, from the position and assumptions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 50000.0)
        cls.env["credit.insurance.default.assumption"].search([]).unlink()
        cls.env["credit.insurance.default.assumption"].create(
            {
                "recovered_goods": 0.1,
                "legal_share": 0.15,
                "legal_fixed": 1500.0,
                "financing_rate": 0.06,
                "margin": 0.2,
            }
        )
        cls.controller = new_test_user(
            cls.env,
            "cost_controller",
            groups="export_credit_insurance.group_credit_controller",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def calculate(self, **values):
        return (
            self.env["credit.insurance.default.cost"]
            .with_user(self.controller)
            .create({"partner_id": self.alfa.id, **values})
        )

    def test_examples_in_docstrings(self):
        result = doctest.testmod(default_cost)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_a_covered_buyer(self):
        """40 000 owed, 90 % covered: 36 000, less the deductible of 1 000: 35 000. Own
        share 5 000; goods 4 000; lawyers 15 % of 40 000: 6 000; 35 000 financed for
        150 days at 6 %: 863.01. Loss 5 000 - 4 000 + 6 000 + 863.01 = 7 863.01, which
        39 315.05 of sales at 20 % earn again."""
        self.make_invoice(self.alfa, 40000.0, "2026-09-01", "2026-11-30")
        cost = self.calculate()
        self.assertEqual(
            (cost.at_risk, cost.tax, cost.covered), (40000.0, 0.0, 36000.0)
        )
        self.assertEqual(cost.deductible, 1000.0)
        self.assertEqual(cost.waiting_days, 150)
        self.assertEqual((cost.indemnity, cost.own_share), (35000.0, 5000.0))
        self.assertEqual((cost.goods, cost.legal), (4000.0, 6000.0))
        self.assertEqual(cost.financing, 863.01)
        self.assertEqual((cost.loss, cost.sales_needed), (7863.01, 39315.05))

    def test_vat_is_that_of_the_open_part(self):
        """1 200 with 200 of VAT, 300 paid: three quarters are open, 150 of VAT."""
        tax = self.env["account.tax"].create(
            {"name": "VAT 20", "amount": 20.0, "company_id": self.company.id}
        )
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-09-01", taxes=tax)
        receipt = self.make_receipt(self.alfa, 300.0, "2026-09-15")
        (invoice + receipt).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        cost = self.calculate()
        self.assertEqual((cost.at_risk, cost.tax), (900.0, 150.0))
        self.assertEqual(cost.tax_lost, 150.0)
        cost.recovered_tax = 0.5
        self.assertEqual(cost.tax_lost, 75.0)

    def test_zone_has_its_own_assumptions(self):
        zone = self.alfa.credit_zone_id
        self.env["credit.insurance.default.assumption"].create(
            {"zone_id": zone.id, "legal_share": 0.3, "margin": 0.05}
        )
        cost = self.calculate()
        self.assertEqual((cost.legal_share, cost.margin), (0.3, 0.05))
        self.assertEqual(cost.legal_fixed, 0.0)

    def test_everything_can_be_changed(self):
        with Form(
            self.env["credit.insurance.default.cost"].with_user(self.controller)
        ) as form:
            form.partner_id = self.alfa
            form.at_risk = 10000.0
            form.reputation = 2500.0
            form.recovered_goods = 0.0
            # 10 000 + lawyers 1 500 + 2 500
            self.assertEqual(form.loss, 14000.0)
        self.assertEqual(form.record.sales_needed, 70000.0)

    @mute_logger("odoo.sql_db")
    def test_impossible_figures_are_refused(self):
        for values in ({"at_risk": -1.0}, {"at_risk": 10.0, "tax": 20.0}):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.calculate(**values)

    def test_from_the_buyer_and_printed(self):
        action = self.alfa.with_user(self.controller).action_credit_default_cost()
        cost = (
            self.env[action["res_model"]]
            .with_user(self.controller)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(cost.partner_id, self.alfa)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "export_credit_insurance.credit_insurance_default_cost_report", cost.ids
        )[0]
        self.assertIn(b"ALFA", html)
