from freezegun import freeze_time

from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged

from .common import DecisionCommon

HOLDS_CRON = "export_credit_insurance.ir_cron_refresh_credit_holds"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestRateUnknown(DecisionCommon):
    """Odoo converts one to one where no rate is known: that is no figure to decide on.

    ALFA has a limit of 50 000 euros and owes nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limit = cls.make_limit(cls.alfa, 50000.0)
        cls.dinar = cls.env["res.currency"].create(
            {"name": "XDN", "symbol": "XDN", "rounding": 0.01}
        )

    def enter_rate(self, currency, rate, day="2026-09-30"):
        return self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": self.company.id,
                "name": day,
                "rate": rate,
            }
        )

    def make_dinar_quotation(self, amount):
        order = self.make_quotation(amount)
        order.currency_id = self.dinar
        return order

    def test_waits_for_the_rate(self):
        """20 000 XDN would count as 20 000 EUR; at 0.25 XDN a euro they are 80 000."""
        order = self.make_dinar_quotation(20000.0)
        finding = self.find(order)["rate_unknown"]
        self.assertEqual((finding.severity, finding.amount), ("block", 20000.0))
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            order.action_confirm()
        self.enter_rate(self.dinar, 0.25)
        self.env.invalidate_all()
        found = self.find(order)
        self.assertNotIn("rate_unknown", found)
        self.assertEqual(found["over_limit"].amount, 30000.0)

    def test_a_rate_lets_the_order_go(self):
        """20 000 XDN at 4 a euro are 5 000 EUR."""
        order = self.make_dinar_quotation(20000.0)
        self.enter_rate(self.dinar, 4.0)
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_the_salesperson_reads(self):
        order = self.make_dinar_quotation(20000.0)
        with self.assertRaises(RedirectWarning) as refusal, self.env.cr.savepoint():
            order.action_confirm()
        for text in (refusal.exception.args[0], order.credit_check_summary):
            self.assertIn("Have an exchange rate entered for XDN.", text)
            self.assertNotIn("exceeded", text)

    def test_one_to_one_that_somebody_entered(self):
        """20 000 XDN at 1 a euro are 20 000 EUR, on purpose."""
        self.enter_rate(self.dinar, 1.0)
        order = self.make_dinar_quotation(20000.0)
        self.assertFalse(self.find(order))
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.get_position(self.alfa).exposure, 20000.0)

    def test_a_rate_of_tomorrow(self):
        """Odoo takes the first rate there is for the days before it."""
        self.enter_rate(self.dinar, 4.0, day="2026-10-02")
        self.assertFalse(self.find(self.make_dinar_quotation(20000.0)))

    def test_the_currency_that_all_rates_are_based_on(self):
        """The dinar is 1 and has no rate, the euro 0.5 for one: 20 000 are 10 000.

        The base is the currency of some company; any other is only unknown.
        """
        self.enter_rate(self.euro, 0.5)
        self.assertIn("rate_unknown", self.find(self.make_dinar_quotation(20000.0)))
        self.env["res.company"].create({"name": "Base", "currency_id": self.dinar.id})
        order = self.make_dinar_quotation(20000.0)
        self.assertFalse(self.find(order))
        order.action_confirm()
        self.assertEqual(self.get_position(self.alfa).exposure, 10000.0)

    def test_who_is_bound_by_an_amount_does_not_release_it(self):
        """20 000 is within the controllers' ceiling, if only it were 20 000."""
        self.company.credit_controller_ceiling = 50000.0
        order = self.make_dinar_quotation(20000.0)
        hold = self.ask_release(order)
        with self.assertRaises(AccessError) as refusal, self.env.cr.savepoint():
            self.release(hold)
        self.assertIn("No exchange rate is known", refusal.exception.args[0])
        self.release(hold, self.manager)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_rate_wakes_who_waits(self):
        """The job is started at once: at 4 a euro 20 000 XDN are 5 000 EUR."""
        hold = self.ask_release(self.make_dinar_quotation(20000.0))
        triggers = self.env["ir.cron.trigger"].sudo()
        due = [("cron_id", "=", self.env.ref(HOLDS_CRON).id)]
        triggers.search(due).unlink()
        with self.enter_registry_test_mode():
            self.enter_rate(self.dinar, 4.0)
            self.assertTrue(triggers.search(due))
            self.env.ref(HOLDS_CRON).method_direct_trigger()
        self.assertEqual(hold.state, "obsolete")

    def test_the_limit_is_in_such_a_currency(self):
        policy = self.make_policy(
            name="POL-DN", currency_id=self.dinar.id, sequence=self.policy.sequence - 1
        )
        self.make_limit(self.alfa, 50000.0, policy=policy)
        order = self.make_quotation(20000.0)
        self.assertIn("rate_unknown", self.find(order))
        self.enter_rate(self.dinar, 4.0)
        self.env.invalidate_all()
        # 20 000 EUR are 80 000 XDN, 30 000 beyond the limit
        found = self.find(order)
        self.assertEqual(found["over_limit"].amount, 30000.0)
        self.assertNotIn("rate_unknown", found)
