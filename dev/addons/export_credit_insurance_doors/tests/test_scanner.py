import xmlrpc.client

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.export_credit_insurance.tests.http_common import RpcClient

from .checked_common import CheckedCommon

# The context of a scanner's validation: it has asked about backorders itself.
SCANNER = {"skip_backorder": True, "display_detailed_backorder": True}


class ScannerCommon(RpcClient, HttpCase, CheckedCommon):
    """A worker with a scanner: the public methods that it calls, by an API key.

    ALFA's order of 102 000 and one of 20 000 are in the warehouse. The insurer has cut
    the limit from 130 000 to 30 000, and nothing has left yet: the 20 000 fit, the
    102 000 exceed it by 72 000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.make_user("doors-walt", "stock.group_stock_user", name="Walt")
        cls.key = cls.make_key(cls.worker)
        # 102 000 are above the controllers' ceiling of 50 000
        cls.controller = cls.make_user(
            "doors-mona", "export_credit_insurance.group_credit_manager", name="Mona"
        )
        cls.company.credit_controller_id = cls.controller
        cls.large = cls.buyer.sale_order_ids.picking_ids
        order = cls.make_order(20)
        order.action_confirm()
        cls.small = order.picking_ids
        limit = cls.env["credit.insurance.limit"].search(
            [("partner_id", "=", cls.buyer.id)]
        )
        limit.flush_recordset()
        # past the decisions, which never change
        cls.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 30000 WHERE id = %s", [limit.id]
        )
        limit.invalidate_recordset()

    def call(self, method, records, **arguments):
        """Call a method of records with the worker's key; return (status, answer)."""
        answer = self.json2(self.key, records._name, method, records.ids, **arguments)
        self.env.invalidate_all()
        return answer

    def scan(self, picking, quantity=None):
        """Scan goods of a transfer: its lines are written with the transfer."""
        commands = [
            Command.update(
                line.id,
                {
                    "quantity": line.quantity if quantity is None else quantity,
                    "picked": True,
                },
            )
            for line in picking.move_line_ids
        ]
        status, answer = self.call("write", picking, vals={"move_line_ids": commands})
        self.assertEqual(status, 200, answer)

    def assertHeld(self, status, answer, picking):
        """Refused in words that a worker may read; nothing has left."""
        self.assertGreaterEqual(status, 400, answer)
        self.assertIn(picking.name, answer["message"])
        self.assertIn("Authorised credit exceeded by", answer["message"])
        self.assertIn("72,000.00", answer["message"])
        for secret in ("limit", "insur", "atlas", "pol-26", "30,000", "refus"):
            self.assertNotIn(secret, answer["message"].lower())
        self.assertEqual(picking.state, "assigned")


@tagged("post_install", "-at_install")
class TestScanner(ScannerCommon):
    """Held with its cure on the scanner's screen, released, validated."""

    def test_held_released_validated(self):
        picking = self.large
        for method in ("action_assign", "do_unreserve", "action_assign"):
            status, answer = self.call(method, picking)
            self.assertEqual(status, 200, answer)
        self.scan(picking)
        status, answer = self.call("action_put_in_pack", picking)
        self.assertEqual(status, 200, answer)
        answers = self.call("button_validate", picking, context=SCANNER)
        self.assertHeld(*answers, picking)
        status, answer = self.call(
            "action_request_credit_release", picking, reason="The lorry waits"
        )
        self.assertEqual((status, answer), (200, True))
        # asked for again by the same button: it says that somebody decides already
        status, answer = self.call("button_validate", picking, context=SCANNER)
        self.assertIn("Walt", answer["message"])
        self.assertEqual(picking.credit_hold_state, "open")
        self.release(picking.sale_id)
        status, answer = self.call("button_validate", picking, context=SCANNER)
        self.assertEqual(status, 200, answer)
        self.assertEqual(picking.state, "done")

    def test_cure_is_on_the_transfer(self):
        """What the scanner's screen reads of the transfer."""
        fields = ["credit_delivery_state", "credit_delivery_summary"]
        status, [read] = self.call("read", self.large, fields=fields)
        self.assertEqual(status, 200)
        self.assertEqual(read["credit_delivery_state"], "blocked")
        self.assertIn("72,000.00", read["credit_delivery_summary"])
        self.assertIn("release", read["credit_delivery_summary"])

    def test_part_that_fits(self):
        """30 of 102 may leave; the rest waits in a backorder."""
        self.scan(self.large, 30)
        status, answer = self.call("button_validate", self.large, context=SCANNER)
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.large.state, "done")
        backorder = self.large.sale_id.picking_ids - self.large
        status, answer = self.call("button_validate", backorder, context=SCANNER)
        self.assertGreaterEqual(status, 400, answer)
        self.assertEqual(backorder.state, "assigned")

    def test_backorder_wizard(self):
        """The dialogue that Odoo opens, called by its public method."""
        self.scan(self.large, 31)
        status, action = self.call("button_validate", self.large)
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        wizards = self.env[action["res_model"]].with_user(self.worker)
        wizard = wizards.create({"pick_ids": [Command.set(self.large.ids)]})
        for method in ("process", "process_cancel_backorder"):
            status, answer = self.call(
                method, wizard, context={"button_validate_picking_ids": self.large.ids}
            )
            self.assertGreaterEqual(status, 400, answer)
            self.assertIn("1,000.00", answer["message"])
            self.assertEqual(self.large.state, "assigned")

    def test_private_methods(self):
        for method in (
            "_action_done",
            "_pre_action_done_hook",
            "_use_releases",
            "_check_credit_goods",
        ):
            for records in (self.large, self.large.move_ids):
                status, _answer = self.call(method, records)
                self.assertIn(status, (403, 404), method)
        self.assertEqual(self.large.state, "assigned")

    def test_ways_around_over_json2(self):
        """What is tried on the models, with a key (see the bridge's own tests)."""
        move, line = self.large.move_ids, self.large.move_ids.sale_line_id
        for method, records, arguments in (
            ("write", move, {"vals": {"state": "done"}}),
            ("write", move, {"vals": {"sale_line_id": False}}),
            ("write", self.large, {"vals": {"sale_id": False}}),
            ("web_save", move, {"vals": {"state": "done"}, "specification": {}}),
            ("copy", move, {"default": {"state": "done", "quantity": 102}}),
            ("write", line, {"vals": {"move_ids": [[3, move.id, 0]]}}),
        ):
            for context in ({}, {"su": True, "uid": 1, "cancel_backorder": True}):
                with self.subTest(method=method, **arguments):
                    status, answer = self.call(
                        method, records, context=context, **arguments
                    )
                    self.assertGreaterEqual(status, 400, answer)
                    self.assertEqual(move.sale_line_id, line)
                    self.assertEqual(self.large.sale_id, line.order_id)
                    self.assertEqual(line.qty_delivered, 0.0)

    def test_ways_around_over_xmlrpc(self):
        for model, ids, method, *arguments in (
            ("stock.picking", self.large.ids, "button_validate"),
            ("stock.move", self.large.move_ids.ids, "write", {"state": "done"}),
            ("stock.move", self.large.move_ids.ids, "write", {"sale_line_id": False}),
            ("stock.picking", self.large.ids, "_action_done"),
        ):
            with self.subTest(method=method), self.assertRaises(xmlrpc.client.Fault):
                self.xmlrpc(self.worker, self.key, model, method, ids, *arguments)
            self.env.invalidate_all()
            self.assertEqual(self.large.state, "assigned")


@tagged("post_install", "-at_install")
class TestBatch(ScannerCommon):
    """Several transfers picked together and validated as one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batch = cls.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set((cls.large + cls.small).ids)]}
        )
        cls.batch.action_confirm()

    def test_held_one_names_itself_the_other_goes_without_it(self):
        self.scan(self.large)
        self.scan(self.small)
        status, answer = self.call("action_put_in_pack", self.batch)
        self.assertEqual(status, 200, answer)
        answers = self.call("action_done", self.batch, context=SCANNER)
        self.assertHeld(*answers, self.large)
        refused, passing = answers[1]["message"].split("Would pass")
        self.assertNotIn(self.small.name, refused)
        self.assertIn(self.small.name, passing)
        self.assertEqual(self.small.state, "assigned")
        status, answer = self.call("write", self.large, vals={"batch_id": False})
        self.assertEqual(status, 200, answer)
        status, answer = self.call("action_done", self.batch, context=SCANNER)
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.small.state, "done")
        self.assertEqual(self.batch.state, "done")
        self.assertEqual(self.large.state, "assigned")

    def test_released_all_go(self):
        self.scan(self.large)
        self.scan(self.small)
        self.call("action_request_credit_release", self.large, reason="They wait")
        self.release(self.large.sale_id)
        # 102 000 leave by the release: the limit has nothing left for the 20 000
        status, answer = self.call("action_done", self.batch, context=SCANNER)
        self.assertGreaterEqual(status, 400, answer)
        self.assertIn(self.small.name, answer["message"].split("Would pass")[0])
        self.call("action_request_credit_release", self.small, reason="They wait")
        status, answer = self.call("write", self.small, vals={"batch_id": False})
        status, answer = self.call("action_done", self.batch, context=SCANNER)
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.large.state, "done")

    def test_wave_takes_a_part_of_a_held_transfer(self):
        """31 of 102 in a transfer of their own: 1 000 of 30 000 too much."""
        self.batch.picking_ids = False
        line = self.large.move_line_ids
        rest = line.copy({"quantity": 71.0})
        line.quantity = 31.0
        waves = self.env["stock.add.to.wave"].with_user(self.worker)
        waves.with_context(active_model="stock.move.line", active_ids=line.ids).create(
            {"mode": "new"}
        ).attach_pickings()
        wave, part = line.batch_id, line.picking_id
        self.assertTrue(wave.is_wave)
        self.assertNotEqual(part, rest.picking_id)
        self.assertEqual(part.sale_id, self.large.sale_id)
        wave.action_confirm()
        self.scan(part)
        status, answer = self.call("action_done", wave, context=SCANNER)
        self.assertGreaterEqual(status, 400, answer)
        self.assertIn("1,000.00", answer["message"])
        self.assertEqual(part.state, "assigned")
        self.scan(part, 30.0)
        status, answer = self.call("action_done", wave, context=SCANNER)
        self.assertEqual(status, 200, answer)
        self.assertEqual(part.state, "done")

    def test_batch_in_the_background(self):
        """Nobody reads a refusal: what fits leaves, the other stays in the batch."""
        (self.large + self.small).move_ids.picked = True
        self.batch.sudo().with_context(skip_backorder=True).action_done()
        self.assertEqual(self.small.state, "done")
        self.assertEqual(self.large.state, "assigned")
        self.assertEqual(self.large.credit_hold_state, "open")
