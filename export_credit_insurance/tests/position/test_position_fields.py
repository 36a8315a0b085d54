from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .position_common import PositionCommon

PARTNER_FIELDS = (
    "insured_limit",
    "insured_limit_currency_id",
    "insured_limit_state",
    "insured_limit_date_to",
    "credit_insurance_policy_id",
    "credit_exposure",
    "credit_eligible",
    "credit_covered",
    "credit_covered_political",
    "credit_uncovered",
    "credit_headroom",
    "credit_headroom_limit_currency",
    "credit_overdue_amount",
    "cover_state",
    "cover_state_reason",
)
MOVE_FIELDS = (
    "insurability",
    "insurability_reason",
    "insurance_policy_id",
    "insured_amount",
    "uninsured_amount",
    "insured_shipment_date",
    "insured_due_date",
    "cover_stop_date",
    "overdue_notice_deadline",
    "collection_deadline",
    "credit_dispute_amount",
)


@tagged("post_install", "-at_install")
class TestPositionFields(PositionCommon):
    """The amounts of buyers read, sort, filter and group (DESIGN 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-10-01 08:00:00"))
        cls.small, cls.large, cls.over, cls.nobody = [
            cls.make_buyer(name) for name in ("Small", "Large", "Over", "Nobody")
        ]
        cls.buyers = cls.small + cls.large + cls.over + cls.nobody
        for buyer, limit, debt in (
            (cls.small, 1000.0, 100.0),
            (cls.large, 5000.0, 3000.0),
            (cls.over, 1000.0, 1500.0),
        ):
            cls.make_limit(buyer, limit)
            cls.make_invoice(buyer, debt)

    def found(self, *domain, order=None):
        return self.env["res.partner"].search(
            [("id", "in", self.buyers.ids), *domain], order=order
        )

    def test_read(self):
        self.assertRecordValues(
            self.buyers,
            [
                # 100 × 90 %; 1 000 − 100
                {
                    "insured_limit": 1000.0,
                    "insured_limit_state": "in_force",
                    "credit_exposure": 100.0,
                    "credit_eligible": 100.0,
                    "credit_covered": 90.0,
                    "credit_covered_political": 90.0,
                    "credit_uncovered": 10.0,
                    "credit_headroom": 900.0,
                    "credit_headroom_limit_currency": 900.0,
                    "cover_state": "ok",
                },
                {
                    "insured_limit": 5000.0,
                    "insured_limit_state": "in_force",
                    "credit_exposure": 3000.0,
                    "credit_eligible": 3000.0,
                    "credit_covered": 2700.0,
                    "credit_covered_political": 2700.0,
                    "credit_uncovered": 300.0,
                    "credit_headroom": 2000.0,
                    "credit_headroom_limit_currency": 2000.0,
                    "cover_state": "ok",
                },
                # 1 000 of 1 500 × 90 %; 1 000 − 1 500
                {
                    "insured_limit": 1000.0,
                    "insured_limit_state": "in_force",
                    "credit_exposure": 1500.0,
                    "credit_eligible": 1500.0,
                    "credit_covered": 900.0,
                    "credit_covered_political": 900.0,
                    "credit_uncovered": 600.0,
                    "credit_headroom": -500.0,
                    "credit_headroom_limit_currency": -500.0,
                    "cover_state": "warning",
                },
                {
                    "insured_limit": 0.0,
                    "insured_limit_state": "none",
                    "credit_exposure": 0.0,
                    "credit_eligible": 0.0,
                    "credit_covered": 0.0,
                    "credit_covered_political": 0.0,
                    "credit_uncovered": 0.0,
                    "credit_headroom": 0.0,
                    "credit_headroom_limit_currency": 0.0,
                    "cover_state": "not_insured",
                },
            ],
        )

    def test_contact_shows_its_company(self):
        child = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": self.large.id}
        )
        self.assertEqual(child.credit_exposure, 3000.0)
        self.assertEqual(child.cover_state, "ok")
        self.assertIn(
            child, self.env["res.partner"].search([("credit_exposure", "=", 3000.0)])
        )

    def test_sort(self):
        self.assertEqual(
            self.found(order="credit_exposure desc, id"),
            self.large + self.over + self.small + self.nobody,
        )
        self.assertEqual(
            self.found(order="credit_headroom, id"),
            self.over + self.nobody + self.small + self.large,
        )
        self.assertEqual(self.found(order="cover_state desc, id")[:1], self.over)

    def test_filter_amounts(self):
        self.assertEqual(self.found(("credit_exposure", "=", 0)), self.nobody)
        self.assertEqual(
            self.found(("credit_exposure", "!=", 0)),
            self.small + self.large + self.over,
        )
        self.assertEqual(
            self.found(("credit_exposure", "in", [100.0, 1500.0])),
            self.small + self.over,
        )
        self.assertEqual(
            self.found(("credit_exposure", "not in", [100.0, 0])),
            self.large + self.over,
        )
        self.assertEqual(self.found(("credit_headroom", "<", 0)), self.over)
        self.assertEqual(
            self.found(("credit_headroom", "<=", 0)), self.over + self.nobody
        )
        self.assertEqual(self.found(("credit_headroom", ">", 900)), self.large)
        self.assertEqual(
            self.found(("credit_uncovered", ">=", 10)),
            self.small + self.large + self.over,
        )

    def test_filter_states(self):
        self.assertEqual(self.found(("cover_state", "=", "warning")), self.over)
        self.assertEqual(
            self.found(("cover_state", "in", ["ok", "not_insured"])),
            self.small + self.large + self.nobody,
        )
        self.assertEqual(
            self.found(("insured_limit_state", "!=", "in_force")), self.nobody
        )
        self.assertEqual(self.found(("insured_limit_date_to", "=", False)), self.buyers)

    def test_filter_in_python(self):
        for domain in (
            [("credit_headroom", "<", 0)],
            [("credit_exposure", "in", [0, 100.0])],
            [("cover_state", "!=", "ok")],
        ):
            self.assertEqual(
                self.buyers.filtered_domain(domain), self.found(*domain), domain
            )

    def test_group(self):
        groups = self.env["res.partner"].formatted_read_group(
            [("id", "in", self.buyers.ids)], ["cover_state"], ["__count"]
        )
        self.assertEqual(
            {group["cover_state"]: group["__count"] for group in groups},
            {"not_insured": 1, "ok": 2, "warning": 1},
        )
        groups = self.env["res.partner"].formatted_read_group(
            [("id", "in", self.buyers.ids)], ["insured_limit_state"], ["__count"]
        )
        self.assertEqual(
            {group["insured_limit_state"]: group["__count"] for group in groups},
            {"in_force": 3, "none": 1},
        )

    def test_queries_do_not_depend_on_the_number_of_buyers(self):
        many = self.env["res.partner"].create(
            [
                {"name": f"B{number}", "country_id": self.alfa.country_id.id}
                for number in range(50)
            ]
        )
        counts = []
        for buyers in (self.small, many, many + self.buyers):
            buyers.read(PARTNER_FIELDS)
            self.env.invalidate_all()
            buyers.mapped("name")
            self.env["res.currency"].search([]).mapped("rounding")
            before = self.cr.sql_log_count
            for name in PARTNER_FIELDS:
                buyers.mapped(name)
            counts.append(self.cr.sql_log_count - before)
        # one look at what there is among them, one at their positions
        self.assertEqual(counts, [2, 2, 2])

    def test_company_switch(self):
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= other
        seen = self.large.with_company(other)
        self.assertEqual(seen.credit_exposure, 0.0)
        self.assertEqual(seen.cover_state, "not_insured")
        self.assertEqual(self.large.credit_exposure, 3000.0)

    def test_day_of_the_companys_time_zone(self):
        self.make_limit(self.nobody, 700.0, date_from="2026-10-02")
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-10-01 10:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.nobody.insured_limit, 0.0)
        with freeze_time("2026-10-01 12:00:00"):
            # 2 October, one o'clock in the morning in Auckland
            self.env.invalidate_all()
            self.assertEqual(self.nobody.insured_limit, 700.0)

    def test_plain_users_and_portal_read_none(self):
        seller = new_test_user(
            self.env, "position_seller", groups="sales_team.group_sale_manager"
        )
        portal = new_test_user(self.env, "position_portal", groups="base.group_portal")
        for user in (seller, portal):
            for name in PARTNER_FIELDS:
                with self.assertRaises(AccessError, msg=name):
                    user.partner_id.with_user(user).read([name])
                with self.assertRaises(AccessError, msg=name):
                    self.env["res.partner"].with_user(user).search(
                        [(name, "!=", False)], order=name
                    )

    def test_portal_reads_nothing_of_its_invoice(self):
        portal = new_test_user(self.env, "invoice_portal", groups="base.group_portal")
        invoice = self.make_invoice(portal.partner_id, 100.0)
        invoice.message_subscribe(portal.partner_id.ids)
        invoice.with_user(portal).read(["name"])
        for name in MOVE_FIELDS:
            with self.assertRaises(AccessError, msg=name):
                invoice.with_user(portal).read([name])

    def test_credit_user_reads_all(self):
        user = new_test_user(
            self.env,
            "position_user",
            groups="base.group_user,export_credit_insurance.group_credit_user",
            company_ids=[(6, 0, self.company.ids)],
            company_id=self.company.id,
        )
        buyer = self.large.with_user(user)
        buyer.read(PARTNER_FIELDS)
        self.assertEqual(buyer.credit_covered, 2700.0)
        self.assertEqual(buyer.credit_explanation()["covered"], 2700.0)

    def test_models_over_the_engine(self):
        exposure = self.env["credit.insurance.exposure"]
        rows = exposure.search(
            [("partner_id", "in", self.buyers.ids)], order="exposure desc"
        )
        self.assertEqual(
            rows.partner_id, self.large + self.over + self.small + self.nobody
        )
        self.assertEqual(rows.mapped("covered"), [2700.0, 900.0, 90.0, 0.0])
        # the list of all buyers leaves out those with nothing
        self.assertNotIn(self.nobody, exposure.search([]).partner_id)
        (total,) = exposure.formatted_read_group(
            [("partner_id", "in", self.buyers.ids)],
            [],
            ["exposure:sum", "covered:sum", "__count"],
        )
        # 100 + 3 000 + 1 500; 90 + 2 700 + 900
        self.assertEqual(total["exposure:sum"], 4600.0)
        self.assertEqual(total["covered:sum"], 3690.0)
        groups = exposure.formatted_read_group(
            [("partner_id", "in", self.buyers.ids)],
            ["cover_state"],
            ["uncovered:sum"],
        )
        self.assertEqual(
            {group["cover_state"]: group["uncovered:sum"] for group in groups},
            {"ok": 310.0, "warning": 600.0, "not_insured": 0.0},
        )
        self.assertEqual(
            exposure.search(
                [("covered", ">", 1000), ("id", "in", self.buyers.ids)]
            ).ids,
            self.large.ids,
        )

    def test_cover_lines_and_deliveries(self):
        order = self.make_order(self.small, 50.0, delivered=50.0)
        order.order_line.insured_shipment_date = "2026-09-20"
        lines = self.env["credit.insurance.cover.line"].search(
            [("partner_id", "in", self.buyers.ids)]
        )
        self.assertEqual(sum(lines.mapped("covered_amount")), 3690.0)
        deliveries = self.env["credit.insurance.cover.delivery"].search(
            [("partner_id", "=", self.small.id)]
        )
        self.assertEqual(deliveries.order_id, order)
        self.assertEqual(deliveries.id, order.order_line.id)
        # 50 × 90 %
        self.assertEqual(deliveries.covered_amount, 45.0)
        self.assertEqual(
            self.env["credit.insurance.cover.line"]
            .browse(lines.ids)
            .mapped("uncovered_amount"),
            lines.mapped("uncovered_amount"),
        )

    def test_rows_of_another_company_are_out_of_reach(self):
        other = self.setup_other_company()["company"]
        self.env.user.company_ids |= other
        line = self.env["credit.insurance.cover.line"].search(
            [("partner_id", "=", self.small.id)]
        )
        self.assertTrue(line)
        there = self.env["credit.insurance.cover.line"].with_company(other)
        self.assertFalse(there.search([("partner_id", "=", self.small.id)]))
        self.assertFalse(there.browse(line.id).exists())

    def test_pending_changes_are_seen(self):
        self.assertEqual(self.small.credit_exposure, 100.0)
        order = self.make_order(self.small, 10.0)
        self.env.invalidate_all()
        self.assertEqual(self.small.credit_exposure, 110.0)
        order.order_line.write({"product_uom_qty": 30.0, "price_unit": 1.0})
        self.assertEqual(self.get_position(self.small).exposure, 130.0)
        self.assertEqual(
            self.env["credit.insurance.exposure"]
            .search([("partner_id", "=", self.small.id)])
            .exposure,
            130.0,
        )
