from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import TODAY
from .invoice_common import InvoiceCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoiceUnordered(InvoiceCommon):
    """A sale that begins with its invoice: posted, but credit control sees it."""

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
