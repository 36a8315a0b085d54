from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import Form, new_test_user, tagged

from .common import DeliveryCommon

ADDON = "export_credit_insurance_stock"
CREDIT_USER = "export_credit_insurance.group_credit_user"
# What every employee may read of a transfer.
BANNER = {"credit_hold_state", "credit_delivery_state", "credit_delivery_summary"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryAccess(DeliveryCommon):
    """The warehouse reads neutral words, customers nothing (DESIGN 7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()
        cls.order = cls.make_sold(20000.0)
        cls.picking = cls.order.picking_ids
        cls.set_limit(cls, 45000.0)  # 75 000 - 70 000: 15 000 are lacking

    def test_every_field_has_groups(self):
        """The fields are found in the registry: a new one without groups fails."""
        found = set()
        for name, model in self.env.registry.items():
            if model._original_module == ADDON or model._abstract:
                continue
            if name.startswith("credit.insurance."):
                continue  # whoever may read them has a credit group
            for field in model._fields.values():
                if ADDON in field._modules:
                    found.add((name, field.name))
                    allowed = {CREDIT_USER}
                    if field.name in BANNER:
                        allowed = {"base.group_user"}
                    with self.subTest(model=name, field=field.name):
                        self.assertEqual(set(field.groups.split(",")), allowed)
        self.assertLessEqual({("stock.picking", name) for name in BANNER}, found)

    def test_portal_reads_nothing(self):
        portal = new_test_user(self.env, "credit-pat", "base.group_portal")
        portal.partner_id.parent_id = self.alfa
        self.picking.partner_id = portal.partner_id
        for name in [*BANNER, "credit_hold_ids"]:
            with self.subTest(name), self.assertRaises(AccessError):
                self.picking.with_user(portal).read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                self.picking.with_user(portal).search([(name, "!=", False)], limit=1)

    def test_banner_of_a_worker(self):
        picking = self.picking.with_user(self.worker)
        self.assertEqual(picking.credit_delivery_state, "blocked")
        summary = picking.credit_delivery_summary
        self.assertIn("Authorised credit exceeded by", summary)
        self.assertIn("15,000.00", summary)
        for secret in ("limit", "insur", "75,000", "ALFA"):
            self.assertNotIn(secret.lower(), summary.lower())
        with self.assertRaises(AccessError):
            picking.read(["credit_hold_ids"])
        # beside delivery methods, Odoo lets nobody without this open a transfer's form
        self.worker.sudo().group_ids += self.env.ref("base.group_partner_manager")
        with Form(picking) as form:
            self.assertEqual(form.credit_delivery_state, "blocked")

    def test_banner_of_a_credit_user(self):
        summary = self.picking.with_user(self.shipper).credit_delivery_summary
        self.assertIn("limit 75,000.00", summary)

    def test_banner_follows_the_request(self):
        self.ask_delivery_release(self.picking)
        picking = self.picking.with_user(self.worker)
        self.assertEqual(picking.credit_delivery_state, "held")
        self.assertIn("Walt", picking.credit_delivery_summary)
        self.release(self.holds_of(self.picking))
        self.assertEqual(picking.credit_delivery_state, "warning")
        self.assertIn("Carl", picking.credit_delivery_summary)

    def test_banner_of_what_may_leave(self):
        self.set_limit(100000.0)
        picking = self.picking.with_user(self.worker)
        self.assertEqual(picking.credit_delivery_state, "ok")
        self.assertFalse(picking.credit_delivery_summary)
        receipt = self.env["stock.picking"].create(
            {"picking_type_id": self.warehouse.in_type_id.id}
        )
        self.assertFalse(receipt.credit_delivery_state)

    def test_worker_reads_no_hold(self):
        hold = self.ask_delivery_release(self.picking)
        for operation in ("read", "write", "create", "unlink"):
            self.assertFalse(hold.with_user(self.worker).has_access(operation))
        with self.assertRaises(AccessError):
            hold.with_user(self.worker).action_release()

    def test_worker_who_reads_few_orders(self):
        """A seller of own documents ships others' orders, and asks for them."""
        self.worker.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.assertFalse(self.order.with_user(self.worker).has_access("read"))
        with self.assertRaises(RedirectWarning):
            self.ship(self.picking)
        self.assertTrue(self.ask_delivery_release(self.picking))

    def test_requests_are_their_users_own(self):
        request = (
            self.env["credit.insurance.delivery.request"]
            .with_user(self.worker)
            .create({"picking_ids": self.picking.ids, "reason": "Mine"})
        )
        with self.assertRaises(AccessError):
            request.with_user(self.shipper).read(["reason"])
        stranger = new_test_user(self.env, "credit-sid", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["credit.insurance.delivery.request"].with_user(stranger).create(
                {"picking_ids": self.picking.ids, "reason": "Theirs"}
            )

    def test_salesperson_asks_too(self):
        hold = self.ask_delivery_release(self.picking, self.salesman)
        self.assertEqual(hold.requested_by, self.salesman)

    def test_controller_opens_the_hold(self):
        hold = self.ask_delivery_release(self.picking)
        action = self.picking.with_user(self.controller).action_open_credit_hold()
        self.assertEqual(action["res_id"], hold.id)
        with Form(hold.with_user(self.controller)) as form:
            self.assertEqual(form.picking_id, self.picking)
        self.assertEqual(hold.action_open_picking()["res_id"], self.picking.id)

    def test_french_worker_reads_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        modules = self.env["ir.module.module"].search(
            [("name", "in", ("export_credit_insurance", ADDON))]
        )
        modules._update_translations(["fr_FR"])
        self.worker.lang = "fr_FR"
        picking = self.picking.with_user(self.worker).with_context(lang="fr_FR")
        self.assertIn("Crédit autorisé dépassé", picking.credit_delivery_summary)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(picking)
        message, _action, button, _context = caught.exception.args
        self.assertIn("Crédit autorisé dépassé", message)
        self.assertIn("déblocage", button)
