from markupsafe import Markup

from odoo import models
from odoo.tools import format_date


class SaleOrder(models.Model):
    """The banner of confirmed orders of which nothing more may be delivered."""

    _inherit = "sale.order"

    def _show_clearance(self):
        # EXTENDS: deliveries and growth are held after the confirmation
        super()._show_clearance()
        if not self:
            return
        stops = self.env["credit.insurance.hold"]._get_stops(self._origin)
        by_id = {order.id: holds for order, holds in stops.items()}
        for order in self:
            if holds := by_id.get(order._origin.id):
                order.credit_check_state = "held"
                order.credit_check_summary = Markup("").join(
                    [
                        *(
                            Markup("<div>%s</div>") % order._credit_stop_message(hold)
                            for hold in holds
                        ),
                        order.credit_check_summary or "",
                    ]
                )

    def _credit_stop_message(self, hold):
        """Say what stops the order, and who decides: every employee may read it."""
        causes = {
            "growth": self.env._("It has grown beyond the buyer's authorised credit."),
            "buyer": self.env._("Its buyer has changed and lacks authorised credit."),
            "review": self.env._("The buyer's credit is under review."),
        }
        if hold.state == "refused":
            outcome = self.env._(
                "A release was refused: %(reason)s Nothing more of it is delivered.",
                reason=hold.reason,
            )
        else:
            outcome = self.env._(
                "On hold since %(day)s: nothing more of it is delivered until credit "
                "control releases it.",
                day=format_date(self.env, hold.create_date),
            )
        return f"{causes[hold.kind]} {outcome}"
