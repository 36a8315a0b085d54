import base64

from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestReferenceViews(TransactionCase):
    """The forms as the people who use them fill them in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "export_credit_insurance.group_credit_%s"
        cls.user, cls.keeper, cls.manager = (
            new_test_user(cls.env, f"form_{name}", groups=group % name)
            for name in ("user", "controller", "manager")
        )
        cls.brazil = cls.env.ref("base.br")

    def model(self, name, user):
        return self.env[name].with_user(user)

    def source(self, code):
        return self.env.ref(
            f"export_credit_insurance.credit_insurance_rating_source_{code}"
        )

    def test_controller_records_an_event(self):
        with Form(self.model("credit.insurance.country.event", self.keeper)) as form:
            form.name = "Transfers suspended"
            form.kind = "transfer_block"
            form.country_ids.add(self.brazil)
            form.source = "Central bank"
        self.assertEqual(form.record.cover_status, "off_cover")

    def test_controller_records_a_country_rating(self):
        coface = self.source("coface_country")
        with Form(self.model("credit.insurance.country.rating", self.keeper)) as form:
            form.country_id = self.brazil
            form.source_id = coface
            form.grade_id = coface.grade_ids[4]
        self.assertIn(form.record, self.brazil.credit_rating_ids)

    def test_controller_records_a_score(self):
        buyer = self.env["res.partner"].create({"name": "ALFA", "is_company": True})
        with Form(self.model("credit.insurance.buyer.rating", self.keeper)) as form:
            form.partner_id = buyer
            form.source_id = self.source("dnb_paydex")
            form.value = 80
        self.assertAlmostEqual(form.record.score, 79.80, 2)

    def test_controller_imports_a_table(self):
        with Form(self.model("credit.insurance.rating.import", self.keeper)) as form:
            form.source_id = self.source("atradius_star")
            form.file = base64.b64encode(b"iso2,code,date\nBR,6,2026-03-31\n")
        action = form.record.action_import()
        edition = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(edition.rating_ids.country_id, self.brazil)
        Form(edition.with_user(self.user))

    def test_manager_configures(self):
        with Form(self.model("credit.insurance.zone", self.manager)) as form:
            form.name = "Mercosur"
            form.code = "mercosur"
            form.country_ids.add(self.brazil)
            form.transport_days = 30
        with Form(self.model("credit.insurance.rating.source", self.manager)) as form:
            form.name = "Press"
            form.code = "press"
            for rank, code in enumerate("ABC", start=1):
                with form.grade_ids.new() as grade:
                    grade.rank = rank
                    grade.code = code
        source = form.record
        source.higher_is_better = False
        source.action_spread_scores()
        self.assertEqual(source.grade_ids.mapped("score"), [100, 50, 0])

    def test_lists_open_for_those_who_see_their_menus(self):
        menus = self.env["ir.ui.menu"].search(
            [
                (
                    "parent_id",
                    "child_of",
                    self.env.ref("export_credit_insurance.menu_configuration").id,
                )
            ]
        )
        for user in (self.keeper, self.manager):
            seen = menus.with_user(user)._filter_visible_menus()
            models = set()
            for action in filter(None, seen.sudo().mapped("action")):
                if action._name != "ir.actions.act_window":
                    continue  # the set-up opens a dialogue of its own
                model = self.model(action.res_model, user)
                views = model.get_views([(False, mode) for mode in ("list", "search")])
                self.assertEqual(set(views["views"]), {"list", "search"})
                models.add(action.res_model)
            self.assertIn("credit.insurance.country.event", models)

    def test_country_form_shows_ratings_to_credit_users_only(self):
        shown = self.model("res.country", self.user).get_view(view_type="form")
        self.assertIn("credit_rating_ids", shown["arch"])
        seller = new_test_user(
            self.env, "form_seller", groups="sales_team.group_sale_salesman"
        )
        hidden = self.model("res.country", seller).get_view(view_type="form")
        self.assertNotIn("credit_", hidden["arch"])
