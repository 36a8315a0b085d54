from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .band_move_common import BandMoveCommon

ADDON = "export_credit_insurance."


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHostileHome(BandMoveCommon):
    """Who edits contacts says neither where our company is nor how risky a sector is.

    ALFA is in Brazil, with a limit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman.group_ids += cls.env.ref("base.group_partner_manager")
        cls.controller.group_ids += cls.env.ref("base.group_partner_manager")
        cls.brazil = cls.env.ref("base.br")
        cls.home = cls.company.partner_id.with_user(cls.salesman)

    def quotation(self):
        order = self.make_quotation(5000.0)
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        return order

    def assertStillRefused(self, order):
        self.env.invalidate_all()
        with self.assertRaises(RedirectWarning):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    # === OUR COMPANY === #

    def test_a_country_off_cover_is_not_home(self):
        """A buyer at home is hardly checked, wherever that is."""
        self.policy.country_term_ids = [
            Command.create({"country_id": self.brazil.id, "cover_status": "off_cover"})
        ]
        order = self.quotation()
        with self.assertRaises(AccessError):
            self.home.country_id = self.brazil
        self.assertStillRefused(order)

    def test_nor_by_a_contact_of_the_company(self):
        """Odoo hands a contact's address up to its company."""
        contact = self.env["res.partner"].create(
            {"name": "Sam", "parent_id": self.home.id, "type": "contact"}
        )
        with self.assertRaises(AccessError):
            contact.with_user(self.salesman).country_id = self.brazil
        self.assertNotEqual(self.company.country_id, self.brazil)

    def test_the_day_is_the_company_s(self):
        for change in ({"tz": "Pacific/Niue"}, {"type": "other"}):
            with self.subTest(**change), self.assertRaises(AccessError):
                self.home.write(change)

    def test_who_may_move_it(self):
        self.home.write({"country_id": self.company.country_id.id, "city": "Lille"})
        for user in (self.controller, self.env.ref("base.user_admin")):
            self.home.with_user(user).tz = "Europe/Paris"
            self.home.with_user(user).tz = "UTC"

    # === SECTORS === #

    def test_a_buyer_stays_in_its_sector(self):
        """(42.857 x 40 + 0 x 10) / 50 = 34.29 is D, without credit; else it is in C."""
        self.rate_sector("high", "2026-09-01")
        order = self.quotation()
        alfa = self.alfa.with_user(self.salesman)
        for industry in (False, self.env.ref("base.res_partner_industry_A")):
            with self.subTest(industry=industry), self.assertRaises(AccessError):
                alfa.industry_id = industry
        alfa.industry_id = alfa.industry_id
        self.assertStillRefused(order)
        self.alfa.with_user(self.controller).industry_id = False

    def test_sectors_that_nobody_has_rated(self):
        self.alfa.with_user(self.salesman).industry_id = self.env.ref(
            "base.res_partner_industry_A"
        )
