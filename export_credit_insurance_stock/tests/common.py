from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.export_credit_insurance.tests.decision.common import DecisionCommon


class DeliveryCommon(DecisionCommon):
    """ALFA's goods in the warehouse, and who ships them.

    ALFA: limit 100 000 + 30 000 (DOMAIN 0); invoices 40 000 + 35 000, less 5 000
    received: 70 000 owed. Goods are sold in units of 1.00, without taxes.
    """

    @classmethod
    def get_default_groups(cls):
        # EXTENDS 'account'
        return super().get_default_groups() | cls.env.ref("stock.group_stock_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.goods = cls.make_goods("Turbines")
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.worker = new_test_user(
            cls.env, "credit-walt", "stock.group_stock_user", name="Walt", **company
        )
        cls.shipper = new_test_user(
            cls.env,
            "credit-sue",
            "stock.group_stock_user,export_credit_insurance.group_credit_user",
            name="Sue",
            **company,
        )
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")

    @classmethod
    def make_goods(cls, name, stock=1000000.0, **values):
        goods = cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 1.0,
                "taxes_id": [Command.clear()],
                "invoice_policy": "delivery",
                **values,
            }
        )
        if stock:
            cls.env["stock.quant"]._update_available_quantity(
                goods, cls.warehouse.lot_stock_id, stock
            )
        return goods

    @classmethod
    def make_debt(cls):
        cls.make_alfa_limits()
        cls.make_invoice(cls.alfa, 40000.0)
        cls.make_invoice(cls.alfa, 35000.0)
        cls.make_receipt(cls.alfa, 5000.0)

    @classmethod
    def make_sold(cls, amount, partner=None, **values):
        """A confirmed order of goods; its delivery is reserved."""
        values.setdefault("product", cls.goods)
        values.setdefault("user_id", cls.salesman.id)
        order = cls.make_order(partner or cls.alfa, amount, **values)
        if order.picking_ids:
            order.picking_ids.action_assign()
        return order

    @classmethod
    def make_many_sold(cls, buyers, amount=10.0):
        """A confirmed order for each of these buyers, made in one go."""
        line = {
            "product_id": cls.goods.id,
            "product_uom_qty": amount,
            "price_unit": 1.0,
            "tax_ids": [Command.clear()],
        }
        orders = cls.env["sale.order"].create(
            [
                {
                    "partner_id": buyer.id,
                    "company_id": cls.company.id,
                    "pricelist_id": False,
                    "order_line": [Command.create(line)],
                }
                for buyer in buyers
            ]
        )
        orders.action_confirm()
        orders.picking_ids.action_assign()
        return orders

    def ship(self, pickings, user=None, quantity=None, backorder=True):
        """Validate transfers as an employee does, by default as the worker.

        :param quantity: how much of each, all of it by default
        """
        pickings = pickings.with_user(user or self.worker)
        if quantity is not None:
            pickings.move_ids.quantity = quantity
        pickings.move_ids.picked = True
        choice = {} if backorder else {"picking_ids_not_to_backorder": pickings.ids}
        return pickings.with_context(skip_backorder=True, **choice).button_validate()

    def give_back(self, picking, quantity, user=None):
        """Take goods of a transfer back with another one, which is returned."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=picking.id)
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        returned = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self.ship(returned, user)
        return returned

    def delivered(self, amount, partner=None, **values):
        """An order that was delivered in full before anything was checked."""
        order = self.make_sold(amount, partner, **values)
        picking = order.picking_ids
        picking.move_ids.picked = True
        with picking.move_ids._credit_passing():
            picking._action_done()
        return order

    def set_limit(self, amount):
        """Let ALFA's permanent limit be another from now on.

        Written past the decisions, which never change: a test cuts it more than once.
        """
        limit = self.env["credit.insurance.limit"].search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "named")]
        )
        limit.flush_recordset()
        self.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = %s WHERE id = %s",
            [amount, limit.id],
        )
        limit.invalidate_recordset()

    def holds_of(self, picking, state="open"):
        return self.env["credit.insurance.hold"].search(
            [("picking_id", "=", picking.id), ("state", "=", state)]
        )

    def ask_delivery_release(self, picking, user=None):
        request = (
            self.env["credit.insurance.delivery.request"]
            .with_user(user or self.worker)
            .with_context(active_model="stock.picking", active_ids=picking.ids)
            .create({"reason": "The customer pays on Friday."})
        )
        request.action_send()
        return self.holds_of(picking)

    def assess(self, order):
        deliveries = order.picking_ids._credit_deliveries()
        (found,) = (
            self.env["credit.insurance.check"]._assess_deliveries(deliveries).values()
        )
        return found

    def assertCase(self, order, **expected):
        case = self.assess(order).case
        for name, amount in expected.items():
            self.assertAlmostEqual(getattr(case, name), amount, 2, name)
