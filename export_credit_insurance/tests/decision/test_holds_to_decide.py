from freezegun import freeze_time

from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestHoldsToDecide(DecisionCommon):
    """The list to decide: what waits, for how long, and what its reader may decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_ceiling = 50000.0

    def ask(self, amount, user=None):
        return self.ask_release(self.make_quotation(amount, user=user))

    def found(self, user, value=True):
        holds = self.env["credit.insurance.hold"].with_user(user)
        self.env.invalidate_all()
        return set(holds.search([("can_decide", "=", value), ("id", "in", self.ids)]))

    def test_what_each_reader_may_decide(self):
        small, large = self.ask(45000.0), self.ask(60000.0)
        own = self.ask(46000.0, user=self.controller)
        refused = self.ask(47000.0)
        refused.with_user(self.manager)._refuse("No")
        self.ids = (small + large + own + refused).ids
        self.assertEqual(self.found(self.controller), {small})
        self.assertEqual(self.found(self.manager), {small, large, own})
        self.assertEqual(self.found(self.user), set())
        self.assertEqual(self.found(self.controller, False), {large, own, refused})
        self.assertEqual(self.found(self.user, False), {small, large, own, refused})

    def test_the_field_says_the_same(self):
        small, large = self.ask(45000.0), self.ask(60000.0)
        holds = (small + large).with_user(self.controller)
        self.assertEqual(holds.mapped("can_decide"), [True, False])
        holds = holds.with_user(self.manager)
        self.assertEqual(holds.mapped("can_decide"), [True, True])

    def test_signatures(self):
        self.env["credit.insurance.release.authority"].create(
            {
                "user_id": self.controller.id,
                "second_from": 50000.0,
            }
        )
        holds = self.ask(45000.0) + self.ask(60000.0)
        mine, hers = holds.with_user(self.controller), holds.with_user(self.manager)
        self.assertEqual(mine.mapped("signature_state"), [False, "needs_two"])
        self.assertEqual(hers.mapped("signature_state"), [False, False])
        self.release(holds[1])
        self.env.invalidate_all()
        self.assertEqual(mine.mapped("signature_state"), [False, "second"])
        self.assertEqual(hers.mapped("signature_state"), [False, "second"])
        self.assertEqual(mine.mapped("can_decide"), [True, False])
        self.assertEqual(hers.mapped("can_decide"), [True, True])

    def test_days_are_the_company_s(self):
        """1 October, 23:30 UTC, is 2 October, 1:30, in Paris."""
        self.company.partner_id.tz = "Europe/Paris"
        self.env.registry.clear_cache()
        with freeze_time("2026-10-01 23:30:00"):
            hold = self.ask(45000.0)
            self.assertEqual(hold.waiting_days, 0)
        self.env.invalidate_all()
        with freeze_time("2026-10-04 12:00:00"):
            self.assertEqual(hold.waiting_days, 2)

    def test_the_list_starts_with_the_oldest(self):
        with freeze_time("2026-09-29 12:00:00"):
            old = self.ask(46000.0)
        new = self.ask(45000.0)
        action = self.env.ref("export_credit_insurance.action_credit_insurance_hold")
        view = self.env.ref(
            "export_credit_insurance.credit_insurance_hold_view_list_to_decide"
        )
        self.assertEqual(action.views[0], (view.id, "list"))
        arch = self.env["credit.insurance.hold"].get_view(view.id, "list")["arch"]
        self.assertIn('default_order="requested_on, id"', arch)
        holds = self.env["credit.insurance.hold"]
        self.assertEqual(
            holds.search([("id", "in", (old + new).ids)], order="requested_on, id"),
            old + new,
        )

    def test_queries_do_not_grow_with_the_list(self):
        self.env["credit.insurance.release.authority"].create(
            {
                "user_id": self.controller.id,
                "own_risk_buyer": 1e6,
                "own_risk_month": 1e6,
                "zone_id": self.alfa.with_company(self.company).credit_zone_id.id,
            }
        )
        names = ["can_decide", "signature_state", "waiting_days"]
        holds = self.env["credit.insurance.hold"].concat(
            *(self.ask(45000.0 + number) for number in range(12))
        )
        holds = holds.with_user(self.controller)

        def count(some):
            self.env.invalidate_all()
            some.env.user.has_group("base.group_user")
            before = self.env.cr.sql_log_count
            some.read(names)
            return self.env.cr.sql_log_count - before

        count(holds)
        self.assertLessEqual(count(holds), count(holds[:2]))
