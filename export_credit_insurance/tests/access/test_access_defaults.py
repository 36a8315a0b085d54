from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..http_common import HttpCommon

LATER = "2099-12-31"
# What a release would say, as a salesperson's own defaults for a hold.
RELEASED = {
    "state": "released",
    "release_kind": "own_risk",
    "release_amount": 1000000.0,
    "confirmable_amount": 1000000.0,
    "release_until": LATER,
    "decided_by": 2,
    "accepted_by_customer": True,
}
# Of the books: facts of the insurer's clock, a dispute, and whether anything is owed.
FACTS = {
    "insured_due_date": LATER,
    "credit_dispute_amount": 102000.0,
    "credit_shipment_date": "2020-01-01",
    "credit_delivery_date": "2020-01-01",
}
FACTS_OF_ITEMS = {"credit_original_due_date": LATER, "credit_not_exposure": True}


@tagged("post_install", "-at_install")
class TestAccessDefaults(HttpCommon):
    """A salesperson's own defaults, for what the server makes in their name.

    Everybody sets defaults for oneself, of any field of any model (``ir.default``), and
    Odoo asks for them where it makes records as superuser, too: drafts of invoices by
    its dialogue, payments; we make holds, reviews and what they list so. 102 000 of
    130 000 are ordered in an order of the salesperson's own, a quotation of 45 000 does
    not fit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_user(
            "http-defaults",
            "sales_team.group_sale_salesman,base.group_partner_manager",
        )
        cls.key = cls.make_key(cls.seller)
        cls.quotation = cls.make_order(45000.0, user_id=cls.seller.id, name="ROOM")
        cls.order = cls.env["sale.order"].search(
            [("partner_id", "=", cls.buyer.id), ("state", "=", "sale")]
        )
        cls.order.user_id = cls.seller
        cls.product.invoice_policy = "order"

    # === CALLS === #

    def call(self, model, method, ids=(), key=None, **arguments):
        self.env.flush_all()
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            answer = self.json2(key or self.key, model, method, ids, **arguments)
        self.env.invalidate_all()
        return answer

    def set_defaults(self, model, values, key=None):
        """As the web client does it, for oneself; Odoo lets everybody."""
        for name, value in values.items():
            status, answer = self.call(
                "ir.default",
                "set",
                key=key,
                model_name=model,
                field_name=name,
                value=value,
                user_id=True,
            )
            self.assertEqual(status, 200, answer)

    def bill(self, context=None, **values):
        """Have Odoo's dialogue, which every salesperson has, make a draft."""
        values = {"advance_payment_method": "delivered", **values}
        dialogues = "sale.advance.payment.inv"
        status, made = self.call(
            dialogues,
            "create",
            vals_list=[{"sale_order_ids": [Command.set(self.order.ids)], **values}],
        )
        self.assertEqual(status, 200, made)
        before = self.order.invoice_ids
        self.call(dialogues, "create_invoices", made, context=context or {})
        return self.order.invoice_ids - before

    def assertNoRoom(self):
        self.assertEqual(self.exposure(), 102000.0)
        status, _answer = self.call("sale.order", "action_confirm", self.quotation.ids)
        self.assertGreaterEqual(status, 400)
        self.assertEqual(self.quotation.state, "draft")

    def assertAsInvoiced(self, invoice):
        """Once a clerk has posted it: the books' own dates, nothing in dispute."""
        invoice.action_post()
        self.assertRecordValues(
            invoice,
            [
                {
                    "insured_due_date": invoice.invoice_date_due,
                    "credit_dispute_amount": 0.0,
                    "credit_shipment_date": False,
                    "credit_delivery_date": False,
                }
            ],
        )
        self.assertFalse(invoice.line_ids.filtered("credit_original_due_date"))
        self.assertFalse(invoice.line_ids.filtered("credit_not_exposure"))
        self.assertNoRoom()

    # === IN THE BOOKS === #

    def test_a_draft_is_exposure(self):
        self.set_defaults("account.move.line", FACTS_OF_ITEMS)
        self.assertAsInvoiced(self.bill())

    def test_facts_of_a_draft(self):
        self.set_defaults("account.move", FACTS)
        self.assertAsInvoiced(self.bill())

    def test_facts_by_the_context(self):
        """Odoo leaves defaults of a context out where it goes on as superuser."""
        defaults = {**FACTS, **FACTS_OF_ITEMS, "state": "posted"}
        context = {f"default_{name}": value for name, value in defaults.items()}
        self.assertAsInvoiced(self.bill(context))

    def test_a_draft_is_a_draft(self):
        """A deposit of ten times the order, posted by who may post nothing."""
        self.set_defaults("account.move", {"state": "posted"})
        invoice = self.bill(advance_payment_method="fixed", fixed_amount=1000000.0)
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(invoice.amount_total, 1000000.0)

    def test_of_who_bills(self):
        """Who may make invoices says no more of them: neither read-only nor hidden."""
        clerk = self.make_user(
            "http-billing",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        self.key = self.make_key(clerk)
        self.set_defaults("account.move", {**FACTS, "state": "posted"})
        self.set_defaults("account.move.line", FACTS_OF_ITEMS)
        self.set_defaults("account.move", {"narration": "Thank you"})
        invoice = self.bill()
        self.assertEqual(invoice.state, "draft")
        self.assertAsInvoiced(invoice)
        line = {
            "product_id": self.product.id,
            "price_unit": 25000.0,
            "tax_ids": [Command.clear()],
        }
        values = {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "invoice_line_ids": [Command.create(line)],
        }
        status, made = self.call("account.move", "create", vals_list=[values])
        self.assertEqual(status, 200, made)
        own = self.env["account.move"].browse(made)
        self.assertEqual((own.state, own.insured_due_date), ("draft", False))
        self.assertIn("Thank you", own.narration)  # what they may fill in
        self.assertFalse(own.line_ids.filtered("credit_not_exposure"))

    def test_payments(self):
        """Odoo makes those of its payment form so."""
        self.set_defaults("payment.transaction", {"state": "done"})
        methods = self.env["payment.method"].with_context(active_test=False)
        transactions = self.env["payment.transaction"].with_user(self.seller).sudo()
        paid = transactions.create(
            {
                "provider_id": self.env["payment.provider"].search([], limit=1).id,
                "payment_method_id": methods.search([], limit=1).id,
                "reference": "ROOM",
                "amount": 45000.0,
                "currency_id": self.quotation.currency_id.id,
                "partner_id": self.buyer.id,
                "sale_order_ids": [Command.set(self.quotation.ids)],
            }
        )
        self.assertEqual(paid.state, "draft")
        self.assertNoRoom()

    def test_lines_that_others_have_paid(self):
        """By a default of the context, or one's own: the line would look invoiced."""
        billed = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.env["res.partner"].create({"name": "Paula"}).id,
                "invoice_user_id": self.seller.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 1.0})
                ],
            }
        )
        billed.action_post()
        linked = [Command.set(billed.invoice_line_ids.ids)]
        context = {"default_invoice_lines": linked}
        for own in (False, True):
            if own:
                context = {}
                self.set_defaults("sale.order.line", {"invoice_lines": linked})
            order = self.make_order(10.0, user_id=self.seller.id)
            line = {
                "order_id": order.id,
                "product_id": self.product.id,
                "price_unit": 45000.0,
                "tax_ids": [Command.clear()],
            }
            status, made = self.call(
                "sale.order.line", "create", vals_list=[line], context=context
            )
            self.assertEqual(status, 200, made)
            line = self.env["sale.order.line"].browse(made)
            self.assertRecordValues(line, [{"qty_invoiced": 0.0, "price_total": 45000}])
            status, answer = self.call("sale.order", "action_confirm", order.ids)
            self.assertGreaterEqual(status, 400)
            self.assertEqual(order.state, "draft", answer)

    # === WHAT IS DECIDED, AND TO BE === #

    def test_a_request_is_no_release(self):
        self.set_defaults("credit.insurance.hold", RELEASED)
        self.call(
            "sale.order",
            "action_request_credit_release",
            self.quotation.ids,
            reason="The customer pays on Friday.",
        )
        self.assertRecordValues(
            self.quotation.credit_hold_ids,
            [
                {
                    "state": "open",
                    "release_kind": False,
                    "confirmable_amount": 0.0,
                    "decided_by": False,
                    "accepted_by_customer": False,
                }
            ],
        )
        self.assertNoRoom()

    def test_a_review_is_to_be_done(self):
        """A private person, whom nobody is asked credit for, becomes a company."""
        person = self.env["res.partner"].create(
            {"name": "Paula", "country_id": self.buyer.country_id.id}
        )
        order = self.make_order(45000.0, partner_id=person.id, user_id=self.seller.id)
        order.action_confirm()
        self.set_defaults("credit.insurance.review", {"state": "done"})
        self.call("res.partner", "write", person.ids, vals={"is_company": True})
        review = self.env["credit.insurance.review"].search(
            [("partner_ids", "in", person.ids)]
        )
        self.assertEqual(review.state, "queued")

    def test_what_is_listed_waits(self):
        """A delivery that is recorded and taken back, ticked off before anybody saw."""
        self.product.invoice_policy = "delivery"
        self.order.order_line.qty_delivered = 1.0
        ticked_off = {"reviewed_on": "2026-01-01 00:00:00", "reviewed_by": 2}
        self.set_defaults("credit.insurance.review.line", ticked_off)
        self.call(
            "sale.order.line",
            "write",
            self.order.order_line.ids,
            vals={"qty_delivered": 0.0},
        )
        listed = self.env["credit.insurance.review.line"].search(
            [("order_id", "=", self.order.id)]
        )
        self.assertRecordValues(
            listed, [{"stage": "taken_back", "reviewed_on": False, "is_open": True}]
        )

    def test_who_decides_is_told(self):
        """Odoo keeps activities in the archive that are done."""
        self.set_defaults("mail.activity", {"active": False})
        self.call(
            "sale.order", "action_request_credit_release", self.quotation.ids, reason=""
        )
        self.assertTrue(self.quotation.credit_hold_ids.activity_ids)

    # === WHAT STAYS === #

    def test_defaults_for_everybody(self):
        """Administrators say what holds for everybody, whoever is at work."""
        defaults = self.env["ir.default"]
        defaults.set("account.move", "incoterm_location", "Rio", company_id=True)
        self.set_defaults("account.move", {"incoterm_location": "Lima"})
        moves = self.env["account.move"].with_user(self.seller).sudo()
        self.assertEqual(
            moves.default_get(["incoterm_location"]), {"incoterm_location": "Rio"}
        )
