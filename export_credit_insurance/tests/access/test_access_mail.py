from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from ..decision.common import DecisionCommon

MAIL = """\
From: somebody@example.com
To: nobody@example.com
Subject: Hello
Message-Id: <{number}@example.com>

Hello.
"""


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAccessMail(DecisionCommon):
    """Anybody may hand the server a mail, and Odoo makes a record of it as superuser.

    With a model and values of the caller's choice: own risk of a million on ALFA, whose
    credit 45 000 exceed by 17 000, or an order that brings along its own release.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.portal = new_test_user(cls.env, "credit-port", "base.group_portal")
        cls.mails = 0

    def process(self, model, values, user=None, context=None):
        """As a request of an API key or of a browser does."""
        type(self).mails += 1
        threads = self.env["mail.thread"].with_user(user or self.salesman)
        threads = threads.with_context(**(context or {}))
        made = threads.message_process(model, MAIL.format(number=self.mails), values)
        return self.env[model].browse(made)

    def test_no_own_risk(self):
        values = {
            "partner_id": self.alfa.id,
            "company_id": self.company.id,
            "amount": 1e6,
            "reason": "Good customer",
            "date_from": TODAY,
        }
        for user in (self.salesman, self.controller, self.manager):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.process("credit.insurance.own.risk", values, user)
        with self.assertRaises(RedirectWarning):
            self.make_quotation(45000.0).action_confirm()

    def test_no_record_of_ours(self):
        """None of any model with a discussion, by the gateway or by itself.

        Files of limits come by mail, but to the address of their format.
        """
        checked = 0
        for name, model in self.env.items():
            if not name.startswith(("credit.insurance.", "credit.followup.")):
                continue
            if model._abstract or "message_ids" not in model._fields:
                continue
            checked += 1
            for user in (self.salesman, self.manager, self.portal):
                with self.subTest(name, user=user.login):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        model.with_user(user).message_new({"subject": "x"}, {})
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.process(name, {})
        self.assertGreater(checked, 15)

    def test_no_file_of_limits(self):
        """A customer's login would have had limits imported."""
        profile = self.env["credit.insurance.limit.profile"].create({"name": "Atlas"})
        mail = {"subject": "Limits", "attachments": [["a.csv", "Buyer;Amount"]]}
        imports = self.env["credit.insurance.limit.import"]
        before = imports.search_count([])
        for user in (self.portal, self.salesman):
            with self.assertRaises(AccessError), self.cr.savepoint():
                imports.with_user(user).message_new(mail, {"profile_id": profile.id})
        self.assertEqual(imports.search_count([]), before)
        made = imports.sudo().message_new(mail, {"profile_id": profile.id})
        self.assertTrue(made.is_mailed)

    def test_no_order_with_a_release_of_its_own(self):
        """Nor with lines, or sums: whoever may sell enters them like anybody else."""
        hold = {
            "partner_id": self.alfa.id,
            "company_id": self.company.id,
            "currency_id": self.company.currency_id.id,
            "kind": "order",
            "state": "released",
            "amount": 45000.0,
            "release_amount": 45000.0,
            "release_kind": "own_risk",
            "release_until": "2027-01-01",
        }
        line = {
            "product_id": self.product.id,
            "product_uom_qty": 45000.0,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
        }
        order = self.process(
            "sale.order",
            {
                "partner_id": self.alfa.id,
                "client_order_ref": "A mail",
                "amount_total": 1.0,
                "order_line": [Command.create(line)],
                "credit_hold_ids": [Command.create(hold)],
            },
        )
        self.assertFalse(order.credit_hold_ids)
        self.assertEqual((order.partner_id, order.state), (self.alfa, "draft"))
        self.assertEqual(order.client_order_ref, "A mail")
        self.assertFalse(order.order_line)
        order.order_line = [Command.create(line)]
        with self.assertRaises(RedirectWarning):
            order.with_user(self.salesman).action_confirm()

    def test_no_default_stands_for_the_lines(self):
        """Of the context, or of the caller's own defaults."""
        line = {
            "product_id": self.product.id,
            "product_uom_qty": 45000.0,
            "price_unit": 1.0,
            "qty_invoiced": 45000.0,
        }
        lines = [[0, 0, line]]
        values = {"partner_id": self.alfa.id}
        context = {"default_order_line": lines, "default_client_order_ref": "B"}
        order = self.process("sale.order", values, context=context)
        self.assertFalse(order.order_line or order.client_order_ref)
        defaults = self.env["ir.default"].with_user(self.salesman)
        defaults.set("sale.order", "order_line", lines, user_id=self.salesman.id)
        order = self.process("sale.order", values)
        self.assertEqual(order.create_uid, self.salesman)
        self.assertEqual(order.order_line.qty_invoiced, 0.0)
        with self.assertRaises(RedirectWarning):
            order.with_user(self.salesman).action_confirm()

    def test_nothing_through_a_partner(self):
        """Neither a buyer that is said to be a private person, nor rows below it."""
        own_risk = {
            "company_id": self.company.id,
            "amount": 1e6,
            "reason": "Good customer",
            "date_from": TODAY,
        }
        self.user.group_ids += self.env.ref("base.group_partner_manager")
        for user in (self.salesman, self.user):
            partner = self.process(
                "res.partner",
                {
                    "name": "NEWCO",
                    "is_company": True,
                    "credit_party_kind": "private",
                    "child_ids": [Command.create({"name": "Ana"})],
                    "own_risk_line_ids": [Command.create(own_risk)],
                },
                user,
            )
            self.assertEqual(partner.name, "NEWCO")
            self.assertFalse(partner.credit_party_kind)
            self.assertFalse(partner.child_ids)
            self.assertFalse(partner.own_risk_line_ids)

    def test_what_the_server_takes_in_itself(self):
        """A server of mails that administrators have set up runs as a job."""
        user = self.env.ref("base.user_root")
        values = {
            "partner_id": self.alfa.id,
            "order_line": [Command.create({"product_id": self.product.id})],
        }
        order = self.process("sale.order", values, user)
        self.assertEqual(order.order_line.product_id, self.product)

    def test_nothing_changes_where_nothing_is_checked(self):
        self.policy._write_state({"state": "closed"})
        partner = self.process(
            "res.partner",
            {"name": "NEWCO", "child_ids": [Command.create({"name": "Ana"})]},
        )
        self.assertEqual(partner.child_ids.name, "Ana")
