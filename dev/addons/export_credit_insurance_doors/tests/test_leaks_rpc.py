import re
from xmlrpc.client import Fault

from odoo.tests import tagged
from odoo.tools import mute_logger

from .checked_common import ANA
from .test_leaks import ADDONS, MODELS, LeaksCommon

# What stands in our views, and in what they say of our models. Odoo has credit notes,
# limits and warnings of its own.
OURS = re.compile(
    r"credit\.(insurance|followup)|credit_(check|hold|zone|band|cover|gauge)"
    r"|[Ii]nsur|Credit (Hold|Release)|Released by Credit"
)
# What Odoo says that one of its own fields is used with, whoever may see that.
USED_BY = re.compile(r"data-used-by=\"[^\"]*\"")


@tagged("post_install", "-at_install")
class TestLeaksOfTheClient(LeaksCommon):
    """What the web client's own requests tell a customer who is logged in."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def call(self, model, method, *args, **kwargs):
        return self.xmlrpc_object.execute_kw(
            self.cr.dbname,
            self.portal_user.id,
            "doors-ana",
            model,
            method,
            args,
            kwargs,
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_views(self):
        """Forms, lists, filters and actions of orders: what is ours has groups."""
        for model in MODELS:
            for kind in ("form", "list", "search", "kanban"):
                with self.subTest(model=model, kind=kind):
                    try:
                        told = self.call(
                            model,
                            "get_views",
                            [[False, kind]],
                            options={"toolbar": True, "load_filters": True},
                        )
                    except Fault as refusal:
                        told = refusal.faultString
                    told = USED_BY.sub("", str(told))
                    self.assertFalse(sorted({*map(str, OURS.findall(told))}))

    @mute_logger("odoo.http")
    def test_threads(self):
        self.happen()
        for order in self.waits + self.grown:
            thread = {"thread_model": "sale.order", "thread_id": order.id}
            for url in (
                "/mail/thread/messages",
                "/mail/thread/recipients",
                "/mail/inbox/messages",
                "/mail/history/messages",
                "/mail/starred/messages",
            ):
                with self.subTest(url=url, order=order.name):
                    self.assertNeutral(self.ask(url, **thread))
        for asked in ("init_messaging", "failures", "systray_get_activities"):
            with self.subTest(asked=asked):
                answer = self.ask("/mail/data", fetch_params=[asked])
                self.assertNeutral(answer)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_subscribed_to_notes(self):
        """Odoo lets customers choose what they follow: notes are for employees."""
        note = self.env.ref("mail.mt_note")
        activities = self.env.ref("mail.mt_activities")
        for order in self.waits + self.grown:
            self.call(
                "sale.order",
                "message_subscribe",
                order.ids,
                partner_ids=self.contact.ids,
                subtype_ids=(note + activities).ids,
            )
        self.env.invalidate_all()
        followed = self.waits.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.contact
        )
        self.assertIn(note, followed.subtype_ids)
        with self.mock_mail_gateway():
            self.happen()
            for order in self.waits + self.grown:
                self.hold_of(order).with_user(self.controller)._refuse("Too much")
        self.assertMailsNeutral(ANA)
        notified = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.contact.id)]
        )
        self.assertFalse(notified.mail_message_id.filtered("is_internal"))

    # === REFUSALS === #

    def refused(self, model, method, *args):
        """Return what a customer reads who may not do so."""
        with self.assertRaises(Fault) as refusal:
            self.call(model, method, *args)
        return refusal.exception.faultString

    def rate_sectors(self):
        """One that is rated, where a band has no credit: buyers are kept in theirs."""
        self.env["credit.insurance.band"].search([])[-1:].no_credit = True
        sector = self.env.ref("base.res_partner_industry_I")
        grade = self.env.ref(
            "export_credit_insurance.credit_insurance_rating_grade_own_sector_high"
        )
        self.env["credit.insurance.sector.rating"].create(
            {
                "industry_id": sector.id,
                "source_id": grade.source_id.id,
                "grade_id": grade.id,
                "date": self.today,
            }
        )
        return sector

    def make_person(self, amount):
        """A private person of whom something is agreed, or nothing."""
        person = self.env["res.partner"].create(
            {"name": "Ben", "country_id": self.env.ref("base.br").id}
        )
        if amount:
            self.env["credit.insurance.own.risk"].create(
                {
                    "partner_id": person.id,
                    "company_id": self.company.id,
                    "amount": amount,
                    "date_from": self.today,
                    "reason": "Known for years",
                }
            )
        return person

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_what_partners_are_kept_for(self):
        """Who may edit nobody is told that, of whomever: not what is agreed on them."""
        beta = self.env["res.partner"].create({"name": "BETA", "is_company": True})
        home = self.company.country_id
        sector = self.rate_sectors()
        for known, unknown, values in (
            (self.buyer, beta, {"is_company": False}),
            (self.buyer, beta, {"is_company": False, "parent_id": beta.id}),
            (self.buyer, beta, {"country_id": home.id}),
            (self.buyer, beta, {"industry_id": sector.id}),
            (self.make_person(7000.0), self.make_person(0), {"parent_id": beta.id}),
        ):
            with self.subTest(values=values):
                told = self.refused("res.partner", "write", known.ids, values)
                self.assertNeutral(told)
                self.assertEqual(
                    told, self.refused("res.partner", "write", unknown.ids, values)
                )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_what_an_invoice_is_kept_for(self):
        """Sold to a factor, or not: customers reset none."""
        self.product.invoice_policy = "order"
        sold, other = (self.make_quotation(1, state="draft") for _each in range(2))
        (sold + other).action_confirm()
        sold, other = sold._create_invoices(), other._create_invoices()
        (sold + other).action_post()
        debts = sold.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        debts.sudo().credit_not_exposure = True
        self.env.flush_all()
        told = self.refused("account.move", "button_draft", sold.ids)
        self.assertNotIn("factor", told)
        self.assertEqual(told, self.refused("account.move", "button_draft", other.ids))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_forms_being_filled_in(self):
        """What a form would show of a new order of anybody's, or of the own one."""
        ours = ("credit_check_state", "credit_check_summary", "credit_headroom_after")
        for ids in ([], self.waits.ids):
            for name in ours:
                with self.subTest(ids=ids, field=name):
                    told = self.refused(
                        "sale.order",
                        "onchange",
                        ids,
                        {"partner_id": self.buyer.id},
                        ["partner_id"],
                        {"partner_id": {}, name: {}},
                    )
                    self.assertNotIn("exceeded", told)
                    self.assertNotIn("28,000", told)

    # === TEXTS OF THE PROGRAM === #

    def models_of_ours(self):
        return [
            name
            for name, model in self.registry.items()
            if model._original_module in ADDONS
        ]

    @mute_logger("odoo.http")
    def test_names_of_fields(self):
        """Neither of our models nor, past the groups, of what we add to Odoo's."""
        for model in (*MODELS, "res.users", "res.country", *self.models_of_ours()):
            for method in ("get_field_string", "get_field_help"):
                with self.subTest(model=model, method=method):
                    told = self.call("ir.model.fields", method, model)
                    self.assertFalse(sorted({*map(str, OURS.findall(str(told)))}))
        self.assertTrue(self.call("ir.model.fields", "get_field_string", "sale.order"))
        for model in self.models_of_ours():
            with self.subTest(model=model):
                self.assertFalse(self.call(model, "fields_get"))
                with self.assertRaises(Fault):
                    self.call(model, "read", [1])
        kinds = self.call(
            "ir.model.fields", "get_field_selection", "sale.order", "credit_hold_state"
        )
        self.assertFalse(kinds)

    @mute_logger("odoo.http")
    def test_actions(self):
        """Whoever is logged in may load any action by its number."""
        data = self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=like", "ir.actions.%")]
        )
        self.assertGreater(len(data), 50)
        for one in data:
            with self.subTest(action=one.name):
                told = self.ask("/web/action/load", action_id=one.res_id)
                self.assertIn("does not exist", told)
        order = self.env.ref("sale.action_orders")
        self.assertIn("sale.order", self.ask("/web/action/load", action_id=order.id))

    def test_groups_of_countries(self):
        """Which any visitor may list."""
        told = self.call("res.country.group", "search_read", [], ["name"])
        self.assertNeutral(str(told))
