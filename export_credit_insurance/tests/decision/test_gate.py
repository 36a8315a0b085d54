from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestGate(DecisionCommon):
    """Every way to a confirmed order leads through the check."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_alfa_45000_exceeds_by_17000(self):
        # DOMAIN 1.16: 130 000 - 102 000 = 28 000 left; 45 000 - 28 000 = 17 000
        order = self.make_quotation(45000.0, user=self.user)
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        message, action_id, _button, context = refusal.exception.args
        self.assertIn("ALFA", message)
        self.assertIn("45,000.00", message)
        self.assertIn("28,000.00", message)
        self.assertIn("130,000.00", message)
        self.assertIn("17,000.00", message)
        action = self.env["ir.actions.act_window"].browse(action_id)
        self.assertEqual(action.res_model, "credit.insurance.hold.request")
        self.assertEqual(context["active_ids"], order.ids)
        self.assertEqual(order.state, "draft")
        self.assertFalse(self.clearance_of(order))

    def test_order_within_headroom_passes_with_snapshot(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "partner_id": self.alfa.id,
                    "amount": 28000.0,
                    "limit_amount": 130000.0,
                    "exposure": 102000.0,
                    "headroom_before": 28000.0,
                    "headroom_after": 0.0,
                    "company_exposure_after": 130000.0,
                    "insured_amount": 28000.0,
                    "own_risk_amount": 0.0,
                    "policy_id": self.policy.id,
                    "cleared_by": self.salesman.id,
                    "hold_id": False,
                }
            ],
        )

    # ------------------------------------------------------------------ doors

    def assertRefused(self, order, change):
        with self.assertRaises(RedirectWarning):
            change()
            self.env.flush_all()

    def test_write_of_the_state_is_refused(self):
        order = self.make_quotation(45000.0)
        self.assertRefused(order, lambda: order.write({"state": "sale"}))

    def test_creation_in_state_sale_is_refused(self):
        values = {
            "partner_id": self.alfa.id,
            "pricelist_id": False,
            "state": "sale",
            "order_line": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 45000,
                        "price_unit": 1.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
        orders = self.env["sale.order"].with_user(self.salesman)
        self.assertRefused(None, lambda: orders.create(values))
        values["order_line"][0][2]["product_uom_qty"] = 28000
        order = orders.create(values)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 28000.0)

    def test_import_is_refused_and_stores_nothing(self):
        orders = self.env["sale.order"].with_user(self.salesman)
        before = orders.search_count([])
        rows = [[self.alfa.name, "sale", self.product.name, "45000", "1"]]
        names = [
            "partner_id",
            "state",
            "order_line/product_id",
            "order_line/product_uom_qty",
            "order_line/price_unit",
        ]
        result = orders.with_context(import_file=True).load(names, rows)
        self.assertFalse(result["ids"])
        self.assertIn("Authorised credit exceeded", result["messages"][0]["message"])
        self.assertEqual(orders.search_count([]), before)

    def test_no_context_key_opens_the_gate(self):
        order = self.make_quotation(45000.0).with_context(
            bypass_risk=True, credit_checked=True, install_mode=True
        )
        self.assertRefused(order, order.action_confirm)

    def test_mass_action_is_all_or_nothing(self):
        # 28 000 left: 10 000 and 15 000 fit, 20 000 does not fit behind them
        beta = self.make_buyer("BETA")
        first = self.make_quotation(10000.0)
        second = self.make_quotation(20000.0)
        third = self.make_quotation(15000.0)
        other = self.make_quotation(1000.0, partner=beta)
        orders = first + second + third + other
        with self.assertRaises(RedirectWarning) as refusal:
            orders.action_confirm()
        message, _action, _button, context = refusal.exception.args
        refused, passing = message.split("Would pass without them")
        self.assertIn(second.name, refused)
        self.assertIn(other.name, refused)  # BETA has no limit
        self.assertIn(first.name, passing)
        self.assertIn(third.name, passing)
        self.assertEqual(context["active_ids"], (second + other).ids)
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_orders_of_one_call_share_the_headroom(self):
        # 28 000 left: 14 000 twice fits, 14 000 and 14 001 do not
        pair = self.make_quotation(14000.0) + self.make_quotation(14001.0)
        self.assertRefused(pair, pair.action_confirm)
        self.set_amount(pair[1], 14000.0)
        pair.action_confirm()
        self.assertEqual(
            [self.clearance_of(order).headroom_after for order in pair],
            [14000.0, 0.0],
        )

    # ----------------------------------------------------------------- growth

    def test_growth_by_quantity_price_and_line_is_refused(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        line = order.order_line
        self.assertRefused(order, lambda: line.write({"product_uom_qty": 28001}))
        self.assertRefused(order, lambda: line.write({"price_unit": 1.01}))
        self.assertRefused(order, lambda: self.add_line(order, 1.0))
        self.assertEqual(order.amount_total, 28000.0)

    def test_growth_by_a_lower_discount_is_refused(self):
        # 35 000 less 20 % are 28 000; less 19 % they are 28 350
        order = self.make_quotation(35000.0)
        line = order.order_line
        line.discount = 20.0
        order.action_confirm()
        self.assertRefused(order, lambda: line.write({"discount": 19.0}))
        self.assertEqual(order.amount_total, 28000.0)

    def test_growth_within_the_headroom_renews_the_clearance(self):
        order = self.make_quotation(20000.0)
        order.action_confirm()
        self.add_line(order, 8000.0)
        self.env.flush_all()
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.amount, 28000.0)
        self.assertEqual(clearance.headroom_before, 28000.0)

    def test_growth_counts_what_was_invoiced_once(self):
        # 20 000 invoiced out of 20 000: 8 000 more still fit, 8 001 do not
        order = self.make_quotation(20000.0)
        order.action_confirm()
        order.sudo()._create_invoices().action_post()
        self.assertRefused(order, lambda: self.add_line(order, 8001.0))
        self.add_line(order, 8000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 28000.0)

    def test_shrinking_needs_no_check_growing_back_does(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-10-01", "cause": "insurer"}
        )
        self.set_amount(order, 20000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 20000.0)
        self.assertRefused(order, lambda: self.set_amount(order, 28000.0))

    def test_other_debtor_is_checked(self):
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 5000.0)
        order = self.make_quotation(20000.0)
        order.action_confirm()
        # no release of a confirmed order holds for another buyer: none is offered
        with self.assertRaises(UserError) as refusal:
            order.write({"partner_invoice_id": beta.id})
        self.assertIn("cannot be released", refusal.exception.args[0])
        self.assertEqual(order.partner_invoice_id, self.alfa)
        self.make_limit(self.make_buyer("GAMMA"), 50000.0)
        gamma = self.env["res.partner"].search([("name", "=", "GAMMA")])
        order.write({"partner_invoice_id": gamma.id})
        self.assertEqual(self.clearance_of(order).partner_id, gamma)

    def test_invoice_contact_of_the_same_buyer_is_not(self):
        contact = self.env["res.partner"].create(
            {"name": "Accounts", "type": "invoice", "parent_id": self.alfa.id}
        )
        order = self.make_quotation(20000.0)
        order.action_confirm()
        cleared = self.clearance_of(order)
        order.write({"partner_invoice_id": contact.id})
        self.assertEqual(self.clearance_of(order), cleared)
        self.assertEqual(cleared.partner_id, self.alfa)

    def test_other_currency_is_checked(self):
        # 20 000 EUR confirmed; 1 USD = 2 EUR: 20 000 USD are 40 000 EUR
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "rate": 0.5,
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
            }
        )
        order = self.make_quotation(20000.0)
        order.action_confirm()
        with self.assertRaises(UserError) as refusal:
            order.sudo().write({"currency_id": self.dollar.id})
        self.assertIn("cannot be released", refusal.exception.args[0])

    # ------------------------------------------------------------------ reuse

    def test_clearance_is_not_reused_after_cancel(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        order.action_cancel()
        self.assertFalse(self.clearance_of(order))
        order.action_draft()
        self.make_quotation(10000.0).action_confirm()
        self.assertRefused(order, order.action_confirm)

    def test_clearance_is_not_reused_after_draft(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        order.sudo().write({"state": "draft"})
        self.assertFalse(self.clearance_of(order))
        self.make_quotation(10000.0).action_confirm()
        self.assertRefused(order, order.action_confirm)

    def test_copy_is_checked(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        copy = order.copy()
        self.assertFalse(self.clearance_of(copy))
        self.assertRefused(copy, copy.action_confirm)

    def test_reconfirming_counts_the_order_once(self):
        order = self.make_quotation(28000.0)
        order.action_confirm()
        order.write({"state": "sale"})
        order._check_credit()
        self.assertEqual(self.clearance_of(order).exposure, 102000.0)

    # --------------------------------------------------------- on and off

    def test_orders_confirmed_before_checks_may_shrink(self):
        self.policy.action_close()
        order = self.make_quotation(45000.0)
        order.action_confirm()
        self.assertFalse(self.clearance_of(order))
        self.make_policy(name="POL-27", number="POL-27")
        clearance = self.clearance_of(order)
        self.assertTrue(clearance.baseline)
        self.assertEqual(clearance.amount, 45000.0)
        self.set_amount(order, 44000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 44000.0)
        self.assertRefused(order, lambda: self.set_amount(order, 45000.0))

    def test_orders_cleared_before_checks_paused_start_anew(self):
        """Cleared at 100, grown to 45 000 while nothing was checked: that counts."""
        order = self.make_quotation(100.0)
        kept = self.make_quotation(50.0)
        lowered = self.make_quotation(300.0)
        (order + kept + lowered).action_confirm()
        self.assertEqual(self.clearance_of(order).limit_amount, 130000.0)
        before = self.clearance_of(kept).read()
        self.policy.action_close()
        self.set_amount(order, 45000.0)
        self.set_amount(lowered, 200.0)
        self.env.flush_all()
        self.make_policy(name="POL-27", number="POL-27")
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "partner_id": self.alfa.id,
                    "currency_id": self.euro.id,
                    "amount": 45000.0,
                    "baseline": True,
                    "policy_id": False,
                    "limit_amount": 0.0,
                    "exposure": 0.0,
                    "insured_amount": 0.0,
                    "findings": False,
                }
            ],
        )
        self.assertEqual(self.clearance_of(lowered).amount, 200.0)
        self.assertEqual(self.clearance_of(kept).read(), before)
        # 28 000 - 50 - 200 = 27 750 are left for it, but lowering needs no room
        self.set_amount(order, 44000.0)
        self.env.flush_all()
        self.assertEqual(self.clearance_of(order).amount, 44000.0)
        self.assertRefused(order, lambda: self.set_amount(order, 45000.0))

    def test_terms_changed_while_checks_paused_count(self):
        """Another payment term and country: the order may keep them."""
        order = self.make_quotation(100.0)
        order.action_confirm()
        self.policy.action_close()
        term = self.env["account.payment.term"].create({"name": "At once"})
        lyon = self.make_buyer("Lyon", country="fr")
        order.write({"payment_term_id": term.id, "partner_shipping_id": lyon.id})
        self.env.flush_all()
        self.make_policy(name="POL-27", number="POL-27")
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "baseline": True,
                    "amount": 100.0,
                    "payment_term_id": term.id,
                    "delivery_country_id": self.env.ref("base.fr").id,
                    "invoice_country_id": self.env.ref("base.br").id,
                }
            ],
        )

    def test_other_companies_are_left_alone(self):
        other = self.setup_other_company(name="Unchecked")["company"]
        order = self.make_order(
            self.alfa, 1000000.0, company_id=other.id, confirm=False
        )
        order.with_company(other).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(self.clearance_of(order))

    def test_two_companies_share_one_policy(self):
        # 28 000 left for both together: 20 000 in one leave 8 000 for the other
        other = self.setup_other_company(name="Sister")["company"]
        other.currency_id = self.euro
        self.policy.company_ids += other
        self.make_quotation(20000.0).action_confirm()
        order = self.make_order(self.alfa, 8001.0, company_id=other.id, confirm=False)
        self.assertRefused(order, order.with_company(other).action_confirm)
        self.set_amount(order, 8000.0)
        order.with_company(other).action_confirm()
        self.assertEqual(self.clearance_of(order).headroom_after, 0.0)

    def test_buyers_with_one_insurer_number_share_the_headroom(self):
        self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id)]
        ).insurer_buyer_ref = "BR-1"
        branch = self.make_buyer("ALFA Sul")
        self.make_limit(branch, 1.0, kind="topup", insurer_buyer_ref="BR-1")
        pair = self.make_quotation(15000.0)
        pair += self.make_quotation(15000.0, partner=branch)
        self.assertRefused(pair, pair.action_confirm)
        pair[0].action_confirm()
        self.assertRefused(pair[1], pair[1].action_confirm)

    def test_portal_user_reads_nothing_of_credit(self):
        order = self.make_quotation(45000.0).sudo()
        portal = new_test_user(self.env, "credit-pia", "base.group_portal")
        with self.assertRaises(UserError) as refusal:
            order.with_user(portal).sudo().write({"state": "sale"})
        text = str(refusal.exception)
        for word in ("credit", "limit", "insur", "exceed"):
            self.assertNotIn(word, text.lower())
