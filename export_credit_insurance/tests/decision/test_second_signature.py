from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestSecondSignature(DecisionCommon):
    """From a sum on two people sign; neither is who asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.row = cls.env["credit.insurance.release.authority"].create(
            {"group_id": cls.env.ref(CONTROLLERS).id, "second_from": 40000.0}
        )
        cls.second = new_test_user(
            cls.env,
            "credit-cora",
            "sales_team.group_sale_salesman_all_leads," + CONTROLLERS,
            name="Cora",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def sign_first(self, amount=45000.0, **values):
        order = self.make_quotation(amount)
        hold = self.ask_release(order)
        self.release(hold, **values)
        return order, hold

    def test_below_the_sum_one_signature_releases(self):
        _order, hold = self.sign_first(39999.99)
        self.assertEqual(hold.state, "released")
        self.assertFalse(hold.first_signed_by)

    def test_first_signature_releases_nothing(self):
        order, hold = self.sign_first(40000.0, release_until="2026-10-20")
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "first_signed_by": self.controller.id,
                    "release_kind": "own_risk",
                    "release_amount": 40000.0,
                    "reason": "Good customer",
                    "decided_by": False,
                    "signature_state": "second",
                }
            ],
        )
        self.assertEqual(order.credit_check_state, "held")
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertFalse(order.sudo().activity_ids)

    def test_second_signature_confirms_what_was_signed(self):
        order, hold = self.sign_first(release_until="2026-10-20")
        self.release(hold, user=self.second, release_amount=99000.0, reason=False)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "first_signed_by": self.controller.id,
                    "decided_by": self.second.id,
                    "release_amount": 45000.0,
                    "reason": "Good customer",
                    "release_own_risk": 17000.0,
                }
            ],
        )
        self.assertEqual(str(hold.release_until), "2026-10-20")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_dialogue_of_the_second(self):
        _order, hold = self.sign_first()
        action = hold.with_user(self.second).action_release()
        decisions = self.env[action["res_model"]].with_user(self.second)
        form = Form(decisions.with_context(**action["context"]))
        self.assertEqual(form.second_to, self.controller)
        self.assertIn("Carl", form.signature_text)
        self.assertIn("45,000.00", form.signature_text)
        form.save().action_confirm()
        self.assertEqual(hold.state, "released")

    def test_who_signed_first_does_not_sign_again_but_may_withdraw(self):
        _order, hold = self.sign_first()
        with self.assertRaises(AccessError):
            self.release(hold)
        with self.assertRaises(AccessError):
            hold.with_user(self.controller).action_release()
        hold.with_user(self.controller)._refuse("I was wrong")
        self.assertEqual(hold.state, "refused")

    def test_who_asks_signs_neither(self):
        order = self.make_quotation(45000.0, user=self.second)
        hold = self.ask_release(order)
        with self.assertRaises(AccessError):
            self.release(hold, user=self.second)
        self.release(hold)
        with self.assertRaises(AccessError):
            self.release(hold, user=self.second)
        self.release(hold, user=self.manager)
        self.assertEqual(hold.state, "released")

    def test_the_second_needs_the_authority_himself(self):
        self.env["credit.insurance.release.authority"].create(
            {"user_id": self.second.id, "amount_max": 44999.99}
        )
        _order, hold = self.sign_first()
        with self.assertRaises(AccessError):
            self.release(hold, user=self.second)
        with self.assertRaises(AccessError):
            self.release(hold, user=self.user)
        self.release(hold, user=self.manager)
        self.assertEqual(hold.state, "released")

    def test_the_second_may_refuse(self):
        order, hold = self.sign_first()
        hold.with_user(self.second)._refuse("Too much")
        self.assertEqual((hold.state, hold.reason), ("refused", "Too much"))
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_nobody_confirms_what_he_has_not_seen(self):
        """Cora fills in her dialogue while Carl signs another release."""
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        decision = (
            self.env["credit.insurance.hold.decision"]
            .with_user(self.second)
            .create({"hold_id": hold.id, "decision": "release", "reason": "Fine"})
        )
        self.release(hold, release_amount=90000.0)
        with self.assertRaises(UserError):
            decision.action_confirm()
        self.assertEqual(hold.state, "open")

    def test_what_was_signed_has_to_hold_still(self):
        order, hold = self.sign_first(release_until="2026-10-05")
        with freeze_time("2026-10-06 12:00:00"), self.assertRaises(ValidationError):
            self.release(hold, user=self.second)
        self.set_amount(order, 46000.0)
        with self.assertRaises(ValidationError):
            self.release(hold, user=self.second)

    def test_a_new_request_starts_over(self):
        order, hold = self.sign_first()
        again = self.ask_release(order)
        self.assertEqual(hold.state, "obsolete")
        self.assertFalse(again.first_signed_by)
        self.release(again)
        self.assertEqual(again.state, "open")

    def test_the_others_are_asked_for_the_second(self):
        _order, hold = self.sign_first()
        told = hold.activity_ids.user_id
        self.assertIn(self.second, told)
        self.assertIn(self.manager, told)
        self.assertNotIn(self.controller, told)
        self.assertIn("Second signature", hold.activity_ids[0].summary)

    def test_managers_sign_alone(self):
        hold = self.ask_release(self.make_quotation(45000.0))
        self.release(hold, user=self.manager)
        self.assertEqual(hold.state, "released")

    def test_both_signers_have_used_own_risk(self):
        # 17 000 of 45 000 are at own risk: signed by one, then by both
        self.row.own_risk_month = 20000.0
        _order, hold = self.sign_first()
        other = self.ask_release(self.make_quotation(38000.0))  # 10 000
        with self.assertRaises(AccessError):
            self.release(other)
        self.release(hold, user=self.second)
        with self.assertRaises(AccessError):
            self.release(other, user=self.second)
        self.release(other, user=self.manager)

    def test_sanctions_are_signed_by_two_managers(self):
        managers = self.env.ref("export_credit_insurance.group_credit_manager")
        self.env["credit.insurance.release.authority"].create(
            {"group_id": managers.id, "second_from": 1.0}
        )
        other = new_test_user(
            self.env,
            "credit-max",
            "export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.make_event("sanctioned")
        order = self.make_quotation(100.0)
        hold = self.ask_release(order)
        file = self.make_file(self.manager)
        self.release(
            hold,
            user=self.manager,
            legal_basis="Licence 12",
            attachment_ids=file.ids,
        )
        with self.assertRaises(AccessError):
            self.release(hold, user=self.second)
        self.release(hold, user=other)
        self.assertRecordValues(
            hold, [{"state": "released", "legal_basis": "Licence 12"}]
        )
        self.assertEqual(hold.attachment_ids, file)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
