from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestSharedLimit(PositionCommon):
    """One number of the insurer's, several companies: one limit (DESIGN 4)."""

    def test_shared_buyer_number(self):
        branch = self.make_buyer("ALFA Sud")
        self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="N-1")
        self.make_limit(
            branch,
            0.0,
            state="refused",
            request_type="increase",
            insurer_buyer_ref="N-1",
        )
        first = self.make_invoice(self.alfa, 70000.0, day="2026-08-01")
        second = self.make_invoice(branch, 50000.0, day="2026-09-01")
        for buyer, exposure in ((self.alfa, 70000.0), (branch, 50000.0)):
            position = self.get_position(buyer)
            self.assertEqual(position.exposure, exposure)
            self.assertEqual(position.limit, 100000.0)
            # 70 000 + 50 000
            self.assertEqual(position.exposure_limit_currency, 120000.0)
            self.assertEqual(position.headroom_limit_currency, -20000.0)
        self.assertCover(self.rows(self.alfa)[first.id], base_amount=70000.0)
        # 100 000 − 70 000 for the later one
        self.assertCover(self.rows(branch)[second.id], base_amount=30000.0)
        self.assertEqual(float(self.get_totals(branch)["covered"]), 27000.0)

    def test_stop_and_insolvency_hold_for_the_number(self):
        branch = self.make_buyer("ALFA Sud")
        self.make_limit(self.alfa, 100000.0, insurer_buyer_ref="N-1")
        self.make_limit(branch, 1000.0, date_to="2026-01-02", insurer_buyer_ref="N-1")
        self.make_invoice(branch, 500.0, day="2026-09-10")
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-01"}
        )
        position = self.get_position(branch)
        self.assertEqual(position.stop_cause, "insolvency")
        (row,) = self.get_cover(branch)
        self.assertEqual(row["exclusion_reason"], "shipped_after_stop")

    def test_same_number_of_another_insurer_is_another_buyer(self):
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Other", "code": "OTHER"}
        )
        policy = self.make_policy(name="P-2", sequence=50, insurer_id=other.id)
        beta = self.make_buyer("BETA")
        self.make_limit(self.alfa, 1000.0, insurer_buyer_ref="N-1")
        self.make_limit(beta, 500.0, policy=policy, insurer_buyer_ref="N-1")
        self.make_invoice(beta, 700.0)
        self.assertEqual(self.get_position(self.alfa).headroom, 1000.0)

    def _second_company(self):
        data = self.setup_other_company()
        company = data["company"]
        company.write(
            {"currency_id": self.euro.id, "country_id": self.env.ref("base.fr").id}
        )
        return company

    def _invoice_in(self, company, amount, day="2026-09-05", post=True):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.alfa.id,
                    "company_id": company.id,
                    "invoice_date": day,
                    "invoice_date_due": "2026-12-01",
                    "currency_id": self.euro.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": amount, "tax_ids": []}
                        )
                    ],
                }
            )
        )
        if post:
            move.action_post()
        return move

    def test_two_companies_on_one_policy(self):
        company = self._second_company()
        self.policy.company_ids = [Command.link(company.id)]
        self.make_limit(self.alfa, 100000.0)
        mine = self.make_invoice(self.alfa, 70000.0, day="2026-09-01")
        theirs = self._invoice_in(company, 50000.0)
        position = self.get_position(self.alfa)
        # the exposure of this company, the headroom of both
        self.assertEqual(position.exposure, 70000.0)
        self.assertEqual(position.headroom_limit_currency, -20000.0)
        other = self.position._get_credit_position(self.alfa, company, self.today)
        self.assertEqual(other[self.alfa].exposure, 50000.0)
        self.assertEqual(other[self.alfa].headroom_limit_currency, -20000.0)
        self.assertCover(self.rows(self.alfa)[mine.id], base_amount=70000.0)
        query = self.position._query(company, self.today, self.alfa)
        (row,) = self.position._execute(query.cover(0))
        self.assertEqual(row["move_id"], theirs.id)
        self.assertCover(row, base_amount=30000.0)

    def test_drafts_of_one_company_are_no_exposure_of_another(self):
        company = self._second_company()
        self.policy.company_ids = [Command.link(company.id)]
        (self.company + company).credit_count_draft_invoices = True
        self.make_limit(self.alfa, 1000.0)
        self.make_invoice(self.alfa, 300.0, post=False)
        self._invoice_in(company, 200.0, post=False)
        # also where the exposure alone is asked for
        position = self.assertExposure(self.alfa, draft=300.0)
        # 1 000 − 300 − 200
        self.assertEqual(position.headroom_limit_currency, 500.0)

    def test_receipts_of_one_company_pay_no_debt_of_another(self):
        company = self._second_company()
        self.policy.company_ids = [Command.link(company.id)]
        self.make_limit(self.alfa, 100000.0)
        self._invoice_in(company, 500.0, day="2026-08-01")
        mine = self.make_invoice(self.alfa, 700.0)
        self.make_receipt(self.alfa, 200.0)
        self.assertCover(self.rows(self.alfa)[mine.id], eligible_amount=500.0)
        self.assertEqual(self.get_position(self.alfa).headroom, 99000.0)

    def test_explanation_tells_the_companies_apart(self):
        company = self._second_company()
        self.policy.company_ids = [Command.link(company.id)]
        self.make_limit(self.alfa, 1000.0)
        self.make_invoice(self.alfa, 300.0)
        self._invoice_in(company, 200.0)
        found = self.position._explain(self.alfa, self.company, self.today)
        (headroom,) = [s for s in found["sections"] if s["key"] == "headroom"]
        self.assertEqual(
            [row["amount"] for row in headroom["rows"]], [1000.0, -300.0, -200.0]
        )
        self.assertEqual(headroom["amount"], 500.0)


@tagged("post_install", "-at_install")
class TestSeveralPolicies(PositionCommon):
    """Single transactions apart, then the first that applies (DESIGN 4, DOMAIN 1.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amina = cls.make_buyer("AMINA", country="ma")
        quotation = cls.make_order(cls.amina, 1.0, confirm=False)
        cls.single = cls.make_policy(
            name="SR-1",
            kind="single",
            sequence=1,
            insured_pct_named=95.0,
            order_ids=[Command.set(quotation.ids)],
        )

    def _single_order(self):
        order = self.make_order(self.amina, 50000.0)
        self.single.order_ids = order
        self.make_limit(self.amina, 50000.0, policy=self.single)
        return order

    def test_single_risk(self):
        """POL-26 leaves Morocco out; SR-1 insures the contract: 50 000 × 95 %."""
        self.policy.country_term_ids = [
            (
                0,
                0,
                {"country_id": self.env.ref("base.ma").id, "cover_status": "off_cover"},
            )
        ]
        order = self._single_order()
        order.order_line.qty_delivered = 50000.0
        invoice = self.invoice_order(order)
        row = self.rows(self.amina)[invoice.id]
        self.assertEqual(row["policy_id"], self.single.id)
        self.assertCover(row, covered_amount=47500.0)
        found = self.position._get_order_positions(order, self.today)[order]
        self.assertEqual(found.policy, self.single)
        self.assertEqual(found.limit, 50000.0)

    def test_its_exposure_leaves_the_global_limit(self):
        self.make_limit(self.amina, 30000.0)
        order = self._single_order()
        self.make_invoice(self.amina, 10000.0)
        general = self.get_position(self.amina)
        self.assertEqual(general.exposure, 60000.0)
        self.assertEqual(general.policy, self.policy)
        # 30 000 − 10 000
        self.assertEqual(general.headroom_limit_currency, 20000.0)
        own = self.get_position(self.amina, policy=self.single, orders=order)
        self.assertEqual(own.headroom_limit_currency, 50000.0)
        self.assertEqual(own.order_amount(order).limit_currency, 50000.0)

    def test_each_policy_keeps_its_currency(self):
        self.clear_rates()
        self.set_rate(self.dollar, 1.1)
        self.make_limit(self.amina, 30000.0)
        order = self.make_order(self.amina, 50000.0)
        self.single.order_ids = order
        self.make_limit(
            self.amina,
            60000.0,
            policy=self.single,
            date_from="2026-09-01",
            currency_id=self.dollar.id,
        )
        general = self.get_position(self.amina)
        self.assertEqual((general.limit, general.limit_currency.name), (30000.0, "EUR"))
        own = self.get_position(self.amina, policy=self.single)
        self.assertEqual((own.limit, own.limit_currency.name), (60000.0, "USD"))
        # EUR 50 000 × 1.1
        self.assertEqual(own.headroom_limit_currency, 5000.0)

    def test_receipt_pays_the_oldest_under_whatever_policy(self):
        self.clear_rates()
        self.set_rate(self.dollar, 1.1)
        self.make_limit(self.amina, 30000.0)
        order = self.make_order(self.amina, 1000.0)
        self.single.order_ids = order
        self.make_limit(
            self.amina, 60000.0, policy=self.single, currency_id=self.dollar.id
        )
        old = self.invoice_order(order, day="2026-09-01")
        new = self.make_invoice(self.amina, 500.0, day="2026-09-10")
        self.make_receipt(self.amina, 1200.0)
        rows = self.rows(self.amina)
        self.assertCover(rows[old.id], received_amount=1000.0, eligible_amount=0.0)
        self.assertCover(rows[new.id], received_amount=200.0, eligible_amount=300.0)

    def test_named_buyers_policy(self):
        named = self.make_policy(
            name="NB", kind="buyer", sequence=5, insured_pct_named=80.0
        )
        self.make_limit(self.alfa, 1000.0)
        self.make_limit(self.alfa, 5000.0, policy=named)
        self.make_limit(self.amina, 1000.0)
        self.assertEqual(self.get_position(self.alfa).policy, named)
        self.assertEqual(self.get_position(self.amina).policy, self.policy)
        invoice = self.make_invoice(self.alfa, 1000.0)
        # the first in sequence alone: limits never add up
        self.assertEqual(self.get_position(self.alfa).limit, 5000.0)
        self.assertCover(self.rows(self.alfa)[invoice.id], covered_amount=800.0)

    def test_whole_turnover_policies_never_add_up(self):
        second = self.make_policy(name="P-2", sequence=20)
        self.make_limit(self.alfa, 1000.0)
        self.make_limit(self.alfa, 5000.0, policy=second)
        self.assertEqual(self.get_position(self.alfa).limit, 1000.0)
        self.policy.sequence = 30
        self.assertEqual(self.get_position(self.alfa).limit, 5000.0)
