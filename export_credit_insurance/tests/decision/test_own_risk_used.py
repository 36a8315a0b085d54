from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 12:00:00")
class TestOwnRiskUsed(DecisionCommon):
    """How much is at our own risk on a buyer, and how much one person signed a month.

    Counted from releases. ALFA has 28 000 left of 130 000: of a quotation of 45 000,
    17 000 are at own risk; BETA has no limit: all of it is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.beta = cls.make_buyer("BETA")
        cls.row = cls.env["credit.insurance.release.authority"].create(
            {"group_id": cls.env.ref(CONTROLLERS).id}
        )

    def ask(self, amount, partner=None, **values):
        return self.ask_release(self.make_quotation(amount, partner, **values))

    def released(self, amount, partner=None, user=None, **values):
        hold = self.ask(amount, partner)
        self.release(hold, user=user, **values)
        return hold

    def used(self, hold, user=None):
        """What counts against a release of this hold: (on its buyer, this month)."""
        user = user or self.controller
        self.row.write({"own_risk_buyer": 1e9, "own_risk_month": 1e9})
        authorities = hold._authorities(user)
        return tuple(hold._own_risk_used(user, authorities)[hold])

    def test_figure_of_a_release(self):
        # 45 000, of which 28 000 within the limit
        self.assertEqual(self.released(45000.0).release_own_risk, 17000.0)
        # 50 000 released for 45 000 asked: 5 000 more at own risk
        hold = self.released(45000.0, release_amount=50000.0)
        self.assertEqual(hold.release_own_risk, 22000.0)
        agreed = self.released(
            45000.0,
            release_kind="insurer_agreement",
            agreement_ref="AG-1",
            attachment_ids=self.make_file().ids,
        )
        self.assertEqual(agreed.release_own_risk, 0.0)

    def test_used_on_the_buyer_by_whomever(self):
        self.released(45000.0)  # 17 000
        self.released(38000.0, user=self.manager)  # 10 000
        self.released(8000.0, self.beta)
        self.assertEqual(self.used(self.ask(45000.0)), (27000.0, 25000.0))
        self.assertEqual(self.used(self.ask(1000.0, self.beta)), (8000.0, 25000.0))

    def test_bound_per_buyer(self):
        self.row.own_risk_buyer = 30000.0
        self.released(45000.0)  # 17 000 used, 13 000 left
        hold = self.ask(41000.01)  # 13 000.01 at own risk
        with self.assertRaises(AccessError) as refusal:
            self.release(hold)
        for figure in ("13,000.01", "17,000.00", "30,000.00", "ALFA"):
            self.assertIn(figure, str(refusal.exception))
        self.released(41000.0)
        self.released(30000.0, self.beta)
        # another word for it changes nothing, the insurer's agreement does
        for kind in ("security", "payment_announced"):
            with self.assertRaises(AccessError):
                self.release(hold, release_kind=kind)
        self.release(
            hold,
            release_kind="insurer_agreement",
            agreement_ref="AG-1",
            attachment_ids=self.make_file().ids,
        )
        self.assertEqual(hold.release_own_risk, 0.0)

    def test_bound_per_author_and_month(self):
        self.row.own_risk_month = 30000.0
        self.released(20000.0, self.beta)
        self.released(9000.0, self.beta, user=self.manager)  # not his
        hold = self.ask(10001.0, self.beta)
        with self.assertRaises(AccessError) as refusal:
            self.release(hold)
        self.assertIn("20,000.00", str(refusal.exception))
        self.released(10000.0, self.beta)
        with freeze_time("2026-11-01 12:00:00"):
            self.assertEqual(self.used(hold)[1], 0.0)
            self.row.own_risk_month = 30000.0
            self.release(hold)

    def test_the_month_is_the_company_s(self):
        """31 October, 23:30 UTC, is 1 November, 0:30, in Paris."""
        self.company.partner_id.tz = "Europe/Paris"
        self.env.registry.clear_cache()
        with freeze_time("2026-10-31 23:30:00"):
            hold = self.released(20000.0, self.beta)
        self.assertEqual(str(hold.release_day), "2026-11-01")
        with freeze_time("2026-11-20 12:00:00"):
            self.assertEqual(self.used(self.ask(1000.0, self.beta))[1], 20000.0)

    def test_a_second_release_of_an_order_replaces_the_first(self):
        order = self.make_quotation(20000.0, self.beta)
        self.release(self.ask_release(order))
        self.set_amount(order, 25000.0)
        hold = self.ask_release(order)
        # the order's own 20 000 would be replaced by 25 000
        self.assertEqual(self.used(hold), (0.0, 0.0))
        self.release(hold)
        self.assertEqual(self.used(self.ask(1000.0, self.beta)), (25000.0, 25000.0))

    def test_expired_unused_no_longer_counts(self):
        self.released(20000.0, self.beta, release_until="2026-10-20")
        with freeze_time("2026-10-20 12:00:00"):
            self.assertEqual(self.used(self.ask(1000.0, self.beta))[0], 20000.0)
        with freeze_time("2026-10-21 12:00:00"):
            # but it was signed this month
            self.assertEqual(self.used(self.ask(1000.0, self.beta)), (0.0, 20000.0))

    def test_cancelled_orders_no_longer_count(self):
        hold = self.released(20000.0, self.beta)
        hold.order_id.action_cancel()
        self.assertEqual(self.used(self.ask(1000.0, self.beta)), (0.0, 0.0))

    def test_a_confirmed_order_counts_until_it_is_paid(self):
        hold = self.released(20000.0, self.beta, release_until="2026-10-20")
        hold.order_id.action_confirm()
        with freeze_time("2026-10-25 12:00:00"):
            asked = self.ask(1000.0, self.beta)
            self.assertEqual(self.used(asked)[0], 20000.0)
            invoice = hold.order_id.sudo()._create_invoices()
            invoice.invoice_date = "2026-10-25"
            invoice.action_post()
            self.assertEqual(self.used(asked)[0], 20000.0)
            self.env["account.payment.register"].sudo().with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({})._create_payments()
            self.assertIn(invoice.payment_state, ("paid", "in_payment"))
            self.assertEqual(self.used(asked)[0], 0.0)

    def test_own_risk_is_told_in_the_company_s_currency_of_its_day(self):
        # policy in USD: 1 EUR = 2 USD in October, 4 USD in November
        for day, rate in (("2026-10-01", 2.0), ("2026-11-01", 4.0)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.dollar.id}
        )
        hold = self.ask(40000.0, self.beta, pricelist_id=pricelist.id)
        self.assertEqual(hold.own_risk_amount, 20000.0)
        self.release(hold, release_amount=44000.0)
        # 20 000 EUR and 4 000 USD more than asked for
        self.assertEqual(hold.release_own_risk, 22000.0)
        with freeze_time("2026-11-02 12:00:00"):
            self.assertEqual(self.used(self.ask(1000.0, self.beta))[0], 22000.0)

    def test_companies_are_counted_apart(self):
        other = self.setup_other_company(name="Sister")["company"]
        self.released(20000.0, self.beta)
        hold = self.ask(1000.0, self.beta)
        hold.sudo().company_id = other
        self.assertEqual(self.used(hold), (0.0, 0.0))
