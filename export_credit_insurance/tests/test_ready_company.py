from odoo.tests import TransactionCase, tagged

from .ready_company import make_company, make_ready_company

# What a company's name is made of, or its own number.
OWN = {"id", "name", "display_name", "sequence", "color", "parent_path"}
PLAIN = {"boolean", "char", "float", "integer", "monetary", "selection", "text"}


def has_company(model):
    field = model._fields.get("company_id")
    return field and field.store and field.comodel_name == "res.company"


@tagged("post_install", "-at_install")
class TestReadyCompany(TransactionCase):
    """The company that stands ready is the one that a class would make."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ready = make_ready_company(cls.env)

    def accounts(self, company):
        env = self.env(context={"allowed_company_ids": company.ids})
        rows = env["account.account"].search(
            env["account.account"]._check_company_domain(company)
        )
        return rows.mapped(lambda row: (row.code, row.name, row.account_type))

    def records(self, company):
        """{model: how many records are this company's}."""
        models = (self.env[name] for name in self.env.registry)
        return {
            model._name: number
            for model in models
            if model._auto and not model._abstract and has_company(model)
            if (number := self.count(model, company))
        }

    def count(self, model, company):
        model = model.sudo().with_context(active_test=False)
        return model.search_count([("company_id", "=", company.id)])

    def test_books(self):
        own = make_company(self.env, "Own")
        accounts = self.accounts(self.ready)
        self.assertGreater(len(accounts), 30)
        self.assertEqual(accounts, self.accounts(own))
        records = self.records(self.ready)
        self.assertGreater(records["account.journal"], 5)
        self.assertEqual(records, self.records(own))

    def test_settings(self):
        """Every plain field of a company, of whatever module."""
        fields = self.env["res.company"]._fields.items()
        names = [name for name, field in fields if field.type in PLAIN]
        names = [*{*names, "currency_id", "country_id"} - OWN]
        ready, own = (self.ready + make_company(self.env, "Own")).read(names)
        self.assertEqual(ready | {"id": own["id"]}, own)

    def test_nobody_works_in_it(self):
        users = self.env["res.users"].with_context(active_test=False)
        self.assertFalse(users.search([("company_ids", "in", self.ready.ids)]))
        self.assertEqual(make_ready_company(self.env), self.ready)
