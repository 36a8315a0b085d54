from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from ..http_common import HttpCommon

MY_DAY = "/odoo/action-export_credit_insurance.credit_insurance_my_day_action"


@tagged("post_install", "-at_install")
class TestMyDayTour(HttpCommon):
    """Each persona does what the day asks for, in a real browser."""

    name = "Day"

    def test_controller(self):
        """45 000 asked for where 28 000 are left: released from My Day."""
        seller = self.make_user("day-sales", "sales_team.group_sale_salesman_all_leads")
        controller = self.make_user(
            "day-controller", "export_credit_insurance.group_credit_controller"
        )
        order = self.make_order(45000.0, user_id=seller.id).with_user(seller)
        order.action_request_credit_release(reason="The customer pays on Friday.")
        self.start_tour(MY_DAY, "credit_day_controller", login=controller.login)
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        self.assertEqual(
            (hold.state, hold.decided_by, hold.release_kind),
            ("released", controller, "own_risk"),
        )

    def test_salesperson(self):
        """45 000 released by a controller: confirmed from My Credit Day."""
        seller = self.make_user("day-sales", "sales_team.group_sale_salesman")
        order = self.make_order(45000.0, user_id=seller.id)
        order.with_user(seller).action_request_credit_release(reason="Paid on Friday.")
        hold = self.env["credit.insurance.hold"].search([("order_id", "=", order.id)])
        decider = self.make_user(
            "day-decider", "export_credit_insurance.group_credit_manager"
        )
        hold.with_user(decider)._release(
            {
                "release_kind": "own_risk",
                "release_amount": 45000.0,
                "release_until": self.today + timedelta(days=10),
                "reason": "Long-standing customer.",
            }
        )
        # what the decision told the salesperson is read
        order.activity_ids.with_user(seller).action_feedback()
        self.start_tour(MY_DAY, "credit_day_salesperson", login=seller.login)
        self.assertEqual(order.state, "sale")

    def test_accountant(self):
        accountant = self.make_user(
            "day-accountant", "export_credit_insurance.group_credit_followup"
        )
        run = self.env["credit.followup.run"].create({"name": "Follow-up of the Day"})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.buyer.id,
                "invoice_payment_term_id": False,
                "invoice_date_due": self.today + timedelta(days=60),
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 900.0})
                ],
            }
        )
        invoice.action_post()
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 100.0, "outcome": "withdrawn"}
        )
        dispute.outcome = "withdrawn"
        self.buyer.activity_schedule(
            "export_credit_insurance.mail_activity_type_claim",
            user_id=accountant.id,
            date_deadline=self.today,
            summary="Ask for the papers",
        )
        self.start_tour(MY_DAY, "credit_day_accountant", login=accountant.login)
        self.assertEqual(run.state, "prepared")
        self.assertEqual((dispute.state, dispute.settled_by), ("settled", accountant))
