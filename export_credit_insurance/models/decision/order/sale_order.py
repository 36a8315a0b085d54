from odoo import api, models

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

    def _check_credit_replaced(self):
        """Have the gate look at orders of which settled lines gave way to others.

        Where the total is still to be computed it will, and of all changes together.
        """
        waiting = self.env.records_to_compute(self._fields["amount_total"])
        # sudo: as Odoo runs constraints
        (self - waiting).sudo()._check_credit()

    def _settle_credit_fields(self):
        """Compute what waits to be, so that the whole batch is checked in one go."""
        if self.env["res.company"]._credit_check_modes():
            self._recompute_recordset(GATE_FIELDS)

    def _credit_read_ahead(self):
        """Read in one go what the check asks of these orders' partners, and no more."""
        orders = self.sudo()  # sudo: addresses a salesperson may not read
        (orders.currency_id | orders.company_id.currency_id).mapped("rounding")
        partners = (
            orders.partner_invoice_id
            | orders.partner_shipping_id
            | orders.partner_id
            | orders.company_id.partner_id
        )
        partners._credit_read_ahead()
        (partners.commercial_partner_id - partners)._credit_read_ahead()

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
            if order._credit_outgrows(row):
                in_full += order
                continue
            now = order._credit_measures()
            if row.replaced_amount or now != row.measures:
                lowered[order] = now
                # what a discount to come takes off is owed until then
                if row.unallowed_amount and now.gross <= row.allowed_amount:
                    shrunk += order
            terms = (*row.country_ids, row.payment_term_id)
            if terms != tuple(order._prepare_cleared_terms().values()):
                changed += order
        self.env["credit.insurance.clearance"]._lower(lowered)
        self.env["credit.insurance.hold"]._settle_shrunk(shrunk)
        return in_full, changed

    def _credit_outgrows(self, row):
        """Whether more is owed than was cleared, or by or to somebody else."""
        return row.parties != self._credit_parties() or self._credit_growth(row) > 0

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
                paid=with_payments._credit_paid_orders(),
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
        # all that Odoo would write of them later: one statement instead of two
        self.flush_recordset()
        # what was paid for goods that are gone pays for no others
        with_payments = self.filtered(
            lambda order: cleared[order.id].has_payments
            and not cleared[order.id].settled_amount
        )
        assessments = self.env["credit.insurance.check"]._assess(
            self,
            paid=with_payments._credit_paid_orders(),
            cleared=cleared,
            actor=self._acting_employee(),
        )
        grown = self._hold_growth(assessments, cleared)
        grown._suspend_growth()
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
        measures = self._credit_measures()
        return {
            "partner_id": case.debtor.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount_total,
            "gross_amount": measures.gross,
            "untaxed_amount": measures.untaxed,
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
