from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CreditInsuranceCommon

MODELS = (
    "credit.insurance.insurer",
    "credit.insurance.policy",
    "credit.insurance.policy.year",
    "credit.insurance.policy.percentage",
    "credit.insurance.policy.country.term",
    "credit.insurance.limit",
    "credit.insurance.security",
    "credit.insurance.own.risk",
)
CONTROLLER_MODELS = (
    "credit.insurance.limit",
    "credit.insurance.security",
    "credit.insurance.own.risk",
)


@tagged("post_install", "-at_install")
class TestContractAccess(CreditInsuranceCommon):
    """Users ask for limits, controllers record decisions, managers configure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.make_user("user", "group_credit_user")
        cls.controller = cls.make_user("controller", "group_credit_controller")
        cls.manager = cls.make_user("manager", "group_credit_manager")
        cls.employee = new_test_user(cls.env, "contract_employee", "base.group_user")
        cls.portal = new_test_user(cls.env, "contract_portal", "base.group_portal")

    @classmethod
    def make_user(cls, name, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"contract_{name}",
            f"base.group_user,export_credit_insurance.{group}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def may(self, user, model):
        return {
            operation
            for operation in ("read", "write", "create", "unlink")
            if self.env[model].with_user(user).has_access(operation)
        }

    def test_matrix(self):
        everything = {"read", "write", "create", "unlink"}
        for model in MODELS:
            with self.subTest(model=model):
                asks = model == "credit.insurance.limit"
                decides = model in CONTROLLER_MODELS
                self.assertEqual(self.may(self.portal, model), set())
                self.assertEqual(self.may(self.employee, model), set())
                self.assertEqual(
                    self.may(self.user, model),
                    {"read", "write", "create"} if asks else {"read"},
                )
                self.assertEqual(
                    self.may(self.controller, model),
                    everything if decides else {"read"},
                )
                self.assertEqual(self.may(self.manager, model), everything)

    def ask(self, user, **values):
        return (
            self.env["credit.insurance.limit"]
            .with_user(user)
            .create(
                {
                    "policy_id": self.policy.id,
                    "partner_id": self.alfa.id,
                    "requested_amount": 10000.0,
                    **values,
                }
            )
        )

    def test_users_ask_and_controllers_decide(self):
        limit = self.ask(self.user)
        limit.action_request()
        self.assertEqual(limit.state, "requested")
        with self.assertRaises(AccessError):
            limit._record_decision("approved")
        with self.assertRaises(AccessError):
            limit.action_record_decision()
        limit.with_user(self.controller)._record_decision("approved")
        self.assertEqual(limit.state, "approved")

    def test_users_cannot_write_a_decision(self):
        for values in (
            {"state": "approved", "amount": 10000.0},
            {"amount": 10000.0},
            {"kind": "discretionary", "state": "approved", "amount": 1.0},
            {"insurer_buyer_ref": "4711"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.ask(self.user, **values)
        limit = self.ask(self.user)
        for values in ({"insurer_buyer_ref": "4711"}, {"state": "approved"}):
            with (
                self.subTest(values=values),
                self.assertRaises(UserError),
            ):
                limit.write(values)

    def test_no_context_opens_a_decided_line(self):
        line = self.make_limit(self.alfa, 10000.0)
        for user in (self.user, self.controller, self.manager):
            mine = line.with_user(user).with_context(
                import_file=True, tracking_disable=True, force=True, install_mode=True
            )
            with self.assertRaises(UserError):
                mine.write({"amount": 99999.0})

    def test_other_companies_see_nothing(self):
        self.make_alfa_limits()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stranger", "group_credit_manager", other)
        for model in ("credit.insurance.policy", "credit.insurance.limit"):
            records = self.env[model].with_user(stranger)
            self.assertFalse(records.search([]))
        with self.assertRaises(AccessError):
            self.policy.with_user(stranger).read(["name"])
        self.policy.company_ids += other
        self.assertTrue(
            self.env["credit.insurance.limit"].with_user(stranger).search([])
        )

    def test_partner_fields_need_a_credit_group(self):
        for user in (self.portal, self.employee):
            partner = self.alfa.with_user(user)
            for name in ("insured_limit_line_ids", "own_risk_limit"):
                with self.subTest(user=user.login, field=name):
                    self.assertFalse(
                        partner._has_field_access(partner._fields[name], "read")
                    )
        self.assertEqual(self.alfa.with_user(self.user).own_risk_limit, 0.0)
