from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import new_test_user, tagged

from .common import DecisionCommon

MODELS = (
    "credit.insurance.hold",
    "credit.insurance.hold.finding",
    "credit.insurance.clearance",
    "credit.insurance.anchor",
)
SECRETS = ("Atlas", "POL-26", "refus", "insurer", "130,000")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDecisionSecurity(DecisionCommon):
    """Nobody forges a decision; nobody reads what is not for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_nobody_writes_decisions(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        passed = self.make_quotation(1000.0)
        passed.action_confirm()
        records = {
            "credit.insurance.hold": hold,
            "credit.insurance.hold.finding": hold.finding_ids,
            "credit.insurance.clearance": self.clearance_of(passed),
            "credit.insurance.anchor": self.env["credit.insurance.anchor"].search([]),
        }
        for user in (self.salesman, self.user, self.controller, self.manager):
            for name, record in records.items():
                with self.subTest(user=user.login, model=name):
                    self.assertTrue(record)
                    own = record.with_user(user)
                    with self.assertRaises(AccessError):
                        own.write({})
                        own.write({"partner_id": self.alfa.id})
                    with self.assertRaises(AccessError):
                        own.unlink()
                    with self.assertRaises(AccessError):
                        own.create([{}])

    def test_forged_release_through_defaults_and_context(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        forged = {
            "default_state": "released",
            "default_release_amount": 99999.0,
            "default_release_until": "2027-01-01",
            "default_requested_by": self.manager.id,
        }
        order.with_context(**forged).action_request_credit_release("again")
        renewed = order.sudo().credit_hold_id
        self.assertNotEqual(renewed, hold)
        self.assertEqual(renewed.state, "open")
        self.assertEqual(renewed.requested_by, self.salesman)
        with self.assertRaises(RedirectWarning):
            order.with_context(**forged).action_confirm()

    def test_salesperson_reads_no_hold(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        for name in MODELS:
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.salesman).search_count([])
        with self.assertRaises(AccessError):
            hold.with_user(self.salesman).read(["state"])

    def test_salesperson_sees_only_authorised_credit(self):
        order = self.make_quotation(45000.0)
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        message = refusal.exception.args[0]
        summary = order.credit_check_summary
        for text in (message, summary):
            self.assertIn("Authorised credit exceeded by 17,000.00", text)
            self.assertIn("prepayment", text)
            for secret in SECRETS:
                self.assertNotIn(secret, text)
        insider = order.with_user(self.user)
        self.assertIn("130,000.00", insider.credit_check_summary)

    def test_refused_limit_is_not_told_to_salespeople(self):
        beta = self.make_buyer("BETA")
        self.make_limit(
            beta, 0.0, state="refused", request_type="new", requested_amount=5000.0
        )
        order = self.make_quotation(3000.0, partner=beta)
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        for secret in SECRETS:
            self.assertNotIn(secret, refusal.exception.args[0])
        self.assertIn("3,000.00", refusal.exception.args[0])

    def test_portal_user_reads_none_of_our_fields(self):
        portal = new_test_user(self.env, "credit-pia", "base.group_portal")
        order = self.make_quotation(1000.0, partner=portal.partner_id).sudo()
        order.message_subscribe(portal.partner_id.ids)
        own = order.with_user(portal).sudo(False)
        own.read(["name"])
        for name in (
            "credit_check_state",
            "credit_check_summary",
            "credit_hold_id",
            "credit_hold_state",
            "credit_hold_ids",
            "credit_exposure_after",
            "credit_headroom_after",
            "credit_company_currency_id",
            "credit_gauge",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                own.read([name])
        with self.assertRaises(AccessError):
            own.action_request_credit_release()

    def test_salesperson_asks_only_for_own_orders(self):
        pete = new_test_user(
            self.env,
            "credit-pete",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self.make_quotation(45000.0, user_id=self.salesman.id)
        with self.assertRaises(AccessError):
            order.with_user(pete).action_request_credit_release()

    def test_other_companies_see_no_holds(self):
        other = self.setup_other_company(name="Stranger")["company"]
        stranger = new_test_user(
            self.env,
            "credit-otto",
            "export_credit_insurance.group_credit_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        hold = self.ask_release(self.make_quotation(45000.0))
        holds = self.env["credit.insurance.hold"].with_user(stranger)
        self.assertFalse(holds.search([]))
        with self.assertRaises(AccessError):
            hold.with_user(stranger).action_release()
        with self.assertRaises(AccessError):
            self.release(hold, user=stranger)

    def test_a_request_is_its_authors_alone(self):
        """Another salesperson, who reads the order, finds no dialogue of Sam's."""
        sally = new_test_user(
            self.env,
            "credit-sally",
            "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self.make_quotation(45000.0)
        request = (
            self.env["credit.insurance.hold.request"]
            .with_user(self.salesman)
            .with_context(active_ids=order.ids)
            .create({"reason": "Friday"})
        )
        line = request.line_ids
        # who asks sees the buyer and the total
        self.assertRecordValues(
            line,
            [
                {
                    "order_id": order.id,
                    "partner_id": self.alfa.id,
                    "currency_id": self.euro.id,
                    "amount": 45000.0,
                }
            ],
        )
        self.env.flush_all()
        for record, change in (
            (request, {"reason": "Never mind"}),
            (line, {"amount": 99000.0}),
        ):
            self.assertTrue(record.search([("id", "in", record.ids)]))
            for user in (sally, self.user, self.manager):
                theirs = record.with_user(user)
                with self.subTest(model=record._name, user=user.login):
                    self.assertFalse(theirs.search([("id", "in", record.ids)]))
                    self.env.invalidate_all()
                    with self.assertRaises(AccessError):
                        theirs.read()
                    with self.assertRaises(AccessError):
                        theirs.write(change)
        with self.assertRaises(AccessError):
            line.with_user(sally).unlink()
        with self.assertRaises(AccessError):
            line.with_user(sally).create(
                {"request_id": request.id, "order_id": order.id}
            )
        with self.assertRaises(AccessError):
            request.with_user(sally).action_send()
        request.action_send()
        self.assertEqual(order.credit_hold_state, "open")

    def test_a_request_shows_no_order_of_others(self):
        """Not even in a form that is never saved."""
        pete = new_test_user(
            self.env,
            "credit-pete",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self.make_quotation(45000.0)
        lines = self.env["credit.insurance.hold.request.line"].with_user(pete)
        for name in ("partner_id", "currency_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                lines.new({"order_id": order.id})[name]

    def test_a_decision_is_its_authors_alone(self):
        """A colleague's words, and another company's figures, stay theirs."""
        hold = self.ask_release(self.make_quotation(45000.0))
        decision = (
            self.env["credit.insurance.hold.decision"]
            .with_user(self.controller)
            .create({"hold_id": hold.id, "decision": "refuse", "reason": "Overdue"})
        )
        # 45 000 ordered, 28 000 left: 17 000 at own risk
        self.assertEqual(decision.own_risk_amount, 17000.0)
        self.env.flush_all()
        self.env.invalidate_all()
        theirs = decision.with_user(self.manager)
        self.assertFalse(theirs.search([("id", "=", decision.id)]))
        with self.assertRaises(AccessError):
            theirs.read()
        with self.assertRaises(AccessError):
            theirs.write({"decision": "release"})
        with self.assertRaises(AccessError):
            theirs.action_confirm()

        other = self.setup_other_company(name="Stranger")["company"]
        stranger = new_test_user(
            self.env,
            "credit-otto",
            "export_credit_insurance.group_credit_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        decisions = theirs.with_user(stranger)
        for name in ("own_risk_amount", "request_reason", "release_amount"):
            self.env.invalidate_all()
            with self.subTest(name), self.assertRaises(AccessError):
                decisions.new({"hold_id": hold.id, "decision": "release"})[name]
