import xmlrpc.client
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

CREDIT_WORDS = ("limit", "insurer", "missing", "POL-", "grade")


@tagged("post_install", "-at_install")
class TestAccessHttp(HttpCase):
    """A script with somebody's API key: JSON-2, XML-RPC and JSON-RPC, over HTTP.

    The buyer's limit is 130 000, of which an order uses 102 000: the quotation of
    45 000 is refused whatever is sent along. Days are relative to the real today.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = fields.Date.today()
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Alfa Http",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Valves", "type": "consu", "taxes_id": [Command.clear()]}
        )
        cls.policy = cls.make_policy()
        cls.make_limit()
        cls.make_order(102000.0).action_confirm()
        cls.users = {
            "salesperson": cls.make_user("sales_team.group_sale_salesman"),
            "employee": cls.make_user("base.group_user"),
            "portal": cls.make_user("base.group_portal"),
            "controller": cls.make_user(
                "sales_team.group_sale_salesman_all_leads,"
                "export_credit_insurance.group_credit_controller"
            ),
        }
        cls.keys = {name: cls.make_key(user) for name, user in cls.users.items()}
        cls.quotation = cls.make_order(
            45000.0, user_id=cls.users["salesperson"].id, name="QUOTE"
        )

    # === FIXTURE === #

    @classmethod
    def make_user(cls, groups):
        login = f"http-{groups.rpartition('_')[2]}"
        return new_test_user(cls.env, login, groups, company_id=cls.company.id)

    @classmethod
    def make_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        expires = fields.Datetime.now() + timedelta(days=1)
        return keys._generate("rpc", "hostile", expires)

    @classmethod
    def make_policy(cls):
        policy = cls.env["credit.insurance.policy"].create(
            {
                "name": "POL-HTTP",
                "number": "HTTP-1",
                "insurer_id": cls.env["credit.insurance.insurer"]
                .create({"name": "Http Insurer", "code": "HTTP"})
                .id,
                "company_ids": [Command.set(cls.company.ids)],
                "currency_id": cls.company.currency_id.id,
                "date_start": cls.today - timedelta(days=30),
                "date_end": cls.today + timedelta(days=300),
            }
        )
        policy.write({"state": "active", "observation": False})
        return policy

    @classmethod
    def make_limit(cls):
        return cls.env["credit.insurance.limit"].create(
            {
                "policy_id": cls.policy.id,
                "partner_id": cls.buyer.id,
                "kind": "named",
                "state": "approved",
                "amount": 130000.0,
                "currency_id": cls.policy.currency_id.id,
                "date_from": cls.today - timedelta(days=30),
                "decision_date": cls.today - timedelta(days=30),
            }
        )

    @classmethod
    def make_order(cls, amount, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def json2(self, role, model, method, ids=(), **arguments):
        """Return (status, answer) of a call with the role's key."""
        response = self.url_open(
            f"/json/2/{model}/{method}",
            json={"ids": list(ids), **arguments} if ids else arguments,
            headers={"Authorization": f"bearer {self.keys[role]}"},
        )
        return response.status_code, response.json()

    def rpc(self, role, model, method, *args, **kwargs):
        """The same over XML-RPC, the key as password."""
        proxy = self.xmlrpc_object
        user = self.users[role]
        arguments = (self.env.cr.dbname, user.id, self.keys[role], model, method)
        return proxy.execute_kw(*arguments, list(args), kwargs)

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
