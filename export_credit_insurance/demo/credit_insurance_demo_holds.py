from datetime import timedelta

from odoo import api, fields, models

from .credit_insurance_demo import MODULE


class CreditInsuranceDemo(models.AbstractModel):
    """Requests for release of different ages: some wait, some were decided on."""

    _inherit = "credit.insurance.demo"

    @api.model
    def _set_back(self, order, requested, decided=None):
        """Let the request for an order's release lie back, and its decision.

        :param requested: days since it was asked for
        :param decided: days since it was decided on, None for one that waits
        """
        order = self.env.ref(f"{MODULE}.{order}")
        now = fields.Datetime.now()
        # sudo: days of the story, which nobody enters
        hold = order.sudo().credit_hold_id
        hold.requested_on = now - timedelta(days=requested)
        (hold.message_ids | order.sudo().message_ids).date = hold.requested_on
        if decided is not None:
            hold.decided_on = now - timedelta(days=decided)
        if order.state == "sale":
            order.date_order = hold.decided_on

    @api.model
    def _remind_of_holds(self):
        """Do what a job does each night: remind who could decide of old requests."""
        holds = self.env["credit.insurance.hold"].search([("state", "=", "open")])
        for hold in holds:
            hold._take_step()
