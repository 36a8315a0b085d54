import xmlrpc.client

from odoo.tests import tagged

from ..http_common import HttpCommon

CREDIT_WORDS = ("limit", "insurer", "missing", "POL-", "grade")


@tagged("post_install", "-at_install")
class TestAccessHttp(HttpCommon):
    """A script with somebody's API key: JSON-2, XML-RPC and JSON-RPC, over HTTP.

    The quotation of 45 000 is refused whatever is sent along.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "salesperson": cls.make_role("sales_team.group_sale_salesman"),
            "employee": cls.make_role("base.group_user"),
            "portal": cls.make_role("base.group_portal"),
            "controller": cls.make_role(
                "sales_team.group_sale_salesman_all_leads,"
                "export_credit_insurance.group_credit_controller"
            ),
        }
        cls.keys = {name: cls.make_key(user) for name, user in cls.users.items()}
        cls.quotation = cls.make_order(
            45000.0, user_id=cls.users["salesperson"].id, name="QUOTE"
        )

    @classmethod
    def make_role(cls, groups):
        return cls.make_user(f"http-{groups.rpartition('_')[2]}", groups)

    def json2(self, role, *args, **kwargs):
        """Return (status, answer) of a call with the role's key."""
        return super().json2(self.keys[role], *args, **kwargs)

    def rpc(self, role, *args, **kwargs):
        """The same over XML-RPC."""
        return self.xmlrpc(self.users[role], self.keys[role], *args, **kwargs)

    def jsonrpc(self, role, model, method, *args):
        user = self.users[role]
        given = [self.env.cr.dbname, user.id, self.keys[role], model, method, *args]
        response = self.url_open(
            "/jsonrpc",
            json={
                "method": "call",
                "params": {
                    "service": "object",
                    "method": "execute",
                    "args": given,
                },
            },
        )
        return response.json()

    def assertNothingConfirmed(self):
        self.env.invalidate_all()
        self.assertEqual(self.quotation.state, "draft")
        holds = self.env["credit.insurance.hold"]
        self.assertFalse(holds.search([("order_id", "=", self.quotation.id)]))

    # === THE GATE === #

    def test_json2_confirms_nothing(self):
        ids = self.quotation.ids
        for method, arguments in (
            ("action_confirm", {}),
            ("write", {"vals": {"state": "sale"}}),
            ("web_save", {"vals": {"state": "sale"}, "specification": {}}),
            ("copy", {"default": {"state": "sale"}}),
            ("write", {"vals": {"state": "sale", "amount_total": 1.0}}),
        ):
            for context in ({}, {"su": True, "import_file": True, "uid": 1}):
                with self.subTest(method=method, context=context):
                    status, answer = self.json2(
                        "salesperson",
                        "sale.order",
                        method,
                        ids,
                        context=context,
                        **arguments,
                    )
                    self.assertGreaterEqual(status, 400, answer)
                    self.assertNothingConfirmed()

    def test_nothing_is_made_confirmed(self):
        """An order that is created or imported as confirmed is refused alike."""
        created = {
            "partner_id": self.buyer.id,
            "name": "MADE",
            "state": "sale",
            "order_line": [
                [
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 1,
                        "price_unit": 45000.0,
                        "tax_ids": [[5]],
                    },
                ]
            ],
        }
        columns = {
            "name": "MADE",
            "partner_id/.id": str(self.buyer.id),
            "state": "sale",
            "order_line/product_id/.id": str(self.product.id),
            "order_line/product_uom_qty": "1",
            "order_line/price_unit": "45000",
        }
        imported = {"fields": list(columns), "data": [list(columns.values())]}
        for role in ("salesperson", "controller"):
            for context in ({}, {"import_file": True, "su": True, "uid": 1}):
                with self.subTest(role=role, context=context):
                    status, answer = self.json2(
                        role, "sale.order", "create", vals_list=[created]
                    )
                    self.assertGreaterEqual(status, 400, answer)
                    status, answer = self.json2(
                        role, "sale.order", "load", context=context, **imported
                    )
                    # an import answers with what is wrong of each row
                    self.assertFalse(status == 200 and answer["ids"], answer)
                    self.assertIn("17,000.00", str(answer))
                    self.env.invalidate_all()
                    orders = self.env["sale.order"]
                    self.assertFalse(orders.search([("name", "=", "MADE")]))

    def test_a_controller_has_to_release_too(self):
        """Credit control decides on a hold; it does not confirm past the limit."""
        ids = self.quotation.ids
        for method, arguments in (
            ("action_confirm", {}),
            ("write", {"vals": {"state": "sale"}}),
        ):
            for context in ({}, {"su": True, "import_file": True, "uid": 1}):
                with self.subTest(method=method, context=context):
                    status, answer = self.json2(
                        "controller",
                        "sale.order",
                        method,
                        ids,
                        context=context,
                        **arguments,
                    )
                    self.assertGreaterEqual(status, 400, answer)
                    self.assertNothingConfirmed()
                    with self.assertRaises(xmlrpc.client.Fault):
                        self.rpc(
                            "controller", "sale.order", method, ids, *arguments.values()
                        )
                    self.assertNothingConfirmed()
                    answer = self.jsonrpc(
                        "controller", "sale.order", method, ids, *arguments.values()
                    )
                    self.assertIn("error", answer)
                    self.assertNothingConfirmed()

    def test_json2_says_no_word_about_cover(self):
        _status, answer = self.json2(
            "salesperson", "sale.order", "action_confirm", self.quotation.ids
        )
        for word in CREDIT_WORDS:
            self.assertNotIn(word, answer["message"].lower())
        self.assertIn("17,000.00", answer["message"])

    def test_xmlrpc_confirms_nothing(self):
        ids = self.quotation.ids
        for arguments in (
            ("action_confirm", ids),
            ("write", ids, {"state": "sale"}),
            ("_validate_order", ids),
            ("_check_credit_of", ids),
        ):
            with self.subTest(method=arguments[0]):
                with self.assertRaises(xmlrpc.client.Fault):
                    self.rpc("salesperson", "sale.order", *arguments)
                self.assertNothingConfirmed()

    def test_jsonrpc_confirms_nothing(self):
        ids = self.quotation.ids
        for arguments in (("action_confirm", ids), ("write", ids, {"state": "sale"})):
            with self.subTest(method=arguments[0]):
                answer = self.jsonrpc("salesperson", "sale.order", *arguments)
                self.assertIn("error", answer)
                self.assertNothingConfirmed()

    def test_others_put_nothing_on_hold(self):
        for role in ("portal", "employee"):
            for context in ({}, {"create_for_task_id": 1}):
                with self.subTest(role=role, context=context):
                    status, _answer = self.json2(
                        role,
                        "sale.order",
                        "action_confirm",
                        self.quotation.ids,
                        context=context,
                    )
                    self.assertEqual(status, 403)
                    self.assertNothingConfirmed()

    # === PRIVATE METHODS AND OUR MODELS === #

    def test_private_methods_do_not_exist(self):
        hold = self.ask()
        for model, method, ids in (
            ("credit.insurance.hold", "_release", hold.ids),
            ("credit.insurance.hold", "_refuse", hold.ids),
            ("credit.insurance.clearance", "_record", ()),
            ("credit.insurance.clearance", "_drop", ()),
            ("credit.insurance.anchor", "_bump", ()),
            ("credit.insurance.limit", "_store", ()),
            ("credit.insurance.position", "_get_credit_position", ()),
            ("sale.order", "_confirm_accepted", self.quotation.ids),
        ):
            for role in ("salesperson", "controller"):
                with self.subTest(method=method, role=role):
                    status, _answer = self.json2(role, model, method, ids)
                    self.assertIn(status, (403, 404))
        self.assertEqual(hold.state, "open")

    def ask(self):
        """Ask for release by the salesperson's key; return the hold."""
        status, answer = self.json2(
            "salesperson",
            "sale.order",
            "action_request_credit_release",
            self.quotation.ids,
            reason="Friday",
        )
        self.assertEqual((status, answer), (200, True))
        self.env.invalidate_all()
        return self.quotation.credit_hold_id

    def test_a_salesperson_reads_and_decides_nothing(self):
        hold = self.ask()
        decision = {"hold_id": hold.id, "decision": "release", "reason": "me"}
        for model, method, arguments in (
            ("credit.insurance.hold", "read", {"fields": ["reason"]}),
            ("credit.insurance.hold", "write", {"vals": {"state": "released"}}),
            ("credit.insurance.hold", "action_release", {}),
        ):
            with self.subTest(method=method):
                status, _answer = self.json2(
                    "salesperson", model, method, hold.ids, **arguments
                )
                self.assertEqual(status, 403)
        # who has asked may add a word to the request, nobody else; nobody reads it
        for role in ("employee", "portal"):
            status, _answer = self.json2(
                role, "credit.insurance.hold", "message_post", hold.ids, body="released"
            )
            self.assertEqual(status, 403)
        for model, method, arguments in (
            ("credit.insurance.hold.decision", "create", {"vals_list": [decision]}),
            ("credit.insurance.clearance", "search_read", {"domain": []}),
            ("credit.insurance.hold", "search", {"domain": []}),
            ("credit.insurance.limit", "search", {"domain": []}),
            ("sale.order", "search", {"domain": [["credit_hold_ids", "!=", False]]}),
            ("res.partner", "search", {"domain": [], "order": "credit_exposure"}),
            (
                "res.partner",
                "formatted_read_group",
                {"domain": [], "groupby": ["cover_state"], "aggregates": ["__count"]},
            ),
        ):
            with self.subTest(model=model, method=method):
                status, _answer = self.json2("salesperson", model, method, **arguments)
                self.assertEqual(status, 403)
        self.assertEqual(hold.state, "open")

    def test_names_behind_a_change_are_not_told(self):
        """A request that names an address of another company says nothing of it."""
        company = self.env["res.company"].create({"name": "Other"})
        secret = self.env["res.partner"].create(
            {"name": "Secret Address", "company_id": company.id}
        )
        status, request = self.json2(
            "salesperson",
            "credit.insurance.hold.request",
            "create",
            vals_list=[{"reason": "?"}],
        )
        self.assertEqual(status, 200)
        line = {
            "request_id": request[0],
            "order_id": self.quotation.id,
            "changes": {"partner_invoice_id": secret.id},
        }
        model = "credit.insurance.hold.request.line"
        _status, line_ids = self.json2("salesperson", model, "create", vals_list=[line])
        _status, answer = self.json2(
            "salesperson", model, "read", line_ids, fields=["change_text"]
        )
        self.assertNotIn("Secret", str(answer))

    def test_a_portal_user_reaches_nothing(self):
        for model, method, arguments in (
            ("sale.order", "action_request_credit_release", {"reason": "me"}),
            ("sale.order", "read", {"fields": ["credit_check_summary"]}),
            ("sale.order", "read", {"fields": ["credit_hold_state"]}),
            ("sale.order", "write", {"vals": {"state": "sale"}}),
        ):
            with self.subTest(method=method):
                status, _answer = self.json2(
                    "portal", model, method, self.quotation.ids, **arguments
                )
                self.assertEqual(status, 403)
        status, _answer = self.json2(
            "portal", "credit.insurance.hold.request", "create", vals_list=[{}]
        )
        self.assertEqual(status, 403)
