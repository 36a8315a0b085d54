from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestFindings(DecisionCommon):
    """What speaks against an order, how gravely, and which reason counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")

    def order_of(self, amount, partner=None, **values):
        return self.make_quotation(amount, partner=partner or self.beta, **values)

    def assertFound(self, order, **severities):
        found = self.find(order)
        self.assertEqual(
            {code: finding.severity for code, finding in found.items()}, severities
        )
        return found

    # ------------------------------------------------------------ the limit

    def test_no_limit(self):
        found = self.assertFound(self.order_of(3000.0), no_limit="block")
        self.assertEqual(found["no_limit"].amount, 3000.0)
        self.assertIn("prepayment", found["no_limit"].cure)

    def test_refused_limit_replaces_no_limit(self):
        self.make_limit(
            self.beta, 0.0, state="refused", request_type="new", requested_amount=5000.0
        )
        self.assertFound(self.order_of(3000.0), limit_refused="block")

    def test_expired_limit(self):
        self.make_limit(self.beta, 5000.0, date_to="2026-09-30", state="expired")
        self.assertFound(self.order_of(3000.0), limit_expired="block")

    def test_limit_cancelled_by_the_insurer(self):
        limit = self.make_limit(self.beta, 5000.0)
        limit._record_decision("cancelled", date_from="2026-09-01")
        found = self.assertFound(self.order_of(3000.0), limit_refused="block")
        self.assertIn("refused or withdrew", found["limit_refused"].message)

    def test_limit_cancelled_at_our_own_request(self):
        """The insurer refused nothing: a new limit is a matter of asking for it."""
        limit = self.make_limit(self.beta, 5000.0)
        limit._record_decision(
            "cancelled", date_from="2026-09-01", cancelled_by="insured"
        )
        found = self.assertFound(self.order_of(3000.0), no_limit="block")["no_limit"]
        self.assertEqual(found.amount, 3000.0)
        self.assertIn("cancelled at our own request", found.message)
        self.assertIn("Ask the insurer for a limit", found.cure)

    def test_request_without_an_answer(self):
        """Who waits for the insurer is not told to ask it once more."""
        self.make_limit(
            self.beta,
            0.0,
            state="requested",
            request_type="new",
            requested_amount=8000.0,
            request_date="2026-09-21",
            date_from=False,
            decision_date=False,
        )
        found = self.assertFound(self.order_of(3000.0), no_limit="block")["no_limit"]
        self.assertEqual(found.amount, 3000.0)
        self.assertIn("8,000.00", found.message)
        self.assertIn("since 09/21/2026", found.message)
        self.assertIn("chase the insurer's answer", found.cure)
        self.assertNotIn("Ask the Insurer", found.cure)

    def test_request_of_an_unknown_day(self):
        """As of lines that were entered before there was a day of the request."""
        limit = self.make_limit(
            self.beta,
            0.0,
            state="requested",
            request_type="new",
            requested_amount=8000.0,
            date_from=False,
            decision_date=False,
        )
        limit.flush_recordset()
        self.env.cr.execute(
            "UPDATE credit_insurance_limit SET request_date = NULL WHERE id = %s",
            limit.ids,
        )
        limit.invalidate_recordset()
        found = self.assertFound(self.order_of(3000.0), no_limit="block")["no_limit"]
        self.assertIn("has not answered the request", found.message)
        self.assertIn("chase the insurer's answer", found.cure)

    def test_over_limit(self):
        self.make_limit(self.beta, 5000.0)
        self.assertFound(self.order_of(5000.0))
        found = self.assertFound(self.order_of(5001.0), over_limit="block")
        self.assertEqual(found["over_limit"].amount, 1.0)

    def test_prepayment_is_no_more_than_the_order(self):
        # 5 000 - 9 000 owed - 10 000 = -14 000; paying the 10 000 in advance will do
        self.make_limit(self.beta, 5000.0)
        self.make_invoice(self.beta, 9000.0)
        order = self.order_of(10000.0)
        found = self.assertFound(order, over_limit="block")["over_limit"]
        self.assertEqual(found.amount, 14000.0)
        self.assertIn("authorised credit of 5,000.00", found.message)
        self.assertIn("by 4,000.00", found.message)
        self.assertIn("order of 10,000.00", found.message)
        self.assertIn("prepayment of 10,000.00", found.cure)
        self.pay(order)
        self.assertFound(order)

    def test_prepayment_of_what_is_missing(self):
        # 5 000 - 8 000 = -3 000
        self.make_limit(self.beta, 5000.0)
        order = self.order_of(8000.0)
        found = self.assertFound(order, over_limit="block")["over_limit"]
        self.assertIn("prepayment of 3,000.00", found.cure)
        self.pay(order, 3000.0)
        self.assertFound(order)

    def test_prepayment_without_a_limit(self):
        # 4 000 owed and 10 000 ordered: of this order 10 000 would be at own risk
        self.make_invoice(self.beta, 4000.0)
        found = self.assertFound(self.order_of(10000.0), no_limit="block")["no_limit"]
        self.assertEqual(found.amount, 14000.0)
        self.assertIn("10,000.00", found.message)
        self.assertIn("prepayment of 10,000.00", found.cure)

    def test_own_risk_carries_what_no_limit_does(self):
        # 4 000 at own risk: 4 000 pass, 4 001 do not
        # by another one than who makes the orders, whom it would not serve
        rows = self.env["credit.insurance.own.risk"].with_user(self.manager)
        rows.create(
            {
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": 4000.0,
                "date_from": "2026-01-01",
                "reason": "Old customer",
            }
        )
        self.assertFound(self.order_of(4000.0))
        found = self.assertFound(self.order_of(4001.0), no_limit="block")
        self.assertEqual(found["no_limit"].amount, 1.0)

    def make_security(self, amount, **values):
        return self.env["credit.insurance.security"].create(
            {
                "name": "Guarantee",
                "kind": "bank_guarantee",
                "partner_id": self.beta.id,
                "company_id": self.company.id,
                "amount": amount,
                "currency_id": self.euro.id,
                "date_from": "2026-01-01",
                "date_to": "2027-12-31",
                "state": "active",
                **values,
            }
        )

    def test_security_of_the_order_carries_it(self):
        # a guarantee of 2 500 for this order alone: 500 of 3 000 stay at own risk
        order = self.order_of(3000.0)
        self.make_security(2500.0, order_ids=[Command.set(order.ids)])
        found = self.assertFound(order, no_limit="block")
        self.assertEqual(found["no_limit"].amount, 500.0)
        self.assertFound(self.order_of(2500.0), no_limit="block")
        self.set_amount(order, 2500.0)
        self.assertFound(order)

    def test_single_transaction_policy_serves_its_orders_only(self):
        order = self.order_of(50000.0)
        policy = self.make_policy(
            name="SR-1",
            kind="single",
            order_ids=[Command.set(order.ids)],
        )
        self.assertFound(order, no_limit="block")
        self.make_limit(self.beta, 50000.0, policy=policy)
        self.assertFound(order)
        order.action_confirm()
        self.assertEqual(self.clearance_of(order).policy_id, policy)
        self.assertFound(self.order_of(3000.0), no_limit="block")

    def test_limit_expiring(self):
        self.make_limit(self.beta, 5000.0, date_to="2026-10-31")
        self.assertFound(self.order_of(3000.0), limit_expiring="warn")
        self.company.credit_limit_expiring_days = 29
        self.assertFound(self.order_of(3000.0))

    def test_tolerance_is_a_share_of_the_limit(self):
        # 10 % of 5 000: up to 5 500
        self.make_limit(self.beta, 5000.0)
        self.set_rule("over_limit", tolerance_pct=10.0)
        self.assertFound(self.order_of(5500.0))
        self.assertFound(self.order_of(5501.0), over_limit="block")

    # ---------------------------------------------------- the buyer's situation

    def test_insolvent_says_it_all(self):
        self.make_limit(self.beta, 5000.0)
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.beta.id, "judgment_date": "2026-09-15"}
        )
        self.assertFound(self.order_of(3000.0), insolvent="block")

    def test_cover_stopped(self):
        self.make_limit(self.beta, 5000.0)
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.beta.id, "date_from": "2026-09-15", "cause": "insurer"}
        )
        found = self.assertFound(self.order_of(3000.0), cover_stopped="block")
        self.assertEqual(found["cover_stopped"].amount, 3000.0)

    def test_country_off_cover(self):
        self.make_limit(self.beta, 5000.0)
        self.make_event("off_cover")
        self.assertFound(self.order_of(3000.0), country_off_cover="block")

    def test_country_put_off_cover_by_the_policy(self):
        self.policy.country_term_ids = [
            Command.create(
                {
                    "country_id": self.env.ref("base.br").id,
                    "cover_status": "off_cover",
                }
            )
        ]
        self.assertFound(self.order_of(3000.0), country_off_cover="block")

    def test_overdue(self):
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 2000.0, day="2026-08-01", due="2026-09-11")
        found = self.assertFound(self.order_of(3000.0), overdue="warn")
        self.assertEqual(found["overdue"].amount, 2000.0)
        self.assertIn("20 days", found["overdue"].message)

    def test_residue_is_not_overdue(self):
        """POL-26 ignores less than 50: 49.99 are exposure, but no reason to collect;
        beside 50, overdue for 20 days, they are not counted either, though older."""
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 49.99, day="2026-08-01", due="2026-09-01")
        self.assertFound(self.order_of(3000.0))
        position = self.get_position(self.beta)
        self.assertEqual(position.overdue_amount, 49.99)
        self.assertEqual(position.exposure, 49.99)
        self.make_invoice(self.beta, 50.0, day="2026-08-01", due="2026-09-11")
        found = self.assertFound(self.order_of(3000.0), overdue="warn")["overdue"]
        self.assertEqual(found.amount, 50.0)
        self.assertIn("50.00", found.message)
        self.assertIn("20 days", found.message)
        self.assertEqual(self.get_position(self.beta).overdue_amount, 99.99)

    def test_residue_of_what_is_not_matched_yet(self):
        """2 000 less 1 950.01 received leave 49.99; less 1 950, 50."""
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 2000.0, day="2026-08-01", due="2026-09-11")
        receipt = self.make_receipt(self.beta, 1950.01)
        self.assertFound(self.order_of(3000.0))
        receipt.button_draft()
        self.make_receipt(self.beta, 1950.0)
        found = self.assertFound(self.order_of(3000.0), overdue="warn")["overdue"]
        self.assertEqual(found.amount, 50.0)

    def test_residue_as_a_share_of_the_invoice(self):
        """Less than 1 % of the invoice: 99 of 10 000 are left, paid and matched."""
        self.make_limit(self.beta, 50000.0)
        invoice = self.make_invoice(
            self.beta, 10000.0, day="2026-08-01", due="2026-09-11"
        )
        receipt = self.make_receipt(self.beta, 9901.0)
        (receipt.line_ids + invoice.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 99.0)
        self.assertFound(self.order_of(3000.0))

    def test_policy_that_ignores_nothing(self):
        """With a residue of 0 every cent counts: 49.99 are overdue."""
        self.policy.residue_amount = 0.0
        self.make_limit(self.beta, 50000.0)
        self.make_invoice(self.beta, 49.99, day="2026-08-01", due="2026-09-11")
        found = self.assertFound(self.order_of(3000.0), overdue="warn")["overdue"]
        self.assertEqual(found.amount, 49.99)

    def test_band_without_credit(self):
        self.make_limit(self.beta, 5000.0)
        band = self.env["credit.insurance.band"].search([("code", "=", "E")])
        self.assertFound(self.order_of(3000.0))
        # every score falls into one band, which gets no credit
        self.env["credit.insurance.band"].search([("id", "!=", band.id)]).active = False
        band.write({"score_max": 100.0, "no_credit": True})
        self.assertTrue(self.beta.credit_band_id, "Brazil is rated")
        self.assertFound(self.order_of(3000.0), band_no_credit="block")

    def test_public_buyer_is_not_insurable(self):
        self.beta.credit_party_kind = "public"
        self.assertFound(self.order_of(3000.0), not_insurable="warn")

    def test_wrong_entity(self):
        self.make_limit(self.beta, 5000.0)
        order = self.order_of(
            3000.0, partner=self.alfa, partner_invoice_id=self.beta.id
        )
        self.assertFound(order, wrong_entity="warn")

    def test_terms_too_long(self):
        self.make_limit(self.beta, 5000.0)
        term = self.env["account.payment.term"].create(
            {
                "name": "30 % at once, 70 % after 180 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 30.0, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 70.0, "nb_days": 180}
                    ),
                ],
            }
        )
        order = self.order_of(3000.0, payment_term_id=term.id)
        self.assertFound(order)
        term.line_ids[1].nb_days = 181
        found = self.assertFound(order, terms_too_long="block")
        self.assertIn("181 days", found["terms_too_long"].message)

    # -------------------------------------------------------------- sanctions

    def test_sanctions_on_the_delivery_country_and_prepaid_orders(self):
        self.make_limit(self.beta, 5000.0)
        self.make_event("sanctioned", country="cu")
        address = self.env["res.partner"].create(
            {
                "name": "Warehouse",
                "type": "delivery",
                "parent_id": self.beta.id,
                "country_id": self.env.ref("base.cu").id,
            }
        )
        order = self.order_of(10.0, partner_shipping_id=address.id)
        self.assertFound(order, country_sanctioned="block")
        self.pay(order)
        self.assertFound(order, country_sanctioned="block")

    def test_sanctions_on_who_orders(self):
        """Billed and sent to somebody in between, whose country is open."""
        self.make_event("sanctioned", country="cu")
        cuban = self.make_buyer("HAVANA", "cu")
        order = self.order_of(
            10.0,
            cuban,
            partner_invoice_id=self.alfa.id,
            partner_shipping_id=self.alfa.id,
        )
        self.assertFound(order, country_sanctioned="block")

    def test_sanctions_hold_for_private_persons_and_in_observation(self):
        self.make_event("sanctioned", country="fr")
        self.policy.sudo()._write_state({"observation": True})
        person = self.make_buyer("Jean", country="fr", is_company=False)
        self.assertFound(self.order_of(10.0, person), country_sanctioned="block")

    def test_no_rule_ignores_or_tolerates_sanctions(self):
        for values in (
            {"severity": "ignore"},
            {"severity": "warn"},
            {"tolerance_pct": 5.0, "min_amount": 0.0},
            {"min_amount": 500.0},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.set_rule("country_sanctioned", **values)

    # ------------------------------------------------------------------ rules

    def test_defaults_outside_every_policy(self):
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": self.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        self.policy.kind = "country"
        french = self.make_buyer("Lyon SA", country="fr")
        german = self.make_buyer("Berlin AG", country="de")
        person = self.make_buyer("Hans", country="de", is_company=False)
        self.assertFound(self.order_of(3000.0, french))
        self.assertFound(self.order_of(3000.0, german), country_off_cover="warn")
        self.assertFound(self.order_of(3000.0, person))
        self.assertFound(self.order_of(3000.0), no_limit="block")

    def test_small_orders_raise_nothing_but_count(self):
        self.make_limit(self.beta, 600.0)
        self.make_order(self.beta, 499.0)
        self.make_order(self.beta, 499.0)
        self.assertEqual(self.get_position(self.beta).exposure, 998.0)
        self.assertFound(self.order_of(500.0), over_limit="block")

    def test_most_specific_rule_decides(self):
        zone = self.beta.credit_zone_id
        band = self.beta.credit_band_id
        self.assertTrue(zone and band)
        order = self.order_of(3000.0)
        steps = (
            ({"company_id": self.company.id}, "warn"),
            ({"band_id": band.id}, "block"),
            ({"zone_id": zone.id}, "warn"),
            ({"zone_id": zone.id, "band_id": band.id}, "block"),
        )
        for values, severity in steps:
            self.set_rule("no_limit", severity, **values)
            self.assertFound(order, no_limit=severity)
        self.set_rule("no_limit", "ignore", zone_id=zone.id, band_id=band.id)
        self.assertFound(order)

    def test_rules_of_other_zones_do_not_apply(self):
        other = self.make_buyer("Berlin AG", country="de").credit_zone_id
        self.set_rule("no_limit", "ignore", zone_id=other.id)
        self.assertFound(self.order_of(3000.0), no_limit="block")

    def test_observation_lists_but_holds_nothing(self):
        self.policy.sudo()._write_state({"observation": True})
        order = self.order_of(3000.0)
        found = self.assertFound(order, no_limit="warn")
        self.assertEqual(found["no_limit"].rule_severity, "block")
        self.assertEqual(order.credit_check_state, "warning")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            [
                (finding["code"], finding["severity"])
                for finding in self.clearance_of(order).findings
            ],
            [("no_limit", "block")],
        )
        self.policy.action_end_observation()
        with self.assertRaises(RedirectWarning):
            self.order_of(3000.0).action_confirm()

    def test_checks_without_a_policy(self):
        self.policy.action_close()
        self.company.credit_check_enabled = True
        self.set_rule(False, "block", scope="foreign")
        self.assertFound(self.order_of(3000.0), no_limit="block")
        self.company.credit_check_enabled = False
        self.order_of(3000.0).action_confirm()

    # ---------------------------------------------------------------- prepaid

    def test_prepaid_order_is_never_held(self):
        order = self.order_of(3000.0)
        self.pay(order, 2999.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.pay(order, 1.0)
        self.assertFound(order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_partly_paid_order_needs_the_rest(self):
        # 3 000 less 1 000 received, no entry in the books: 2 000 to insure
        self.make_limit(self.beta, 2000.0)
        order = self.order_of(3000.0)
        self.assertFound(order, over_limit="block")
        self.pay(order, 1000.0)
        self.assertFound(order)
