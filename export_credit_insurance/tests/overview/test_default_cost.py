import doctest

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
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
        cls.env["credit.insurance.default.assumption"].sudo().search([]).unlink()
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

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': no first loss unless a test says so
        return super().make_policy(company, **{"aggregate_first_loss": 0.0, **values})

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
        share 5 000; goods 4 000, of which the insurer takes 90 %: 400; lawyers 15 % of
        40 000: 6 000; 35 000 financed for 150 days at 6 %: 863.01. Loss 5 000 - 400 +
        6 000 + 863.01 = 11 463.01, which 57 315.05 of sales at 20 % earn again."""
        self.make_invoice(self.alfa, 40000.0, "2026-09-01", "2026-11-30")
        cost = self.calculate()
        self.assertEqual(
            (cost.at_risk, cost.tax, cost.covered), (40000.0, 0.0, 36000.0)
        )
        self.assertEqual(cost.deductible, 1000.0)
        self.assertEqual(cost.waiting_days, 150)
        self.assertEqual((cost.indemnity, cost.own_share), (35000.0, 5000.0))
        self.assertEqual((cost.goods, cost.legal), (400.0, 6000.0))
        self.assertEqual(cost.financing, 863.01)
        self.assertEqual((cost.loss, cost.sales_needed), (11463.01, 57315.05))

    def owed_by_beta(self):
        """DOMAIN 1.13: 140 000 owed, limit 100 000 at 90 %."""
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 100000.0)
        self.make_invoice(beta, 140000.0, "2026-09-01", "2026-11-30")
        return beta

    def test_first_loss_and_liability_left(self):
        """90 000 - 1 000 - first loss of 10 000 = 79 000, within 30 x 18 500 = 555 000
        (DOMAIN 1.13); 4 000 of the first loss used: 85 000; 500 000 paid: 55 000."""
        beta = self.owed_by_beta()
        year = self.policy.year_ids
        year.write({"aggregate_first_loss": 10000.0, "minimum_premium": 18500.0})
        cost = self.calculate(partner_id=beta.id)
        self.assertEqual((cost.covered, cost.deductible), (90000.0, 1000.0))
        self.assertEqual(cost.first_loss_left, 10000.0)
        self.assertTrue(cost.is_liability_limited)
        self.assertEqual(cost.liability_left, 555000.0)
        self.assertEqual((cost.indemnity, cost.own_share), (79000.0, 61000.0))
        year.write({"first_loss_used": 4000.0, "liability_used": 500000.0})
        cost = self.calculate(partner_id=beta.id)
        self.assertEqual((cost.first_loss_left, cost.liability_left), (6000.0, 55000.0))
        self.assertEqual(cost.indemnity, 55000.0)
        cost.is_liability_limited = False
        # 90 000 - 1 000 - 6 000
        self.assertEqual(cost.indemnity, 83000.0)
        cost.first_loss_left = 90000.0
        self.assertEqual(cost.indemnity, 0.0)

    def test_deductible_before_the_percentage(self):
        """(100 000 - 1 000) x 90 % - 10 000 = 79 100, as a claim would be (1.13)."""
        beta = self.owed_by_beta()
        self.policy.deductible_before_pct = True
        self.policy.year_ids.aggregate_first_loss = 10000.0
        cost = self.calculate(partner_id=beta.id)
        self.assertEqual(cost.insured_share, 0.9)
        self.assertEqual(cost.indemnity, 79100.0)
        # what is within the limit, not what is owed, is held against the threshold
        cost.claim_threshold = 100000.0
        self.assertEqual(cost.indemnity, 0.0)
        cost.claim_threshold = 99999.0
        self.assertEqual(cost.indemnity, 79100.0)

    def test_liability_used_up_and_none_agreed(self):
        beta = self.owed_by_beta()
        # 30 x 15 000
        self.policy.year_ids.liability_used = 450000.0
        self.assertEqual(self.calculate(partner_id=beta.id).indemnity, 0.0)
        self.policy.year_ids.max_liability_multiple = 0.0
        self.assertEqual(self.calculate(partner_id=beta.id).indemnity, 89000.0)

    def test_policy_without_a_year_lends_its_terms(self):
        beta = self.owed_by_beta()
        self.policy.year_ids.unlink()
        cost = self.calculate(partner_id=beta.id)
        self.assertEqual((cost.first_loss_left, cost.liability_left), (0.0, 450000.0))

    def test_queries_do_not_grow_with_buyers(self):
        """VAT and assumptions are read for all buyers at once."""
        zones = self.env["credit.insurance.zone"].search([])
        Assumption = self.env["credit.insurance.default.assumption"]
        Assumption.create({"zone_id": self.alfa.credit_zone_id.id, "margin": 0.1})
        buyers = self.alfa
        for number in range(49):
            buyers += self.make_buyer(f"B{number}", ("de", "us", "br")[number % 3])
        for buyer in buyers:
            self.make_invoice(buyer, 1000.0, "2026-09-01", "2026-11-30")
        self.env.flush_all()
        Cost = self.env["credit.insurance.default.cost"]
        for some in (buyers[:1], buyers):
            # the invoices, their amounts and buyers, the company, its currency
            self.assertQueries(4, Cost._open_taxes, self.company, some)
            zone = zones[: len(some)]
            self.assertQueries(2, Assumption._by_zone, zone, self.company)
            costs = Cost.create([{"partner_id": buyer.id} for buyer in some])
            self.assertQueries(14, costs._compute_stake)
            self.assertQueries(7, costs._compute_assumptions)

    def assertQueries(self, count, method, *arguments):
        self.env.invalidate_all()
        method(*arguments)  # fills the registry's caches
        self.env.invalidate_all()
        with self.assertQueryCount(count):
            method(*arguments)

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
        self.assertEqual(cost.tax_back, 0.0)
        cost.write({"recovered_tax": 0.5, "covered_share": 0.0})
        self.assertEqual(cost.tax_back, 75.0)

    def test_zone_has_its_own_assumptions(self):
        zone = self.alfa.credit_zone_id
        self.env["credit.insurance.default.assumption"].create(
            {"zone_id": zone.id, "legal_share": 0.3, "margin": 0.05}
        )
        cost = self.calculate()
        self.assertEqual((cost.legal_share, cost.margin), (0.3, 0.05))
        self.assertEqual(cost.legal_fixed, 0.0)

    def test_own_general_row_wins_over_a_delivered_zone(self):
        """Own zone, own general, delivered zone, delivered general."""
        Assumption = self.env["credit.insurance.default.assumption"].sudo()
        zone = self.alfa.credit_zone_id
        own = Assumption.search([])
        shipped = {"company_id": False, "zone_id": zone.id, "margin": 0.03}
        Assumption.create([shipped, {"company_id": False, "margin": 0.04}])
        self.assertEqual(self.calculate().margin, 0.2)
        own_zone = Assumption.create({"zone_id": zone.id, "margin": 0.01})
        self.assertEqual(self.calculate().margin, 0.01)
        (own + own_zone).unlink()
        self.assertEqual(self.calculate().margin, 0.03)
        Assumption.search([("zone_id", "=", zone.id)]).unlink()
        self.assertEqual(self.calculate().margin, 0.04)

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

    def test_an_update_overwrites_nothing_entered_by_hand(self):
        """A field that comes with an update is computed for all rows, and with it, by
        the same method, what users have changed."""
        self.make_invoice(self.alfa, 40000.0)
        cost = self.calculate()
        cost.write({"at_risk": 1234.0, "covered_share": 0.5, "margin": 0.4})
        cost.flush_recordset()
        for name in ("liability_left", "recovered_tax"):
            self.env.add_to_compute(cost._fields[name], cost)
        cost.flush_recordset()
        self.env.invalidate_all()
        self.assertEqual(
            (cost.at_risk, cost.covered_share, cost.margin), (1234.0, 0.5, 0.4)
        )
        # another buyer: read anew
        other = self.make_buyer("BETA")
        self.make_invoice(other, 700.0)
        cost.partner_id = other
        self.assertEqual((cost.at_risk, cost.margin), (700.0, 0.2))

    def test_share_stays_when_the_amount_changes(self):
        """90 % of 10 000, less 1 000; nothing up to the claim threshold of 300."""
        self.make_invoice(self.alfa, 40000.0, "2026-09-01", "2026-11-30")
        cost = self.calculate()
        self.assertAlmostEqual(cost.covered_share, 0.9)
        cost.at_risk = 10000.0
        self.assertEqual((cost.covered, cost.indemnity), (9000.0, 8000.0))
        cost.write({"at_risk": 300.0, "deductible": 0.0})
        self.assertEqual((cost.claim_threshold, cost.indemnity), (300.0, 0.0))
        cost.at_risk = 301.0
        self.assertEqual(cost.indemnity, 270.9)

    def test_orders_not_shipped_are_not_at_risk(self):
        self.make_invoice(self.alfa, 10000.0, "2026-09-01", "2026-11-30")
        self.make_order(self.alfa, 20000.0)
        self.assertEqual(self.calculate().at_risk, 10000.0)

    def test_an_order(self):
        """Covered as what is owed is: 10 000 at 90 %. Where nothing is owed the
        position says nothing, and a person enters it."""
        order = self.make_order(self.alfa, 60000.0)
        untold = self.calculate(order_id=order.id)
        self.assertEqual((untold.at_risk, untold.covered), (60000.0, 0.0))
        self.make_invoice(self.alfa, 10000.0, "2026-09-01", "2026-11-30")
        self.env.invalidate_all()
        action = order.with_user(self.controller).action_credit_default_cost()
        cost = (
            self.env[action["res_model"]]
            .with_user(self.controller)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual((cost.order_id, cost.partner_id), (order, self.alfa))
        self.assertEqual(cost.at_risk, order.amount_total)
        self.assertEqual(cost.tax, order.amount_tax)
        self.assertEqual((cost.at_risk, cost.covered), (60000.0, 54000.0))

    def test_an_order_of_another_company(self):
        """Whoever works in one company opens the order of another: it counts there."""
        sister = self.env["res.company"].create({"name": "Sister"})
        self.controller.company_ids += sister
        order = self.make_order(self.alfa, 6000.0)
        action = (
            order.with_user(self.controller)
            .with_context(allowed_company_ids=(sister | self.company).ids)
            .action_credit_default_cost()
        )
        self.assertEqual(action["context"]["default_company_id"], self.company.id)
        cost = (
            self.env[action["res_model"]]
            .with_user(self.controller)
            .with_context(
                allowed_company_ids=(sister | self.company).ids, **action["context"]
            )
            .create({})
        )
        self.assertEqual((cost.company_id, cost.order_id), (self.company, order))

    def test_rows_of_the_print_add_up(self):
        self.make_invoice(self.alfa, 40000.0, "2026-09-01", "2026-11-30")
        cost = self.calculate(reputation=1000.0)
        cost.write({"tax": 8000.0, "recovered_tax": 0.5})
        # own share 5 000; goods 10 % x 10 % of 32 000: 320; VAT 4 000 of 8 000
        self.assertEqual((cost.goods, cost.tax_back), (320.0, 4000.0))
        # 5 000 - 320 - 4 000 + 6 000 + 863.01 + 1 000
        self.assertEqual(cost.loss, 8543.01)

    def test_fixed_costs_are_converted_and_a_company_has_its_own(self):
        """Delivered 1 500 EUR; at 2 dollars a euro a company in dollars pays 3 000."""
        Assumption = self.env["credit.insurance.default.assumption"].sudo()
        Assumption.search([]).write({"company_id": False})
        Cost = self.env["credit.insurance.default.cost"].sudo()
        dollar = self.env.ref("base.USD")
        dollar.active = True
        other = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Dollars", "currency_id": dollar.id})
        )
        self.env["res.currency.rate"].sudo().create(
            {
                "name": "2026-01-01",
                "currency_id": self.euro.id,
                "company_id": other.id,
                "rate": 0.5,
            }
        )
        values = {"partner_id": self.alfa.id, "company_id": other.id}
        cost = Cost.create(values)
        self.assertEqual(cost.legal_fixed, 3000.0)
        Assumption.create(
            {
                "company_id": other.id,
                "currency_id": dollar.id,
                "legal_fixed": 700.0,
            }
        )
        cost = Cost.create(values)
        self.assertEqual(cost.legal_fixed, 700.0)
        self.assertEqual(self.calculate().legal_fixed, 1500.0)

    def test_managers_change_the_rows_of_their_company_alone(self):
        Assumption = self.env["credit.insurance.default.assumption"]
        own = Assumption.search([])
        zone = self.alfa.credit_zone_id
        delivered = Assumption.sudo().create({"zone_id": zone.id, "company_id": False})
        manager = new_test_user(
            self.env,
            "cost_manager",
            groups="export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        own.with_user(manager).margin = 0.3
        self.assertEqual(own.margin, 0.3)
        with self.assertRaises(AccessError):
            delivered.with_user(manager).margin = 0.3

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
        for text in (b"Assumptions", b"Deductible", b"Waiting period, days"):
            self.assertIn(text, html)
        self.assertNotIn(b"VAT not recovered", html)

    def test_invoices_blocked_for_payment_count(self):
        tax = self.env["account.tax"].create(
            {"name": "VAT 20", "amount": 20.0, "company_id": self.company.id}
        )
        invoice = self.make_invoice(self.alfa, 1000.0, "2026-09-01", taxes=tax)
        invoice.payment_state = "blocked"
        self.env.flush_all()
        self.assertEqual(self.calculate().tax, 200.0)
