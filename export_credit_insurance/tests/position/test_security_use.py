from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestSecurityUse(PositionCommon):
    """A security absorbs the debts it serves, and raises no limit (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 10000.0)

    def make_security(self, amount, orders=None, **values):
        security = self.env["credit.insurance.security"].create(
            {
                "name": f"SEC {amount}",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": amount,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "order_ids": [(6, 0, orders.ids)] if orders else False,
                **values,
            }
        )
        security.action_activate()
        return security

    def test_named_order(self):
        order = self.make_order(self.alfa, 6000.0)
        self.make_order(self.alfa, 1000.0)
        self.make_security(4000.0, order)
        position = self.get_position(self.alfa)
        # 4 000 of 6 000 no longer use the limit: 10 000 + 4 000 − 7 000
        self.assertEqual(position.secured_limit_currency, 4000.0)
        self.assertEqual(position.headroom_limit_currency, 7000.0)
        self.assertEqual(position.limit, 10000.0)

    def test_rest_serves_no_other_order(self):
        order = self.make_order(self.alfa, 1000.0)
        self.make_order(self.alfa, 2000.0)
        self.make_security(5000.0, order)
        # 10 000 + 1 000 − 3 000
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 8000.0)

    def test_rest_of_a_general_one_serves_any(self):
        order = self.make_order(self.alfa, 1000.0)
        self.make_order(self.alfa, 2000.0)
        self.make_security(5000.0, order, is_general=True)
        # 10 000 + 5 000 − 3 000
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 12000.0)

    def test_order_asked_about_gets_its_own(self):
        order = self.make_order(self.alfa, 6000.0, confirm=False)
        self.make_security(4000.0, order)
        position = self.get_position(self.alfa, orders=order)
        amount = position.order_amount(order)
        self.assertEqual(position.headroom_limit_currency, 10000.0)
        self.assertEqual(amount.limit_currency, 6000.0)
        self.assertEqual(amount.security_limit_currency, 4000.0)

    def test_two_securities_of_one_order_absorb_it_once(self):
        order = self.make_order(self.alfa, 6000.0)
        self.make_security(5000.0, order)
        self.make_security(4000.0, order)
        # 10 000 + 6 000 − 6 000
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 10000.0)

    def test_absorbed_debt_is_not_eligible(self):
        order = self.make_order(self.alfa, 6000.0)
        self.make_security(4000.0, order)
        order.order_line.qty_delivered = 6000.0
        invoice = self.invoice_order(order)
        row = self.rows(self.alfa)[invoice.id]
        self.assertCover(
            row, secured_amount=4000.0, eligible_amount=2000.0, covered_amount=1800.0
        )
        self.make_security(3000.0, order)
        row = self.rows(self.alfa)[invoice.id]
        # no more than what is owed
        self.assertCover(row, secured_amount=6000.0, eligible_amount=0.0)

    def test_general_one_after_the_named_one(self):
        order = self.make_order(self.alfa, 100.0, delivered=100.0)
        first = self.invoice_order(order, day="2026-09-01")
        second = self.make_invoice(self.alfa, 100.0, day="2026-09-10")
        self.make_security(60.0, order)
        self.make_security(90.0, is_general=True)
        rows = self.rows(self.alfa)
        # 60 + 40 of the first, 50 of the second
        self.assertCover(rows[first.id], secured_amount=100.0, eligible_amount=0.0)
        self.assertCover(rows[second.id], secured_amount=50.0, eligible_amount=50.0)

    def invoice_twice(self):
        """12 000 ordered, 6 000 of it invoiced on 1 September and on the 10th."""
        order = self.make_order(
            self.alfa, 12000.0, product=self.make_delivered_product()
        )
        invoices = []
        for day, delivered in (("2026-09-01", 6000.0), ("2026-09-10", 12000.0)):
            order.order_line.qty_delivered = delivered
            invoices.append(self.invoice_order(order, day=day))
        return order, *invoices

    def assertSecured(self, *pairs):
        rows = self.rows(self.alfa)
        for invoice, secured in pairs:
            self.assertCover(
                rows[invoice.id],
                secured_amount=secured,
                eligible_amount=6000.0 - secured,
                covered_amount=(6000.0 - secured) * 0.9,
            )

    def test_two_securities_of_one_order_absorb_one_after_the_other(self):
        """6 000 + 6 000 of letters of credit for 6 000 + 6 000: nothing is left."""
        order, first, second = self.invoice_twice()
        self.make_security(6000.0, order)
        self.assertSecured((first, 6000.0), (second, 0.0))
        self.make_security(6000.0, order)
        self.assertSecured((first, 6000.0), (second, 6000.0))
        # 10 000 + 12 000 − 12 000
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 10000.0)

    def test_two_general_ones_absorb_one_after_the_other(self):
        """4 000 + 3 000 of 6 000 + 6 000: 6 000 of the first, 1 000 of the second."""
        _order, first, second = self.invoice_twice()
        self.make_security(4000.0, is_general=True)
        self.make_security(3000.0, is_general=True)
        self.assertSecured((first, 6000.0), (second, 1000.0))

    def test_who_serves_less_comes_first(self):
        """One for both orders leaves the first to the one that serves it alone."""
        early = self.make_order(self.alfa, 6000.0)
        late = self.make_order(self.alfa, 6000.0)
        early.order_line.qty_delivered = late.order_line.qty_delivered = 6000.0
        first = self.invoice_order(early, day="2026-09-01")
        second = self.invoice_order(late, day="2026-09-10")
        self.make_security(6000.0, early + late)
        self.make_security(6000.0, early)
        self.assertSecured((first, 6000.0), (second, 6000.0))

    # === AFTER RECEIPTS AND CREDIT NOTES === #

    def assertHeadroom(self, secured, headroom):
        position = self.get_position(self.alfa)
        self.assertEqual(position.secured_limit_currency, secured)
        self.assertEqual(position.headroom_limit_currency, headroom)

    def make_secured_invoice(self, day="2026-09-01", **values):
        order = self.make_order(self.alfa, 6000.0, delivered=6000.0)
        self.make_security(6000.0, order, **values)
        return self.invoice_order(order, day=day)

    def test_what_the_bank_has_paid_is_secured_no_more(self):
        """6 000 owed and secured, 6 000 received: 10 000 + 0 − (6 000 − 6 000)."""
        self.make_secured_invoice()
        self.assertHeadroom(6000.0, 10000.0)
        self.make_receipt(self.alfa, 6000.0)
        self.assertHeadroom(0.0, 10000.0)

    def test_receipts_settle_the_oldest_debt_secured_or_not(self):
        """6 000 secured, then 4 000; 5 000 received: 1 000 of the 6 000 is left.

        10 000 + 1 000 − (1 000 + 4 000).
        """
        self.make_secured_invoice()
        self.make_invoice(self.alfa, 4000.0, day="2026-09-10")
        self.make_receipt(self.alfa, 5000.0)
        self.assertHeadroom(1000.0, 6000.0)

    def test_what_a_credit_note_has_settled_is_secured_no_more(self):
        """6 000 owed and secured, credited 2 500: 10 000 + 3 500 − 3 500."""
        self.make_secured_invoice()
        self.make_invoice(self.alfa, 2500.0, day="2026-09-05", move_type="out_refund")
        self.assertHeadroom(3500.0, 10000.0)

    def test_money_received_for_a_secured_order(self):
        """6 000 ordered and secured, 6 000 received in advance: nothing is used."""
        order = self.make_order(self.alfa, 6000.0)
        self.make_security(6000.0, order)
        self.make_receipt(self.alfa, 6000.0)
        self.assertHeadroom(0.0, 10000.0)

    def test_closed_general_one_takes_what_the_named_one_left(self):
        """6 000 of 10 June secured by name; a general one for shipments of June.

        It serves nothing new, and there is nothing left of the old: 10 000 + 6 000
        − 6 000.
        """
        self.make_secured_invoice(day="2026-06-10")
        general = self.make_security(
            5000.0, is_general=True, latest_shipment_date="2026-06-30"
        )
        self.assertHeadroom(6000.0, 10000.0)
        general.latest_shipment_date = False
        # open again, all of it may still serve: 10 000 + 11 000 − 6 000
        self.assertHeadroom(11000.0, 15000.0)

    def test_two_closed_general_ones(self):
        """5 000 + 4 000 for 6 000 shipped in June: 10 000 + 6 000 − 6 000."""
        self.make_invoice(self.alfa, 6000.0, day="2026-06-10")
        for amount in (5000.0, 4000.0):
            self.make_security(
                amount, is_general=True, latest_shipment_date="2026-06-30"
            )
        self.assertHeadroom(6000.0, 10000.0)

    def test_secured_order_of_a_single_policy_makes_no_room_elsewhere(self):
        """5 000 under SR-1 use nothing of POL-26, so what secures them adds nothing."""
        order = self.make_order(self.alfa, 5000.0)
        self.make_policy(
            name="SR-1", kind="single", sequence=1, order_ids=[Command.set(order.ids)]
        )
        self.make_security(5000.0, order)
        self.assertHeadroom(0.0, 10000.0)

    def test_shipped_outside_its_validity(self):
        order = self.make_order(self.alfa, 1000.0, delivered=1000.0)
        invoice = self.invoice_order(order, day="2026-09-20")
        security = self.make_security(1000.0, order, latest_shipment_date="2026-09-19")
        self.assertCover(self.rows(self.alfa)[invoice.id], secured_amount=0.0)
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 9000.0)
        security.latest_shipment_date = "2026-09-20"
        self.assertCover(self.rows(self.alfa)[invoice.id], secured_amount=1000.0)
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 10000.0)

    def test_not_valid_yet_or_expired(self):
        order = self.make_order(self.alfa, 1000.0)
        security = self.make_security(1000.0, order, date_from="2026-11-01")
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 9000.0)
        security.write({"date_from": "2026-01-01", "date_to": "2026-09-30"})
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 9000.0)
        security.date_to = "2026-10-01"
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 10000.0)

    def test_closed_since(self):
        """What stood on a day counts on that day, whatever has become of it since.

        1 000 secured: 10 000 + 1 000 − 1 000, and 10 000 − 1 000 without.
        """
        order = self.make_order(self.alfa, 1000.0, delivered=1000.0)
        invoice = self.invoice_order(order, day="2026-09-20")
        security = self.make_security(1000.0, order, date_to="2026-10-31")

        def assertSecuredOn(day, secured):
            row = self.rows(self.alfa, day)[invoice.id]
            self.assertCover(row, secured_amount=secured)
            self.assertEqual(
                self.get_position(self.alfa, day).headroom_limit_currency,
                9000.0 + secured,
            )

        # expired: the night closes it
        with freeze_time("2026-11-01 12:00:00"):
            self.expire_securities()
        self.assertEqual(security.state, "closed")
        assertSecuredOn("2026-10-31", 1000.0)
        assertSecuredOn("2026-11-01", 0.0)
        # closed by hand before its end
        security.action_activate()
        with freeze_time("2026-10-15 12:00:00"):
            security.action_close()
        assertSecuredOn("2026-10-14", 1000.0)
        assertSecuredOn("2026-10-15", 0.0)

    def test_letters_of_credit_left_out_say_so(self):
        order = self.make_order(self.alfa, 1000.0, delivered=1000.0)
        invoice = self.invoice_order(order)
        security = self.make_security(1000.0, order, kind="lc_confirmed")
        row = self.rows(self.alfa)[invoice.id]
        self.assertTrue(row["lc_excluded"])
        security.kind = "lc_unconfirmed"
        self.assertFalse(self.rows(self.alfa)[invoice.id]["lc_excluded"])
        self.policy.exclude_unconfirmed_lc = True
        self.assertTrue(self.rows(self.alfa)[invoice.id]["lc_excluded"])

    def test_security_in_another_currency(self):
        self.clear_rates()
        self.set_rate(self.dollar, 1.25)
        order = self.make_order(self.alfa, 6000.0)
        self.make_security(5000.0, order, currency_id=self.dollar.id)
        # USD 5 000 / 1.25
        self.assertEqual(self.get_position(self.alfa).secured_limit_currency, 4000.0)

    def test_own_risk(self):
        self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": 500.0,
                "date_from": "2026-09-01",
                "date_to": "2026-10-01",
                "reason": "Old customer",
            }
        )
        self.assertEqual(self.get_position(self.alfa).headroom_limit_currency, 10500.0)
        self.assertEqual(
            self.get_position(self.alfa, "2026-10-02").headroom_limit_currency,
            10000.0,
        )

    # === WHAT THE BUYER'S BADGE SAYS === #

    def reason(self):
        self.env.invalidate_all()
        return self.alfa.cover_state, self.alfa.cover_state_reason

    def test_more_owed_than_the_limit_and_secured(self):
        """12 000 owed under 10 000: in force with 4 000 of securities, and it says so.

        10 000 + 4 000 ≥ 12 000; without the order 6 000 ≤ 10 000.
        """
        self.make_invoice(self.alfa, 6000.0)
        self.assertEqual(self.reason(), ("ok", "Within the insured limit"))
        order = self.make_order(self.alfa, 6000.0)
        self.assertEqual(
            self.reason(), ("warning", "The exposure exceeds the insured limit")
        )
        self.make_security(4000.0, order)
        self.assertEqual(
            self.reason(),
            ("ok", "Within the insured limit and the securities together"),
        )

    def test_more_owed_than_the_limit_with_tax(self):
        """10 800 with 20 % of tax are 9 000 without, which is what the limit is for."""
        self.make_invoice(self.alfa, 9000.0, taxes=self.make_tax(20.0))
        state, reason = self.reason()
        self.assertEqual((state, self.alfa.credit_exposure), ("ok", 10800.0))
        self.assertIn("9,000.00", reason)
