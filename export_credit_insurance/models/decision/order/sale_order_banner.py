from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...groups import CREDIT_GROUP

CHECK_STATES = [
    ("ok", "Covered"),
    ("warning", "Warning"),
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
        "credit_governing_law_id",
        "credit_remainder_closed",
        "credit_hold_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_credit_check(self):
        modes = self.env["res.company"]._credit_check_modes()
        checked = self.browse()
        if modes:
            checked = self.filtered(
                lambda order: order.company_id.id in modes and order.partner_invoice_id
            )
        quotations = checked.filtered(lambda order: order.state in ("draft", "sent"))
        others = self - quotations
        others.credit_check_state = others.credit_check_summary = False
        others.credit_exposure_after = others.credit_headroom_after = 0.0
        others.credit_gauge = False
        checked.filtered(lambda order: order.state == "sale")._show_clearance()
        quotations._show_check()

    # === QUOTATIONS === #

    def _show_check(self):
        """Show how the check of these quotations would end today."""
        if not self:
            return
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        checks = self.env["credit.insurance.check"]
        positions = checks._get_positions(self)
        limits = {position.limit_currency for position in positions.values()}
        # all that amounts are compared and shown in, in one reading
        self.currency_id.union(self.company_id.currency_id, *limits).mapped("rounding")
        assessments = checks._assess(self, positions, together=False)
        for order, found in assessments.items():
            order.credit_check_state = order._credit_state_of(found)
            order.credit_check_summary = order._credit_summary_of(found, is_insider)
            order.credit_exposure_after = found.company_exposure_after
            order.credit_headroom_after = order._credit_headroom_of(found, is_insider)
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
            lines += [self._credit_share_line(found), self._credit_observed_line(found)]
        else:
            lines = [self._credit_calm_line(found.case)]
            if found.case.scope == "insured" and not found.case.prepaid:
                lines.append(self._credit_share_line(found))
        lines.append(self._credit_hold_line(found, is_insider))
        return Markup("").join(Markup("<div>%s</div>") % line for line in lines if line)

    def _credit_observed_line(self, found):
        """Say that what blocks is only observed yet."""
        if not any(each.rule_severity == "block" for each in found.findings) or (
            not found.passes or found.released
        ):
            return ""
        return self.env._(
            "Only observed so far: the order can be confirmed. Once the observation of "
            "the policy ends, it will be refused."
        )

    def _credit_public_summary(self, found):
        if found.blocking and not found.released:
            return self._credit_public_message(found)
        if found.exceeding:
            return self.env._(
                "Authorised credit exceeded by %(amount)s. The order can be confirmed.",
                amount=found.case.currency.format(found.exceeding),
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
        left = case.currency.format(max(case.headroom_after, 0.0))
        if case.authorised != case.position.limit:
            return self.env._(
                "Within the authorised credit: %(left)s of %(authorised)s are left "
                "after this order.",
                left=left,
                authorised=case.currency.format(case.authorised),
            )
        return self.env._(
            "Within the limit: %(left)s of %(limit)s are left after this order.",
            left=left,
            limit=case.currency.format(case.position.limit),
        )

    def _credit_share_line(self, found):
        shares = found.shares
        if not shares.own_risk and not shares.secured:
            return ""
        return self._credit_shares_text(found.case.currency, *shares)

    def _credit_shares_text(self, currency, within_limit, secured, own_risk):
        """Say how an order's amount divides into limit, securities and own risk."""
        if not secured:
            return self.env._(
                "Within the limit %(insured)s, at our own risk %(own_risk)s.",
                insured=currency.format(within_limit),
                own_risk=currency.format(own_risk),
            )
        return self.env._(
            "Within the limit %(insured)s, secured %(secured)s, at our own risk "
            "%(own_risk)s.",
            insured=currency.format(within_limit),
            secured=currency.format(secured),
            own_risk=currency.format(own_risk),
        )

    def _credit_hold_line(self, found, is_insider):
        if found.released:
            release = found.release
            return self.env._(
                "Released up to %(amount)s until %(day)s by %(user)s.",
                amount=release.currency_id.format(release.release_amount),
                day=format_date(self.env, release.release_until),
                user=release.decided_by.name,
            )
        return "" if found.passes else self._credit_hold_message(is_insider)

    def _credit_headroom_of(self, found, is_insider):
        """Return what is left after the order, in the company's currency.

        Without a credit group as the sentence has it: see :meth:`_credit_gauge_of`.
        """
        left = found.company_headroom_after
        if is_insider:
            return left
        if not found.exceeding:
            return max(left, 0.0)
        case = found.case
        if not case.added:
            return min(left, 0.0)
        rate = case.added_company_currency / case.added
        return self.company_id.currency_id.round(-found.exceeding * rate)

    def _credit_gauge_of(self, found, is_insider):
        """Return the gauge's figures, in the limit's currency.

        Without a credit group limit, securities and own risk are one figure: the
        authorised credit. It is as much as the sentence beside it says: an order that
        is barred finds none left, whatever the limit, since the reason is not told.
        """
        case = found.case
        position = case.position
        money = case.currency.round
        if case.scope != "insured" and not case.authorised and not found.findings:
            return False  # no credit is counted, and none is spoken of
        gauge = {
            "currency_id": case.currency.id,
            "limit": position.limit,
            "used_before": money(case.exposure_before),
            "order": money(case.added + case.secured),
            "headroom_after": money(case.headroom_after),
            "secured": position.secured_limit_currency + case.secured,
            "own_risk": position.own_risk_limit_currency,
        }
        if is_insider and position.cover_state == "stopped":
            gauge["is_stopped"] = True
        if not is_insider:
            left = -found.exceeding or max(case.headroom_after, 0.0)
            authorised = gauge["used_before"] + gauge["order"] + left
            gauge |= {
                "limit": money(max(authorised, 0.0)),
                "headroom_after": money(left),
                "secured": 0.0,
                "own_risk": 0.0,
            }
        return gauge

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
                order.credit_headroom_after = order._credit_cleared_headroom(
                    clearance, is_insider
                )

    def _credit_cleared_headroom(self, clearance, is_insider):
        """Return what was left after the order, in the company's currency.

        Without a credit group nothing is left of an order that was barred: room would
        tell that it was not for lack of credit. See :meth:`_credit_headroom_of`.
        """
        left = clearance.company_headroom_after
        if not is_insider and any(
            finding["severity"] == "block" for finding in clearance.findings or []
        ):
            left = min(left, 0.0)
        return left

    def _credit_clearance_summary(self, clearance, is_insider):
        day = format_date(self.env, clearance.cleared_on)
        currency = clearance.limit_currency_id
        shares = self._credit_shares_text(
            currency,
            clearance.insured_amount,
            clearance.secured_amount,
            clearance.own_risk_amount,
        )
        if not is_insider:
            line = self.env._("Credit checked on %(day)s.", day=day)
        elif clearance.hold_id:
            line = self.env._(
                "Released by %(user)s. %(shares)s",
                user=clearance.hold_id.decided_by.name,
                shares=shares,
            )
        elif (
            clearance.secured_amount
            or clearance.own_risk_amount
            or clearance.headroom_after > clearance.limit_amount
        ):
            line = self.env._("Cleared on %(day)s. %(shares)s", day=day, shares=shares)
        else:
            line = self.env._(
                "Cleared on %(day)s: %(left)s of %(limit)s were left.",
                day=day,
                left=currency.format(clearance.headroom_after),
                limit=currency.format(clearance.limit_amount),
            )
        lines = [line]
        if self.credit_remainder_closed:
            lines.append(
                self.env._("Closed short: what is not delivered uses no credit.")
            )
        return Markup("").join(Markup("<div>%s</div>") % each for each in lines)
