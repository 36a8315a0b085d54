import re
from xmlrpc.client import Fault

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .checked_common import ANA
from .test_leaks import LeaksCommon

# What stands in our views, and in what they say of our models. Odoo has credit notes,
# limits and warnings of its own.
OURS = re.compile(
    r"credit\.(insurance|followup)|credit_(check|hold|zone|band|cover|gauge)"
    r"|[Ii]nsur|Credit (Hold|Release)|Released by Credit"
)


@tagged("post_install", "-at_install")
class TestLeaksOfTheClient(LeaksCommon):
    """What the web client's own requests tell a customer who is logged in."""

    def setUp(self):
        super().setUp()
        self.log_in()

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

    def ask(self, url, **params):
        """Call a route; return all of its answer, or of its refusal, as text."""
        try:
            return str(self.make_jsonrpc_request(url, params))
        except JsonRpcException as error:
            return str(error)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_views(self):
        """Forms, lists, filters and actions of orders: what is ours has groups."""
        for model in ("sale.order", "sale.order.line"):
            for kind in ("form", "list", "search", "kanban"):
                with self.subTest(model=model, kind=kind):
                    try:
                        told = self.call(
                            model,
                            "get_views",
                            [[False, kind]],
                            options={"toolbar": True, "load_filters": True},
                        )
                    except Fault as refusal:
                        told = refusal.faultString
                    self.assertFalse(sorted({*map(str, OURS.findall(str(told)))}))

    @mute_logger("odoo.http")
    def test_threads(self):
        self.happen()
        for order in self.waits + self.grown:
            thread = {"thread_model": "sale.order", "thread_id": order.id}
            for url in (
                "/mail/thread/messages",
                "/mail/thread/recipients",
                "/mail/inbox/messages",
                "/mail/history/messages",
                "/mail/starred/messages",
            ):
                with self.subTest(url=url, order=order.name):
                    self.assertNeutral(self.ask(url, **thread))
        for asked in ("init_messaging", "failures", "systray_get_activities"):
            with self.subTest(asked=asked):
                answer = self.ask("/mail/data", fetch_params=[asked])
                self.assertNeutral(answer)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_subscribed_to_notes(self):
        """Odoo lets customers choose what they follow: notes are for employees."""
        note = self.env.ref("mail.mt_note")
        activities = self.env.ref("mail.mt_activities")
        for order in self.waits + self.grown:
            self.call(
                "sale.order",
                "message_subscribe",
                order.ids,
                partner_ids=self.contact.ids,
                subtype_ids=(note + activities).ids,
            )
        self.env.invalidate_all()
        followed = self.waits.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.contact
        )
        self.assertIn(note, followed.subtype_ids)
        with self.mock_mail_gateway():
            self.happen()
            for order in self.waits + self.grown:
                self.hold_of(order).with_user(self.controller)._refuse("Too much")
        self.assertMailsNeutral(ANA)
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.contact.id)]
        )
        self.assertFalse(notified.mail_message_id.filtered("is_internal"))
