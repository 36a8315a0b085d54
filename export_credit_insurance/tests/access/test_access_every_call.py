import inspect
import json
import warnings
from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, json_default, mute_logger

from .samples import ADDON, AccessCommon, models_of_addon

ROLES = ("salesperson", "portal")
# Whoever sells fills these in; what they let pass is in test_own_dialogues.py.
OPEN_TO_SELLERS = (
    "credit.insurance.hold.request",
    "credit.insurance.hold.request.line",
)
# where a call may leave a trace besides the model's own table
TRACES = ("mail_message", "mail_followers", "mail_activity", "ir_attachment")
# of Odoo's own models: what a salesperson may do with an order or a buyer of theirs
SELLERS_ACTIONS = {
    # asks for a decision, which is what a salesperson is to do
    ("sale.order", "action_request_credit_release"),
}
# of no record: a message to users, as everybody may send one
MESSAGES = {("credit.insurance.thread.mixin", "message_notify")}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestAccessEveryCall(AccessCommon):
    """Salesperson and portal user call every public method of every model of ours.

    Models, methods and their parameters are read from the registry, Odoo's own methods
    among them: a new one is tried by itself. A call may end well if it tells nothing of
    the record and leaves nothing behind, like the names of fields.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.samples = {}
        cls.followers = cls.users["salesperson"].partner_id.ids

    # === THE CALLS === #

    def methods(self, model):
        """The names that a call from outside may have."""
        names = []
        for name in dir(type(model)):
            if name.startswith("_") or not inspect.isfunction(
                inspect.unwrap(getattr(type(model), name, None) or "")
            ):
                continue
            try:
                get_public_method(model, name)
            except (AccessError, AttributeError):
                continue
            names.append(name)
        return names

    def arguments(self, record, name):
        """What the method asks for, guessed by the names of its parameters."""
        values, change = self.samples[record._name]
        stored = [field for field, of in record._fields.items() if of.store]
        known = {
            "vals": change,
            "values": change,
            "vals_list": [values],
            "fields": stored,
            "field_names": stored,
            "fnames": stored,
            "allfields": stored,
            "fields_list": stored,
            "fields_to_export": stored,
            "export_fields": stored,
            "specification": {field: {} for field in stored},
            "fields_spec": {field: {"": ""} for field in stored},
            "domain": [],
            "groupby": ["create_uid"] if "create_uid" in stored else [],
            "aggregates": ["__count"],
            "operation": "read",
            "name": "A",
            "data": [["1"] * len(change)],
            "views": [(False, "form"), (False, "list")],
            "field_name": stored[0] if stored else "id",
            "body": "<p>Tell me</p>",
            "partner_ids": self.followers,
            "model": record._name,
            "message": "From: a@example.com\nTo: b@example.com\n\nTell me",
            "msg_dict": {"subject": "A", "attachments": []},
            "custom_values": values,
            "default": {},
            "langs": None,
            "translations": {},
        }
        if name == "load":
            known["fields"] = list(change)
        signature = inspect.signature(getattr(type(record), name))
        return {
            parameter.name: known.get(parameter.name)
            for parameter in list(signature.parameters.values())[1:]
            if parameter.name in known
            or (
                parameter.default is parameter.empty
                and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            )
        }

    @contextmanager
    def tried(self):
        """Like ``undone``; what a refusal has left alone is not read anew."""
        savepoint = self.cr.savepoint()
        try:
            yield
        finally:
            changes = self.env.transaction
            if not self.was_refused or changes.field_dirty or changes.tocompute:
                self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)

    def told(self, role, record, name):
        """Return what a call tells its caller, as text; None where it is refused."""
        self.was_refused = self.is_undone = False
        model = self.env(user=self.users[role])[record._name]
        arguments = self.arguments(record, name)
        is_model = getattr(getattr(type(model), name), "_api_model", False)
        # a request begins with an empty cache: what is read from it asks for no rights
        model.invalidate_model(flush=False)
        try:
            with mute_logger("odoo.models", "odoo.sql_db"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # methods that Odoo gives up, too
                result = call_kw(
                    model, name, [] if is_model else [record.ids], arguments
                )
                self.env.flush_all()
        except AccessError:
            self.was_refused = True
            return None
        except psycopg2.Error as error:
            self.fail(f"the database was asked before the rights: {error}")
        except Exception as error:
            # a call that cannot be made so is undone; its message goes to the caller
            self.is_undone = True
            return str(error)
        if hasattr(result, "ids"):
            return f"{result._name} {result.ids}" if name != "browse" else ""
        return json.dumps(result, default=json_default)

    # === WHAT MUST NOT COME OF THEM === #

    def secrets(self, record):
        """What is in the record, as it would stand in an answer."""
        found = set()
        if not record.ids:
            return found
        # what every new record has, and the words of the model, are no secrets
        model = record.sudo().browse()
        known = json.dumps(
            [
                model._description,
                model.fields_get(),
                model.default_get(list(model._fields)),
            ],
            default=json_default,
        )
        row = record.sudo().read(load=None)[0]
        for name, field in record._fields.items():
            value = row.get(name)
            if field.type in ("char", "text", "html") and len(value or "") > 3:
                found.add(json.dumps(value)[1:-1])
            elif field.type in ("float", "monetary") and abs(value or 0) >= 100:
                found.add(json.dumps(value))
        return {secret for secret in found if secret not in known}

    def state_of(self, model):
        """The rows of the model's table, and how many traces there are, as one text."""
        queries = [
            SQL("SELECT count(*)::text FROM %s", SQL.identifier(t)) for t in TRACES
        ]
        if model._auto and not model._abstract:
            queries.append(
                SQL(
                    "SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM %s t",
                    SQL.identifier(model._table),
                )
            )
        self.env.cr.execute(SQL(" UNION ALL ").join(SQL("(%s)", q) for q in queries))
        return [row[0] for row in self.env.cr.fetchall()]

    def record_of(self, name):
        model = self.env[name]
        if model._abstract or model._transient:
            return model if model._abstract else self.make_sample(name)
        if not model._auto:
            return model.sudo().search([], limit=1)
        return self.make_sample(name)

    def try_all(self, name):
        """Call all methods of a model; return (number of calls, number refused)."""
        record = self.record_of(name)
        # what a new one would be made of; the same for all calls, none may succeed
        self.samples[name] = ({}, {}) if record._abstract else self.sample(name)
        self.env.flush_all()
        secrets, before = self.secrets(record), self.state_of(record)
        calls = refused = 0
        for role in ROLES:
            for method in self.methods(record):
                with self.subTest(role=role, model=name, method=method), self.tried():
                    told = self.told(role, record, method)
                    calls += 1
                    if told is None:
                        refused += 1
                        continue
                    self.assertFalse(
                        [secret for secret in secrets if secret in told], told[:500]
                    )
                    if not self.is_undone and (name, method) not in MESSAGES:
                        self.assertEqual(self.state_of(record), before)
        return calls, refused

    def test_every_method_of_every_model(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == ADDON
        }
        self.assertLess(models_of_addon(self.env), ours)  # abstract ones besides
        calls = refused = 0
        for name in sorted(ours - set(OPEN_TO_SELLERS)):
            more, no = self.try_all(name)
            self.assertTrue(more, name)
            calls, refused = calls + more, refused + no
        self.assertGreater(refused, calls / 4, "calls fail for want of arguments")

    # === OURS ON ODOO'S MODELS === #

    def added(self):
        """Public methods that this add-on adds to models of Odoo's."""
        for name, model in self.env.registry.items():
            if model._original_module == ADDON or model._abstract:
                continue
            of_odoo, of_ours = set(), set()
            for cls in model.mro():
                names = {key for key, code in vars(cls).items() if callable(code)}
                is_ours = cls.__module__.startswith(f"odoo.addons.{ADDON}.")
                (of_ours if is_ours else of_odoo).update(names)
            public = set(self.methods(self.env[name]))
            yield from ((name, method) for method in (of_ours - of_odoo) & public)

    def test_every_method_on_models_of_odoo(self):
        records = {
            "res.partner": self.alfa,
            "sale.order": self.own_order,
            "account.move": self.disputed,
            "res.country": self.alfa.country_id,
        }
        secrets = self.secrets(self.limit) | {"130000.0", "POL-26"}
        added = set(self.added())
        self.assertLessEqual(SELLERS_ACTIONS, added)
        self.env.flush_all()
        for name, method in sorted(added):
            self.samples[name] = {}, {}
            for role in ROLES:
                with (
                    self.subTest(role=role, model=name, method=method),
                    self.undone(),
                ):
                    told = self.told(role, records[name], method)
                    if role == "salesperson" and (name, method) in SELLERS_ACTIONS:
                        self.assertIsNotNone(told)
                        continue
                    # refused, or where a screen is that shows nothing to them
                    if not (told is None or self.is_undone):
                        self.assertRegex(told, r'"type": "ir\.actions\.(act_w|report)')
                    self.assertFalse([one for one in secrets if one in str(told)])
