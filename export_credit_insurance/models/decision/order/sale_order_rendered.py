from odoo import SUPERUSER_ID, models

from ...reader_language import env_for
from ..check.credit_finding import SANCTION_CODE, UNINSURED_CODES

# With these nothing of what is rendered now is insured.
LOST_CODES = {
    SANCTION_CODE,
    *UNINSURED_CODES,
    "limit_refused",
    "limit_expired",
    "no_limit",
}


class SaleOrder(models.Model):
    """Services that are rendered to a buyer whose cover is gone.

    Goods pass a gate when they leave. That a service was rendered is a fact which
    somebody records afterwards: it is never refused. The order goes on hold for review,
    and credit control reads what was rendered (DESIGN 4, *Delivery*).
    """

    _inherit = "sale.order"

    def _hold_rendered(self):
        """Put those of these orders on hold that are served without any cover.

        Of one that was closed short, nothing more was to come: what is rendered all the
        same has to fit the credit, which others may have used.

        One that waits already gets a note; one whose release was refused waits anew.
        """
        if not self:
            return
        found = self.env["credit.insurance.check"]._assess_each(self)
        lacking = self._lacking_of_closed()
        lost = {
            order: each
            for order, each in found.items()
            if not each.released
            and each.blocking
            and (
                order in lacking
                or LOST_CODES & {finding.code for finding in each.blocking}
            )
        }
        if not lost:
            return
        # as the system: nobody asks, what was rendered is recorded
        holds = self.env["credit.insurance.hold"].with_user(SUPERUSER_ID)
        stops = holds._get_stops(self.browse([order.id for order in lost]))
        waiting = {
            order: kept.filtered(lambda hold: hold.state == "open")[:1]
            for order, kept in stops.items()
        }
        waiting = {order: hold for order, hold in waiting.items() if hold}
        new = {order: each for order, each in lost.items() if order not in waiting}
        asked = holds._request(
            new, "", kind="review", requested_by=self._acting_employee().id
        )
        for hold in asked:
            hold.request_reason = hold.order_id._rendered_text()
            if hold.order_id in lacking:
                hold.missing_amount = lacking[hold.order_id]
            hold.order_id._tell_team(
                lambda env: env._(
                    "The services that were recorded exceed the authorised credit: "
                    "render nothing more until credit control has decided."
                )
            )
        holds.union(*waiting.values())._message_log_batch(
            {hold.id: order._rendered_text() for order, hold in waiting.items()}
        )

    def _credit_kept(self):
        """Return the orders whose deliveries stay as they were recorded.

        Those that a policy insures, out of observation: as superuser.
        """
        modes = self.env["res.company"]._credit_check_modes()
        orders = self.filtered(
            lambda order: order.company_id.id in modes
            and not modes[order.company_id.id].observation
        )
        if not orders:
            return orders
        checks = self.env["credit.insurance.check"].sudo()  # see _get_positions
        positions = checks._get_positions(orders)
        return orders.filtered(
            lambda order: (
                checks._scope(order, order._credit_debtor(), positions[order])
                == "insured"
            )
        )

    def _lacking_of_closed(self):
        """Return {order: what its buyer's credit lacks} of orders closed short.

        Their remainder is no exposure, what is delivered of it is: the headroom tells.
        """
        closed = self.filtered("credit_remainder_closed")
        closed.env["res.partner"].invalidate_model(["credit_headroom_limit_currency"])
        headroom = {
            order: order._credit_debtor()
            .with_company(order.company_id)
            .credit_headroom_limit_currency
            for order in closed
        }
        return {order: -left for order, left in headroom.items() if left < 0}

    def _rendered_text(self):
        """Say in the language of who decides what is rendered and not invoiced."""
        self.ensure_one()
        deciders = self.company_id._credit_controllers()
        lines = self.order_line.filtered(lambda line: line._is_rendered_by_hand())
        return env_for(self, deciders)._(
            "Recorded as rendered and not invoiced: %(amount)s, tax included.",
            amount=self.currency_id.format(
                sum(
                    max(line.qty_delivered - line.qty_invoiced, 0.0)
                    * line._credit_terms().price
                    for line in lines
                )
            ),
        )
