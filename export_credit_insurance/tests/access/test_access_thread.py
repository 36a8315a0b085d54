from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..http_common import HttpCommon

SECRET = "The insurer has cut it to 10 000."


@tagged("post_install", "-at_install")
class TestAccessThread(HttpCommon):
    """What credit control writes to each other is not sent to who has caused it.

    Odoo has whoever makes a record follow it: a salesperson the hold that they ask for,
    and the review that lists what they did.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_user("http-seller", "sales_team.group_sale_salesman")
        cls.controller = cls.make_user(
            "http-controller", "export_credit_insurance.group_credit_controller"
        )
        cls.reader = cls.make_user(
            "http-reader", "export_credit_insurance.group_credit_user"
        )
        cls.key = cls.make_key(cls.seller)
        cls.quotation = cls.make_order(45000.0, user_id=cls.seller.id)

    def call(self, model, method, ids=(), **arguments):
        self.env.flush_all()
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            answer = self.json2(self.key, model, method, ids, **arguments)
        self.env.invalidate_all()
        return answer

    def ask(self):
        self.call(
            "sale.order",
            "action_request_credit_release",
            self.quotation.ids,
            reason="The customer pays on Friday.",
        )
        return self.quotation.credit_hold_ids

    def take_back(self):
        """A recorded delivery, which is listed and told at once."""
        order = self.make_order(20000.0, user_id=self.seller.id)
        order.action_confirm()
        self.product.invoice_policy = "delivery"
        order.order_line.qty_delivered = 1.0
        line = order.order_line
        self.call("sale.order.line", "write", line.ids, vals={"qty_delivered": 0.0})
        return self.env["credit.insurance.review"].search(
            [("line_ids.order_id", "=", order.id)]
        )

    def write_to(self, record, **values):
        return record.with_user(self.controller).message_post(
            body=SECRET,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def test_followers_who_may_not_read(self):
        for record in (self.ask(), self.take_back()):
            with self.subTest(record=record._name):
                self.assertTrue(record)
                record.message_subscribe(self.reader.partner_id.ids)
                message = self.write_to(record)
                notified = message.notified_partner_ids
                self.assertIn(self.reader.partner_id, notified)
                self.assertNotIn(self.seller.partner_id, notified)
                status, answer = self.call(
                    "mail.message", "read", message.ids, fields=["body"]
                )
                self.assertNotIn(SECRET, str(answer), status)

    def test_who_adds_a_note(self):
        """As who asked may: Odoo has the author of a message follow it, too."""
        hold = self.ask()
        self.call(
            "credit.insurance.hold",
            "message_post",
            hold.ids,
            body="Please",
            message_type="comment",
        )
        notified = self.write_to(hold).notified_partner_ids
        self.assertNotIn(self.seller.partner_id, notified)

    def test_who_is_named(self):
        """Who is written to by name is."""
        message = self.write_to(self.ask(), partner_ids=self.seller.partner_id.ids)
        self.assertIn(self.seller.partner_id, message.notified_partner_ids)

    def test_followers_of_one_company_of_several(self):
        """Who writes has more companies open than who follows."""
        further = self.env["res.company"].create({"name": "Further"})
        self.controller.company_ids += further
        hold = self.ask()
        hold.message_subscribe(self.reader.partner_id.ids)
        both = (self.company | further).ids
        message = self.write_to(hold.with_context(allowed_company_ids=both))
        self.assertIn(self.reader.partner_id, message.notified_partner_ids)

    def test_who_sees_credit_follows_as_ever(self):
        self.seller.group_ids = [
            Command.link(self.env.ref("export_credit_insurance.group_credit_user").id)
        ]
        message = self.write_to(self.ask())
        self.assertIn(self.seller.partner_id, message.notified_partner_ids)
