from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceUnordered(DecisionCommon):
    """A sale that begins with its invoice: posted, but credit control sees it.

    ALFA has 28 000 left of 130 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.controller
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.clerk = new_test_user(
            cls.env,
            "credit-ines",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
            name="Ines",
            **company,
        )

    def invoice(self, amount, partner=None, **values):
        """An invoice of the clerk's own, posted by the clerk."""
        invoice = self.make_invoice(
            partner or self.alfa, amount, day=TODAY, post=False, **values
        ).with_user(self.clerk)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        return invoice

    def listed(self):
        return self.env["credit.insurance.review.line"].search(
            [("stage", "=", "invoice")]
        )

    def bill(self, order, **changes):
        """Invoice an order, with these changes of its line; posted by the clerk."""
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        line = invoice.invoice_line_ids
        header = changes.pop("header", {})
        if changes:
            invoice.invoice_line_ids = [Command.update(line.id, changes)]
        if header:
            invoice.write(header)
        invoice.action_post()
        return invoice

    def ordered(self, amount):
        self.product.invoice_policy = "order"
        order = self.make_quotation(amount)
        order.action_confirm()
        return order

    def test_listed_and_told(self):
        """45 000 of 28 000: 17 000 more."""
        invoice = self.invoice(45000.0)
        line = self.listed()
        self.assertRecordValues(
            line,
            [
                {
                    "cause": "invoice",
                    "order_id": False,
                    "receipt_ref": invoice.name,
                    "invoice_id": invoice.id,
                    "partner_id": self.alfa.id,
                    "sold_by": self.clerk.id,
                    "undelivered_amount": 45000.0,
                    "missing_amount": 17000.0,
                    "main_code": "over_limit",
                    "is_open": True,
                    "hold_id": False,
                }
            ],
        )
        activity = line.review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        for text in (invoice.name, "45,000.00", "17,000.00", "Ines"):
            self.assertIn(text, activity.note)

    def test_what_fits_is_not(self):
        self.invoice(28000.0)
        self.assertFalse(self.listed())

    def test_posted_by_its_state(self):
        """A script writes it, past what Odoo does to post."""
        invoice = self.make_invoice(self.alfa, 45000.0, day=TODAY, post=False)
        invoice.with_user(self.clerk).write({"state": "posted"})
        self.assertRecordValues(
            self.listed(),
            [{"invoice_id": invoice.id, "undelivered_amount": 45000.0}],
        )

    def test_to_a_buyer_without_a_limit(self):
        self.invoice(600.0, self.make_buyer("BETA"))
        self.assertEqual(self.listed().main_code, "no_limit")

    def test_invoice_of_an_order_is_not(self):
        """What was ordered was decided on, whatever happened to the limit since."""
        order = self.ordered(28000.0)
        self.make_invoice(self.alfa, 1.0)
        self.listed().sudo().unlink()
        self.bill(order)
        self.assertFalse(self.listed())

    def test_billed_at_a_higher_price(self):
        """1 000 ordered, 46 000 billed: 45 000 that nobody ordered."""
        self.bill(self.ordered(1000.0), price_unit=46.0)
        # 102 000 + 46 000 - 130 000
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 45000.0, "missing_amount": 18000.0}]
        )

    def test_billed_in_a_larger_quantity(self):
        self.bill(self.ordered(1000.0), quantity=46000.0)
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 45000.0, "missing_amount": 18000.0}]
        )

    def test_billed_without_its_discount(self):
        """45 000 less 44 000 ordered, 45 000 billed: 44 000 that nobody ordered."""
        self.product.invoice_policy = "order"
        order = self.make_quotation(45000.0)
        self.add_line(order, 1.0)
        order.order_line[1].write({"product_uom_qty": 1.0, "price_unit": -44000.0})
        self.assertEqual(order.amount_total, 1000.0)
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        discount = invoice.invoice_line_ids.filtered(lambda line: line.price_total < 0)
        invoice.invoice_line_ids = [Command.delete(discount.id)]
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 45000.0)
        self.assertEqual(self.listed().undelivered_amount, 44000.0)

    def test_services_beyond_the_order_with_tax(self):
        """Rendered and billed although none were ordered, with 20 % of tax."""
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "delivery"
        order = self.make_quotation(1000.0)
        order.action_confirm()
        line = order.sudo().order_line
        line.write({"tax_ids": [Command.set(tax.ids)], "product_uom_qty": 0.0})
        line.price_unit = 1.0
        line.qty_delivered = 1000.0
        self.make_invoice(self.alfa, 30000.0)  # nothing is left
        self.listed().sudo().unlink()
        self.bill(order)
        self.assertEqual(order.invoice_ids.amount_total, 1200.0)
        self.assertFalse(self.listed())

    def test_billed_to_somebody_else(self):
        """The order used ALFA's credit; BETA, who has none, owes the invoice."""
        beta = self.make_buyer("BETA")
        self.bill(self.ordered(28000.0), header={"partner_id": beta.id})
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "partner_id": beta.id,
                    "undelivered_amount": 28000.0,
                    "main_code": "no_limit",
                }
            ],
        )

    def test_billed_at_longer_terms(self):
        """181 days where the policy allows 180: nothing of it is insured."""
        self.policy.max_payment_days = 180
        for header in (
            {"invoice_payment_term_id": self.make_term(181).id},
            {"invoice_payment_term_id": False, "invoice_date_due": "2027-03-31"},
        ):
            with self.subTest(**header):
                order = self.ordered(1000.0)
                invoice = self.bill(order, header={"invoice_date": TODAY, **header})
                line = self.listed().filtered(
                    lambda line, invoice=invoice: line.invoice_id == invoice
                )
                self.assertRecordValues(
                    line,
                    [{"main_code": "terms_too_long", "undelivered_amount": 1000.0}],
                )

    def test_billed_at_the_orders_terms(self):
        """Long as they are: they were released."""
        self.policy.max_payment_days = 180
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0, payment_term_id=self.make_term(181).id)
        self.release(self.ask_release(order))
        order.action_confirm()
        self.bill(order, header={"invoice_date": TODAY})
        self.assertFalse(self.listed())

    def make_term(self, days):
        return self.env["account.payment.term"].create(
            {
                "name": f"{days} days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": days}
                    )
                ],
            }
        )

    def test_deposit_is_not(self):
        order = self.ordered(28000.0)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 50})
        )
        wizard.create_invoices()
        order.invoice_ids.with_user(self.clerk).action_post()
        self.assertEqual(order.invoice_ids.amount_total, 14000.0)
        self.assertFalse(self.listed())

    def test_deposits_without_end(self):
        """28 000 ordered, and 16 800 (60 %) billed as a deposit, twice."""
        order = self.ordered(28000.0)
        for amount in (0.0, 5600.0):
            wizard = (
                self.env["sale.advance.payment.inv"]
                .with_context(active_model="sale.order", active_ids=order.ids)
                .create({"advance_payment_method": "percentage", "amount": 60})
            )
            invoice = wizard._create_invoices(order.sudo())
            invoice.with_user(self.clerk).action_post()
            self.assertEqual(invoice.amount_total, 16800.0)
            # 33 600 - 28 000
            self.assertEqual(sum(self.listed().mapped("undelivered_amount")), amount)

    def test_a_cheap_credit_note_makes_no_room(self):
        """28 000 pieces are billed, credited for 0.01 each, and billed once more."""
        order = self.ordered(28000.0)
        note = self.bill(order)._reverse_moves()
        note.invoice_line_ids.price_unit = 0.01
        note.with_user(self.clerk).action_post()
        self.assertEqual(note.amount_total, 280.0)
        self.assertFalse(self.listed())
        self.bill(order)
        # 28 000 - 280 + 28 000 of 28 000
        self.assertEqual(self.listed().undelivered_amount, 27720.0)

    def test_rounded_up_to_the_next_hundred_thousand(self):
        """Clerks make roundings of cash: 1 000 are ordered, 100 000 billed."""
        account = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        rounding = (
            self.env["account.cash.rounding"]
            .with_user(self.clerk)
            .create(
                {
                    "name": "Coins",
                    "rounding": 100000.0,
                    "rounding_method": "UP",
                    "profit_account_id": account.id,
                    "loss_account_id": account.id,
                }
            )
        )
        order = self.ordered(1000.0)
        invoice = self.bill(order, header={"invoice_cash_rounding_id": rounding.id})
        self.assertEqual(invoice.amount_total, 100000.0)
        # 102 000 + 100 000 - 130 000
        self.assertRecordValues(
            self.listed(), [{"undelivered_amount": 99000.0, "missing_amount": 72000.0}]
        )

    def test_rounded_to_coins(self):
        """1 000.03 become 1 000.05, which nobody has to order; 1 005.00 they have."""
        account = self.env["account.account"].search(
            [("account_type", "=", "income")], limit=1
        )
        for coin, total, unordered in (
            (0.05, 1000.05, 0.0),
            (5.0, 1005.0, 4.97),
        ):
            with self.subTest(coin=coin):
                rounding = self.env["account.cash.rounding"].create(
                    {
                        "name": "Coins",
                        "rounding": coin,
                        "rounding_method": "UP",
                        "profit_account_id": account.id,
                        "loss_account_id": account.id,
                    }
                )
                invoice = self.bill(
                    self.ordered(1000.0),
                    price_unit=1.00003,
                    header={"invoice_cash_rounding_id": rounding.id},
                )
                self.assertEqual(invoice.amount_total, total)
                amounts = invoice.sudo()._credit_unordered_amounts()
                self.assertAlmostEqual(amounts.get(invoice, 0.0), unordered)

    def test_taxes_entered_by_hand(self):
        """1 000 ordered with 20 % of tax; 45 000 of tax are billed."""
        self.policy.cover_tax_basis = "tax_included"
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0)
        order.sudo().order_line.tax_ids = tax
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.clerk)
        (taxed,) = invoice.line_ids.filtered("tax_line_id")
        taxed.amount_currency = -45000.0
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 46000.0)
        # 46 000 - 1 200
        self.assertEqual(self.listed().undelivered_amount, 44800.0)

    def test_taxes_corrected_by_cents(self):
        """20 % of 1 000.00: 200.10 are a correction, 200.11 nobody has ordered."""
        tax = self.env["account.tax"].create(
            {"name": "20", "amount": 20.0, "type_tax_use": "sale"}
        )
        self.product.invoice_policy = "order"
        for entered, unordered in ((200.10, 0.0), (200.11, 0.11)):
            with self.subTest(entered=entered):
                order = self.make_quotation(1000.0)
                order.sudo().order_line.tax_ids = tax
                order.action_confirm()
                invoice = order.sudo()._create_invoices()
                (taxed,) = invoice.line_ids.filtered("tax_line_id")
                taxed.amount_currency = -entered
                invoice.action_post()
                self.assertAlmostEqual(invoice.amount_total, 1000.0 + entered)
                amounts = invoice._credit_unordered_amounts()
                self.assertAlmostEqual(amounts.get(invoice, 0.0), unordered)

    def test_copied_with_its_links(self):
        """As debit notes are: 28 000 of 28 000 are billed twice."""
        invoice = self.bill(self.ordered(28000.0))
        again = invoice.with_context(include_business_fields=True).copy()
        self.assertTrue(again.invoice_line_ids.sale_line_ids)
        again.action_post()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_credited_and_billed_again(self):
        order = self.ordered(28000.0)
        self.bill(order)._reverse_moves()._post()
        self.bill(order)
        self.assertFalse(self.listed())

    def test_a_hundredth_is_another_price(self):
        """26 000 at 1.009: 234 more, where rounding comes to 5 at most."""
        invoice = self.bill(self.ordered(1000.0), price_unit=1.004).sudo()
        self.assertFalse(invoice._credit_unordered_amounts())
        invoice = self.bill(self.ordered(26000.0), price_unit=1.009).sudo()
        self.assertEqual(invoice.amount_total, 26234.0)
        amounts = invoice._credit_unordered_amounts()
        self.assertAlmostEqual(amounts[invoice], 234.0)

    def test_terms_of_a_tiny_quotation(self):
        """Its line, billed along, brings its longer terms for the order of 1 000."""
        self.policy.max_payment_days = 180
        term = self.make_term(181)
        tiny = self.make_quotation(1.0, payment_term_id=term.id)
        order = self.ordered(1000.0)
        line = {
            "product_id": self.product.id,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(tiny.sudo().order_line.ids)],
        }
        self.bill(
            order,
            header={
                "invoice_payment_term_id": term.id,
                "invoice_date": TODAY,
                "invoice_line_ids": [Command.create(line)],
            },
        )
        self.assertRecordValues(
            self.listed(),
            [{"main_code": "terms_too_long", "undelivered_amount": 1001.0}],
        )

    def test_dated_ahead(self):
        """30 days from a day one year ahead: 395 where the policy allows 180."""
        self.policy.max_payment_days = 180
        self.product.invoice_policy = "order"
        order = self.make_quotation(1000.0, payment_term_id=self.make_term(30).id)
        order.action_confirm()
        self.bill(order, header={"invoice_date": "2027-10-01"})
        self.assertRecordValues(
            self.listed(),
            [{"main_code": "terms_too_long", "undelivered_amount": 1000.0}],
        )

    def test_billed_ahead_of_plan(self):
        """28 000 for 2028, 28 000 for now: both passed, then the far one is billed.

        158 000 are owed of 130 000: 28 000 too much, and nobody has decided on it.
        """
        self.product.invoice_policy = "order"
        far = self.make_quotation(28000.0, commitment_date="2028-01-01")
        far.action_confirm()
        self.make_quotation(28000.0).action_confirm()
        invoice = self.bill(far)
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "invoice_id": invoice.id,
                    "undelivered_amount": 28000.0,
                    "missing_amount": 28000.0,
                }
            ],
        )

    def test_billed_ahead_of_plan_once_it_is_delivered(self):
        """What was delivered early was looked at then."""
        self.product.invoice_policy = "order"
        far = self.make_quotation(28000.0, commitment_date="2028-01-01")
        far.action_confirm()
        far.order_line.qty_delivered = 28000.0
        self.bill(far)
        self.assertFalse(self.listed())

    def test_several_in_one_call(self):
        """20 000 fit, the second 20 000 do not: 12 000 more, listed in one review."""
        invoices = self.env["account.move"].union(
            *(
                self.make_invoice(self.alfa, 20000.0, day=TODAY, post=False)
                for _each in range(2)
            )
        )
        invoices.with_user(self.clerk).action_post()
        self.assertRecordValues(self.listed(), [{"missing_amount": 12000.0}])
        self.assertEqual(self.listed().invoice_id, invoices[1])

    def test_posted_again_it_is_listed_once(self):
        invoice = self.invoice(45000.0)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(len(self.listed()), 1)

    def test_who_posted_it_does_not_tick_it_off(self):
        self.controller.group_ids += self.env.ref("account.group_account_invoice")
        self.clerk = self.controller
        self.invoice(45000.0)
        with self.assertRaises(AccessError):
            self.listed().with_user(self.controller).action_reviewed()

    def test_posted_by_its_date(self):
        """A job posts it: who made it, and who sells it, do not tick it off."""
        self.controller.group_ids += self.env.ref("account.group_account_invoice")
        invoices = self.env["account.move"].with_user(self.controller)
        made = invoices.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.alfa.id,
                "invoice_date": TODAY,
                "auto_post": "at_date",
                "invoice_user_id": self.manager.id,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "X", "price_unit": 45000.0, "tax_ids": [(5,)]}
                    )
                ],
            }
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "account.ir_cron_auto_post_draft_entry"
            ).method_direct_trigger()
        self.assertEqual(made.state, "posted")
        line = self.listed()
        self.assertFalse(line.sold_by)
        self.assertEqual(line.involved_ids, self.controller | self.manager)
        self.assertNotIn(self.controller, line.review_id.activity_ids.user_id)
        for user in (self.controller, self.manager):
            with self.assertRaises(AccessError):
                line.with_user(user).action_reviewed()

    def test_recurring(self):
        """The next month's is made by the job, too."""
        self.controller.group_ids += self.env.ref("account.group_account_invoice")
        made = self.make_invoice(self.alfa, 45000.0, day=TODAY, post=False)
        first = made.with_user(self.controller).copy(
            {
                "auto_post": "monthly",
                "date": TODAY,
                "invoice_date": TODAY,
                "invoice_user_id": self.manager.id,
            }
        )
        first.with_env(self.env)._post()
        second = self.env["account.move"].search(
            [("auto_post_origin_id", "=", first.id), ("id", "!=", first.id)]
        )
        second.sudo().write({"auto_post": "no"})
        second.sudo()._post(soft=False)
        self.assertEqual(second.state, "posted")
        line = self.listed().filtered(lambda line: line.invoice_id == second)
        self.assertNotIn(self.controller, second.create_uid | second.invoice_user_id)
        self.assertIn(self.controller, line.involved_ids)

    def test_billed_to_a_private_person(self):
        """Private persons are not checked, but the goods go to ALFA."""
        person = self.env["res.partner"].create({"name": "Paula"})
        self.assertFalse(self.invoice(28000.0, person) & self.listed().invoice_id)
        self.bill(self.ordered(28000.0), header={"partner_id": person.id})
        self.assertRecordValues(
            self.listed(),
            [
                {
                    "partner_id": person.id,
                    "undelivered_amount": 28000.0,
                    "missing_amount": 56000.0,
                    "main_code": "wrong_entity",
                }
            ],
        )

    def test_billed_to_a_private_person_by_rule(self):
        """Who ignores that another company ordered is not told of it."""
        person = self.env["res.partner"].create({"name": "Paula"})
        self.set_rule("wrong_entity", "ignore")
        self.bill(self.ordered(28000.0), header={"partner_id": person.id})
        self.assertFalse(self.listed())

    def test_forged_context_decides_nothing(self):
        invoice = self.make_invoice(self.alfa, 45000.0, day=TODAY, post=False)
        invoice.with_user(self.clerk).with_context(
            default_reviewed_on="2026-10-01 12:00:00", default_hold_id=1
        ).action_post()
        self.assertTrue(self.listed().is_open)

    def test_credit_notes_and_observation_are_not(self):
        note = self.make_invoice(
            self.alfa, 45000.0, day=TODAY, post=False, move_type="out_refund"
        )
        note.with_user(self.clerk).action_post()
        self.policy.observation = True
        self.invoice(145000.0)
        self.assertFalse(self.listed())

    def test_many_cost_as_much_as_one(self):
        """Of ordered goods nothing is asked; else one position for all buyers."""
        buyers = [self.make_buyer(f"B{number}") for number in range(50)]
        reviews = self.env["credit.insurance.review"]

        def count(invoices):
            self.env.flush_all()
            self.env.invalidate_all()
            invoices.mapped("invoice_line_ids.sale_line_ids")
            self.env.user.mapped("login")
            before = self.env.cr.sql_log_count
            reviews._notice_invoices(invoices)
            return self.env.cr.sql_log_count - before

        many = self.env["account.move"].union(
            *(self.make_invoice(buyer, 100.0) for buyer in buyers)
        )
        one = self.make_invoice(self.make_buyer("ONE"), 100.0)
        count(one)
        self.assertLessEqual(count(many), count(one) + 2)
