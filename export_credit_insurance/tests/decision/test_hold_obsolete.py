from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DecisionCommon

CRON = "export_credit_insurance.ir_cron_refresh_credit_holds"
LOGGER = "odoo.addons.export_credit_insurance.models.job"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHoldObsolete(DecisionCommon):
    """Holds end once credit is back, whatever kind they are of.

    ALFA has 28 000 left of 130 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.holds = cls.env["credit.insurance.hold"]
        cls.triggers = cls.env["ir.cron.trigger"].sudo()

    def refresh(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()

    def make_stop(self, order, kind="growth"):
        """What a flow in the background leaves of an order over its credit."""
        order = order.sudo()
        found = self.env["credit.insurance.check"]._assess_each(order)
        return self.holds._request(found, "It grew", kind=kind).sudo(False)

    def confirmed(self, amount):
        order = self.make_quotation(amount)
        order.action_confirm()
        return order

    def grown(self, amount=20000.0, by=30000.0):
        """A confirmed order that outgrew its credit while nothing was held."""
        order = self.confirmed(amount)
        self.policy.sudo()._write_state({"observation": True})
        self.add_line(order, by)
        self.env.flush_all()
        self.policy.sudo()._write_state({"observation": False})
        return order

    # ---------------------------------------------------------- confirmed orders

    def test_change_asked_for_passes_as_it_was_asked_for(self):
        # 28 000 confirmed, 30 000 asked for: 2 000 are missing
        order = self.confirmed(28000.0)
        order.action_request_credit_release("Spare parts", {order.id: 30000.0})
        hold = order.sudo().credit_hold_id
        self.make_receipt(self.alfa, 1999.0, day="2026-10-01")
        self.refresh()
        self.assertEqual(hold.state, "open")
        self.make_receipt(self.alfa, 1.0, day="2026-10-01")
        self.refresh()
        self.assertEqual(hold.state, "obsolete")
        self.assertIn("can be changed", hold.reason)
        self.assertFalse(hold.activity_ids)
        self.assertEqual(order.sudo().activity_ids.user_id, self.salesman)
        self.add_line(order, 2000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 30000.0)

    def test_longer_terms_asked_for(self):
        order = self.confirmed(1000.0)
        term = self.env["account.payment.term"].create(
            {"name": "200 days", "line_ids": [(0, 0, {"nb_days": 200})]}
        )
        order.action_request_credit_release(
            "As agreed", changes={order.id: {"payment_term_id": term.id}}
        )
        hold = order.sudo().credit_hold_id
        self.assertEqual(hold.main_code, "terms_too_long")
        self.refresh()
        self.assertEqual(hold.state, "open")
        self.policy.max_payment_days = 200
        self.refresh()
        self.assertEqual(hold.state, "obsolete")

    def test_what_stopped_an_order_ends_even_if_refused(self):
        # 50 000 against 28 000: 22 000 are missing
        for kind in ("growth", "buyer", "review"):
            for refused in (False, True):
                with self.subTest(kind=kind, refused=refused):
                    savepoint = self.cr.savepoint()
                    order = self.grown()
                    hold = self.make_stop(order, kind)
                    self.assertEqual(hold.missing_amount, 22000.0)
                    if refused:
                        hold.with_user(self.controller)._refuse("Not yet")
                    self.refresh()
                    self.assertNotEqual(hold.state, "obsolete")
                    self.make_receipt(self.alfa, 22000.0, day="2026-10-01")
                    self.refresh()
                    self.assertEqual(hold.state, "obsolete")
                    self.assertIn("delivered", hold.reason)
                    self.env.invalidate_all()
                    savepoint.close(rollback=True)

    def test_confirmed_orders_of_one_buyer_count_against_each_other(self):
        """Two orders of 14 000 each grow by 10 000: 20 000 are missing for either."""
        orders = self.grown(14000.0, 10000.0)
        self.policy.sudo()._write_state({"observation": True})
        orders += self.grown(14000.0, 10000.0)
        holds = self.holds.concat(*(self.make_stop(order) for order in orders))
        self.assertEqual(holds.mapped("missing_amount"), [20000.0, 20000.0])
        self.make_receipt(self.alfa, 19999.0, day="2026-10-01")
        self.refresh()
        self.assertEqual(set(holds.mapped("state")), {"open"})
        self.make_receipt(self.alfa, 1.0, day="2026-10-01")
        self.refresh()
        self.assertEqual(set(holds.mapped("state")), {"obsolete"})

    def test_refused_requests_and_releases_stay(self):
        orders = self.make_quotation(45000.0) + self.make_quotation(46000.0)
        refused, released = self.ask_release(orders[0]), self.ask_release(orders[1])
        refused.with_user(self.controller)._refuse("No")
        self.release(released)
        self.make_receipt(self.alfa, 50000.0, day="2026-10-01")
        self.refresh()
        self.assertEqual((refused.state, released.state), ("refused", "released"))

    # ------------------------------------------------------------- one that fails

    def test_one_that_fails_stands_in_nobody_s_way(self):
        bad = self.ask_release(self.make_quotation(45000.0))
        good = self.ask_release(self.make_quotation(45000.0))
        self.make_receipt(self.alfa, 17000.0, day="2026-10-01")
        refresh = type(self.holds)._refresh

        def failing(holds):
            if bad in holds:
                raise RuntimeError("Broken")
            return refresh(holds)

        with (
            patch.object(type(self.holds), "_refresh", failing),
            mute_logger(LOGGER),
        ):
            self.refresh()
        self.assertEqual((bad.state, good.state), ("open", "obsolete"))

    # ------------------------------------------------------------------ waking up

    def assertWakes(self, action, wakes=True):
        before = self.triggers.search_count([("cron_id", "=", self.env.ref(CRON).id)])
        action()
        self.env.flush_all()
        after = self.triggers.search_count([("cron_id", "=", self.env.ref(CRON).id)])
        self.assertEqual(after > before, wakes)

    def test_what_brings_credit_back_wakes_the_job(self):
        beta = self.make_buyer("BETA")
        self.assertWakes(lambda: self.make_receipt(self.alfa, 1.0), wakes=False)
        self.ask_release(self.make_quotation(45000.0))
        self.assertWakes(lambda: self.make_receipt(beta, 1.0), wakes=False)
        self.assertWakes(lambda: self.make_invoice(self.alfa, 1.0), wakes=False)
        invoice = self.make_invoice(self.alfa, 100.0)
        self.assertWakes(
            lambda: self.make_invoice(self.alfa, 100.0, move_type="out_refund")
        )
        self.assertWakes(
            lambda: self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
            ._create_payments()
        )
        self.assertWakes(lambda: self.make_limit(self.alfa, 100.0, kind="topup"))
        self.assertWakes(lambda: self.make_limit(beta, 100.0), wakes=False)

    def test_raised_limits_securities_own_risk_and_ended_stops(self):
        self.ask_release(self.make_quotation(45000.0))
        limit = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "named")]
        )
        self.assertWakes(lambda: limit._record_decision("raised", amount=120000.0))
        values = {"partner_id": self.alfa.id, "company_id": self.company.id}
        security = self.env["credit.insurance.security"].create(
            {
                **values,
                "name": "G-1",
                "kind": "bank_guarantee",
                "currency_id": self.euro.id,
                "amount": 5000.0,
            }
        )
        self.assertWakes(security.action_activate)
        self.assertWakes(
            # not by who made the order
            lambda: self.env["credit.insurance.own.risk"]
            .with_user(self.controller)
            .create({**values, "amount": 1000.0, "reason": "Strategic"})
        )
        stop = self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-09-01", "cause": "insurer"}
        )
        self.assertWakes(lambda: stop.write({"date_to": "2026-09-30"}))
        event = self.make_event("off_cover")
        self.assertWakes(lambda: event.write({"date_to": "2026-10-01"}))

    def test_a_match_wakes_the_job(self):
        """A debt that is paid is overdue no more: 5 000 are matched with 40 000."""
        self.ask_release(self.make_quotation(45000.0))
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.alfa.id),
                ("account_type", "=", "asset_receivable"),
                ("balance", "in", (40000.0, -5000.0)),
            ]
        )
        self.assertEqual(len(items), 2)
        self.assertWakes(items.reconcile)

    def test_buyers_that_share_a_limit_wake_each_other(self):
        mate = self.make_buyer("ALFA Norte")
        self.make_limit(mate, 100.0, insurer_buyer_ref="B-7")
        self.ask_release(self.make_quotation(45000.0))
        self.assertWakes(lambda: self.make_receipt(mate, 1.0), wakes=False)
        self.make_limit(self.alfa, 100.0, kind="topup", insurer_buyer_ref="B-7")
        self.assertWakes(lambda: self.make_receipt(mate, 1.0))

    def test_a_contact_pays_for_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Treasury", "parent_id": self.alfa.id}
        )
        self.ask_release(self.make_quotation(45000.0))
        self.assertWakes(lambda: self.make_receipt(contact, 1.0))

    def test_nothing_is_asked_where_nothing_is_checked(self):
        self.policy.action_close()
        self.env["res.company"]._credit_check_modes()
        with self.assertQueryCount(0):
            self.holds._cover_may_be_back(self.alfa)
