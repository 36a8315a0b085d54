from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestRelease(DecisionCommon):
    """What a release lets go, up to what, until when; it creates no cover."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_request_keeps_the_figures(self):
        # 45 000 against 28 000 left: 28 000 within the limit, 17 000 at own risk
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "amount": 45000.0,
                    "limit_amount": 130000.0,
                    "exposure": 102000.0,
                    "headroom_before": 28000.0,
                    "order_amount": 45000.0,
                    "missing_amount": 17000.0,
                    "insured_amount": 28000.0,
                    "own_risk_amount": 17000.0,
                    "requested_by": self.salesman.id,
                    "main_code": "over_limit",
                }
            ],
        )
        self.assertRecordValues(
            hold.finding_ids,
            [
                {"code": "over_limit", "severity": "block", "amount": 17000.0},
            ],
        )
        self.assertEqual(order.credit_hold_id, hold)
        self.assertEqual(order.credit_check_state, "held")
        self.assertEqual(order.state, "draft")

    def test_controllers_are_told_but_not_who_asks(self):
        hold = self.ask_release(self.make_quotation(45000.0, user=self.controller))
        told = hold.activity_ids.user_id
        self.assertIn(self.manager, told)
        self.assertNotIn(self.controller, told)
        self.assertNotIn(self.salesman, told)
        self.company.sudo().credit_controller_id = self.manager
        hold = self.ask_release(self.make_quotation(46000.0))
        self.assertEqual(hold.activity_ids.user_id, self.manager)

    def test_released_order_is_confirmed(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.release(hold)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "release_kind": "own_risk",
                    "release_amount": 45000.0,
                    "decided_by": self.controller.id,
                }
            ],
        )
        self.assertEqual(str(hold.release_until), "2026-10-31")
        self.assertFalse(hold.activity_ids)
        self.assertEqual(order.sudo().activity_ids.user_id, self.salesman)
        note = order.sudo().message_ids[0]
        self.assertTrue(note.subtype_id.internal or note.is_internal)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.hold_id, hold)
        self.assertEqual(clearance.own_risk_amount, 17000.0)
        self.assertEqual(clearance.headroom_after, -17000.0)

    def test_dialogue_from_the_refusal(self):
        order = self.make_quotation(45000.0)
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        context = refusal.exception.args[3]
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        form = Form(requests.with_context(**context))
        form.reason = "The customer pays on Friday."
        form.save().action_send()
        self.assertEqual(order.credit_hold_state, "open")
        found = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .search([("credit_hold_state", "=", "open")])
        )
        self.assertEqual(found, order)
        self.assertIn(
            order,
            self.env["sale.order"].search([("credit_hold_id", "!=", False)]),
        )

    def test_growth_is_released_up_to_what_was_asked(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        with self.assertRaises(RedirectWarning) as refusal:
            self.add_line(order, 2000.0)
        self.assertEqual(
            refusal.exception.args[3]["credit_requested_amounts"],
            {str(order.id): 30000.0},
        )
        order.action_request_credit_release("Spare parts", {order.id: 30000.0})
        hold = order.sudo().credit_hold_id
        self.assertEqual((hold.amount, hold.missing_amount), (30000.0, 2000.0))
        self.release(hold)
        self.add_line(order, 2000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 30000.0)
        with self.assertRaises(RedirectWarning):
            self.add_line(order, 1.0)

    def test_nothing_to_release(self):
        order = self.make_quotation(28000.0)
        with self.assertRaisesRegex(UserError, "No credit finding blocks"):
            order.action_request_credit_release()

    def test_second_request_replaces_the_first(self):
        order = self.make_quotation(45000.0)
        first = self.ask_release(order)
        self.set_amount(order, 50000.0)
        second = self.ask_release(order)
        self.assertEqual((first.state, second.state), ("obsolete", "open"))
        self.assertEqual(second.missing_amount, 22000.0)

    # ----------------------------------------------------------- what it covers

    def test_release_ends_with_its_amount(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.release(hold, release_amount=45001.0)
        self.set_amount(order, 45002.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.set_amount(order, 45001.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_is_no_less_than_the_order(self):
        # 40 000 and 12.5 % of tax make 45 000
        tax = self.env["account.tax"].create({"name": "VAT", "amount": 12.5})
        order = self.make_quotation(40000.0, taxes=tax)
        self.assertEqual(order.amount_total, 45000.0)
        hold = self.ask_release(order)
        for amount in (40000.0, 44999.99):
            with self.assertRaises(ValidationError) as refusal:
                self.release(hold, release_amount=amount)
            self.assertIn(f"{amount:,.2f}", str(refusal.exception))
            self.assertIn("45,000.00", str(refusal.exception))
            self.assertEqual(hold.state, "open")
        self.set_amount(order, 41000.0)  # since it was asked for: 46 125 with tax
        with self.assertRaisesRegex(ValidationError, "46,125.00"):
            self.release(hold)
        self.set_amount(order, 40000.0)
        self.release(hold)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_of_part_of_the_growth_asked_for(self):
        # 28 000 confirmed, 30 000 asked for: 29 000 are no less than what there is
        order = self.make_quotation(28000.0)
        order.action_confirm()
        order.action_request_credit_release("Spare parts", {order.id: 30000.0})
        self.release(order.sudo().credit_hold_id, release_amount=29000.0)
        self.add_line(order, 1000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 29000.0)

    def test_release_of_an_order_that_has_another_buyer_now(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        order.partner_invoice_id = self.make_buyer("BETA")
        with self.assertRaisesRegex(ValidationError, "asked for again"):
            self.release(hold)

    def test_release_ends_with_its_day(self):
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order), release_until="2026-10-10")
        with freeze_time("2026-10-11 12:00:00"), self.assertRaises(RedirectWarning):
            order.action_confirm()
        with freeze_time("2026-10-10 12:00:00"):
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_serves_one_debtor(self):
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        order.partner_invoice_id = self.make_buyer("BETA")
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_release_is_not_taken_along_by_copy_or_cancel(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.release(hold)
        copy = order.copy()
        with self.assertRaises(RedirectWarning):
            copy.action_confirm()
        order.action_confirm()
        order.action_cancel()
        self.assertEqual(hold.state, "obsolete")
        order.action_draft()
        with self.assertRaises(RedirectWarning):
            order.action_confirm()

    def test_released_order_uses_the_headroom(self):
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        order.action_confirm()
        with self.assertRaises(RedirectWarning):
            self.make_quotation(1000.0).action_confirm()

    # ----------------------------------------------------------------- life cycle

    def test_hold_is_obsolete_once_cover_comes_back(self):
        order = self.make_quotation(45000.0)
        other = self.make_quotation(60000.0)
        hold, stays = self.ask_release(order), self.ask_release(other)
        self.make_receipt(self.alfa, 17000.0, day="2026-10-01")
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_refresh_credit_holds"
            ).method_direct_trigger()
        self.assertEqual((hold.state, stays.state), ("obsolete", "open"))
        self.assertEqual(order.sudo().activity_ids.user_id, self.salesman)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_hold_is_obsolete_once_the_order_passes_or_is_cancelled(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.set_amount(order, 20000.0)
        order.action_confirm()
        self.assertEqual(hold.state, "obsolete")
        other = self.make_quotation(60000.0)
        hold = self.ask_release(other)
        other.action_cancel()
        self.assertEqual(hold.state, "obsolete")

    def test_days_are_the_companys(self):
        """12:00 UTC is 2 October, 1:00, in Auckland and 1 October in New York."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self.env.registry.clear_cache()
        (self.salesman + self.controller).tz = "America/New_York"
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        decisions = self.env["credit.insurance.hold.decision"].with_user(
            self.controller
        )
        decision = decisions.with_context(tz="America/New_York").create(
            {"hold_id": hold.id, "decision": "release", "reason": "Good customer"}
        )
        # 2 October and 30 days
        self.assertEqual(str(decision.release_until), "2026-11-01")
        decision.release_until = "2026-10-01"  # over in Auckland
        with self.assertRaises(ValidationError):
            decision.action_confirm()
        decision.release_until = "2026-10-02"
        decision.action_confirm()
        order = order.with_context(tz="America/New_York")
        with freeze_time("2026-10-02 11:00:00"), self.assertRaises(RedirectWarning):
            order.action_confirm()  # 3 October, 0:00
        with freeze_time("2026-10-02 10:59:00"):
            order.action_confirm()  # 2 October, 23:59
        self.assertEqual(order.state, "sale")
