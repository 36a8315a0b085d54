from odoo.tests import tagged

from odoo.addons.export_credit_insurance.tests.http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestDeliveryTour(HttpCommon):
    """Refused, asked for release, released, validated: in a real browser.

    The limit was cut to 30 000 after the order of 102 000 was confirmed, of which
    nothing has left: its delivery exceeds the credit by 72 000. That is above the
    controllers' ceiling of 50 000: a credit manager decides.
    """

    name = "Delivery"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picking = cls.buyer.sale_order_ids.picking_ids
        cls.worker = cls.make_user(
            # beside delivery methods, Odoo opens a transfer to nobody without the last
            "tour-worker",
            "stock.group_stock_user,base.group_partner_manager",
        )
        cls.manager = cls.make_user(
            "tour-manager",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_manager",
        )
        cls.limit.flush_recordset()
        # past the decisions, which never change
        cls.env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 30000 WHERE id = %s",
            [cls.limit.id],
        )
        cls.limit.invalidate_recordset()

    def test_refused_released_validated(self):
        url = f"/odoo/action-stock.action_picking_tree_all/{self.picking.id}"
        self.start_tour(
            url, "credit_delivery_refused_and_release_asked", login="tour-worker"
        )
        self.assertEqual(self.picking.state, "assigned")
        hold = self.env["credit.insurance.hold"].search(
            [("picking_id", "=", self.picking.id)]
        )
        self.assertEqual((hold.state, hold.requested_by), ("open", self.worker))
        self.start_tour(
            "/odoo/action-export_credit_insurance.action_credit_insurance_hold"
            f"/{hold.id}",
            "credit_delivery_released",
            login="tour-manager",
        )
        self.assertEqual((hold.state, hold.decided_by), ("released", self.manager))
        self.start_tour(url, "credit_released_delivery_validated", login="tour-worker")
        self.assertEqual(self.picking.state, "done")
        self.assertEqual(hold.shipped_move_ids, self.picking.move_ids)
