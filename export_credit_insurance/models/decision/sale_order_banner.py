from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from .sale_order import CREDIT_GROUP

CHECK_STATES = [
    ("ok", "Covered"),
    ("warning", "To Watch"),
    ("blocked", "Blocked"),
    ("held", "On Hold"),
]


class SaleOrder(models.Model):
    """What a quotation shows of the credit check, to whoever reads it.

    Nothing is stored and nothing is read where no company is checked. Without a credit
    group the banner speaks of authorised credit only (DESIGN 7).
    """

    _inherit = "sale.order"

    credit_check_state = fields.Selection(
        CHECK_STATES,
        string="Credit",
        compute="_compute_credit_check",
        compute_sudo=True,
        groups="base.group_user",
    )
    credit_check_summary = fields.Html(
        string="Credit Check",
        compute="_compute_credit_check",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
    )
    credit_company_currency_id = fields.Many2one(
        "res.currency",
        related="company_id.currency_id",
        string="Company Currency",
        groups="base.group_user",
    )
    credit_exposure_after = fields.Monetary(
        compute="_compute_credit_check",
        compute_sudo=True,
        currency_field="credit_company_currency_id",
        groups="base.group_user",
        help="What the invoiced buyer owes and has ordered, this order included.",
    )
    credit_headroom_after = fields.Monetary(
        compute="_compute_credit_check",
        compute_sudo=True,
        currency_field="credit_company_currency_id",
        groups="base.group_user",
        help="What the buyer may still order on credit after this order.",
    )
    credit_gauge = fields.Json(
        compute="_compute_credit_check",
        compute_sudo=True,
        groups="base.group_user",
        help="Figures of the gauge: what was used before, this order, what is left.",
    )

    @api.depends(
        "state",
        "amount_total",
        "amount_untaxed",
        "currency_id",
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "payment_term_id",
        "credit_hold_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_check(self):
        self.credit_check_state = False
        self.credit_check_summary = False
        self.credit_exposure_after = self.credit_headroom_after = 0.0
        self.credit_gauge = False
        modes = self.env["res.company"]._credit_check_modes()
        if not modes:
            return
        checked = self.filtered(
            lambda order: order.company_id.id in modes and order.partner_invoice_id
        )
        checked.filtered(lambda order: order.state == "sale")._show_clearance()
        checked.filtered(lambda order: order.state in ("draft", "sent"))._show_check()

    # === QUOTATIONS === #

    def _show_check(self):
        """Show how the check of these quotations would end today."""
        if not self:
            return
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        assessments = self.env["credit.insurance.check"]._assess(self, together=False)
        for order, found in assessments.items():
            order.credit_check_state = order._credit_state_of(found)
            order.credit_check_summary = order._credit_summary_of(found, is_insider)
            order.credit_exposure_after = found.company_exposure_after
            order.credit_headroom_after = found.company_headroom_after
            order.credit_gauge = order._credit_gauge_of(found, is_insider)

    def _credit_state_of(self, found):
        if not found.findings:
            return "ok"
        if found.passes:
            return "warning"
        return "held" if self.credit_hold_id.state == "open" else "blocked"

    def _credit_summary_of(self, found, is_insider):
        if not is_insider:
            lines = [self._credit_public_summary(found)]
        elif found.findings:
            lines = [
                Markup("<strong>%s</strong> %s") % (finding.message, finding.cure)
                for finding in found.findings
            ]
            lines.append(self._credit_share_line(found.case))
        else:
            lines = [self._credit_calm_line(found.case)]
        lines.append(self._credit_hold_line(found))
        return Markup("").join(Markup("<div>%s</div>") % line for line in lines if line)

    def _credit_public_summary(self, found):
        if found.blocking and not found.released:
            return self._credit_public_message(found)
        over = max(
            (f.amount for f in found.findings if f.rule_severity == "block"),
            default=0.0,
        )
        if over:
            return self.env._(
                "Authorised credit exceeded by %(amount)s. The order can be confirmed.",
                amount=found.case.currency.format(over),
            )
        if found.case.scope != "insured":
            return ""
        return self.env._("Within the authorised credit.")

    def _credit_calm_line(self, case):
        """One line when all is well; nothing where nothing is insured or counted."""
        if case.prepaid:
            return self.env._("Paid in advance: uses no credit.")
        if case.scope != "insured":
            return ""
        return self.env._(
            "Within the limit: %(left)s of %(limit)s are left after this order.",
            left=case.currency.format(max(case.headroom_after, 0.0)),
            limit=case.currency.format(case.position.limit),
        )

    def _credit_share_line(self, case):
        if not case.own_risk:
            return ""
        return self.env._(
            "Within the limit %(insured)s, at our own risk %(own_risk)s.",
            insured=case.currency.format(case.insured),
            own_risk=case.currency.format(case.own_risk),
        )

    def _credit_hold_line(self, found):
        if found.released:
            release = found.release
            return self.env._(
                "Released up to %(amount)s until %(day)s by %(user)s.",
                amount=release.currency_id.format(release.release_amount),
                day=format_date(self.env, release.release_until),
                user=release.decided_by.name,
            )
        return "" if found.passes else self._credit_open_hold_message()

    def _credit_gauge_of(self, found, is_insider):
        """Return the gauge's figures, in the limit's currency.

        Without a credit group limit, securities and own risk are one figure: the
        authorised credit.
        """
        case = found.case
        position = case.position
        own = position.own_risk_limit_currency
        secured = position.secured_limit_currency + case.secured
        authorised = position.limit + secured + own
        return {
            "currency_id": case.currency.id,
            "limit": position.limit if is_insider else authorised,
            "used_before": case.currency.round(case.exposure_before),
            "order": case.currency.round(case.added + case.secured),
            "headroom_after": case.currency.round(case.headroom_after),
            "secured": secured if is_insider else 0.0,
            "own_risk": own if is_insider else 0.0,
        }

    # === CONFIRMED ORDERS === #

    def _show_clearance(self):
        """Show on which figures these orders were cleared."""
        if not self:
            return
        clearances = self.env["credit.insurance.clearance"].search_fetch(
            [("order_id", "in", self._origin.ids), ("baseline", "=", False)]
        )
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        by_order = {clearance.order_id.id: clearance for clearance in clearances}
        for order in self:
            if clearance := by_order.get(order._origin.id):
                order.credit_check_state = "warning" if clearance.findings else "ok"
                order.credit_check_summary = order._credit_clearance_summary(
                    clearance, is_insider
                )
                order.credit_exposure_after = clearance.company_exposure_after
                order.credit_headroom_after = clearance.company_headroom_after

    def _credit_clearance_summary(self, clearance, is_insider):
        day = format_date(self.env, clearance.cleared_on)
        if not is_insider:
            line = self.env._("Credit checked on %(day)s.", day=day)
        elif clearance.hold_id:
            line = self.env._(
                "Released by %(user)s: within the limit %(insured)s, at our own risk "
                "%(own_risk)s.",
                user=clearance.hold_id.decided_by.name,
                insured=clearance.limit_currency_id.format(clearance.insured_amount),
                own_risk=clearance.limit_currency_id.format(clearance.own_risk_amount),
            )
        else:
            line = self.env._(
                "Cleared on %(day)s: %(left)s of %(limit)s were left.",
                day=day,
                left=clearance.limit_currency_id.format(clearance.headroom_after),
                limit=clearance.limit_currency_id.format(clearance.limit_amount),
            )
        return Markup("<div>%s</div>") % line
