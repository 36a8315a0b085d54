from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import TODAY
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestCreditedCancelled(DecisionCommon):
    """An order that is delivered, invoiced, cancelled, and then credited.

    ALFA has 28 000 free: an order of 28 000 takes it all. Cancelled it is owed by its
    invoice; credited, 28 000 are free again, and the goods are with the buyer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.company.credit_controller_id = cls.controller
        cls.seller = new_test_user(
            cls.env,
            "credit-alma",
            "sales_team.group_sale_salesman_all_leads,account.group_account_user",
            name="Alma",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def sold(self, amount=28000.0, delivered=None):
        """Delivered, invoiced and cancelled by one person, in this order."""
        self.product.invoice_policy = "order"
        order = self.make_quotation(amount, user=self.seller)
        order.action_confirm()
        order.order_line.qty_delivered = amount if delivered is None else delivered
        order._create_invoices().action_post()
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        return order

    def reverse(self, invoice, **values):
        note = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .with_user(self.seller)
            .create({"journal_id": invoice.journal_id.id, **values})
        )
        note.refund_moves()
        return note.new_move_ids

    def listed(self):
        return self.env["credit.insurance.review.line"].search(
            [("stage", "=", "credited")]
        )

    def test_credit_note(self):
        order = self.sold()
        before = self.get_position(self.alfa).exposure
        self.assertFalse(self.listed())
        self.reverse(order.invoice_ids).action_post()
        self.env.invalidate_all()
        self.assertEqual(self.get_position(self.alfa).exposure, before - 28000.0)
        line = self.listed()
        self.assertRecordValues(
            line,
            [
                {
                    "cause": "credited",
                    "order_id": order.id,
                    "partner_id": self.alfa.id,
                    "sold_by": self.seller.id,
                    "undelivered_amount": 28000.0,
                    "is_open": True,
                }
            ],
        )
        activity = line.review_id.activity_ids
        self.assertEqual(activity.user_id, self.controller)
        self.assertIn("28,000.00", activity.note)
        self.seller.group_ids += self.env.ref(
            "export_credit_insurance.group_credit_controller"
        )
        with self.assertRaises(AccessError):
            line.with_user(self.seller).action_reviewed()

    def test_invoice_reset(self):
        order = self.sold()
        order.invoice_ids.button_draft()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)
        # posted and reset once more, it waits on the list already
        order.invoice_ids.action_post()
        order.invoice_ids.button_draft()
        self.assertEqual(len(self.listed()), 1)

    def test_credit_note_that_names_no_order(self):
        """Its lines were entered anew, so that the order counts as billed.

        It still reverses the invoice.
        """
        order = self.sold()
        note = self.reverse(order.invoice_ids)
        gesture = {"name": "Gesture", "price_unit": 28000.0, "tax_ids": []}
        note.invoice_line_ids = [Command.clear(), Command.create(gesture)]
        note.action_post()
        self.assertEqual(order.order_line.qty_invoiced_posted, 28000.0)
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_price_taken_off_once_it_is_cancelled(self):
        """What was billed and is credited is worth what it was billed for."""
        order = self.sold()
        order.order_line.with_user(self.seller).write({"price_unit": 0.0})
        self.reverse(order.invoice_ids).action_post()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_ordered_anew_for_nothing(self):
        """The cancelled order is made a quotation of nothing, then credited."""
        order = self.sold()
        order.action_draft()
        order.order_line.with_user(self.seller).write(
            {"product_uom_qty": 0.0, "price_unit": 0.0}
        )
        order.invoice_ids.button_draft()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_deleted_once_it_is_cancelled(self):
        """What is delivered stays to be told of."""
        order = self.sold()
        self.seller.group_ids += self.env.ref("sales_team.group_sale_manager")
        for records in (order.order_line, order):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                records.with_user(self.seller).unlink()
        self.reverse(order.invoice_ids).action_post()
        self.assertEqual(self.listed().undelivered_amount, 28000.0)

    def test_nothing_delivered_is_deleted(self):
        order = self.sold(delivered=0.0)
        self.seller.group_ids += self.env.ref("sales_team.group_sale_manager")
        order.order_line.with_user(self.seller).unlink()
        order.with_user(self.seller).unlink()
        self.assertFalse(order.exists())

    def test_what_is_ordinary(self):
        """Never delivered, taken back, below 500, not cancelled: nothing is listed."""
        for order in (
            self.sold(delivered=0.0),
            self.sold(amount=400.0),
        ):
            self.reverse(order.invoice_ids).action_post()
        taken_back = self.sold(amount=1000.0)
        taken_back.with_user(self.controller).order_line.qty_delivered = 0.0
        self.reverse(taken_back.invoice_ids).action_post()
        order = self.make_quotation(1000.0, user=self.seller)
        order.action_confirm()
        order.order_line.qty_delivered = 1000.0
        order._create_invoices().action_post()
        self.reverse(order.invoice_ids).action_post()
        self.assertFalse(self.listed())

    def test_credit_control_corrects_without_a_list(self):
        order = self.sold()
        self.controller.group_ids += self.env.ref("account.group_account_user")
        self.reverse(order.invoice_ids).with_user(self.controller).action_post()
        self.assertFalse(self.listed())
