from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import new_test_user, tagged

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"
MANAGERS = "export_credit_insurance.group_credit_manager"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestOwnAuthority(DecisionCommon):
    """Nobody but an administrator sets the bounds that bind himself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = new_test_user(
            cls.env,
            "credit-max",
            MANAGERS,
            name="Max",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def rows(self, user=None):
        rows = self.env["credit.insurance.release.authority"]
        return rows.with_user(user or self.manager)

    def make(self, **values):
        return self.rows().sudo().create({"amount_max": 1000.0, **values})

    def assertRefused(self, change, *words):
        with self.assertRaises(AccessError) as refusal, self.cr.savepoint():
            change()
        for word in ("administrator", *words):
            self.assertIn(word, str(refusal.exception))
        self.env.invalidate_all()

    def test_row_that_names_the_manager(self):
        row = self.make(user_id=self.manager.id).with_user(self.manager)
        for change in (
            lambda: row.write({"amount_max": 1e9}),
            lambda: row.write({"amount_max": 1.0}),
            lambda: row.write({"active": False}),
            lambda: row.write({"user_id": self.other.id}),
            row.unlink,
        ):
            self.assertRefused(change, "Mona")
        self.assertEqual(row.amount_max, 1000.0)

    def test_row_of_the_managers(self):
        row = self.make(group_id=self.env.ref(MANAGERS).id).with_user(self.manager)
        self.assertRefused(lambda: row.write({"own_risk_month": 0.0}))
        self.assertRefused(row.unlink)

    def test_new_row_for_oneself(self):
        """A row that names him would stand before the one that binds all managers."""
        rows = self.rows()
        key_accounts = self.env["res.groups"].create({"name": "Key accounts"})
        self.manager.group_ids += key_accounts
        for whose in (
            {"user_id": self.manager.id},
            {"group_id": self.env.ref(MANAGERS).id},
            {"group_id": key_accounts.id},
        ):
            self.assertRefused(lambda whose=whose: rows.create(whose))

    def test_row_of_others_made_one_s_own(self):
        row = self.make(user_id=self.other.id).with_user(self.manager)
        row.amount_max = 2000.0
        self.assertRefused(lambda: row.write({"user_id": self.manager.id}))

    def test_rows_of_others_and_of_the_controllers(self):
        """A manager is in the controllers' group, but their rows do not bind him."""
        row = self.rows().create({"group_id": self.env.ref(CONTROLLERS).id})
        row.amount_max = 20000.0
        self.assertEqual(row.amount_max, 20000.0)
        row.unlink()
        self.assertFalse(row.exists())
        of_other = self.rows().create({"user_id": self.other.id, "amount_max": 5.0})
        of_manager = self.rows(self.other).create(
            {"user_id": self.manager.id, "amount_max": 5.0}
        )
        self.assertRecordValues(
            of_other + of_manager,
            [
                {"user_id": self.other.id, "amount_max": 5.0},
                {"user_id": self.manager.id, "amount_max": 5.0},
            ],
        )

    def test_administrators_may(self):
        self.manager.group_ids += self.env.ref("base.group_system")
        row = self.rows().create({"user_id": self.manager.id})
        row.amount_max = 100.0


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestOwnSale(DecisionCommon):
    """Who asks cannot grant, by whichever way: ALFA has 28 000 left of 130 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.other = new_test_user(
            cls.env,
            "credit-cora",
            CONTROLLERS,
            name="Cora",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def accept(self, amount=20000.0, user=None, partner=None, **values):
        rows = self.env["credit.insurance.own.risk"].with_user(user or self.controller)
        return rows.create(
            {
                "partner_id": (partner or self.alfa).id,
                "company_id": self.company.id,
                "amount": amount,
                "reason": "Strategic customer",
                **values,
            }
        )

    def refresh(self):
        self.env["credit.insurance.hold"].search(
            [("state", "=", "open")]
        )._which_wait()._refresh()

    # === THE SALESPERSON === #

    def test_who_sells_does_not_release_what_a_colleague_asks_for(self):
        order = self.make_quotation(45000.0, user=self.controller)
        hold = self.ask_release(order.with_user(self.salesman))
        self.assertEqual(hold.requested_by, self.salesman)
        self.assertFalse(hold.with_user(self.controller).can_decide)
        with self.assertRaises(AccessError):
            self.release(hold)
        with self.assertRaises(AccessError):
            hold.with_user(self.controller)._refuse("Too much")
        self.release(hold, user=self.other)
        self.assertEqual(hold.decided_by, self.other)

    def test_handing_the_order_over_changes_nothing(self):
        order = self.make_quotation(45000.0, user=self.controller)
        hold = self.ask_release(order.with_user(self.salesman))
        order.sudo().user_id = self.salesman
        with self.assertRaises(AccessError):
            self.release(hold)
        # nor does the one who sells it by now
        order.sudo().user_id = self.other
        with self.assertRaises(AccessError):
            self.release(hold, user=self.other)
        self.release(hold, user=self.manager)

    def test_others_are_told_to_decide(self):
        order = self.make_quotation(45000.0, user=self.controller)
        hold = self.ask_release(order.with_user(self.salesman))
        told = hold.activity_ids.user_id
        self.assertIn(self.other, told)
        self.assertNotIn(self.controller, told)

    # === OWN RISK === #

    def test_who_asked_accepts_no_own_risk(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order.with_user(self.controller))
        with self.assertRaises(AccessError) as refusal, self.cr.savepoint():
            self.accept()
        for word in (order.name, "ALFA", "somebody else"):
            self.assertIn(word, str(refusal.exception))
        self.env.invalidate_all()
        self.refresh()
        self.assertEqual(hold.state, "open")
        # somebody else does: 28 000 + 20 000 carry 45 000
        self.accept(user=self.other)
        self.refresh()
        self.assertEqual(hold.state, "obsolete")

    def test_who_sells_accepts_none_before_anybody_asks(self):
        order = self.make_quotation(45000.0, user=self.controller)
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            order.action_confirm()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.accept()
        self.env.invalidate_all()
        self.accept(user=self.manager)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_nor_prolongs_it(self):
        row = self.accept(date_to="2026-10-31")
        self.make_quotation(45000.0, user=self.controller)
        with self.assertRaises(AccessError), self.cr.savepoint():
            row.date_to = False
        self.env.invalidate_all()
        row.action_end()  # less is always his to say
        row.with_user(self.other).date_to = "2026-12-31"

    def test_other_buyers_companies_and_closed_orders(self):
        beta = self.make_buyer("BETA")
        self.make_quotation(900.0, beta, user=self.controller)
        self.make_quotation(900.0, user=self.controller).sudo().action_cancel()
        self.make_quotation(900.0, user=self.controller).action_confirm()
        self.assertEqual(self.accept().author_id, self.controller)

    def test_nor_in_the_name_of_a_colleague(self):
        """Whoever makes a quotation may name another salesperson."""
        order = self.make_quotation(900.0).sudo().copy({"user_id": self.salesman.id})
        self.assertEqual(self.accept().author_id, self.controller)
        self.alfa.own_risk_line_ids.with_user(self.controller).date_to = "2026-10-31"
        own = order.with_user(self.controller).copy({"user_id": self.salesman.id})
        self.assertEqual(own.create_uid, self.controller)
        with self.assertRaises(AccessError):
            self.accept(date_from="2026-11-01")

    # === DISCRETIONARY LIMITS === #

    def propose_limit(self, partner):
        return self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": partner.id,
                "kind": "discretionary",
                "amount": 10000.0,
                "justification_method": "report",
                "evidence": "A credit report of today",
                "date_to": "2027-03-31",
            }
        )

    def test_who_asked_validates_no_discretionary_limit(self):
        """BETA has none: 9 000 fit once somebody else grants 10 000."""
        beta = self.make_buyer("BETA")
        order = self.make_quotation(9000.0, beta)
        hold = self.ask_release(order.with_user(self.controller))
        limit = self.propose_limit(beta)
        with self.assertRaises(AccessError) as refusal, self.cr.savepoint():
            limit.with_user(self.controller).action_validate()
        for word in (order.name, "BETA", "somebody else"):
            self.assertIn(word, str(refusal.exception))
        self.env.invalidate_all()
        limit.with_user(self.other).action_validate()
        self.assertEqual(limit.state, "approved")
        self.refresh()
        self.assertEqual(hold.state, "obsolete")

    def test_nor_who_sells(self):
        beta = self.make_buyer("BETA")
        limit = self.propose_limit(beta).with_user(self.controller)
        order = self.make_quotation(9000.0, beta, user=self.controller)
        with self.assertRaises(AccessError), self.cr.savepoint():
            limit.action_validate()
        self.env.invalidate_all()
        order.sudo().action_cancel()
        limit.action_validate()
        self.assertEqual(limit.state, "approved")

    def test_nor_who_sells_to_whom_the_insurer_takes_for_the_same(self):
        """BETA and its branch bear one number: what is granted to one serves both."""
        beta, branch = self.make_buyer("BETA"), self.make_buyer("BETA Branch")
        limits = self.propose_limit(beta) | self.propose_limit(branch)
        limits.insurer_buyer_ref = "B-77"
        order = self.make_quotation(9000.0, branch, user=self.controller)
        limit = limits[0].with_user(self.controller)
        with self.assertRaises(AccessError) as refusal, self.cr.savepoint():
            limit.action_validate()
        for word in (order.name, "BETA Branch"):
            self.assertIn(word, str(refusal.exception))
        self.env.invalidate_all()
        limit.with_user(self.other).action_validate()
        self.assertEqual(limit.state, "approved")
