from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"
MANAGERS = "export_credit_insurance.group_credit_manager"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReleaseAuthority(DecisionCommon):
    """The most specific row says who releases up to how much; else the ceiling does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_ceiling = 50000.0
        cls.zone = cls.alfa.with_company(cls.company).credit_zone_id

    def authorise(self, group=CONTROLLERS, **values):
        rows = self.env["credit.insurance.release.authority"]
        if "user_id" not in values:
            values["group_id"] = self.env.ref(group).id
        return rows.create(values)

    def assertBound(self, amount, user=None):
        """A release of the amount passes, a cent more does not."""
        hold = self.ask_release(self.make_quotation(amount))
        with self.assertRaises(AccessError):
            self.release(hold, user=user, release_amount=amount + 0.01)
        self.release(hold, user=user)
        self.assertEqual(hold.state, "released")

    def test_without_a_row_the_ceiling_decides(self):
        self.assertBound(50000.0)
        hold = self.ask_release(self.make_quotation(60000.0))
        self.release(hold, user=self.manager)

    def test_a_row_replaces_the_ceiling_both_ways(self):
        row = self.authorise(amount_max=60000.0)
        self.assertBound(60000.0)
        row.amount_max = 40000.0
        self.assertBound(40000.0)
        row.active = False
        self.assertBound(50000.0)
        row.active = True
        row.unlink()
        self.assertBound(50000.0)

    def test_the_most_specific_row_decides_alone(self):
        self.assertTrue(self.zone)
        self.authorise(amount_max=41000.0)
        self.assertBound(41000.0)
        self.authorise(amount_max=42000.0, company_id=self.company.id)
        self.assertBound(42000.0)
        self.authorise(amount_max=43000.0, zone_id=self.zone.id)
        self.assertBound(43000.0)
        self.authorise(
            amount_max=44000.0, zone_id=self.zone.id, company_id=self.company.id
        )
        self.assertBound(44000.0)
        self.authorise(amount_max=45000.0, user_id=self.controller.id)
        self.assertBound(45000.0)

    def test_rows_of_other_zones_companies_and_users_do_not_count(self):
        zones = self.env["credit.insurance.zone"].search([])
        other = self.setup_other_company(name="Sister")["company"]
        self.authorise(amount_max=1.0, zone_id=(zones - self.zone)[0].id)
        self.authorise(amount_max=1.0, company_id=other.id)
        self.authorise(amount_max=1.0, user_id=self.user.id)
        self.assertBound(50000.0)

    def test_bands(self):
        band = self.alfa.with_company(self.company).credit_band_id
        bands = self.env["credit.insurance.band"].search([])
        self.authorise(amount_max=1.0, band_id=(bands - band)[0].id)
        self.assertBound(50000.0)
        if band:
            self.authorise(amount_max=42000.0, band_id=band.id)
            self.assertBound(42000.0)

    def test_of_two_groups_the_more_generous(self):
        group = self.env["res.groups"].create({"name": "Key accounts"})
        self.controller.group_ids += group
        self.authorise(amount_max=40000.0)
        row = self.env["credit.insurance.release.authority"].create(
            {"group_id": group.id, "amount_max": 45000.0}
        )
        self.assertBound(45000.0)
        row.amount_max = 0.0  # without bound
        self.release(self.ask_release(self.make_quotation(90000.0)))

    def test_who_is_barred_releases_nothing_but_refuses(self):
        self.authorise(is_barred=True, zone_id=self.zone.id)
        hold = self.ask_release(self.make_quotation(30000.0))
        with self.assertRaises(AccessError):
            self.release(hold)
        hold.with_user(self.controller)._refuse("Not in this zone")
        self.assertEqual(hold.state, "refused")

    def test_managers_are_bound_by_their_own_rows_only(self):
        self.authorise(amount_max=1.0)
        self.authorise("base.group_user", is_barred=True)
        self.release(self.ask_release(self.make_quotation(90000.0)), user=self.manager)
        self.authorise(MANAGERS, amount_max=80000.0)
        self.assertBound(80000.0, user=self.manager)
        self.authorise(user_id=self.manager.id, amount_max=70000.0)
        self.assertBound(70000.0, user=self.manager)

    def test_a_row_makes_nobody_a_controller(self):
        self.authorise(user_id=self.user.id, amount_max=99000.0)
        hold = self.ask_release(self.make_quotation(30000.0))
        with self.assertRaises(AccessError):
            hold.with_user(self.user).action_release()
        with self.assertRaises(AccessError):
            self.release(hold, user=self.user)

    def test_a_row_leaves_sanctions_to_managers(self):
        self.authorise(amount_max=99000.0)
        self.make_event("sanctioned")
        hold = self.ask_release(self.make_quotation(30000.0))
        with self.assertRaises(AccessError):
            self.release(
                hold, legal_basis="Licence", attachment_ids=self.make_file().ids
            )

    def test_amounts_are_in_the_company_s_currency(self):
        # 1 EUR = 2 USD: an order of 60 000 USD is one of 30 000 EUR
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-09-01",
                "rate": 2.0,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.dollar.id}
        )
        self.authorise(amount_max=30000.0)
        order = self.make_quotation(60000.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.dollar)
        hold = self.ask_release(order)
        with self.assertRaises(AccessError):
            self.release(hold, release_amount=60000.02)
        self.release(hold)

    def test_own_risk_rows_stay_within_the_authority(self):
        self.authorise(amount_max=60000.0, own_risk_buyer=20000.0, second_from=15000.0)
        rows = self.env["credit.insurance.own.risk"].with_user(self.controller)
        values = {
            "partner_id": self.alfa.id,
            "company_id": self.company.id,
            "reason": "Strategic",
        }
        for amount in (20000.01, 15000.0):
            with self.subTest(amount), self.assertRaises(AccessError):
                rows.create({**values, "amount": amount})
        rows.create({**values, "amount": 14999.99})

    def test_who_is_barred_accepts_no_own_risk(self):
        self.authorise(is_barred=True, zone_id=self.zone.id)
        rows = self.env["credit.insurance.own.risk"].with_user(self.controller)
        with self.assertRaises(AccessError):
            rows.create(
                {
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "amount": 1.0,
                    "reason": "Strategic",
                }
            )

    def test_a_row_is_a_user_s_or_a_group_s(self):
        rows = self.env["credit.insurance.release.authority"]
        group = self.env.ref(CONTROLLERS)
        for values in (
            {},
            {"user_id": self.controller.id, "group_id": group.id},
            {"group_id": group.id, "amount_max": -1.0},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                rows.create(values).flush_recordset()

    def test_only_managers_write_rows(self):
        values = {"user_id": self.controller.id, "amount_max": 90000.0}
        rows = self.env["credit.insurance.release.authority"]
        clerk = new_test_user(self.env, "authority-clerk", "base.group_user")
        for user in (clerk, self.salesman, self.user, self.controller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                rows.with_user(user).create(values)
        row = rows.with_user(self.manager).create(values)
        with self.assertRaises(AccessError):
            row.with_user(self.controller).amount_max = 1.0
