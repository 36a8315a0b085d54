from xmlrpc.client import Fault

from odoo.tests import tagged
from odoo.tools import mute_logger

from .checked_common import ANA
from .http_common import HttpCommon

ADDONS = ("export_credit_insurance", "export_credit_insurance_stock")
# What a customer may read of by RPC: the own documents.
MODELS = ("sale.order", "sale.order.line", "res.partner", "account.move")
# Odoo looks through related fields before it asks who may. It stands on every document.
HARMLESS = {"credit_company_currency_id"}


class LeaksCommon(HttpCommon):
    """A quotation that waits, and an order that has grown too much.

    20 000 are ordered, 8 000 are free: of the 45 000 there are 37 000 too much. Then
    the order grows by 10 000, of which 2 000 do not fit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grown = cls.make_quotation(20)
        cls.grown.action_confirm()
        cls.waits = cls.make_quotation(
            45, require_signature=True, require_payment=False
        )
        for order in cls.waits + cls.grown:
            order.message_subscribe(cls.contact.ids)

    def happen(self):
        """The customer signs, and a process of Odoo's enlarges the other order."""
        self.sign(self.waits)
        self.env["sale.order.line"].sudo().create(
            {
                "order_id": self.grown.id,
                "product_id": self.product.id,
                "product_uom_qty": 10,
            }
        )
        self.env.flush_all()
        self.assertEqual(self.hold_of(self.waits).state, "open")
        self.assertEqual(self.hold_of(self.grown).state, "open")


@tagged("post_install", "-at_install")
class TestLeaks(LeaksCommon):
    """What customers read in mails, on pages and in the history of their orders."""

    def check_mails(self, happens):
        """Whatever happens, its notes do not go to customers who follow the order."""
        with self.mock_mail_gateway():
            happens()
        return self.assertMailsNeutral(ANA)

    def test_follower_gets_no_note_of_holds(self):
        self.visit()
        (mail,) = self.check_mails(self.happen)
        self.assertIn("signed by Ana", mail.text)

    def test_follower_gets_no_note_of_a_refusal(self):
        def refuse():
            for order in self.waits + self.grown:
                self.hold_of(order).with_user(self.controller)._refuse("Too much")

        self.log_in()
        self.happen()
        self.assertFalse(self.check_mails(refuse))

    def test_follower_gets_the_confirmation_only(self):
        def release():
            self.release(self.waits)
            self.release(self.grown)

        self.log_in()
        self.happen()
        self.assertLessEqual(len(self.check_mails(release)), 1)

    def test_follower_has_no_notification(self):
        self.log_in()
        self.happen()
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "in", (self.contact + self.buyer).ids)]
        )
        notes = notified.mail_message_id.filtered(
            lambda message: message.model == "sale.order" and message.is_internal
        )
        self.assertFalse(notes)

    def test_pages_of_the_portal(self):
        self.log_in()
        self.happen()
        for url in ("/my", "/my/home", "/my/orders", "/my/quotes", "/my/invoices"):
            with self.subTest(url=url):
                self.assertNeutral(self.read_page(url))

    def test_page_of_each_order_with_any_message(self):
        self.log_in()
        self.happen()
        for order in self.waits + self.grown:
            for message in ("", "sign_ok", "cant_reject", "held", "credit"):
                with self.subTest(order=order.name, message=message):
                    self.assertNeutral(
                        self.read_page(order.get_portal_url(), message=message)
                    )

    def test_page_with_the_token_of_a_link(self):
        self.visit()
        self.happen()
        self.assertNeutral(self.read_page(self.waits.get_portal_url()))

    def test_page_in_french(self):
        french = self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(
            ["portal", "sale", "export_credit_insurance"], ["fr_FR"]
        )
        self.website.language_ids += french
        self.log_in()
        self.happen()
        page = self.read_page(
            f"/{french.url_code}{self.waits.get_portal_url()}", message="sign_ok"
        )
        self.assertIn("Nous vous la confirmerons", page)
        self.assertNeutral(page)

    # === HISTORY === #

    def read_history(self, order, **access):
        answer = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "sale.order", "thread_id": order.id, **access},
        )
        return [
            str(message["body"]) for message in answer["data"].get("mail.message", [])
        ]

    def test_history_of_the_order(self):
        self.log_in()
        self.happen()
        bodies = self.read_history(self.waits)
        self.assertTrue(bodies)
        self.assertNeutral(*bodies)
        self.assertFalse(self.read_history(self.grown))

    def test_history_with_the_token_of_a_link(self):
        self.visit()
        self.happen()
        bodies = self.read_history(self.waits, token=self.waits.access_token)
        self.assertTrue(bodies)
        self.assertNeutral(*bodies)

    # === DOCUMENTS === #

    def read_report(self, report, record):
        text = self.env["ir.actions.report"]._render_qweb_html(report, record.ids)[0]
        return text.decode()

    def test_documents_of_the_orders(self):
        self.log_in()
        self.happen()
        for order in self.waits + self.grown:
            self.assertNeutral(self.read_report("sale.action_report_saleorder", order))

    def test_invoice_of_the_order_that_has_grown(self):
        self.product.invoice_policy = "order"
        self.log_in()
        self.happen()
        invoice = self.grown._create_invoices()
        invoice.action_post()
        self.assertNeutral(self.read_report("account.account_invoices", invoice))
        self.assertNeutral(self.read_page(invoice.get_portal_url()))

    def test_search_of_the_website(self):
        self.visit()
        self.happen()
        self.assertNeutral(self.read_page("/website/search", search=self.waits.name))


@tagged("post_install", "-at_install")
class TestLeaksByRpc(LeaksCommon):
    """What a customer's login reads by RPC, whatever it asks for."""

    def setUp(self):
        super().setUp()
        self.log_in()
        self.happen()

    def call(self, model, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.cr.dbname,
            self.portal_user.id,
            "doors-ana",
            model,
            method,
            args,
            kwargs,
        )

    def records(self):
        invoice = self.env["account.move"].search(
            [("partner_id", "child_of", self.buyer.id)], limit=1
        )
        return {
            "sale.order": self.waits,
            "sale.order.line": self.waits.order_line,
            "res.partner": self.contact,
            "account.move": invoice,
        }

    def our_fields(self, model):
        """The names of the fields that the add-ons put on one of Odoo's models."""
        return sorted(
            name
            for name, field in self.env[model]._fields.items()
            if set(field._modules) and set(field._modules) <= set(ADDONS)
        )

    def test_customer_reads_the_own_order(self):
        (order,) = self.call("sale.order", "read", self.waits.ids, ["name"])
        self.assertEqual(order["name"], self.waits.name)

    def test_fields_are_not_told(self):
        for model in MODELS:
            ours = self.our_fields(model)
            self.assertTrue(ours, model)
            told = self.call(model, "fields_get")
            self.assertFalse(set(ours) & told.keys(), model)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_fields_are_not_read(self):
        for model, record in self.records().items():
            for name in self.our_fields(model):
                with self.subTest(field=f"{model}.{name}"), self.assertRaises(Fault):
                    self.call(model, "read", record.ids, [name])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_fields_are_not_searched(self):
        """A search that finds or does not find would tell as much."""
        for model in MODELS:
            for name in set(self.our_fields(model)) - HARMLESS:
                with self.subTest(field=f"{model}.{name}"), self.assertRaises(Fault):
                    self.call(model, "search", [(name, "!=", False)])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_models_are_closed(self):
        for model in self.env:
            if model.startswith(("credit.insurance.", "credit.followup.")):
                with self.subTest(model=model), self.assertRaises(Fault):
                    self.call(model, "search_read", [], ["id"])

    def test_messages_are_not_found(self):
        bodies = [
            message["body"]
            for message in self.call(
                "mail.message",
                "search_read",
                [("model", "=", "sale.order"), ("body", "!=", False)],
                ["body"],
            )
            if message["body"]
        ]
        self.assertNeutral(*bodies)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_activities_are_closed(self):
        with self.assertRaises(Fault):
            self.call("mail.activity", "search_read", [], ["summary"])
        for name in ("activity_ids", "activity_summary"):
            with self.assertRaises(Fault):
                self.call("sale.order", "read", self.waits.ids, [name])

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_json_2_is_no_other_way(self):
        user = self.portal_user
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "doors", None)
        )
        for name in self.our_fields("sale.order"):
            with self.subTest(field=name):
                response = self.url_open(
                    "/json/2/sale.order/read",
                    json={"ids": self.waits.ids, "fields": [name]},
                    headers={"Authorization": f"Bearer {key}"},
                )
                self.assertEqual(response.status_code, 403)
