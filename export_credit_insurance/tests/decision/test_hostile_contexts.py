from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHostileContexts(DecisionCommon):
    """What is archived decides on nothing, whatever a request's context shows.

    Rules and authorities are kept in memory for all, as whoever asked first found them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def test_archived_rule(self):
        """45 000 of 28 000; a rule that would let it go was archived."""
        lenient = self.set_rule("over_limit", "ignore", company_id=self.company.id)
        lenient.active = False
        self.env.registry.clear_cache()
        order = self.make_quotation(45000.0)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            order.with_context(active_test=False).action_confirm()
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            order.action_confirm()

    def test_archived_authority(self):
        """10 000 at most; a row that would let Carl release more was archived."""
        hold = self.ask_release(self.make_quotation(45000.0))
        self.env["credit.insurance.release.authority"].sudo().create(
            [
                {"user_id": self.controller.id, "amount_max": 10000.0},
            ]
        )
        self.env["credit.insurance.release.authority"].sudo().create(
            {
                "user_id": self.controller.id,
                "company_id": self.company.id,
                "amount_max": 1000000.0,
                "active": False,
            }
        )
        self.env.registry.clear_cache()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.release(hold.with_context(active_test=False))
        table = hold.env["credit.insurance.release.authority"].with_context(
            active_test=False
        )
        self.env.registry.clear_cache()
        bounds = [bound.amount for _key, bound in table._authority_table()]
        self.assertNotIn(1000000.0, bounds)

    def test_rates_of_another_company(self):
        """5 000 grow by 40 000 of 23 000 at two dollars to the euro, not at 200."""
        dollars = self.env.ref("base.USD")
        dollars.active = True
        sister = self.env["res.company"].create(
            {"name": "Sister", "currency_id": self.company.currency_id.id}
        )
        self.env["res.currency.rate"].sudo().search(
            [("currency_id", "=", dollars.id)]
        ).unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": dollars.id,
                    "name": "2020-01-01",
                    "rate": rate,
                    "company_id": company.id,
                }
                for company, rate in ((self.company, 2.0), (sister, 200.0))
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": dollars.id}
        )
        order = self.make_quotation(10000.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollars)
        order.action_confirm()
        line = order.order_line.with_context(company_id=sister.id)
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            line.price_unit = 90000.0 / line.product_uom_qty
        line.price_unit = 40000.0 / line.product_uom_qty
        self.assertEqual(order.amount_total, 40000.0)
