from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryMoney(DeliveryCommon):
    """What a delivery adds where goods are billed, paid or secured before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_debt()

    def bill(self, order):
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-09-30"
        invoice.action_post()
        return invoice

    def pay_invoice(self, invoice, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": amount})._create_payments()

    def stop_cover(self):
        return self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": "2026-09-30",
                "cause": "insurer",
            }
        )

    def test_nothing_invoiced(self):
        """20 000 more; 130 000 - 70 000 = 60 000 may leave."""
        order = self.make_sold(20000.0)
        self.assertCase(order, added=20000.0, available=60000.0)

    def test_invoiced_before_it_leaves(self):
        """The debt is there already: it is not counted twice, but it is at stake.

        90 000 are owed and stay owed. Without these 20 000, 60 000 of 130 000 are left.
        """
        pumps = self.make_goods("Pumps", invoice_policy="order")
        order = self.make_sold(20000.0, product=pumps)
        self.bill(order)
        self.assertCase(order, added=20000.0, available=60000.0)
        self.set_limit(60000.0)  # 90 000 - 90 000: it fits
        self.ship(order.picking_ids, quantity=5000.0)
        self.stop_cover()
        backorder = order.picking_ids.filtered(lambda p: p.state != "done")
        with self.assertRaises(RedirectWarning):
            self.ship(backorder)

    def test_invoiced_and_paid_before_it_leaves(self):
        pumps = self.make_goods("Pumps", invoice_policy="order")
        order = self.make_sold(20000.0, product=pumps)
        invoice = self.bill(order)
        self.stop_cover()
        self.pay_invoice(invoice, 15000.0)
        # 5 000 are open of it: that is what is at stake
        self.assertCase(order, added=5000.0)
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)
        self.pay_invoice(invoice, 5000.0)
        self.assertCase(order, added=0.0)
        self.ship(order.picking_ids)

    def test_deposit(self):
        """A deposit of 8 000 of 20 000 is paid: 12 000 more once all has left."""
        order = self.make_sold(20000.0)
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 8000.0,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_date = "2026-09-30"
        invoice.action_post()
        # unpaid: 8 000 are owed, 12 000 come on top
        self.assertCase(order, added=20000.0, available=60000.0)
        self.pay_invoice(invoice, 8000.0)
        self.assertCase(order, added=12000.0, available=60000.0)
        self.set_limit(51999.0)
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)
        self.set_limit(52000.0)
        self.ship(order.picking_ids)

    def test_letter_of_credit_for_the_order(self):
        """15 000 of 20 000 are secured: 5 000 use the limit."""
        order = self.make_sold(20000.0)
        self.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "kind": "lc_confirmed",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": 15000.0,
                "currency_id": self.euro.id,
                "date_from": "2026-09-01",
                "date_to": "2026-12-31",
                "state": "active",
                "order_ids": [Command.set(order.ids)],
            }
        )
        self.assertCase(order, added=5000.0, secured=15000.0, available=60000.0)
        self.set_limit(44999.0)  # 74 999 - 70 000
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)
        self.set_limit(45000.0)
        self.ship(order.picking_ids)

    def accept(self, user):
        self.env["credit.insurance.own.risk"].with_user(user).create(
            {
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "amount": 15000.0,
                "date_from": "2026-09-01",
                "reason": "Known for years",
            }
        )

    def test_own_risk(self):
        order = self.make_sold(20000.0)
        self.accept(self.manager)
        self.set_limit(45000.0)  # 75 000 + 15 000 - 70 000
        self.ship(order.picking_ids)

    def test_own_risk_that_who_sells_accepted(self):
        """It carries what others sell: 75 000 - 70 000 are left for his own order."""
        own = self.make_sold(20000.0, user_id=self.controller.id)
        other = self.make_sold(20000.0)
        self.accept(self.controller)
        self.set_limit(45000.0)
        self.assertCase(own, available=5000.0)
        self.assertCase(other, available=20000.0)
        with self.assertRaises(RedirectWarning), self.cr.savepoint():
            self.ship(own.picking_ids)
        self.env.invalidate_all()
        self.ship(other.picking_ids)
        self.assertEqual(other.picking_ids.state, "done")

    def test_tax_and_discount(self):
        """100 at 10.00 less 10 % + 20 % VAT: 1 080; without tax 900 use the limit."""
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20.0,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        order = self.make_sold(100.0, taxes=tax, confirm=False)
        order.order_line.write({"price_unit": 10.0, "discount": 10.0})
        order.action_confirm()
        order.picking_ids.action_assign()
        (delivery,) = order.picking_ids._credit_deliveries()
        self.assertEqual(delivery.value, 1080.0)
        self.assertCase(order, added=900.0)
        order.picking_ids.move_ids.quantity = 50.0
        (delivery,) = order.picking_ids._credit_deliveries()
        self.assertEqual(delivery.value, 540.0)
        self.assertCase(order, added=450.0)

    def test_foreign_currency(self):
        """22 000 USD at 1.10 are 20 000 EUR."""
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "=", self.dollar.id)]).unlink()
        rates.create(
            {
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.1,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.dollar.id}
        )
        order = self.make_sold(22000.0, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.dollar)
        self.assertCase(order, added=20000.0, available=60000.0)
        self.set_limit(45000.0)
        with self.assertRaises(RedirectWarning) as caught:
            self.ship(order.picking_ids)
        self.assertIn("15,000.00", caught.exception.args[0])
        hold = self.ask_delivery_release(order.picking_ids)
        self.assertEqual((hold.amount, hold.currency_id), (22000.0, self.dollar))

    def test_sold_by_the_dozen(self):
        """2 dozen at 120.00; 6 pieces leave: 60.00."""
        order = self.make_sold(2.0, confirm=False)
        line = order.order_line
        line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        line.price_unit = 120.0
        order.action_confirm()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.quantity = 6.0
        (delivery,) = order.picking_ids._credit_deliveries()
        self.assertEqual(delivery.quantities, {line.id: 0.5})
        self.assertEqual(delivery.value, 60.0)

    def test_two_companies_share_a_limit(self):
        """What the sister has delivered uses the same limit, not what it ordered."""
        sister = self.setup_other_company()["company"]
        self.env["res.currency.rate"].create(  # of the policy's, for a company in USD
            {"currency_id": self.euro.id, "company_id": sister.id, "rate": 1.0}
        )
        self.policy.company_ids += sister
        self.env.user.company_ids += sister
        self.worker.company_ids += sister
        order = self.make_sold(20000.0)
        there = self.env["stock.warehouse"].search([("company_id", "=", sister.id)])
        self.env["stock.quant"]._update_available_quantity(
            self.goods, there.lot_stock_id, 100000.0
        )
        other = self.make_sold(30000.0, company_id=sister.id, warehouse_id=there.id)
        self.set_limit(80000.0)  # 110 000 - 70 000 = 40 000
        self.ship(other.picking_ids)
        self.assertCase(order, added=20000.0, available=10000.0)
        with self.assertRaises(RedirectWarning):
            self.ship(order.picking_ids)
