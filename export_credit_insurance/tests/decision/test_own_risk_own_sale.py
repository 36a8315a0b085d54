from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOwnRiskOwnSale(DecisionCommon):
    """Own risk that was accepted first lets no order go that its author sells.

    ALFA has 28 000 left of 130 000; Carl has accepted 20 000 more, when nobody knew
    for which order. 45 000 fit with it (48 000), without it 17 000 are lacking.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.manager
        cls.row = cls.accept()

    @classmethod
    def accept(cls, user=None, **values):
        rows = cls.env["credit.insurance.own.risk"].with_user(user or cls.controller)
        return rows.create(
            {
                "partner_id": cls.alfa.id,
                "company_id": cls.company.id,
                "amount": 20000.0,
                "date_from": "2026-09-01",
                "reason": "Strategic customer",
                **values,
            }
        )

    def assertLacks(self, action, *words):
        with self.assertRaises(RedirectWarning) as caught, self.cr.savepoint():
            action()
        for word in ("17,000.00", *words):
            self.assertIn(word, caught.exception.args[0])
        self.env.invalidate_all()

    def confirm(self, order, user=None):
        return order.with_user(user or self.controller).action_confirm

    # === WHO SELLS === #

    def test_others_sell_on_it(self):
        order = self.make_quotation(45000.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        clearance = self.clearance_of(order)
        self.assertEqual(clearance.headroom_before, 48000.0)
        self.assertEqual(clearance.own_risk_amount, 17000.0)

    def test_its_author_does_not(self):
        order = self.make_quotation(45000.0, user=self.controller)
        self.assertLacks(self.confirm(order), "does not count here", "Somebody else")
        # the salesperson is who sells, whoever presses the button
        self.assertLacks(self.confirm(order, self.salesman))

    def test_within_the_limit_the_author_sells(self):
        order = self.make_quotation(28000.0, user=self.controller)
        order.action_confirm()
        self.assertEqual(self.clearance_of(order).headroom_after, 0.0)

    def test_in_the_name_of_a_colleague(self):
        made = self.env["sale.order"].with_user(self.controller)
        order = made.create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "user_id": self.salesman.id,
                "pricelist_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 45000.0,
                            "price_unit": 1.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.assertLacks(self.confirm(order, self.salesman))

    def test_a_colleague_s_order_confirmed_or_enlarged(self):
        order = self.make_quotation(45000.0)
        self.assertLacks(self.confirm(order))
        self.set_amount(order, 28000.0)
        self.confirm(order)()
        self.assertEqual(order.state, "sale")

        def enlarge():
            own = order.with_user(self.controller)
            self.set_amount(own, 45000.0)
            own.flush_recordset()  # as at the end of his request

        self.assertLacks(enlarge)
        self.set_amount(order, 45000.0)
        order.flush_recordset()
        self.assertEqual(self.clearance_of(order).amount, 45000.0)

    def test_handed_over_for_the_confirmation(self):
        """Asked for while it was the author's: it stays so."""
        order = self.make_quotation(45000.0, user=self.controller)
        hold = self.ask_release(order)
        order.sudo().user_id = self.salesman
        self.assertLacks(self.confirm(order, self.salesman))
        hold._which_wait()._refresh()
        self.assertEqual(hold.state, "open")

    def test_asked_for_in_vain(self):
        """Refused to the author, a colleague's order goes on no own risk of theirs."""
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order.with_user(self.controller))
        hold.with_user(self.manager)._refuse("Too much for this buyer")
        self.assertEqual(hold.state, "refused")
        self.assertLacks(self.confirm(order, self.salesman))

    # === WHAT HELPS === #

    def test_somebody_else_releases_it(self):
        order = self.make_quotation(45000.0)
        hold = self.ask_release(order.with_user(self.controller))
        self.assertEqual(hold.own_risk_amount, 17000.0)
        self.assertFalse(hold.with_user(self.controller).can_decide)
        self.release(hold, self.manager)
        self.confirm(order)()
        self.assertEqual(order.state, "sale")

    def test_somebody_else_accepts_it(self):
        order = self.make_quotation(45000.0, user=self.controller)
        hold = self.ask_release(order)
        self.row.with_user(self.controller).date_to = "2026-09-30"
        self.accept(self.manager, date_from=TODAY)
        hold._which_wait()._refresh()
        self.assertEqual(hold.state, "obsolete")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_prolonged_it_has_accepted_it(self):
        self.row.with_user(self.controller).date_to = "2026-12-31"
        self.row.with_user(self.manager).date_to = "2027-12-31"
        self.assertEqual(self.row.prolonged_by_id, self.manager)
        order = self.make_quotation(45000.0, user=self.manager)
        self.assertLacks(self.confirm(order, self.manager))

    # === WHAT IS SHOWN === #

    def test_banner(self):
        """The gauge and the state are those of the gate."""
        others = self.make_quotation(45000.0)
        own = self.make_quotation(45000.0, user=self.controller)
        self.assertEqual(others.credit_check_state, "ok")
        self.assertEqual(own.credit_check_state, "blocked")
        self.assertEqual(own.credit_gauge["own_risk"], 0.0)
        self.assertEqual(own.credit_gauge["headroom_after"], -17000.0)
        self.assertIn("does not count here", own.credit_check_summary)
        # without a credit group: by how much, no more
        summary = own.with_user(self.salesman).credit_check_summary
        self.assertIn("17,000.00", summary)
        self.assertNotIn("20,000.00", summary)

    def test_several_of_one_call(self):
        """2 000 of a colleague's and the author's 28 000: 26 000 are left for them."""
        other = self.make_quotation(2000.0)
        own = self.make_quotation(28000.0, user=self.controller)
        with self.assertRaises(RedirectWarning) as caught:
            (other | own).with_user(self.salesman).action_confirm()
        self.assertIn("2,000.00", caught.exception.args[0])

    def test_looked_up_once_for_many(self):
        orders = self.env["sale.order"].union(
            *(self.make_quotation(600.0, user=self.controller) for _each in range(5))
        )
        checks = self.env["credit.insurance.check"].sudo()

        def count(some):
            positions = checks._get_positions(some)
            some.invalidate_recordset()
            some.mapped("user_id.name")
            some.mapped("create_uid.name")
            some.mapped("credit_hold_ids")
            before = self.cr.sql_log_count
            checks._without_own_acceptance(some, positions)
            return self.cr.sql_log_count - before

        count(orders[0].sudo())
        self.assertEqual(count(orders.sudo()), count(orders[0].sudo()))

    # === INVOICES WITHOUT AN ORDER === #

    def test_invoiced_by_its_author(self):
        clerk = new_test_user(
            self.env,
            "credit-ines",
            "account.group_account_invoice,"
            "export_credit_insurance.group_credit_controller",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        lines = self.env["credit.insurance.review.line"]

        def bill(user):
            invoice = self.make_invoice(self.alfa, 45000.0, day=TODAY, post=False)
            invoice.invoice_user_id = user
            invoice.with_user(user).action_post()
            return lines.search([("invoice_id", "=", invoice.id)])

        with self.cr.savepoint(flush=True) as savepoint:
            self.assertFalse(bill(clerk))
            savepoint.rollback()
            self.env.invalidate_all()
        self.row.with_user(self.controller).date_to = "2026-09-30"
        self.accept(clerk, date_from=TODAY)
        self.assertEqual(bill(clerk).missing_amount, 17000.0)
