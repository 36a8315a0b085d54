from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .hostile_common import HostileCommon


class FactsCommon(HostileCommon):
    """ALFA owes 70 000, 4 000 have left besides; of its 75 000 only 1 000 are free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gone = cls.small.picking_ids
        cls.ship(cls, cls.gone)
        cls.company.credit_controller_id = cls.controller

    def listed(self, stage):
        return self.env["credit.insurance.review.line"].search([("stage", "=", stage)])

    def add_unordered(self):
        """Put 100 goods at 10.00 that nobody ordered into the transfer of an order."""
        self.set_limit(200000.0)
        rigs = self.make_goods("Rigs", invoice_policy="order", list_price=10.0)
        self.env["stock.move"].create(
            {
                "product_id": rigs.id,
                "product_uom_qty": 100.0,
                "picking_id": self.picking.id,
                "location_id": self.picking.location_id.id,
                "location_dest_id": self.picking.location_dest_id.id,
            }
        )
        self.picking.action_confirm()
        self.picking.action_assign()
        return rigs


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDeliveryLowered(FactsCommon):
    """Who lowers a delivery that has left makes room: credit control sees it."""

    def lower(self, quantity=3000.0, user=None):
        move = self.gone.move_ids.with_user(user or self.stock_manager)
        move.quantity = quantity

    def test_room_that_it_makes(self):
        """The debt stays, as ordered; 1 000 more may leave: that is why."""
        debt = self.alfa.with_company(self.company).credit_exposure
        self.assertCase(self.order, available=1000.0)
        self.lower()
        self.env.invalidate_all()
        self.assertCase(self.order, available=2000.0)
        # 70 000 + 20 000 + 4 000 ordered, whatever of it is delivered
        self.assertEqual(debt, 94000.0)
        self.assertEqual(self.alfa.with_company(self.company).credit_exposure, 94000.0)

    def test_listed_and_told(self):
        self.lower()
        line = self.listed("lowered")
        self.assertRecordValues(
            line,
            [
                {
                    "cause": "lowered",
                    "order_id": self.small.id,
                    "picking_id": self.gone.id,
                    "partner_id": self.alfa.id,
                    "undelivered_amount": 1000.0,
                    "sold_by": self.stock_manager.id,
                    "is_open": True,
                    "hold_id": False,
                }
            ],
        )
        activity = line.review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        self.assertIn("Max has taken 1,000.00", activity.note)
        self.assertIn(self.gone.name, activity.note)

    def test_who_lowered_it_does_not_tick_it_off(self):
        self.stock_manager.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_user"
        )
        self.lower()
        line = self.listed("lowered")
        self.stock_manager.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_controller"
        )
        with self.assertRaises(AccessError):
            line.with_user(self.stock_manager).action_reviewed()
        line.with_user(self.controller).action_reviewed()
        self.assertFalse(line.is_open)

    def test_reminder_ends_with_the_review_only(self):
        self.lower()
        line = self.listed("lowered")
        self.env["credit.insurance.review"].sudo()._close_decided()
        self.assertTrue(line.review_id.activity_ids)
        line.with_user(self.controller).action_reviewed()
        self.env["credit.insurance.review"].sudo()._close_decided()
        self.assertFalse(line.review_id.activity_ids)

    def test_its_order_cancelled_or_deleted(self):
        """All of it lowered, nothing seems delivered: the list keeps it all the same.

        A sales manager cancels the order, then deletes it.
        """
        self.lower(0.0)
        line = self.listed("lowered")
        self.small.action_cancel()
        self.assertEqual(self.small.state, "cancel")
        self.assertTrue(line.is_open)
        self.assertIn(line, line.search([("is_open", "=", True)]))
        with self.assertRaises(UserError):
            self.small.unlink()
        line.with_user(self.controller).action_reviewed()
        self.assertNotIn(line, line.search([("is_open", "=", True)]))

    def test_credit_control_corrects_without_a_list(self):
        self.lower(user=self.credit_shipper)
        self.assertFalse(self.listed("lowered"))

    def test_a_job_is_listed_too(self):
        self.gone.move_ids.sudo().with_user(
            self.env.ref("base.user_root")
        ).quantity = 3000.0
        self.assertFalse(self.listed("lowered").sold_by)
        self.assertEqual(self.listed("lowered").undelivered_amount, 1000.0)

    def test_forged_context(self):
        """Nobody says beforehand that it was reviewed."""
        move = self.gone.move_ids.with_user(self.stock_manager)
        move.with_context(
            default_reviewed_on="2026-10-01 12:00:00", default_hold_id=1
        ).quantity = 3000.0
        self.assertTrue(self.listed("lowered").is_open)

    def test_line_by_line(self):
        line = self.gone.move_ids.move_line_ids.with_user(self.stock_manager)
        line.quantity = 1000.0
        self.assertEqual(self.listed("lowered").undelivered_amount, 3000.0)

    def test_nothing_where_nothing_is_held(self):
        self.policy.observation = True
        self.lower()
        self.assertFalse(self.listed("lowered"))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestUnordered(FactsCommon):
    """Goods that nobody sold leave for a buyer: nothing holds them, but it is seen."""

    def test_listed_and_told(self):
        """1 000 are free for what leaves; by orders 75 000 - 94 000 are: -19 000."""
        picking = self.make_unordered(5000.0)
        line = self.listed("transfer")
        self.assertRecordValues(
            line,
            [
                {
                    "cause": "transfer",
                    "order_id": False,
                    "receipt_ref": picking.name,
                    "picking_id": picking.id,
                    "partner_id": self.alfa.id,
                    "sold_by": self.worker.id,
                    "undelivered_amount": 5000.0,
                    # 5 000 and nothing left: 94 000 + 5 000 - 75 000
                    "missing_amount": 24000.0,
                    "main_code": "over_limit",
                    "is_open": True,
                }
            ],
        )
        activity = line.review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        self.assertIn("5,000.00", activity.note)
        self.assertIn("Walt", activity.note)

    def test_what_fits_is_listed_too(self):
        """It is owed by nobody on paper, whether it would fit or not."""
        self.set_limit(200000.0)
        self.make_unordered(5000.0)
        self.assertRecordValues(
            self.listed("transfer"), [{"missing_amount": 0.0, "main_code": False}]
        )

    def test_samples_are_not(self):
        """Below the smallest amount checked, 500."""
        self.make_unordered(499.0)
        self.assertFalse(self.listed("transfer"))
        self.make_unordered(500.0)
        self.assertTrue(self.listed("transfer"))

    def test_samples_to_a_country_under_sanctions_are(self):
        self.make_event("sanctioned")
        self.make_unordered(10.0)
        self.assertEqual(self.listed("transfer").main_code, "country_sanctioned")

    def test_raised_once_they_have_left(self):
        """10 are a sample; raised to 5 000 they are none."""
        picking = self.make_unordered(10.0)
        self.assertFalse(self.listed("transfer"))
        self.as_worker(picking.move_ids).quantity = 5000.0
        self.assertRecordValues(
            self.listed("transfer"),
            [
                {
                    "picking_id": picking.id,
                    "undelivered_amount": 5000.0,
                    "sold_by": self.worker.id,
                }
            ],
        )
        # lowered, and back to what is listed: nothing new
        self.as_worker(picking.move_ids).quantity = 4000.0
        self.as_worker(picking.move_ids).quantity = 5000.0
        self.assertEqual(len(self.listed("transfer")), 1)

    def add_done(self, picking, quantity, **values):
        """Goods that are added to a transfer that is done, as the worker does it."""
        return self.as_worker(self.env["stock.move"]).create(
            {
                "product_id": self.goods.id,
                "product_uom_qty": quantity,
                "quantity": quantity,
                "picking_id": picking.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "state": "done",
                **values,
            }
        )

    def test_added_once_they_have_left(self):
        """Little by little: 10 + 400 are a sample, 10 + 400 + 400 are none."""
        picking = self.make_unordered(10.0)
        self.assertEqual(self.add_done(picking, 400.0).state, "done")
        self.assertFalse(self.listed("transfer"))
        self.add_done(picking, 400.0)
        self.assertEqual(self.listed("transfer").undelivered_amount, 810.0)

    def test_line_added_once_they_have_left(self):
        picking = self.make_unordered(10.0)
        self.as_worker(self.env["stock.move.line"]).create(
            {
                "picking_id": picking.id,
                "product_id": self.goods.id,
                "quantity": 5000.0,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
            }
        )
        self.assertEqual(self.listed("transfer").undelivered_amount, 5010.0)

    def test_orders_are_not(self):
        self.set_limit(200000.0)
        self.ship(self.picking)
        self.give_back(self.picking, 100.0)
        self.assertFalse(self.listed("transfer"))

    def test_goods_added_to_the_transfer_of_an_order(self):
        """Billed as ordered, and not ordered: Odoo asks no price for 100 at 10.00."""
        rigs = self.add_unordered()
        self.ship(self.picking, self.env.user)  # Odoo adds a line: that takes a seller
        self.assertEqual(self.picking.state, "done")
        added = self.order.order_line.filtered(lambda line: line.product_id == rigs)
        self.assertEqual((added.qty_delivered, added.price_total), (100.0, 0.0))
        self.assertRecordValues(
            self.listed("transfer"),
            [{"picking_id": self.picking.id, "undelivered_amount": 1000.0}],
        )

    def test_persons_are_not(self):
        person = self.env["res.partner"].create({"name": "Ana"})
        picking = self.make_picking(person, self.customers)
        self.ship(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.listed("transfer"))

    def test_receipts_and_internal_transfers_are_not(self):
        self.ship(self.make_picking(self.alfa, self.warehouse.lot_stock_id))
        self.assertFalse(self.listed("transfer"))

    def make_picking(self, partner, destination):
        stock = self.warehouse.lot_stock_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": partner.id,
                "location_id": stock.id,
                "location_dest_id": destination.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 5000.0,
                            "location_id": stock.id,
                            "location_dest_id": destination.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def test_many_cost_as_much_as_one(self):
        """One review for all of a company that leave in one call."""
        pickings = self.env["stock.picking"].union(
            *(self.make_picking(self.alfa, self.customers) for _each in range(3))
        )
        self.ship(pickings)
        lines = self.listed("transfer")
        self.assertEqual(len(lines), 3)
        self.assertEqual(len(lines.review_id), 1)

    def test_nothing_where_no_company_is_checked(self):
        self.policy._write_state({"state": "closed"})
        self.make_unordered(5000.0)
        self.assertFalse(self.listed("transfer"))

    def test_country_of_a_delivery_unknown(self):
        """Sanctions are in force somewhere: a transfer that goes nobody knows where."""
        self.set_limit(200000.0)
        self.make_event("sanctioned", "ir")
        nowhere = self.env["res.partner"].create({"name": "Gate 4", "is_company": True})
        self.picking.partner_id = nowhere
        self.assertRefused(lambda: self.ship(self.picking))
        self.assertIn(
            "Gate 4", self.picking.with_user(self.worker).credit_delivery_summary
        )
        nowhere.country_id = self.env.ref("base.br")
        self.ship(self.picking)
        self.assertEqual(self.picking.state, "done")
