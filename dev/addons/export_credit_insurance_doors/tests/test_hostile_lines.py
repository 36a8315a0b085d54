from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.export_credit_insurance.tests.http_common import RpcClient

from .checked_common import ALFA, ANA, CheckedCommon
from .http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestHostileLines(RpcClient, HttpCase, CheckedCommon):
    """A salesperson with an API key and the pages of the web client.

    ALFA has ordered 102 000 of 130 000; Sam has an order of 20 000 more confirmed, so
    that 8 000 are free.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.make_key(cls.seller)
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user")
        cls.order = cls.make_quotation(20)
        cls.order.action_confirm()
        cls.waiting = cls.make_quotation(45)

    def call(self, model, method, ids=(), **arguments):
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.json2(self.key, model, method, ids, **arguments)
        self.env.invalidate_all()
        return answer

    def exposure(self):
        self.env.flush_all()
        self.env.invalidate_all()
        engine = self.env["credit.insurance.position"].sudo()
        found = engine._get_credit_position(self.buyer, self.company)
        return found[self.buyer].exposure

    def assertRefused(self, model, method, ids=(), **arguments):
        status, answer = self.call(model, method, ids, **arguments)
        self.assertGreaterEqual(status, 400, answer)
        self.assertEqual(self.exposure(), 122000.0)

    def test_catalogue(self):
        """The catalogue of products writes quantities of confirmed orders."""
        self.authenticate("doors-sam", "doors-sam")
        update = {
            "res_model": "sale.order",
            "order_id": self.order.id,
            "product_id": self.product.id,
        }
        route = "/product/catalog/update_order_line_info"
        self.make_jsonrpc_request(route, {**update, "quantity": 28})
        self.assertEqual(self.exposure(), 130000.0)
        for forged in ({}, {"context": {"import_file": True}}):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(route, {**update, "quantity": 29, **forged})
        self.assertEqual(self.exposure(), 130000.0)

    def test_orders_made_through_other_records(self):
        """Commands on records that have orders, or lines of them."""
        line = {"product_id": self.product.id, "product_uom_qty": 45}
        order = {
            "partner_id": self.buyer.id,
            "state": "sale",
            "order_line": [Command.create(line)],
        }
        self.assertRefused(
            "res.partner",
            "write",
            self.buyer.ids,
            vals={"sale_order_ids": [Command.create(order)]},
        )
        self.assertRefused(
            "crm.lead",
            "create",
            vals_list=[
                {
                    "name": "Valves",
                    "partner_id": self.buyer.id,
                    "order_ids": [Command.create(order)],
                }
            ],
        )
        more = {**line, "order_id": self.order.id, "name": "Valves"}
        self.assertRefused("sale.order.line", "create", vals_list=[more])
        self.assertRefused("sale.order.line", "name_create", name="Valves")
        taken = self.waiting.order_line.ids[0]
        for command in (Command.link(taken), Command.set([taken])):
            self.assertRefused(
                "sale.order", "write", self.order.ids, vals={"order_line": [command]}
            )
        self.assertRefused(
            "sale.order.line", "write", [taken], vals={"order_id": self.order.id}
        )

    def test_goods_and_a_discount_at_the_same_total(self):
        """500 000 of goods less as much once the discount is delivered: 500 000 owed.

        In one save of the order, of its lines, and of what the web client sends.
        """
        rebate = self.env["product.product"].create(
            {"name": "Rebate", "type": "service", "invoice_policy": "delivery"}
        )
        amounts = ((self.product, 500000.0), (rebate, -500000.0))
        commands = [
            Command.create({"product_id": product.id, "price_unit": price})
            for product, price in amounts
        ]
        for method in ("write", "web_save"):
            arguments = {"specification": {}} if method == "web_save" else {}
            self.assertRefused(
                "sale.order",
                method,
                self.order.ids,
                vals={"order_line": commands},
                **arguments,
            )
        self.assertRefused(
            "sale.order.line",
            "create",
            vals_list=[
                {
                    "order_id": self.order.id,
                    "product_id": product.id,
                    "price_unit": price,
                }
                for product, price in amounts
            ],
        )

    def test_prices_computed_anew(self):
        """Odoo computes those of confirmed orders by no button; what does is growth."""
        self.product.list_price = 3000.0
        for method in ("action_update_prices", "action_update_taxes"):
            self.call("sale.order", method, self.order.ids)
            self.assertEqual(self.exposure(), 122000.0)
        self.call("sale.order", "action_lock", self.order.ids)
        self.call("sale.order", "action_unlock", self.order.ids)
        self.assertRefused(
            "sale.order.line",
            "write",
            self.order.order_line.ids,
            vals={"product_uom_qty": 21},  # 63 000 by the new price
        )

    def test_taxes_computed_anew(self):
        """Taxes of 50 %: 10 000 more, of which 8 000 are free."""
        tax = self.env["account.tax"].create(
            {"name": "50", "amount": 50.0, "type_tax_use": "sale"}
        )
        self.policy.cover_tax_basis = "tax_included"
        self.product.taxes_id = tax
        self.assertRefused("sale.order", "action_update_taxes", self.order.ids)
        self.assertRefused(
            "sale.order.line",
            "write",
            self.order.order_line.ids,
            vals={"tax_ids": [Command.set(tax.ids)]},
        )

    def ship(self):
        """All 20 pieces leave."""
        moves = self.order.picking_ids.move_ids
        moves.write({"quantity": 20, "picked": True})
        self.order.picking_ids.button_validate()
        self.assertEqual(self.order.order_line.qty_delivered, 20.0)

    def test_goods_that_have_left_are_no_expense(self):
        """Else Odoo would count no delivery, and the order could be lowered."""
        self.ship()
        line = self.order.order_line
        for vals in (
            {"is_expense": True},
            {"qty_delivered_method": "manual"},
            {"qty_delivered_method": "analytic", "qty_delivered": 0.0},
            {"qty_delivered": 0.0},
        ):
            for method, arguments in (
                ("write", {"vals": vals}),
                ("web_save", {"vals": vals, "specification": {}}),
            ):
                self.call("sale.order.line", method, line.ids, **arguments)
                self.assertEqual(line.qty_delivered, 20.0, vals)
                self.call(
                    "sale.order.line", "write", line.ids, vals={"product_uom_qty": 0}
                )
                self.assertEqual(self.exposure(), 122000.0, vals)
                self.call("sale.order", "action_cancel", self.order.ids)
                self.assertEqual(self.exposure(), 122000.0, vals)

    def test_price_of_what_has_left_for_nothing(self):
        """100 pieces leave of 20 that cost nothing; then they shall cost 1 000.

        Growth that an employee asks for is refused, whatever it counts anew besides.
        """
        pump = self.env["product.product"].create(
            {
                "name": "Pumps",
                "type": "consu",
                "invoice_policy": "delivery",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
            }
        )
        free = {
            "order_id": self.order.id,
            "product_id": pump.id,
            "name": "Pumps",
            "product_uom_qty": 20,
            "price_unit": 0.0,
        }
        status, answer = self.call("sale.order.line", "create", vals_list=[free])
        self.assertEqual(status, 200, answer)
        line = self.env["sale.order.line"].browse(answer)
        moves = line.move_ids.with_user(self.worker)
        moves.write({"quantity": 100, "picked": True})
        moves._action_done()
        self.assertEqual((line.qty_delivered, self.exposure()), (100.0, 122000.0))
        for vals in (
            {"product_id": pump.id},
            {"price_unit": 1000.0},
            {"product_id": pump.id, "price_unit": 1000.0},
            {"product_uom_id": self.env.ref("uom.product_uom_dozen").id},
        ):
            self.call("sale.order.line", "write", line.ids, vals=vals)
            self.assertEqual(self.exposure(), 122000.0, vals)
        self.assertFalse(self.hold_of(self.order))

    def test_goods_ordered_as_an_expense(self):
        """By a value, or by a default of the context or of one's own."""
        product = {"product_id": self.product.id, "product_uom_qty": 5}
        forged = {"is_expense": True, "qty_delivered_method": "analytic"}
        defaults = {f"default_{name}": value for name, value in forged.items()}
        ids = []
        for vals, context in (({**product, **forged}, {}), (product, defaults)):
            status, answer = self.call(
                "sale.order",
                "create",
                vals_list=[
                    {
                        "partner_id": self.buyer.id,
                        "order_line": [Command.create(vals)],
                    }
                ],
                context=context,
            )
            self.assertEqual(status, 200, answer)
            ids += answer
        own = self.env["ir.default"]
        for name, value in {**forged, "is_expense": True}.items():
            own.set("sale.order.line", name, value, user_id=self.seller.id)
        status, answer = self.call(
            "sale.order",
            "create",
            vals_list=[
                {"partner_id": self.buyer.id, "order_line": [Command.create(product)]}
            ],
        )
        ids += answer
        lines = self.env["sale.order"].browse(ids).order_line
        self.assertEqual(len(lines), 3)
        self.assertEqual(set(lines.mapped("is_expense")), {False})
        self.assertEqual(set(lines.mapped("qty_delivered_method")), {"stock_move"})

    def test_template_of_a_quotation(self):
        """One whose lines are worth more: applied to an order it is growth."""
        template = self.env["sale.order.template"].create(
            {
                "name": "Large",
                "sale_order_template_line_ids": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 90}
                    )
                ],
            }
        )
        vals = {"sale_order_template_id": template.id}
        self.call("sale.order", "write", self.order.ids, vals=vals)
        self.assertEqual(self.exposure(), 122000.0)  # only the form copies lines
        lines = [
            Command.clear(),
            Command.create({"product_id": self.product.id, "product_uom_qty": 90}),
        ]
        self.assertRefused(
            "sale.order",
            "web_save",
            self.order.ids,
            vals={**vals, "order_line": lines},
            specification={"state": {}},
        )
        self.assertRefused(
            "sale.order",
            "create",
            vals_list=[
                {
                    "partner_id": self.buyer.id,
                    "state": "sale",
                    **vals,
                    "order_line": lines[1:],
                }
            ],
        )

    def test_keys_of_another_scope(self):
        """A key that was made for something else opens no call."""
        keys = self.env["res.users.apikeys"].with_user(self.seller).sudo()
        expires = fields.Datetime.now() + timedelta(days=1)
        key = keys._generate("mail_plugin", "plugin", expires)
        with mute_logger("odoo.http"):
            status, _answer = self.json2(
                key, "sale.order", "action_confirm", self.waiting.ids
            )
        self.assertEqual(status, 401)
        self.assertEqual(self.waiting.state, "sent")

    def make_combo(self):
        """A set at 1 000: a valve and a pump, chosen by the customer."""
        valve, pump = self.env["product.product"].create(
            [
                {"name": name, "list_price": 1000.0, "taxes_id": [Command.clear()]}
                for name in ("Valve", "Pump")
            ]
        )
        combos = self.env["product.combo"].create(
            [
                {
                    "name": product.name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for product in (valve, pump)
            ]
        )
        set_ = self.env["product.product"].create(
            {
                "name": "Set",
                "type": "combo",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
                "combo_ids": [Command.set(combos.ids)],
            }
        )
        return set_, combos.combo_item_ids

    def make_combo_order(self, quantity):
        product, items = self.make_combo()
        order = self.make_quotation(0, order_line=[Command.clear()])
        order.order_line = [
            Command.create(
                {"product_id": product.id, "product_uom_qty": quantity, "sequence": 1}
            )
        ]
        for number, item in enumerate(items):
            order.order_line = [
                Command.create(
                    {
                        "product_id": item.product_id.id,
                        "combo_item_id": item.id,
                        "linked_line_id": order.order_line[0].id,
                        "product_uom_qty": quantity,
                        "sequence": 2 + number,
                    }
                )
            ]
        return order

    def test_combos(self):
        """8 sets at 1 000 fit, the price standing on their parts; a ninth does not."""
        order = self.make_combo_order(8)
        self.assertEqual(order.amount_total, 8000.0)
        status, answer = self.call("sale.order", "action_confirm", order.ids)
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.exposure(), 130000.0)
        set_line, valve, pump = order.order_line.sorted("sequence")
        for lines, vals in (
            (set_line + valve + pump, {"product_uom_qty": 9}),
            (valve, {"product_uom_qty": 9}),
            (valve, {"combo_item_id": False, "price_unit": 1000.0}),
            (set_line, {"price_unit": 1.0}),
            (pump, {"linked_line_id": False, "discount": -10.0}),
        ):
            with self.subTest(vals=vals, lines=len(lines)):
                self.call("sale.order.line", "write", lines.ids, vals=vals)
                self.assertLessEqual(self.exposure(), 130000.0)

    def test_combos_beyond_the_credit(self):
        order = self.make_combo_order(9)
        self.assertEqual(order.amount_total, 9000.0)
        self.assertRefused("sale.order", "action_confirm", order.ids)


@tagged("post_install", "-at_install")
class TestTemplateMail(HttpCommon):
    """A template of quotations may have a mail of its own for the customer."""

    def test_none_is_sent_as_long_as_it_waits(self):
        mail = self.env["mail.template"].create(
            {
                "name": "Thanks",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "subject": "Your order is confirmed",
                "body_html": "<p>Thank you</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        template = self.env["sale.order.template"].create(
            {"name": "Ours", "mail_template_id": mail.id}
        )
        order = self.make_quotation(
            45,
            sale_order_template_id=template.id,
            require_signature=True,
            require_payment=False,
        )
        self.visit()
        with self.mock_mail_gateway():
            self.sign(order)
        self.assertWaits(order)
        subjects = [each.subject for each in self.mails_to(ALFA, ANA)]
        self.assertNotIn("Your order is confirmed", subjects)
        with self.mock_mail_gateway():
            self.release(order)
        self.assertConfirmed(order)
        subjects = [each.subject for each in self.mails_to(ALFA, ANA)]
        self.assertEqual(subjects.count("Your order is confirmed"), 1)
