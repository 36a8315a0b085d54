from odoo.exceptions import AccessError
from odoo.tests import tagged

from .samples import AccessCommon, fields_on_core_models

CREDIT_GROUPS = {
    f"export_credit_insurance.group_credit_{name}"
    for name in ("user", "controller", "manager")
}
# What every employee may read: the banner of the quotations.
BANNER = {
    ("sale.order", name)
    for name in (
        "credit_hold_id",
        "credit_hold_state",
        "credit_check_state",
        "credit_check_summary",
        "credit_company_currency_id",
        "credit_exposure_after",
        "credit_headroom_after",
        "credit_gauge",
    )
}


@tagged("post_install", "-at_install")
class TestAccessFields(AccessCommon):
    """What this add-on adds to Odoo's own models (DESIGN 3 and 7).

    The fields are found in the registry: a new one without groups fails.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        portal = cls.users["portal"]
        portal.partner_id.parent_id = cls.alfa
        invoice = cls.make_invoice(portal.partner_id, 1000.0)
        order = cls.make_order(
            portal.partner_id, 1000.0, user_id=cls.users["salesperson"].id
        )
        cls.records = {
            "res.partner": portal.partner_id,
            "res.users": portal,
            "res.company": cls.company,
            "res.country": cls.alfa.country_id,
            "sale.order": order,
            "sale.order.line": order.order_line,
            "account.move": invoice,
            "account.move.line": invoice.line_ids[:1],
        }
        cls.fields = fields_on_core_models(cls.env)

    def test_every_field_has_groups(self):
        for model, field in self.fields:
            groups = set((field.groups or "").split(","))
            allowed = CREDIT_GROUPS
            if (model, field.name) in BANNER:
                allowed = {"base.group_user"}
            with self.subTest(model=model, field=field.name):
                self.assertTrue(groups <= allowed, groups)

    def test_banner_fields_exist(self):
        ours = {(model, field.name) for model, field in self.fields}
        self.assertFalse(BANNER - ours)

    def assertHidden(self, record, field):
        """Neither read nor found, sorted, grouped or written by this user."""
        name = field.name
        attempts = {
            "read": lambda: record.read([name]),
            "web_read": lambda: record.web_read({name: {}}),
            "attribute": lambda: record[name],
            "search": lambda: record.search([(name, "!=", False)], limit=1),
            "order": lambda: record.search([], order=name, limit=1),
            "group": lambda: record._read_group([], [name]),
            "write": lambda: record.write({name: False}),
        }
        if name == "credit_company_currency_id":  # anybody finds orders by it
            attempts = {"read": attempts["read"]}
        elif not field.store and not field.search:
            for what in ("search", "order", "group"):
                attempts.pop(what)  # of no use to anybody: ValueError
        for what, attempt in attempts.items():
            with self.subTest(what):
                try:
                    with self.undone(), self.assertRaises(AccessError):
                        attempt()
                except ValueError as error:
                    self.assertIn(what, ("order", "group"), error)

    def test_portal_reads_none_of_our_fields(self):
        """Not even of the own partner, order and invoice, which portal users read."""
        portal = self.users["portal"]
        for model in ("res.partner", "sale.order", "account.move"):
            self.records[model].with_user(portal).read(["display_name"])
        for model, field in self.fields:
            record = self.records.get(model)
            if record is None:
                continue
            with self.subTest(model=model, field=field.name):
                self.assertHidden(record.with_user(portal), field)
        for model, record in self.records.items():
            described = record.with_user(portal).fields_get(attributes=["type"])
            ours = {field.name for name, field in self.fields if name == model}
            self.assertFalse(ours & described.keys(), model)

    def test_salespeople_read_the_banner_only(self):
        seller = self.users["salesperson"]
        for model, field in self.fields:
            record = self.records.get(model)
            if record is None:
                continue
            with self.subTest(model=model, field=field.name):
                if (model, field.name) in BANNER:
                    record.with_user(seller).read([field.name])
                else:
                    self.assertHidden(record.with_user(seller), field)

    def test_credit_users_read_all_of_them(self):
        user = self.users["user"]
        user.group_ids += self.env.ref("account.group_account_readonly")
        for model, record in self.records.items():
            names = [field.name for name, field in self.fields if name == model]
            with self.subTest(model=model):
                (values,) = record.with_user(user).read(names)
                self.assertEqual(set(values), {"id", *names})

    def test_nothing_is_in_the_way_of_others_work(self):
        """Copies and synchronised contacts carry no field that its user may not write.

        Odoo reads and writes them as the user; a group on a field that is copied or
        synchronised would refuse the whole operation.
        """
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        user = self.make_user(
            "clerk",
            "sales_team.group_sale_manager,account.group_account_manager,"
            "base.group_partner_manager",
            **company,
        )
        records = {
            name: record.with_user(user)
            for name, record in self.records.items()
            if name in ("res.partner", "sale.order", "account.move", "sale.order.line")
        }
        for name in ("res.partner", "sale.order", "account.move"):
            with self.subTest(copy=name), self.undone():
                self.assertTrue(records[name].copy())
        alfa = self.alfa.with_user(user)
        with self.undone():
            contact = alfa.create({"name": "Ana", "parent_id": alfa.id})
            alfa.write({"vat": "BR11222333000181", "street": "Rua A"})
            contact.write({"parent_id": False})
            contact.write({"parent_id": alfa.id, "is_company": False})
        with self.undone():
            records["sale.order.line"].write({"qty_delivered": 1.0})
            records["sale.order"]._create_invoices().action_post()
        with self.undone():
            wizard = self.env["account.move.reversal"].with_user(user)
            wizard.with_context(
                active_model="account.move", active_ids=records["account.move"].ids
            ).create(
                {"journal_id": records["account.move"].journal_id.id}
            ).refund_moves()

    def test_settings_open_and_save_without_a_credit_group(self):
        user = self.make_user("system", "base.group_system,base.group_erp_manager")
        settings = self.env["res.config.settings"].with_user(user)
        names = {field.name for _, field in self.fields}
        self.assertFalse(names & set(settings.default_get(list(settings.fields_get()))))
        settings.create({}).execute()
