from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestContractViews(CreditInsuranceCommon):
    """The forms as the people who use them fill them in, with no other right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user, cls.controller, cls.manager = (
            new_test_user(
                cls.env,
                f"contract_form_{name}",
                f"base.group_user,export_credit_insurance.group_credit_{name}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("user", "controller", "manager")
        )

    def model(self, name, user):
        return self.env[name].with_user(user)

    def test_manager_enters_a_policy(self):
        with Form(self.model("credit.insurance.insurer", self.manager)) as form:
            form.name = "New insurer"
            form.code = "NEW"
        with Form(self.model("credit.insurance.policy", self.manager)) as form:
            form.name = "Whole turnover"
            form.number = "N-1"
            form.insurer_id = self.insurer
            form.date_start = "2026-01-01"
            with form.country_term_ids.new() as term:
                term.country_id = self.env.ref("base.br")
                term.insured_pct_named = 80.0
            with form.percentage_ids.new() as row:
                row.cover_kind = "manufacturing"
                row.percentage = 80.0
        policy = form.record
        policy.action_activate()
        self.assertEqual(policy.currency_id, self.euro)
        self.assertEqual(len(policy.year_ids), 1)

    def test_user_reads_policies(self):
        for policy in self.policy | self.make_policy(
            name="SR-1",
            number="SR-1",
            kind="single",
            order_ids=[
                Command.set(self.make_order(self.alfa, 10.0, confirm=False).ids)
            ],
        ):
            Form(policy.with_user(self.user))

    def test_user_asks_and_controller_answers(self):
        with Form(self.model("credit.insurance.limit", self.user)) as form:
            form.policy_id = self.policy
            form.partner_id = self.alfa
            form.requested_amount = 25000.0
        limit = form.record
        limit.action_request()
        action = limit.with_user(self.controller).action_record_decision()
        wizard = self.model(action["res_model"], self.controller)
        form = Form(wizard.with_context(**action["context"]))
        form.answer = "refused"
        form.reason_code = "12"
        form.save().action_record()
        self.assertEqual(limit.state, "refused")
        Form(limit)

    def test_controller_justifies_a_discretionary_limit(self):
        with Form(self.model("credit.insurance.limit", self.controller)) as form:
            form.policy_id = self.policy
            form.partner_id = self.alfa
            form.kind = "discretionary"
            form.amount = 8000.0
            form.date_to = "2099-03-31"
            form.justification_method = "report"
            form.evidence = "Credit report of 20 September 2026, score 71"
        form.record.action_validate()
        self.assertEqual(form.record.state, "approved")

    def test_controller_records_a_security(self):
        with Form(self.model("credit.insurance.security", self.controller)) as form:
            form.name = "LC 26/1"
            form.partner_id = self.alfa
            form.amount = 40000.0
            form.date_from = "2026-09-01"
            form.latest_shipment_date = "2026-11-24"
            form.date_to = "2026-12-15"
        form.record.action_activate()
        form.record.order_ids = self.make_order(self.alfa, 10.0, confirm=False)
        Form(form.record.with_user(self.user))

    def test_controller_accepts_own_risk(self):
        with Form(self.model("credit.insurance.own.risk", self.controller)) as form:
            form.partner_id = self.alfa
            form.amount = 5000.0
            form.reason = "Strategic customer"
        self.assertEqual(form.record.author_id, self.controller)
        with Form(form.record) as form:
            form.date_to = "2099-12-31"
