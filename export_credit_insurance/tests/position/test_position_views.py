from ast import literal_eval

from lxml import etree

from odoo import fields
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import CreditInsuranceCommon

MODULE = "export_credit_insurance"


@tagged("post_install", "-at_install")
class TestPositionViews(CreditInsuranceCommon):
    """Every screen opens, and what it filters and groups by works."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.invoice = cls.make_invoice(cls.alfa, 60000.0)
        cls.user = new_test_user(
            cls.env,
            "views_user",
            groups=f"{MODULE}.group_credit_user,account.group_account_invoice",
        )
        cls.seller = new_test_user(
            cls.env,
            "views_seller",
            groups="sales_team.group_sale_salesman,account.group_account_invoice",
        )

    def actions(self):
        """The add-on's window actions."""
        names = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(names.mapped("res_id"))

    def test_every_action_opens(self):
        for action in self.actions():
            with self.subTest(action=action.name):
                views = [tuple(view) for view in action.views]
                if action.search_view_id:
                    views.append((action.search_view_id.id, "search"))
                model = self.env[action.res_model]
                self.assertTrue(model.get_views(views)["views"])
                domain = safe_eval(action.domain or "[]", {"uid": self.env.uid})
                model.search(domain, limit=1)

    def test_models_over_the_engine_are_analysed(self):
        for name in ("exposure", "cover_line", "cover_delivery"):
            action = self.env.ref(f"{MODULE}.credit_insurance_{name}_action")
            with self.subTest(action=action.name):
                self.assertEqual(action.view_mode, "list,pivot,graph")
                for kind in ("list", "pivot", "graph", "search"):
                    view = self.env["ir.ui.view"].search(
                        [("model", "=", action.res_model), ("type", "=", kind)]
                    )
                    self.assertTrue(view, kind)

    def test_lists_say_what_to_do_when_empty(self):
        for action in self.actions():
            if action.target == "new" or "list" not in action.view_mode:
                continue
            with self.subTest(action=action.name):
                self.assertTrue(action.help)

    def test_every_filter_and_group_works(self):
        for action in self.actions():
            model = self.env[action.res_model]
            if model._transient or "list" not in action.view_mode:
                continue
            view = model.get_view(action.search_view_id.id, "search")
            for node in etree.fromstring(view["arch"]).iter("filter"):
                with self.subTest(action=action.name, filter=node.get("name")):
                    if domain := node.get("domain"):
                        today = fields.Date.context_today(model)
                        names = {
                            "uid": self.env.uid,
                            "context_today": lambda today=today: today,
                        }
                        model.search(safe_eval(domain, names), limit=1)
                    group_by = literal_eval(node.get("context", "{}")).get("group_by")
                    if group_by:
                        model.web_read_group([], [group_by], ["__count"])

    def test_buyers_sort_by_every_amount(self):
        action = self.env.ref(f"{MODULE}.res_partner_action_buyer")
        domain = safe_eval(action.domain)
        Partner = self.env["res.partner"].with_user(self.user)
        self.assertIn(self.alfa, Partner.search(domain))
        for name in ("insured_limit", "credit_exposure", "credit_covered"):
            with self.subTest(field=name):
                found = Partner.search(domain, order=f"{name} desc", limit=1)
                self.assertEqual(found, self.alfa)

    def test_pages_are_for_credit_users(self):
        for model in ("res.partner", "account.move"):
            shown = self.env[model].with_user(self.user).get_view(view_type="form")
            hidden = self.env[model].with_user(self.seller).get_view(view_type="form")
            self.assertIn('name="credit_insurance"', shown["arch"])
            for name in ("credit_insurance", "insur", "cover_state", "headroom"):
                self.assertNotIn(f'name="{name}', hidden["arch"], model)

    def test_buyer_form_opens_on_its_credit_page(self):
        view = self.env.ref(f"{MODULE}.res_partner_view_form_buyer")
        Partner = self.env["res.partner"].with_user(self.user)
        arch = etree.fromstring(Partner.get_view(view.id, "form")["arch"])
        (page,) = arch.xpath("//page[@autofocus]")
        self.assertEqual(page.get("name"), "credit_insurance")

    def test_rows_open_their_documents(self):
        row = self.env["credit.insurance.cover.line"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        action = row.action_open_document()
        self.assertEqual(action["res_model"], "account.move")
        self.assertEqual(action["res_id"], self.invoice.id)
        exposure = self.env["credit.insurance.exposure"].browse(self.alfa.id)
        self.assertEqual(exposure.action_open_document()["res_id"], self.alfa.id)

    def test_reason_of_a_row(self):
        """Limit 130 000; 60 000 fit, of 90 000 more only 70 000 do."""
        self.make_invoice(self.alfa, 90000.0, day="2026-09-02")
        rows = self.env["credit.insurance.cover.line"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertEqual(rows.mapped("uninsured_reason"), [False, "over_limit"])
        buyer = self.make_buyer("BETA")
        invoice = self.make_invoice(buyer, 1000.0)
        row = self.env["credit.insurance.cover.line"].browse(
            invoice.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).id
        )
        self.assertEqual(row.uninsured_reason, "no_limit")

    def test_invoice_form_corrects_the_facts(self):
        with Form(self.invoice) as form:
            form.insured_shipment_date = "2026-08-30"
        self.assertEqual(
            self.invoice.credit_shipment_date, fields.Date.to_date("2026-08-30")
        )

    def test_invoice_form_shows_what_is_disputed(self):
        # a dispute is a record of its own: the form only shows its sum
        self.invoice.credit_dispute_amount = 5000.0
        self.assertEqual(Form(self.invoice).credit_dispute_amount, 5000.0)
        self.assertEqual(self.invoice.insurability, "partly")

    def test_settings_change_the_company(self):
        settings = self.env["res.config.settings"].create({})
        settings.credit_weight_agency = 10.0
        settings.credit_cover_warning_days = 20
        settings.execute()
        self.assertEqual(self.env.company.credit_weight_agency, 10.0)
        self.assertEqual(self.env.company.credit_cover_warning_days, 20)
