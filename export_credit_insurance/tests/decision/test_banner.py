from unittest.mock import patch

from freezegun import freeze_time

from odoo.sql_db import Cursor
from odoo.tests import Form, tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBanner(DecisionCommon):
    """What the quotation shows, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_calm_line_when_all_is_well(self):
        # 130 000 - 102 000 - 20 000 = 8 000
        order = self.make_quotation(20000.0, user=self.user)
        self.assertEqual(order.credit_check_state, "ok")
        self.assertIn("8,000.00", order.credit_check_summary)
        self.assertEqual(order.credit_exposure_after, 122000.0)
        self.assertEqual(order.credit_headroom_after, 8000.0)
        self.assertEqual(
            order.credit_gauge,
            {
                "currency_id": self.euro.id,
                "limit": 130000.0,
                "used_before": 102000.0,
                "order": 20000.0,
                "headroom_after": 8000.0,
                "secured": 0.0,
                "own_risk": 0.0,
            },
        )

    def test_blocked_with_numbers_and_cure(self):
        order = self.make_quotation(45000.0, user=self.user)
        self.assertEqual(order.credit_check_state, "blocked")
        summary = order.credit_check_summary
        for text in ("17,000.00", "130,000.00", "28,000.00", "prepayment"):
            self.assertIn(text, summary)
        self.assertEqual(order.credit_headroom_after, -17000.0)

    def test_states_of_a_request(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order)
        self.assertEqual(order.credit_check_state, "held")
        self.assertIn("Sam", order.credit_check_summary)
        self.release(hold)
        self.assertEqual(order.credit_check_state, "warning")
        self.assertIn("Released up to", order.credit_check_summary)
        order.action_confirm()
        self.assertEqual(order.credit_check_state, "warning")
        self.assertEqual(order.credit_exposure_after, 147000.0)

    def test_confirmed_order_does_not_tell_why_it_was_released(self):
        # 130 000 - 102 000 - 20 000 = 8 000 are left, but the country is off cover:
        # to salespeople there was no room, as with a lack of credit
        order = self.make_quotation(20000.0)
        calm = self.make_quotation(1000.0)
        calm.action_confirm()
        self.assertEqual(calm.credit_headroom_after, 27000.0)  # 28 000 - 1 000
        self.make_event("off_cover")
        self.release(self.ask_release(order))
        order.action_confirm()
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.findings[0]["code"], "country_off_cover")
        self.assertEqual(clearance.company_headroom_after, 7000.0)  # 27 000 - 20 000
        self.assertEqual(order.credit_headroom_after, 0.0)
        self.assertEqual(order.with_user(self.user).credit_headroom_after, 7000.0)

    def test_confirmed_order_tells_what_it_lacked(self):
        # 45 000 of 28 000 left: 17 000 too much, for everybody
        order = self.make_quotation(45000.0)
        self.release(self.ask_release(order))
        order.action_confirm()
        for user in (self.salesman, self.user):
            self.assertEqual(order.with_user(user).credit_headroom_after, -17000.0)

    def test_banner_follows_the_open_form(self):
        form = Form(self.env["sale.order"].with_user(self.user))
        form.partner_id = self.alfa
        with form.order_line.new() as line:
            line.product_id = self.product
            line.product_uom_qty = 20
            line.tax_ids.clear()
        self.assertEqual(form.credit_check_state, "ok")
        with form.order_line.edit(0) as line:
            line.product_uom_qty = 45
        self.assertEqual(form.credit_check_state, "blocked")
        self.assertIn("17,000.00", form.credit_check_summary)

    def test_nothing_shows_where_nothing_is_checked(self):
        order = self.make_quotation(45000.0)
        self.policy.action_close()
        self.env.invalidate_all()
        self.assertFalse(order.credit_check_state)
        self.assertFalse(order.credit_check_summary)
        self.assertFalse(order.credit_gauge)
        self.assertFalse(order.credit_hold_state)

    def test_list_costs_as_much_for_thirty_rows_as_for_two(self):
        orders = self.env["sale.order"]
        for number in range(30):
            buyer = self.make_buyer(f"Buyer {number}")
            orders += self.make_order(buyer, 1000.0, confirm=False)
        names = ["credit_check_state", "credit_check_summary", "credit_gauge"]
        counts = []
        for rows in (orders[:2], orders):
            rows.read(names)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.read(names)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_currencies_are_read_in_one_go(self):
        """The dollar of the order and the euro of the limit; of holds what is shown."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-09-01", "rate": 1.25}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollar.id}
        )
        order = self.make_quotation(1000.0, user=self.user, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        names = ["credit_check_summary", "credit_gauge", "credit_hold_state"]
        order.read(names)  # warms caches up
        self.env.flush_all()
        self.env.invalidate_all()
        queries = []
        execute = Cursor.execute

        def note(cr, query, *args, **kwargs):
            queries.append(getattr(query, "code", query))
            return execute(cr, query, *args, **kwargs)

        with patch.object(Cursor, "execute", note):
            order.read(names)
        reading = [query for query in queries if 'FROM "res_currency"' in query]
        self.assertEqual(len(reading), 1)
        [of_holds] = [
            query for query in queries if 'FROM "credit_insurance_hold"' in query
        ]
        self.assertNotIn("release_amount", of_holds)

    def test_nothing_is_left_while_cover_is_stopped(self):
        """28 000 of the limit are unused, and of no use: gauge and panel say so."""
        self.env["credit.insurance.stop"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "date_from": "2026-09-20",
                "cause": "adverse_information",
            }
        )
        order = self.make_quotation(1000.0, user=self.user)
        self.assertEqual(order.credit_gauge["headroom_after"], 27000.0)
        self.assertTrue(order.credit_gauge["is_stopped"])
        # who may not know why finds none left: see _credit_gauge_of
        asked = order.with_user(self.salesman)
        self.assertNotIn("is_stopped", asked.credit_gauge)
        self.assertLess(asked.credit_gauge["headroom_after"], 0.0)
        [headroom] = [
            section
            for section in self.alfa.with_user(self.user).credit_explanation()[
                "sections"
            ]
            if section["key"] == "headroom"
        ]
        self.assertIn("stopped", headroom["label"])
        form = Form(
            self.alfa.with_user(self.user),
            view="export_credit_insurance.res_partner_view_form",
        )
        self.assertEqual(form.cover_state, "stopped")
        self.assertTrue(form._get_modifier("credit_headroom", "invisible"))
