from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestGateTerms(DecisionCommon):
    """A confirmed order that goes elsewhere, or is paid later, is checked again.

    28 000 are left; POL-26 allows 180 days. Cuba is under sanctions.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.make_event(cls, "sanctioned", "cu")
        cls.terms = {
            days: cls.env["account.payment.term"].create(
                {
                    "name": f"{days} days",
                    "line_ids": [
                        Command.create(
                            {
                                "value": "percent",
                                "value_amount": 100.0,
                                "nb_days": days,
                            }
                        )
                    ],
                }
            )
            for days in (30, 60, 180, 181, 200)
        }
        cls.addresses = {
            country: cls.env["res.partner"].create(
                {
                    "name": f"Address {country}",
                    "type": "delivery",
                    "parent_id": cls.alfa.id,
                    "country_id": cls.env.ref(f"base.{country}").id,
                }
            )
            for country in ("br", "us", "cu", "ir")
        }

    def confirmed(self, amount=20000.0, days=60, user=None, **values):
        """An order of these terms, confirmed by its salesperson."""
        order = self.make_quotation(
            amount, user=user, payment_term_id=self.terms[days].id, **values
        )
        order.action_confirm()
        self.env.flush_all()
        return order

    def pay_after(self, order, days):
        order.write({"payment_term_id": self.terms[days].id})
        self.env.flush_all()

    def deliver_to(self, order, country):
        order.write({"partner_shipping_id": self.addresses[country].id})
        self.env.flush_all()

    def assertRefused(self, change, *args, **kwargs):
        """The change is refused; return what the refusal says and offers."""
        with self.assertRaises(RedirectWarning) as refusal:
            change(*args, **kwargs)
        return refusal.exception.args

    def use_up_the_limit(self):
        """102 000 + 20 000 confirmed + 50 000 invoiced: 42 000 over 130 000."""
        self.make_invoice(self.alfa, 50000.0)

    # ------------------------------------------------------------------ terms

    def test_clearance_says_what_was_cleared(self):
        order = self.confirmed()
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "payment_term_id": self.terms[60].id,
                    "delivery_country_id": self.env.ref("base.br").id,
                    "invoice_country_id": self.env.ref("base.br").id,
                    "replaced_amount": 0.0,
                }
            ],
        )

    def test_terms_up_to_the_policy_s_pass(self):
        order = self.confirmed()
        for days in (180, 30):
            self.pay_after(order, days)
            self.assertEqual(self.clearance_of(order).payment_term_id, self.terms[days])

    def test_longer_terms_are_refused(self):
        order = self.confirmed(user=self.user)
        message = self.assertRefused(self.pay_after, order, 181)[0]
        self.assertIn("181 days", message)
        self.assertIn("180 days", message)
        self.assertEqual(order.payment_term_id, self.terms[60])
        self.assertEqual(self.clearance_of(order).payment_term_id, self.terms[60])

    def test_form_of_the_salesperson(self):
        order = self.confirmed()
        form = Form(order)
        form.payment_term_id = self.terms[181]
        self.assertRefused(form.save)
        form.payment_term_id = self.terms[180]
        form.save()
        self.assertEqual(self.clearance_of(order).payment_term_id, self.terms[180])

    def test_salesperson_reads_nothing_of_the_policy(self):
        order = self.confirmed()
        message = self.assertRefused(self.pay_after, order, 181)[0]
        self.assertIn("Authorised credit exceeded", message)
        self.assertNotIn("policy", message)

    def test_only_the_change_may_be_refused(self):
        """The buyer is over its limit by now: that is no reason."""
        order = self.confirmed(user=self.user)
        self.use_up_the_limit()
        for days in (30, 180):
            self.pay_after(order, days)
        self.deliver_to(order, "us")
        message = self.assertRefused(self.pay_after, order, 181)[0]
        self.assertIn("181 days", message)
        self.assertNotIn("exceeds", message)
        # 22 000 would be over the limit: growing is another matter
        self.assertRefused(self.set_amount, order, 22000.0)

    def test_cover_that_stopped_since_does_not_matter(self):
        order = self.confirmed()
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-10-01", "cause": "insurer"}
        )
        self.make_event("sanctioned", "br")
        self.pay_after(order, 30)
        self.pay_after(order, 180)
        self.deliver_to(order, "us")
        # back to Brazil, which is under sanctions by now
        self.assertRefused(self.deliver_to, order, "br")

    def test_terms_that_were_too_long_may_become_shorter(self):
        order = self.make_quotation(20000.0, payment_term_id=self.terms[200].id)
        self.release(self.ask_release(order), release_until="2026-10-10")
        order.action_confirm()
        self.env.flush_all()
        with freeze_time("2026-10-11 12:00:00"):  # the release has ended
            self.pay_after(order, 181)
            self.assertRefused(self.pay_after, order, 200)

    def test_paid_and_invoiced_orders_may_be_paid_later(self):
        # what is invoiced has its own due date: the order adds nothing
        order = self.confirmed()
        order.sudo()._create_invoices().action_post()
        self.pay_after(order, 200)
        self.assertEqual(self.clearance_of(order).payment_term_id, self.terms[200])

    def test_no_terms_are_the_shortest(self):
        order = self.confirmed()
        order.write({"payment_term_id": False})
        self.env.flush_all()
        self.assertFalse(self.clearance_of(order).payment_term_id)
        self.assertRefused(self.pay_after, order, 181)
        self.pay_after(order, 180)

    def test_growth_and_change_together_are_checked_in_full(self):
        # 28 000 left: 28 000 in 180 days pass, 28 001 do not, nor 28 000 in 181
        order = self.confirmed()
        values = {"product_uom_qty": 28001.0, "price_unit": 1.0}
        lines = [Command.update(order.order_line.id, values)]

        def change(days):
            order.write({"order_line": lines, "payment_term_id": self.terms[days].id})
            self.env.flush_all()

        self.assertRefused(change, 180)
        values["product_uom_qty"] = 28000.0
        self.assertRefused(change, 181)
        change(180)
        self.assertRecordValues(
            self.clearance_of(order),
            [{"amount": 28000.0, "payment_term_id": self.terms[180].id}],
        )

    def test_shrinking_does_not_buy_longer_terms(self):
        order = self.confirmed()
        values = {"product_uom_qty": 10000.0, "price_unit": 1.0}
        lines = [Command.update(order.order_line.id, values)]

        def change(days):
            order.write({"order_line": lines, "payment_term_id": self.terms[days].id})
            self.env.flush_all()

        self.assertRefused(change, 181)
        change(180)
        self.assertRecordValues(
            self.clearance_of(order),
            [{"amount": 10000.0, "payment_term_id": self.terms[180].id}],
        )

    def test_observed_policy_notes_what_it_would_refuse(self):
        order = self.confirmed()
        self.policy.sudo()._write_state({"observation": True})
        self.pay_after(order, 181)
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.payment_term_id, self.terms[181])
        self.assertEqual(
            [(found["code"], found["severity"]) for found in clearance.findings],
            [("terms_too_long", "block")],
        )
        self.assertEqual(order.credit_check_state, "warning")

    def test_mass_change_is_all_or_nothing(self):
        first, second = self.confirmed(10000.0), self.confirmed(10000.0, days=200 - 20)
        both = first + second
        message = self.assertRefused(self.pay_after, both, 181)[0]
        self.assertIn(first.name, message)
        self.assertIn(second.name, message)
        self.pay_after(both, 180)

    # -------------------------------------------------------------- addresses

    def test_sanctioned_delivery_country_is_refused(self):
        order = self.confirmed(user=self.user)
        message = self.assertRefused(self.deliver_to, order, "cu")[0]
        self.assertIn("Cuba", message)
        self.assertNotIn("prepayment", message)
        self.deliver_to(order, "us")
        self.assertEqual(
            self.clearance_of(order).delivery_country_id, self.env.ref("base.us")
        )

    def test_paid_orders_go_to_no_sanctioned_country_either(self):
        order = self.confirmed()
        order.sudo()._create_invoices().action_post()
        self.assertRefused(self.deliver_to, order, "cu")

    def test_address_in_the_same_country_is_not_checked(self):
        order = self.confirmed()
        self.make_event("sanctioned", "br")
        self.deliver_to(order, "br")
        self.assertEqual(order.partner_shipping_id, self.addresses["br"])

    def test_invoice_address_counts_too(self):
        order = self.confirmed()
        invoicing = {"partner_invoice_id": self.addresses["cu"].id}

        def change():
            order.write(invoicing)
            self.env.flush_all()

        self.assertRefused(change)
        invoicing["partner_invoice_id"] = self.addresses["us"].id
        change()
        self.assertEqual(
            self.clearance_of(order).invoice_country_id, self.env.ref("base.us")
        )

    # -------------------------------------------------------------- on and off

    def test_orders_confirmed_before_checks(self):
        self.policy.action_close()
        order = self.confirmed(45000.0)
        self.make_policy(name="POL-27", number="POL-27")
        self.assertRecordValues(
            self.clearance_of(order),
            [
                {
                    "baseline": True,
                    "payment_term_id": self.terms[60].id,
                    "delivery_country_id": self.env.ref("base.br").id,
                    "invoice_country_id": self.env.ref("base.br").id,
                }
            ],
        )
        self.pay_after(order, 180)
        self.deliver_to(order, "us")
        self.assertRefused(self.pay_after, order, 181)
        self.assertRefused(self.deliver_to, order, "cu")

    def test_nothing_is_checked_without_a_policy(self):
        self.policy.action_close()
        order = self.confirmed(45000.0)
        self.pay_after(order, 200)
        self.deliver_to(order, "cu")
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            order._check_credit()

    def test_harmless_changes_read_no_position(self):
        """Compare, look for the clearance, write it: whatever the buyer owes."""
        order = self.confirmed()
        self.pay_after(order, 30)
        self.env.invalidate_all()
        order.write({"payment_term_id": self.terms[60].id})
        order.mapped("order_line.price_total")
        order.mapped("partner_shipping_id.country_id.code")
        order.mapped("partner_invoice_id.commercial_partner_id.country_id.code")
        order.mapped("currency_id.rounding")
        # the order's own UPDATE, the comparison, the clearance and its UPDATE
        with self.assertQueryCount(4):
            self.env.flush_all()
            order._check_credit()

    # ---------------------------------------------------------------- release

    def ask_as_refused(self, order, change, *args):
        """Ask for release through the dialogue that the refusal offers."""
        context = self.assertRefused(change, *args)[3]
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        form = Form(requests.with_context(**context))
        form.reason = "The customer insists."
        form.save().action_send()
        return order.sudo().credit_hold_id

    def test_longer_terms_by_release(self):
        order = self.confirmed()
        hold = self.ask_as_refused(order, self.pay_after, order, 181)
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "open",
                    "main_code": "terms_too_long",
                    "amount": 20000.0,
                    "order_amount": 20000.0,
                    "missing_amount": 20000.0,
                }
            ],
        )
        self.assertIn("181 days", hold.finding_ids[0].message)
        self.assertRefused(self.pay_after, order, 181)
        self.release(hold)
        self.pay_after(order, 181)
        self.assertRecordValues(
            self.clearance_of(order),
            [{"payment_term_id": self.terms[181].id, "hold_id": hold.id}],
        )

    def test_request_says_what_shall_change(self):
        order = self.confirmed()
        context = self.assertRefused(self.pay_after, order, 181)[3]
        self.assertEqual(
            context["credit_requested_changes"],
            {str(order.id): {"payment_term_id": self.terms[181].id}},
        )
        requests = self.env["credit.insurance.hold.request"].with_user(self.salesman)
        with Form(requests.with_context(**context)) as form:
            form.reason = "The customer insists."
        line = form.record.line_ids
        self.assertEqual(line.change_text, "Payment Terms: 181 days")

    def test_release_serves_the_countries_it_was_asked_for(self):
        self.make_event("sanctioned", "ir")
        order = self.confirmed()
        hold = self.ask_as_refused(order, self.deliver_to, order, "cu")
        self.assertEqual(hold.main_code, "country_sanctioned")
        self.assertEqual(hold.sanctioned_country_ids, self.env.ref("base.cu"))
        self.release(
            hold,
            user=self.manager,
            legal_basis="Licence 12",
            attachment_ids=self.make_file(self.manager).ids,
        )
        self.assertRefused(self.deliver_to, order, "ir")
        self.deliver_to(order, "cu")
        self.assertEqual(self.clearance_of(order).hold_id, hold)
        self.assertRefused(self.deliver_to, order, "ir")
