from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .common import DecisionCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestBuyerGroup(DecisionCommon):
    """ALFA owes 102 000 EUR, BETA 11 000 EUR and 12 500 USD at 1.25: 21 000 EUR.

    Together 123 000 EUR. The group's ceiling is 200 000 USD, 160 000 EUR: 37 000 left.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.env["res.currency.rate"].search(
            [("currency_id", "=", cls.dollar.id)]
        ).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.dollar.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": 1.25,
            }
        )
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 100000.0)
        cls.make_invoice(cls.beta, 11000.0)
        cls.make_invoice(cls.beta, 12500.0, currency_id=cls.dollar.id)
        cls.group = cls.env["credit.insurance.buyer.group"].create(
            {
                "name": "Alfabeta",
                "member_ids": [
                    Command.create({"partner_id": buyer.id, "date_from": "2026-01-01"})
                    for buyer in cls.alfa + cls.beta
                ],
            }
        )
        cls.set_ceiling(200000.0, cls.dollar)

    @classmethod
    def set_ceiling(cls, amount, currency, company=None, **values):
        return cls.env["credit.insurance.buyer.group.ceiling"].create(
            {
                "group_id": cls.group.id,
                "company_id": (company or cls.company).id,
                "amount": amount,
                "currency_id": currency.id,
                "reason": "One owner: so much and no more.",
                **values,
            }
        )

    def row(self, company=None):
        self.env.invalidate_all()
        rows = self.env["credit.insurance.group.exposure"]
        return rows.with_company(company or self.company).search(
            [("group_id", "=", self.group.id)]
        )

    def test_the_row_sums_the_members(self):
        self.assertRecordValues(
            self.row(),
            [
                {
                    "member_count": 2,
                    "exposure": 123000.0,
                    "currency_id": self.euro.id,
                    "ceiling": 200000.0,
                    "ceiling_currency_id": self.dollar.id,
                    "headroom": 37000.0,
                }
            ],
        )
        members = self.alfa + self.beta
        self.assertEqual(self.row().covered, sum(members.mapped("credit_covered")))

    def test_the_buyers_page_has_the_groups_figures(self):
        beta = self.beta.with_user(self.user).with_company(self.company)
        self.assertRecordValues(
            beta,
            [
                {
                    "credit_exposure": 21000.0,
                    "credit_group_id": self.group.id,
                    "credit_group_exposure": 123000.0,
                    "credit_group_ceiling": 200000.0,
                    "credit_group_headroom": 37000.0,
                }
            ],
        )
        stranger = self.make_buyer("GAMMA").with_company(self.company)
        self.assertFalse(stranger.credit_group_id)
        self.assertEqual(stranger.credit_group_exposure, 0.0)
        self.assertEqual(self.group.exposure, 123000.0)
        self.assertEqual(self.group.headroom, 37000.0)

    def test_rows_sort_and_filter_in_the_database(self):
        other = self.env["credit.insurance.buyer.group"].create(
            {
                "name": "Gamma",
                "member_ids": [
                    Command.create(
                        {
                            "partner_id": self.make_buyer("GAMMA").id,
                            "date_from": "2026-01-01",
                        }
                    )
                ],
            }
        )
        rows = self.env["credit.insurance.group.exposure"].with_company(self.company)
        both = [("group_id", "in", (self.group + other).ids)]
        self.assertEqual(
            rows.search(both, order="exposure").group_id.ids,
            [other.id, self.group.id],
        )
        self.assertEqual(
            rows.search([*both, ("has_ceiling", "=", False)]).group_id, other
        )

    def test_the_last_euro_passes_the_next_one_warns(self):
        self.assertNotIn(
            "over_group_ceiling", self.find(self.make_quotation(37000.0, self.beta))
        )
        found = self.find(self.make_quotation(37001.0, self.beta))
        finding = found["over_group_ceiling"]
        self.assertEqual(finding.severity, "warn")
        self.assertEqual(finding.amount, 1.0)
        self.assertIn("Alfabeta", finding.message)
        for figure in ("123,000.00", "37,001.00", "200,000.00"):
            self.assertIn(figure, finding.message)

    def test_the_amount_lacking_is_in_the_limits_currency(self):
        gamma = self.make_buyer("GAMMA")
        self.make_limit(gamma, 100000.0, currency_id=self.dollar.id)
        self.group.member_ids = [
            Command.create({"partner_id": gamma.id, "date_from": "2026-01-01"})
        ]
        found = self.find(self.make_quotation(37100.0, gamma))
        # 100 EUR are 125 USD
        self.assertEqual(found["over_group_ceiling"].amount, 125.0)

    def test_two_members_in_one_call_carry_the_total(self):
        self.set_rule("over_group_ceiling")
        orders = self.make_quotation(20000.0) + self.make_quotation(20000.0, self.beta)
        checks = self.env["credit.insurance.check"].sudo()
        alone = checks._assess(orders.sudo(), together=False)
        for order in orders:
            self.assertNotIn("over_group_ceiling", self.codes(alone, order))
        together = checks._assess(orders.sudo())
        # 123 000 + 20 000 + 20 000 - 160 000
        last = together[orders[1].sudo()]
        self.assertNotIn("over_group_ceiling", self.codes(together, orders[0]))
        self.assertEqual(last.missing, 3000.0)
        with self.assertRaises(RedirectWarning):
            orders.action_confirm()
        orders[0].action_confirm()
        self.assertEqual(orders[0].state, "sale")
        # what was confirmed counts for the other one
        found = self.find(orders[1])["over_group_ceiling"]
        self.assertEqual(found.amount, 3000.0)

    def codes(self, assessments, order):
        return {finding.code for finding in assessments[order.sudo()].findings}

    def test_an_order_that_was_confirmed_is_looked_at_as_it_stands(self):
        first = self.make_quotation(20000.0)
        first.action_confirm()
        other = self.make_quotation(20000.0, self.beta)
        checks = self.env["credit.insurance.check"].sudo()
        found = checks._assess_each((first + other).sudo())
        # ALFA's order alone: 143 000; BETA's beside it: 163 000
        self.assertNotIn("over_group_ceiling", self.codes(found, first))
        self.assertIn("over_group_ceiling", self.codes(found, other))

    def test_each_company_has_its_own_ceiling_and_its_own_debt(self):
        other = self.setup_other_company(name="Other")["company"]
        self.set_ceiling(1000.0, other.currency_id, other)
        row = self.row(other)
        self.assertEqual((row.exposure, row.headroom), (0.0, 1000.0))
        self.make_invoice(
            self.beta, 400.0, company=other, currency_id=other.currency_id.id
        )
        row = self.row(other)
        self.assertEqual(row.currency_id, other.currency_id)
        self.assertEqual((row.exposure, row.headroom), (400.0, 600.0))
        self.assertEqual(self.row().exposure, 123000.0)

    def test_the_latest_ceiling_whose_day_has_come_holds(self):
        self.set_ceiling(130000.0, self.euro)
        self.set_ceiling(1.0, self.euro, date_from="2026-11-01")
        self.assertEqual(self.row().headroom, 7000.0)
        with freeze_time("2026-11-01 12:00:00"):
            self.assertEqual(self.row().ceiling, 1.0)

    def test_the_last_of_a_day_holds_at_once(self):
        """Whatever is in memory of the ceilings before it: 123 000 + 1 000."""
        for amount in (150000.0, 130000.0, 123500.0):
            self.group.ceiling_ids = [
                Command.create(
                    {
                        "company_id": self.company.id,
                        "amount": amount,
                        "currency_id": self.euro.id,
                        "reason": "So much and no more.",
                    }
                )
            ]
            self.find(self.make_quotation(1000.0))
        found = self.find(self.make_quotation(1000.0))["over_group_ceiling"]
        self.assertEqual(found.amount, 500.0)

    def test_who_left_does_not_count(self):
        self.group.member_ids[0].date_to = "2026-09-30"
        self.assertEqual(self.row().exposure, 21000.0)
        self.assertNotIn("over_group_ceiling", self.find(self.make_quotation(28000.0)))

    def test_what_was_decided_stays(self):
        ceiling = self.set_ceiling(1.0, self.euro, author_id=self.user.id)
        self.assertEqual(ceiling.author_id, self.env.user)
        with self.assertRaises(AccessError):
            ceiling.with_user(self.manager).write({"amount": 2.0})
        with self.assertRaises(UserError):
            ceiling.sudo().write({"amount": 2.0})
        with self.assertRaises(UserError):
            self.group.member_ids[0].partner_id = self.make_buyer("GAMMA")
        with self.assertRaises(ValidationError):
            self.set_ceiling(1.0, self.euro, date_from="2026-09-30")

    def test_nobody_belongs_to_two_groups_at_a_time(self):
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.buyer.group"].create(
                {
                    "name": "Second",
                    "member_ids": [Command.create({"partner_id": self.alfa.id})],
                }
            )

    def test_a_lower_ceiling_has_the_members_orders_reviewed(self):
        self.set_rule("over_group_ceiling")
        order = self.make_quotation(20000.0)
        order.action_confirm()
        self.set_ceiling(100000.0, self.euro)
        review = self.env["credit.insurance.review"].search(
            [("cause", "=", "group")], limit=1
        )
        self.assertEqual(review.partner_ids, self.alfa + self.beta)
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_credit_review"
            ).method_direct_trigger()
        line = review.line_ids.filtered(lambda line: line.order_id == order)
        # the fixture's order, refused first, takes nothing: 103 000 + 20 000 - 100 000
        self.assertRecordValues(
            line,
            [{"main_code": "over_group_ceiling", "missing_amount": 23000.0}],
        )
        self.assertEqual(line.hold_id.state, "open")

    def test_a_group_costs_one_query_at_most(self):
        def count(buyer):
            order = self.make_order(buyer, 1000.0, confirm=False)
            self.env.flush_all()
            self.env.invalidate_all()
            order.browse().check_access("read")
            self.env.user.mapped("login")
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        gamma = self.make_buyer("GAMMA")
        self.make_limit(gamma, 100000.0)
        count(gamma)
        count(self.beta)  # warms caches up
        self.assertLessEqual(count(self.beta), count(gamma) + 1)
