from datetime import timedelta

from odoo import models

from ..background_flow import background_flow, in_background

PLAN_FIELDS = {"commitment_date", "date_order"}


class SaleOrder(models.Model):
    """Lines planned beyond the horizon are no exposure, so they cannot be drawn nearer
    unseen.

    They use no headroom, and others may take it meanwhile (DESIGN 4, *Exposure*). Who
    plans such lines for an earlier day asks for the credit then.
    """

    _inherit = "sale.order"

    def write(self, vals):
        # EXTENDS 'sale'
        if not PLAN_FIELDS & vals.keys():
            return super().write(vals)
        lines = self._credit_checked_lines()._credit_beyond_horizon()
        result = super().write(vals)
        lines._check_credit_drawn_nearer()
        return result

    def _credit_checked_lines(self):
        """Return the lines of the confirmed orders whose company is checked."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return self.env["sale.order.line"]
        orders = self.filtered(
            lambda order: order.state == "sale"
            and order.company_id.id in checked_companies
        )
        return orders.order_line

    def _check_credit_anew(self):
        """Check confirmed orders in full although their totals are as they were."""
        orders = self.sudo()  # as the gate does
        if self.env.su and not background_flow(self.env):
            orders = in_background(orders, "automatic")
        orders._settle_credit_fields()
        # the anchors first: a total that has not grown does not write them
        self.env["credit.insurance.anchor"]._bump(orders._credit_debtor())
        cleared = self.env["credit.insurance.clearance"]._get_cleared(orders)
        orders._check_credit_of(cleared)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        # EXTENDS 'sale'
        if "customer_lead" not in vals:
            return super().write(vals)
        lines = self.order_id._credit_checked_lines() & self
        lines = lines._credit_beyond_horizon()
        result = super().write(vals)
        lines._check_credit_drawn_nearer()
        return result

    def _credit_beyond_horizon(self):
        """Return the lines planned so late that the engine does not count them."""
        today = {
            company: self.env["credit.insurance.position"]._today(company)
            for company in self.company_id
        }
        return self.filtered(
            lambda line: not line.display_type
            and line._is_beyond_horizon(today[line.company_id])
        )

    def _is_beyond_horizon(self, today):
        """Whether the line is planned beyond the horizon, as the engine has it."""
        # sudo: the horizon is read by credit users only
        horizon = self.company_id.sudo().credit_order_horizon_days
        planned = self.order_id.commitment_date
        if not planned:
            # in this order: no number at all is late, for the database too
            lead = min(36500, max(self.customer_lead, -36500))
            planned = self.order_id.date_order + timedelta(days=lead)
        if not horizon:
            return False
        day = self.company_id._credit_day_of(planned)
        return day > today + timedelta(days=horizon)

    def _check_credit_drawn_nearer(self):
        """Check the orders of those of these lines that count from now on."""
        nearer = self - self._credit_beyond_horizon()
        orders = nearer.order_id.filtered(lambda order: order.state == "sale")
        if orders:
            orders._check_credit_anew()
