from xmlrpc.client import Fault

from odoo import SUPERUSER_ID
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools import mute_logger

from .checked_common import ALFA, ANA, text_of
from .http_common import HttpCommon

OURS = {"export_credit_insurance", "export_credit_insurance_stock"}
MODELS = ("stock.picking", "stock.move", "stock.move.line")
TRANSLATED = ("portal", "sale", "stock", "sale_stock", *sorted(OURS))


class HeldDeliveryCommon(HttpCommon):
    """A delivery of 20 000 that waits, is refused, released and leaves.

    ALFA's limit is cut to 10 000 once the order is confirmed: 10 000 are too much. Ana
    follows order and transfer; customers get Odoo's mail when goods leave.
    """

    lang = "en_US"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(cls.lang)
        if cls.lang != "en_US":
            cls.env["ir.module.module"]._load_module_terms(TRANSLATED, [cls.lang])
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user", name="Walt")
        people = cls.worker + cls.seller + cls.controller + cls.portal_user
        people.lang = cls.lang
        (people.partner_id + cls.buyer + cls.contact).lang = cls.lang
        cls.company.stock_move_email_validation = True
        cls.order = cls.make_quotation(20, partner_id=cls.contact.id)
        cls.order.action_confirm()
        cls.picking = cls.order.picking_ids
        cls.picking.action_assign()
        for record in (cls.order, cls.picking):
            record.message_subscribe((cls.contact + cls.buyer).ids)
        cls.set_limit(10000.0)

    def holds(self):
        return self.env["credit.insurance.hold"].search(
            [("picking_id", "=", self.picking.id)]
        )

    def hold_it(self):
        """Refused to the worker, who asks; tried by a job; refused by who decides."""
        picking = self.picking.with_user(self.worker)
        picking.move_ids.picked = True
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            picking.button_validate()
        picking.action_request_credit_release("They pay on Friday.")
        self.holds().with_user(self.controller)._refuse("Insolvent, says Atlas")
        picking.action_request_credit_release("They have paid.")
        self.picking.with_user(SUPERUSER_ID)._action_done()
        self.env.flush_all()
        self.assertEqual(self.picking.state, "assigned")
        self.assertIn("open", self.holds().mapped("state"))

    def let_it_go(self):
        """Released by who decides; the worker ships."""
        hold = self.holds().filtered(lambda hold: hold.state == "open")
        self.env["credit.insurance.hold.decision"].with_user(self.controller).create(
            {"hold_id": hold.id, "decision": "release", "reason": "Good customer"}
        ).action_confirm()
        self.picking.with_user(self.worker).button_validate()
        self.env.flush_all()
        self.assertEqual(self.picking.state, "done")


@tagged("post_install", "-at_install")
class TestLeaksOfDeliveries(HeldDeliveryCommon):
    """What customers read of a transfer that was held: nothing of credit."""

    def test_mails(self):
        """Ana reads that her goods are on their way, and nothing before."""
        with self.mock_mail_gateway():
            self.hold_it()
        self.assertFalse(self.mails_to(ANA, ALFA))
        with self.mock_mail_gateway():
            self.let_it_go()
        mails = self.assertMailsNeutral(ANA, ALFA)
        self.assertTrue(any(self.picking.name in mail.subject for mail in mails))

    def test_notifications(self):
        self.hold_it()
        self.let_it_go()
        customers = self.contact + self.buyer
        messages = self.picking.message_ids + self.order.message_ids
        told = messages.filtered(
            lambda message: customers & message.notification_ids.res_partner_id
        )
        self.assertTrue(told)
        self.assertNeutral(*(text_of(message.body or "<p>-</p>") for message in told))

    def test_history_and_tracking(self):
        """What is not internal in the chatter is what a customer may read."""
        self.hold_it()
        self.let_it_go()
        self.assertPublicNeutral(self.picking)
        self.assertPublicNeutral(self.order)

    def assertPublicNeutral(self, record):
        internal = record.message_ids.filtered(
            lambda message: message.is_internal or message.subtype_id.internal
        )
        self.assertTrue(internal, "nothing was noted")
        for message in record.message_ids - internal:
            texts = [message.subject or "", text_of(message.body or "<p>-</p>")]
            for value in message.sudo().tracking_value_ids:
                texts += [
                    value.field_id.field_description,
                    value.old_value_char or "",
                    value.new_value_char or "",
                ]
            self.assertNeutral(" ".join(["-", *texts]))

    def test_history_in_the_portal(self):
        self.log_in()
        self.hold_it()
        self.let_it_go()
        for record in (self.picking, self.order):
            answer = self.make_jsonrpc_request(
                "/mail/chatter_fetch",
                {"thread_model": record._name, "thread_id": record.id},
            )
            for message in answer["data"].get("mail.message", []):
                self.assertNeutral(f"- {message['body']}")

    def test_delivery_slip(self):
        """While it waits and once it has left; with the login and with the token."""
        self.hold_it()
        self.assertNeutral(self.read_slip())
        self.visit()
        self.assertNeutral(
            self.read_slip(access_token=self.order._portal_ensure_token())
        )
        self.let_it_go()
        self.log_in()
        self.assertNeutral(self.read_slip())

    def read_slip(self, **params):
        if not params:
            self.log_in()
        response = self.url_open(f"/my/picking/pdf/{self.picking.id}", params=params)
        self.assertEqual(response.status_code, 200)
        page = self.env["ir.actions.report"].with_context(lang=self.lang)
        page = page._render_qweb_html("stock.action_report_delivery", self.picking.ids)
        text = text_of(page[0].decode())
        self.assertIn(self.picking.name, text)
        return text

    def test_other_papers(self):
        self.hold_it()
        for report in ("stock.action_report_picking", "stock.return_label_report"):
            page = self.env["ir.actions.report"].with_context(lang=self.lang)
            page = page._render_qweb_html(report, self.picking.ids)[0]
            self.assertNeutral("- " + text_of(page.decode()))

    def test_page_of_the_order(self):
        self.hold_it()
        self.log_in()
        page = self.read_page(self.order.get_portal_url())
        self.assertIn(self.order.name, page)
        self.assertNeutral(page)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_fields_by_rpc(self):
        self.hold_it()
        records = {
            "stock.picking": self.picking,
            "stock.move": self.picking.move_ids,
            "stock.move.line": self.picking.move_line_ids,
        }
        for model, record in records.items():
            fields = self.env[model]._fields
            ours = [
                name
                for name, field in fields.items()
                if field._modules and set(field._modules) <= OURS
            ]
            self.assertIn("credit_hold_state", self.env["stock.picking"]._fields)
            for name in ours:
                for method, args in (
                    ("read", [record.ids, [name]]),
                    ("search", [[(name, "!=", False)]]),
                ):
                    with self.subTest(f"{model}.{name}"), self.assertRaises(Fault):
                        self.call(model, method, *args)

    def call(self, model, method, *args):
        return self.xmlrpc_object.execute_kw(
            self.cr.dbname, self.portal_user.id, "doors-ana", model, method, args, {}
        )

    def test_messages_by_rpc(self):
        self.hold_it()
        self.let_it_go()
        messages = self.call(
            "mail.message",
            "search_read",
            [("model", "in", ["stock.picking", "sale.order"]), ("body", "!=", False)],
            ["body", "subject"],
        )
        for message in messages:
            self.assertNeutral(f"- {message['body']} {message['subject']}")


@tagged("post_install", "-at_install")
class TestLeaksOfDeliveriesInFrench(TestLeaksOfDeliveries):
    """The same, all people reading French."""

    allow_inherited_tests_method = True
    lang = "fr_FR"

    def test_the_notes_are_in_french(self):
        """Else the words of the others would not be looked for."""
        self.hold_it()
        notes = " ".join(self.picking.message_ids.mapped("body"))
        self.assertIn("déblocage", notes)
