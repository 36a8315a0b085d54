import dataclasses

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date

from .credit_finding import SANCTION_CODE
from .res_company import CREDIT_GROUP

# An order that differs from its clearance in one of these is checked again.
GATE_FIELDS = (
    "amount_total",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "partner_shipping_id",
    "payment_term_id",
)


class SaleOrder(models.Model):
    """The gate: no order becomes or stays ``sale`` beyond what its debtor may use.

    The guarantee is a constraint, so every door leads through it: button, mass action,
    RPC, ``write``, ``create``, import, and whatever enlarges a confirmed order, moves
    it to another debtor, company or currency, sends it to another country or defers
    its payment (DESIGN 4, *Enforcement*).
    """

    _inherit = "sale.order"

    # === GATE === #

    @api.constrains("state", *GATE_FIELDS)
    def _check_credit(self):
        """Check orders that differ from what was cleared for them.

        Runs as superuser, once for the whole batch. The first line costs no query: it
        is all that happens where no policy is active.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return
        orders = self.filtered(
            lambda order: order.state == "sale"
            and order.company_id.id in checked_companies
        )
        if not orders:
            return
        orders._settle_credit_fields()
        # writes the anchors, before anything of the position is read
        cleared = self.env["credit.insurance.clearance"]._get_cleared(orders)
        in_full, changed = orders._credit_differing_from(cleared)
        changed._check_credit_changes(cleared)
        in_full._check_credit_of(cleared)

    def _settle_credit_fields(self):
        """Compute what waits to be, so that the whole batch is checked in one go."""
        if self.env["res.company"]._credit_check_modes():
            for name in GATE_FIELDS:
                self.mapped(name)

    def _credit_differing_from(self, cleared):
        """Return the orders that need a check, and those of which only terms changed.

        An order whose total only went down needs none; its clearance follows, so that
        growing back is checked again.

        :param cleared: {order id: :class:`Cleared`}
        """
        in_full, changed, shrunk = self.browse(), self.browse(), self.browse()
        lowered = {}
        for order in self:
            row = cleared[order.id]
            if row.parties != order._credit_parties() or order._credit_growth(row) > 0:
                in_full += order
                continue
            if row.replaced_amount or order._credit_growth(row) < 0:
                lowered[order] = order.currency_id.round(order.amount_total)
                if row.unallowed_amount and lowered[order] <= row.allowed_amount:
                    shrunk += order
            terms = (*row.country_ids, row.payment_term_id)
            if terms != tuple(order._prepare_cleared_terms().values()):
                changed += order
        self.env["credit.insurance.clearance"]._lower(lowered)
        self.env["credit.insurance.hold"]._settle_shrunk(shrunk)
        return in_full, changed

    def _credit_growth(self, row):
        """Return by how much the order outgrew its clearance, negative if it shrank."""
        return self.currency_id.round(self.amount_total - row.allowance)

    def _check_credit_changes(self, cleared):
        """Check what changed in these orders besides their amount.

        Addresses and payment terms are judged for themselves: the buyer may meanwhile
        be over its limit, or in a country that is off cover, the order was cleared.
        """
        checks = self.env["credit.insurance.check"]
        codes = {order: checks._worsened(order, cleared[order.id]) for order in self}
        worse = self.filtered(lambda order: codes[order])
        assessments = {}
        if worse:
            with_payments = worse.filtered(lambda order: cleared[order.id].has_payments)
            assessments = checks._assess(
                worse,
                together=False,
                paid=with_payments._credit_prepaid_orders(),
                codes=codes,
            )
            worse._refuse_credit(assessments, cleared)
        self.env["credit.insurance.clearance"]._renew(
            {order: assessments.get(order) for order in self}
        )

    def _check_credit_of(self, cleared):
        """Check these orders together; refuse them, or record what was cleared."""
        if not self:
            return
        # what was paid for goods that are gone pays for no others
        with_payments = self.filtered(
            lambda order: cleared[order.id].has_payments
            and not cleared[order.id].settled_amount
        )
        paid = with_payments._credit_prepaid_orders()
        assessments = self.env["credit.insurance.check"]._assess(
            self, paid=paid, cleared=cleared
        )
        grown = self._hold_growth(assessments, cleared)
        assessments = {
            order: found for order, found in assessments.items() if order not in grown
        }
        (self - grown)._clear(assessments, cleared)

    def _clear(self, assessments, cleared):
        """Refuse what does not pass; record what was cleared, and on what."""
        self._refuse_credit(assessments, cleared)
        self.env["credit.insurance.clearance"]._record(
            {
                order: order._prepare_credit_clearance(found)
                for order, found in assessments.items()
            }
        )
        # what was closed short before counts in full again; the gate runs as superuser
        self.filtered("credit_remainder_closed").credit_remainder_closed = False
        holds = self.env["credit.insurance.hold"]
        holds._settle_confirmed(
            self.filtered(lambda order: cleared[order.id].has_open_hold)
        )
        holds._settle_released(
            self.filtered(
                lambda order: assessments[order].released
                or cleared[order.id].has_open_hold
            )
        )

    def _prepare_credit_clearance(self, found):
        case = found.case
        money = case.round
        shares = found.shares
        return {
            "partner_id": case.debtor.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
            **self._prepare_cleared_terms(),
            "policy_id": case.position.policy.id or None,
            "limit_currency_id": case.currency.id,
            "limit_amount": money(case.position.limit),
            "exposure": money(case.exposure_before),
            "headroom_before": money(case.available),
            "headroom_after": money(case.headroom_after),
            "insured_amount": shares.within_limit,
            "secured_amount": shares.secured,
            "own_risk_amount": shares.own_risk,
            "company_exposure_after": found.company_exposure_after,
            "company_headroom_after": found.company_headroom_after,
            "findings": [finding.to_json() for finding in found.findings],
            "hold_id": found.release.id if found.released else None,
        }

    def _prepare_cleared_terms(self):
        """Return what is cleared besides debtor and amount, as a clearance says it."""
        delivery_country_id, invoice_country_id = self._credit_country_ids()
        return {
            "delivery_country_id": delivery_country_id,
            "invoice_country_id": invoice_country_id,
            "payment_term_id": self.payment_term_id.id or None,
        }

    # === DEBTOR AND AMOUNT === #

    def _credit_country_ids(self):
        """Return the countries that the order is delivered to and invoiced in."""
        order = self.sudo()  # sudo: addresses a salesperson may not read
        return (
            order.partner_shipping_id.country_id.id or None,
            order.partner_invoice_id.country_id.id or None,
        )

    def _credit_parties(self):
        """Return who owes whom in which currency, as a clearance says it."""
        return self._credit_debtor().id, self.company_id.id, self.currency_id.id

    def _credit_debtor(self):
        """Return the buyers whose credit the orders use: the invoiced entities."""
        # sudo: the salesperson may not read every partner that is invoiced
        return self.sudo().partner_invoice_id.commercial_partner_id

    def _credit_total(self):
        """Return the total, with what is delivered beyond it, in its own currency."""
        return self.amount_total + self.order_line._credit_delivered_more()

    def _credit_prepaid_orders(self, wanted=None):
        """Return the orders whose whole total was paid for: they add nothing.

        :param wanted: {order: :class:`Wanted`}, for those that shall be changed
        """
        totals = {
            order: max(order.amount_total + asked.growth, asked.total or 0.0)
            for order, asked in (wanted or {}).items()
        }
        return self.filtered(
            lambda order: order.amount_total > 0
            and order.currency_id.compare_amounts(
                order._credit_received(), totals.get(order, order.amount_total)
            )
            >= 0
            # nobody paid for what is delivered beyond the order
            and not order.order_line._credit_delivered_more()
        )

    def _credit_received(self):
        """Return the money received for the order, in its own currency.

        What is authorised only is no money yet, what was given back none any more. A
        payment for several orders is shared out by their totals.
        """
        self.ensure_one()
        return sum(
            transaction._credit_money()
            * self.amount_total
            / (sum(transaction.sale_order_ids.mapped("amount_total")) or 1.0)
            # sudo: payment transactions are read by accountants only
            for transaction in self.sudo().transaction_ids
            if transaction.currency_id == self.currency_id
        )

    def _credit_order_amount(self, position, wanted):
        """Return what this order adds, as the engine or the open form says.

        :param wanted: :class:`Wanted`, what it shall become
        """
        self.ensure_one()
        amount = position.order_amount(self._origin)
        if isinstance(self.id, int):
            total = self.amount_total if wanted.total is None else wanted.total
            extra = max(total - self.amount_total, wanted.growth, 0.0)
            if not extra:
                return amount
            more = self._credit_convert_amount(position, extra)
            return dataclasses.replace(
                amount,
                company_currency=amount.company_currency + more[0],
                limit_currency=amount.limit_currency + more[1],
            )
        # a form being edited: its lines are not in the database yet
        in_company, in_limit = self._credit_convert_amount(position, self.amount_total)
        return dataclasses.replace(
            amount, company_currency=in_company, limit_currency=in_limit
        )

    def _credit_convert_amount(self, position, total):
        """Return a part of the order's total in company and in limit currency."""
        base = total
        if position.policy.cover_tax_basis == "ex_tax" and self.amount_total:
            base = total * self.amount_untaxed / self.amount_total
        company, day = self.company_id, position.day
        convert = self.currency_id._convert
        return (
            convert(total, company.currency_id, company, day),
            convert(base, position.limit_currency, company, day),
        )

    # === CRUD === #

    def write(self, vals):
        # EXTENDS 'sale': a cancelled or reopened order has to be cleared again
        if vals.get("state") == "sale":
            self._settle_credit_fields()
        result = super().write(vals)
        if "state" in vals and vals["state"] != "sale":
            self._forget_credit_clearance(vals["state"])
        return result

    def _forget_credit_clearance(self, state):
        """Drop clearances, and requests for release of cancelled orders.

        Where no company is checked nothing is looked up; rows left from former checks
        go when checks begin again.
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        self.env["credit.insurance.clearance"]._drop(self)
        if state == "cancel":
            self.env["credit.insurance.hold"]._settle_cancelled(self)

    # === REFUSAL === #

    def _refuse_credit(self, assessments, cleared):
        """Refuse what does not pass; the button asks for release in a new request.

        :raise RedirectWarning: for employees, with the way to ask for release
        :raise UserError: for everybody else, without a word about credit
        """
        refused = self.browse(
            [order.id for order, found in assessments.items() if not found.passes]
        )
        if not refused:
            return
        user = self.env.user
        if not user._is_internal():
            raise UserError(
                self.env._(
                    "This order cannot be confirmed yet. We will contact you shortly."
                )
            )
        message = self._credit_refusal_message(assessments)
        if self.env.context.get("import_file"):
            raise UserError(message)  # an import lists errors, it has no buttons
        if moved := refused.filtered(lambda order: order._credit_moved(cleared)):
            raise UserError(
                message
                + "\n\n"
                + self.env._(
                    "%(orders)s: a confirmed order that changes its buyer, company or"
                    " currency cannot be released. Cancel it, make a new quotation and"
                    " ask for its release.",
                    orders=", ".join(moved.mapped("name")),
                )
            )
        action = self.env.ref("export_credit_insurance.action_credit_release_request")
        raise RedirectWarning(
            message,
            action.id,
            self.env._("Ask for Credit Release"),
            {
                "active_model": "sale.order",
                "active_id": refused[:1].id,
                "active_ids": refused.ids,
                "credit_requested_amounts": {
                    str(order.id): order.amount_total for order in refused
                },
                "credit_requested_changes": {
                    str(order.id): change
                    for order in refused
                    if (change := order._credit_refused_change(cleared[order.id]))
                },
            },
        )

    def _credit_moved(self, cleared):
        """Whether the order was cleared for another buyer, company or currency."""
        row = cleared[self.id]
        return bool(row.debtor_id) and row.parties != self._credit_parties()

    def _credit_refused_change(self, row):
        """Return what would have changed in a confirmed order besides its total.

        The refusal undoes it; the request for release takes it along.
        """
        change = {}
        if row.replaced_amount:
            change["growth"] = self._credit_growth(row)
        delivery_country_id, invoice_country_id = self._credit_country_ids()
        if delivery_country_id != row.delivery_country_id:
            change["partner_shipping_id"] = self.partner_shipping_id.id
        if invoice_country_id != row.invoice_country_id:
            change["partner_invoice_id"] = self.partner_invoice_id.id
        if (self.payment_term_id.id or None) != row.payment_term_id:
            change["payment_term_id"] = self.payment_term_id.id
        return change

    def _credit_refusal_message(self, assessments):
        """Name every order refused, with figures and cure, and those that pass."""
        is_insider = self.env.user.has_group(CREDIT_GROUP)
        refused = {o: found for o, found in assessments.items() if not found.passes}
        passing = [order for order, found in assessments.items() if found.passes]
        parts = [
            order._credit_order_refusal(found, is_insider)
            for order, found in refused.items()
        ]
        if passing:
            parts.append(
                self.env._(
                    "Would pass without them: %(orders)s. Nothing was confirmed.",
                    orders=", ".join(order.name for order in passing),
                )
            )
        return "\n\n".join(parts)

    def _credit_order_refusal(self, found, is_insider):
        self.ensure_one()
        case = found.case
        lines = [
            self.env._(
                "%(order)s, %(buyer)s, %(total)s:",
                order=self.name,
                buyer=case.debtor.display_name,
                total=self.currency_id.format(self.amount_total),
            )
        ]
        if is_insider:
            for finding in found.blocking:
                lines.append(f"- {finding.message} {finding.cure}")
        else:
            lines.append(f"- {self._credit_public_message(found)}")
        if hold := self._credit_hold_message(is_insider):
            lines.append(hold)
        return "\n".join(lines)

    def _credit_public_message(self, found):
        """Say what any employee may know: the amount, never insurer, grade or reason.

        Limits and their conditions are confidential to the insured (DESIGN 7).
        """
        return self.env._(
            "Authorised credit exceeded by %(amount)s. %(cure)s",
            amount=found.case.currency.format(found.exceeding),
            cure=self._credit_request_message() or self._credit_public_cure(found),
        )

    def _credit_public_cure(self, found):
        """Say what helps; the longest payment terms are no secret, their reason is."""
        codes = {finding.code for finding in found.blocking}
        days = found.case.position.max_payment_days
        if SANCTION_CODE in codes:
            return self.env._("Ask for a release.")
        if codes == {"terms_too_long"}:
            return self.env._(
                "Agree on payment within %(days)s days, ask for a release, or agree on "
                "prepayment.",
                days=days,
            )
        if "terms_too_long" in codes:
            return self.env._(
                "Ask for a release, or agree on prepayment. Besides, payment terms may "
                "be %(days)s days at most.",
                days=days,
            )
        return self.env._("Ask for a release, or agree on prepayment.")

    def _credit_request_message(self):
        """Say when and by whom a release was asked for, while nobody has decided."""
        hold = self.sudo().credit_hold_id  # shows its state only
        if hold.state != "open":
            return ""
        day = format_date(self.env, hold.create_date)
        if hold.requested_by:
            return self.env._(
                "A release was asked for on %(day)s by %(user)s: credit control "
                "decides.",
                day=day,
                user=hold.requested_by.name,
            )
        if hold.accepted_by_customer:
            return self.env._(
                "The customer accepted on %(day)s: credit control decides, and the "
                "order is confirmed by itself once it may be.",
                day=day,
            )
        return self.env._("On hold since %(day)s: credit control decides.", day=day)

    def _credit_hold_message(self, is_insider):
        """Say where the request for release stands, unless the cure says it already."""
        hold = self.sudo().credit_hold_id  # shows its state only
        if hold.state == "open":
            return self._credit_request_message() if is_insider else ""
        if hold.state == "refused":
            return self.env._("A release was refused: %(reason)s", reason=hold.reason)
        return ""
