from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user


class RpcClient:
    """Calls of a script with somebody's API key, for an ``HttpCase``."""

    @classmethod
    def make_key(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user).sudo()
        expires = fields.Datetime.now() + timedelta(days=1)
        return keys._generate("rpc", "script", expires)

    def json2(self, key, model, method, ids=(), **arguments):
        """Return (status, answer) of a call of JSON-2."""
        response = self.url_open(
            f"/json/2/{model}/{method}",
            json={"ids": list(ids), **arguments} if ids else arguments,
            headers={"Authorization": f"bearer {key}"},
        )
        return response.status_code, response.json()

    def xmlrpc(self, user, key, model, method, *args, **kwargs):
        """The same over XML-RPC, the key as password."""
        arguments = (self.env.cr.dbname, user.id, key, model, method)
        return self.xmlrpc_object.execute_kw(*arguments, list(args), kwargs)


class HttpCommon(RpcClient, HttpCase):
    """A buyer over its limit, as browsers and scripts meet it.

    The limit is 130 000; 102 000 of it are used by an order; a quotation of 45 000
    exceeds it by 102 000 + 45 000 − 130 000 = 17 000. Days are relative to the real
    today: a browser's clock cannot be frozen.
    """

    name = "Http"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = fields.Date.today()
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": f"Alfa {cls.name}",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Valves", "type": "consu", "taxes_id": [Command.clear()]}
        )
        cls.policy = cls.make_policy()
        cls.limit = cls.make_limit()
        cls.make_order(102000.0).action_confirm()

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, company_id=cls.company.id)

    @classmethod
    def make_policy(cls):
        code = cls.name.upper()
        policy = cls.env["credit.insurance.policy"].create(
            {
                "name": f"POL-{code}",
                "number": f"{code}-1",
                "insurer_id": cls.env["credit.insurance.insurer"]
                .create({"name": f"{cls.name} Insurer", "code": code})
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
        line = {
            "product_id": cls.product.id,
            "product_uom_qty": 1,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
        }
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.buyer.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def exposure(self):
        self.env.flush_all()
        self.env.invalidate_all()
        engine = self.env["credit.insurance.position"].sudo()
        return engine._get_credit_position(self.buyer, self.company)[
            self.buyer
        ].exposure
