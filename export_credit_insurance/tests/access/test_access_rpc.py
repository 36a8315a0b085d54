import inspect
from contextlib import suppress

from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged

from .samples import ADDON, AccessCommon, models_of_addon

# Methods that a client may call besides actions, with what guards them.
PUBLIC_METHODS = {
    ("credit.insurance.dashboard", "get_dashboard"),
    ("credit.insurance.dashboard", "get_action"),
    ("credit.insurance.my.day", "get_my_day"),
    ("credit.insurance.my.day", "get_action"),
    ("res.partner", "credit_explanation"),  # asks for a credit group
}
SWITCHES = {
    "import_file": True,
    "install_mode": True,
    "install_module": ADDON,
    "module": ADDON,
    "tracking_disable": True,
    "mail_notrack": True,
    "force": True,
    "no_check": True,
    "skip_credit_check": True,
    "bypass_credit_check": True,
    "credit_check": False,
    "credit_position_partner_ids": [],
    "credit_requested_amounts": {},
    "credit_requested_changes": {},
    "default_state": "sale",
    "active_test": False,
    "check_move_validity": False,
    "uid": 1,
    "su": True,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestAccessRpc(AccessCommon):
    """A salesperson with a script instead of the web client (DESIGN 4, Enforcement)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        # 28 000 are left of ALFA's limit: an order of 30 000 is refused
        seller = cls.users["salesperson"]
        cls.order = cls.make_order(
            cls.alfa, 30000.0, confirm=False, user_id=seller.id
        ).with_user(seller)

    def call(self, model, name, *args, user="salesperson", **kwargs):
        """What a call from outside does, context included."""
        env = self.env(user=self.users[user])
        return call_kw(env[model], name, list(args), kwargs)

    def test_only_known_methods_are_public(self):
        """Everything else starts with an underscore or is private."""
        found = {
            (name, method)
            for name, model in self.env.registry.items()
            for cls in model.mro()
            if cls.__module__.startswith(f"odoo.addons.{ADDON}.")
            for method, code in vars(cls).items()
            if inspect.isfunction(code)
            and not method.startswith(("_", "action_"))
            and not getattr(code, "_api_private", False)
        }
        ours = {
            (name, method) for name, method in found if not self.is_core(name, method)
        }
        self.assertEqual(ours, PUBLIC_METHODS)

    def is_core(self, name, method):
        """Whether Odoo itself has this method, or it is one that Odoo calls."""
        return method == "init" or any(
            method in vars(cls)
            for cls in self.env.registry[name].mro()
            if cls.__module__.startswith("odoo.")
            and not cls.__module__.startswith(f"odoo.addons.{ADDON}.")
        )

    def test_private_methods_are_refused(self):
        hidden = {
            "sale.order": ("_check_credit_of", "_note_credit_request"),
            "credit.insurance.hold": (
                "_release",
                "_refuse",
                "_request",
                "_sign_first",
                "_take_step",
                "_refresh",
                "_set_obsolete",
            ),
            "credit.insurance.clearance": (
                "_record",
                "_lower",
                "_replace",
                "_renew",
                "_drop",
                "_take_stock",
            ),
            "credit.insurance.anchor": ("_bump",),
            "credit.insurance.policy": ("_end_observation",),
            "credit.insurance.observation.end": ("_review",),
            "credit.insurance.limit": ("_record_decision", "_store", "_end"),
            "credit.insurance.limit.request": ("_send", "_take_decision"),
            "credit.insurance.provider.account": ("_secret", "_keep", "_service"),
            "credit.insurance.provider.call": ("_queue", "_work", "_heard"),
            "credit.insurance.provider.jobs": (
                "request_limit",
                "read_decisions",
                "notify_overdue",
            ),
            "credit.insurance.position": ("_get_credit_position", "_execute"),
            "credit.insurance.check": ("_assess",),
            "res.company": ("_credit_check_modes", "_refresh_credit_checks"),
        }
        for model, names in hidden.items():
            for name in names:
                with self.subTest(model=model, name=name):
                    self.assertTrue(callable(getattr(self.env[model], name)))
                    with self.assertRaises(AccessError):
                        get_public_method(self.env[model], name)

    def test_nothing_of_ours_is_written(self):
        """Clearance, hold, anchor, limit, policy: the matrix by call_kw, as su=False
        contexts would have it."""
        for model in models_of_addon(self.env):
            if model.startswith("credit.insurance.hold.request"):
                continue
            record = self.env[model]
            if record._auto and not record._transient:
                record = self.make_sample(model)
            values, change = self.sample(model)
            calls = {
                "create": (values,),
                "search_read": ([],),
                "load": (list(change), [["1"] * len(change)]),
            }
            if record:
                calls |= {
                    "write": (record.ids, change),
                    "unlink": (record.ids,),
                    "web_save": (record.ids, change, {}),
                    "copy": (record.ids,),
                }
            for name, args in calls.items():
                with self.subTest(model=model, name=name), self.undone():
                    self.assertRefused(model, name, *args, context=SWITCHES)

    def assertRefused(self, model, name, *args, **kwargs):
        try:
            result = self.call(model, name, *args, **kwargs)
        except UserError:
            return
        # an import answers with messages instead of raising
        self.assertEqual(name, "load")
        self.assertFalse(result["ids"])

    def test_actions_of_our_models_are_refused(self):
        """Buttons that a salesperson does not see, called all the same."""
        for model in models_of_addon(self.env):
            record = self.env[model]
            if not record._auto or model.startswith("credit.insurance.hold.request"):
                continue
            if not record._transient:
                record = self.make_sample(model)
            for name in dir(type(record)):
                if not name.startswith("action_") or not record.ids:
                    continue
                if name.startswith("action_open_"):
                    continue  # says where a screen is, opens nothing
                owner = inspect.getmodule(inspect.unwrap(getattr(type(record), name)))
                if not owner.__name__.startswith(f"odoo.addons.{ADDON}."):
                    continue
                with self.subTest(model=model, name=name), self.undone():
                    self.assertRefused(model, name, record.ids)

    def test_the_gate_holds_by_every_call(self):
        order, ids = self.order, self.order.ids
        doors = {
            "action_confirm": (ids,),
            "write": (ids, {"state": "sale"}),
            "web_save": (ids, {"state": "sale"}, {}),
            "create": (self.confirmed(30000.0),),
        }
        # an import offers no button, hence the other error
        for context, refusal in (({}, RedirectWarning), (SWITCHES, UserError)):
            for name, args in doors.items():
                with self.subTest(name=name, context=bool(context)):
                    with self.undone(), self.assertRaises(refusal):
                        self.call("sale.order", name, *args, context=context)
                    self.assertEqual(order.state, "draft")

    def confirmed(self, amount):
        return {
            "partner_id": self.alfa.id,
            "pricelist_id": False,
            "state": "sale",
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": amount,
                        "price_unit": 1.0,
                        "tax_ids": [(5,)],
                    },
                )
            ],
        }

    def test_no_field_of_the_order_opens_the_gate(self):
        """What the salesperson may write does not change what is checked."""
        for name, field in self.order._fields.items():
            if ADDON not in field._modules:
                continue
            with self.subTest(field=name), self.undone():
                value = {"boolean": True, "selection": "released"}.get(field.type, 0)
                if name == "credit_check_state":
                    value = "ok"
                with suppress(UserError, ValueError), self.cr.savepoint():
                    self.call("sale.order", "write", self.order.ids, {name: value})
                with self.assertRaises(RedirectWarning):
                    self.call("sale.order", "action_confirm", self.order.ids)

    def test_no_switch_of_checks_or_policy(self):
        attempts = (
            ("res.company", self.company, {"credit_check_enabled": False}),
            ("res.partner", self.alfa, {"credit_party_kind": "related"}),
            ("res.partner", self.alfa, {"credit_zone_override_id": self.zones[0].id}),
            ("res.partner", self.alfa, {"own_risk_limit": 1e9}),
            (
                "res.partner",
                self.alfa,
                {"insured_limit_line_ids": [(0, 0, {"amount": 1e9})]},
            ),
            (
                "res.partner",
                self.alfa,
                {"own_risk_line_ids": [(0, 0, {"amount": 1e9, "reason": "me"})]},
            ),
            ("sale.order", self.order, {"credit_remainder_closed": True}),
            ("sale.order", self.order, {"credit_hold_ids": [(0, 0, {})]}),
        )
        for model, record, values in attempts:
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.call(model, "write", record.ids, values, context=SWITCHES)

    def test_explanation_needs_a_credit_group(self):
        for role in ("public", "portal", "salesperson", "accountant"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.call("res.partner", "credit_explanation", self.alfa.ids, user=role)

    def test_others_orders_are_not_told_by_a_request(self):
        """A request for release that names an order of a colleague says nothing."""
        other = self.make_order(self.alfa, 1000.0, confirm=False)
        request = self.call("credit.insurance.hold.request", "create", {"reason": "?"})
        with self.assertRaises(AccessError), self.undone():
            self.call(
                "credit.insurance.hold.request.line",
                "create",
                {"request_id": request, "order_id": other.id},
            )
        with self.assertRaises(AccessError):
            self.call("sale.order", "action_request_credit_release", other.ids)

    def test_files_of_others_are_not_taken_by_a_release(self):
        """A release attaches what its author may read, and moves nobody's file."""
        self.order.action_request_credit_release(reason="Friday")
        hold = self.order.sudo().credit_hold_id
        files = self.env["ir.attachment"].create(
            [
                {"name": "secret", "raw": b"x", "res_model": "ir.cron", "res_id": 1},
                {
                    "name": "logo",
                    "raw": b"x",
                    "res_model": "res.partner",
                    "res_id": self.alfa.id,
                },
            ]
        )
        values = {"hold_id": hold.id, "decision": "release", "reason": "Good customer"}
        model = "credit.insurance.hold.decision"
        with self.assertRaises(AccessError), self.undone():
            secret = {**values, "attachment_ids": [(6, 0, files[0].ids)]}
            self.call(model, "create", secret, user="controller")
        public = {**values, "attachment_ids": [(6, 0, files[1].ids)]}
        decision = self.call(model, "create", public, user="controller")
        self.call(model, "action_confirm", [decision], user="controller")
        self.assertEqual(hold.state, "released")
        self.assertEqual(files[1].res_model, "res.partner")
