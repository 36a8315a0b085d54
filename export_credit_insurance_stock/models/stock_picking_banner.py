from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.export_credit_insurance.models.groups import CREDIT_GROUP

DELIVERY_STATES = [
    ("ok", "May Leave"),
    ("warning", "Warning"),
    ("blocked", "Blocked"),
    ("held", "On Hold"),
]


class StockPicking(models.Model):
    """What a delivery shows of its check, to whoever opens it.

    Nothing is stored and nothing is read where no company is checked. Nothing is shown
    of a delivery that may leave without further ado.
    """

    _inherit = "stock.picking"

    credit_delivery_state = fields.Selection(
        DELIVERY_STATES,
        string="Credit Check",
        compute="_compute_credit_delivery",
        compute_sudo=True,
        groups="base.group_user",
    )
    credit_delivery_summary = fields.Html(
        string="Credit Check of the Delivery",
        compute="_compute_credit_delivery",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "move_ids.quantity",
        "move_ids.product_uom_qty",
        "move_ids.picked",
        "credit_hold_ids.state",
        "sale_id.credit_hold_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_delivery(self):
        self.credit_delivery_state = self.credit_delivery_summary = False
        if not self.env["res.company"]._credit_check_modes():
            return
        undone = self.filtered(
            lambda picking: picking._is_credit_undone() and picking._origin
        )
        deliveries = undone._origin._credit_deliveries()
        if not deliveries:
            return
        found = self.env["credit.insurance.check"]._assess_deliveries(deliveries)
        for picking in undone:
            own = [each for each in deliveries if each.picking == picking._origin]
            picking._show_credit_check(own, found)

    def _show_credit_check(self, deliveries, assessments):
        """Show how the check of a transfer's deliveries would end now."""
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        states, lines = [], []
        for delivery in deliveries:
            found = assessments[delivery.key]
            states.append(self._credit_state_of(found))
            if found.passes:
                lines += self._credit_passing_lines(found, is_insider)
            else:
                lines += self._credit_reasons(delivery, found, is_insider)
        for state in ("held", "blocked", "warning", "ok"):
            if state in states:
                self.credit_delivery_state = state
                break
        self.credit_delivery_summary = (
            Markup("").join(Markup("<div>%s</div>") % line for line in lines) or False
        )

    def _credit_state_of(self, found):
        if not found.passes:
            waits = found.stops or self._credit_latest_hold().state == "open"
            return "held" if waits else "blocked"
        return "warning" if found.findings else "ok"

    @api.model
    def _credit_passing_lines(self, found, is_insider):
        """Say by which release a delivery may leave, or what there is to watch."""
        lines = []
        if is_insider:
            lines += [f"{each.message} {each.cure}" for each in found.findings]
        if found.released:
            release = found.release
            text = self.env._(
                "Released by %(user)s until %(day)s: the delivery can be validated.",
                user=release.decided_by.name,
                day=format_date(self.env, release.release_until),
            )
            return [*lines, text]
        return lines
