from odoo import Command
from odoo.tests import tagged

from odoo.addons.export_credit_insurance.tests.race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestDeliveryRace(RaceCommon):
    """Two deliveries of one buyer leave at the same moment.

    The limit is cut to 1 500 after two orders of 1 000 were confirmed: exactly one may
    leave. Each sells goods of its own, so that nothing but the buyer makes them meet.
    """

    ROUNDS = 2

    @classmethod
    def prepare_more(cls, env):
        cls.product_ids = []
        companies = env["res.company"].browse(cls.company_ids)
        cls.warehouse_ids = [
            env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1).id
            for company in companies
        ]
        worker = env["res.users"].create(
            {
                "name": "Race Worker",
                "login": "race-worker",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [
                    Command.set(
                        (
                            env.ref("base.group_user")
                            + env.ref("stock.group_stock_user")
                        ).ids
                    )
                ],
            }
        )
        cls.worker_id = worker.id

    @classmethod
    def make_sister(cls, env, company):
        # EXTENDS: nobody can delete a company that has a warehouse; it is used again
        archived = env["res.company"].with_context(active_test=False)
        sister = archived.search([("name", "=", "Race Sister with Goods")])
        sister.active = True
        sister = sister or sister.create(
            {"name": "Race Sister with Goods", "currency_id": company.currency_id.id}
        )
        warehouses = env["stock.warehouse"]
        if not warehouses.search([("company_id", "=", sister.id)]):
            warehouses.create({"company_id": sister.id})
        return sister

    @classmethod
    def remove_sister(cls, sister):
        for user in sister.env["res.users"].search([("company_ids", "in", sister.ids)]):
            user.company_ids -= sister
        sister.active = False

    @classmethod
    def remove_documents(cls, env, orders):
        moves = orders.order_line.move_ids
        moves.move_line_ids.state = moves.state = "draft"
        orders.picking_ids.unlink()

    @classmethod
    def remove_rest(cls, env):
        env.cr.execute(
            "DELETE FROM stock_quant WHERE product_id = ANY(%s)", [cls.product_ids]
        )
        env["product.product"].browse(cls.product_ids).product_tmpl_id.unlink()
        worker = env["res.users"].browse(cls.worker_id)
        partner = worker.partner_id
        worker.unlink()
        partner.unlink()

    def validate_at_once(self, warehouse_ids):
        """Have pairs of deliveries, one from each warehouse, validated at once."""

        def make_pair(env):
            partner, limit = self.make_buyer(env, 2000.0)
            warehouses = env["stock.warehouse"].browse(warehouse_ids)
            pair = [self.make_delivery(env, partner, place) for place in warehouses]
            env.flush_all()
            # past the decisions, which never change
            env.cr.execute(
                "UPDATE credit_insurance_limit SET amount = 1500 WHERE id = %s",
                [limit.id],
            )
            return pair

        return self.run_trials(make_pair, self.worker_id)

    def make_delivery(self, env, partner, warehouse):
        product = env["product.product"].create(
            {
                "name": f"Race Goods {len(self.product_ids)}",
                "type": "consu",
                "is_storable": True,
                "taxes_id": [Command.clear()],
                "company_id": False,
            }
        )
        self.product_ids.append(product.id)
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 1.0
        )
        order = self.make_order(env, partner, warehouse.company_id.id, product.id)
        order.warehouse_id = warehouse
        order.action_confirm()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.picked = True
        return order.picking_ids.id

    def prepare_act(self, env, record_id, user_id):
        picking = env["stock.picking"].browse(record_id)
        picking = picking.with_user(user_id).with_company(picking.company_id)
        return picking.with_context(skip_backorder=True).button_validate

    def read_outcome(self, env, record_id):
        return env["stock.picking"].browse(record_id).state

    def test_two_deliveries_at_once(self):
        results = self.validate_at_once(self.warehouse_ids[:1] * 2)
        self.assertOneOfTwo(results, "done", "refused")

    def test_two_companies_of_one_policy_at_once(self):
        results = self.validate_at_once(self.warehouse_ids)
        self.assertOneOfTwo(results, "done", "refused")
