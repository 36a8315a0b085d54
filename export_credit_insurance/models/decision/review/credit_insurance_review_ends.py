"""What the seller relies on and that ends: securities, own risk, policies."""

from typing import Any, NamedTuple

from odoo import api, models

OWN_RISK_FIELDS = {"date_to"}
POLICY_FIELDS = {"company_ids", "date_end", "renewal", "state"}


class Worth(NamedTuple):
    """What a security is good for on a day."""

    amount: float
    currency: Any
    is_general: bool
    orders: Any

    def is_less_than(self, other):
        """Whether it serves less, or other orders, than it did."""
        if not other.amount:
            return False
        return bool(
            self.currency != other.currency
            or self.currency.compare_amounts(self.amount, other.amount) < 0
            or (other.is_general and not self.is_general)
            or other.orders - self.orders
        )


class CreditInsuranceSecurity(models.Model):
    """A security that ends or serves less has the buyer's open orders looked through.

    What is shipped by then it goes on serving; what is not has to be carried by the
    limit or by the seller (DOMAIN 1.15, *securities*). One obtained lets orders go.
    """

    _name = "credit.insurance.security"
    _inherit = ["credit.insurance.security", "credit.insurance.review.source.mixin"]
    _review_field = "security_ids"

    @api.model_create_multi
    def create(self, vals_list):
        securities = super().create(vals_list)
        self.env["credit.insurance.hold"]._cover_may_be_back(securities.partner_id)
        return securities

    def write(self, vals):
        if not self.env["res.company"]._credit_check_modes():
            return super().write(vals)
        before = {security: security._credit_worth() for security in self}
        result = super().write(vals)
        self.filtered(
            lambda security: security._credit_worth().is_less_than(before[security])
        )._have_orders_reviewed()
        self.env["credit.insurance.hold"]._cover_may_be_back(self.partner_id)
        return result

    def _credit_worth(self):
        """Return the :class:`Worth` of the security for goods that leave today."""
        self.ensure_one()
        today = self.company_id._credit_today()
        ends = [day for day in (self.date_to, self.latest_shipment_date) if day]
        is_valid = (
            self.state == "active"
            and self.date_from <= today
            and all(day >= today for day in ends)
        )
        return Worth(
            self.amount if is_valid else 0.0,
            self.currency_id,
            self.is_general,
            self.sudo().order_ids,  # sudo: orders are only compared
        )

    def _have_orders_reviewed(self):
        """Have the buyers' open orders reviewed, per company in one go."""
        for company, securities in self.grouped("company_id").items():
            self.env["credit.insurance.review"]._notice(
                "security",
                partners=securities.partner_id,
                companies=company,
                security_ids=securities,
            )


class CreditInsuranceOwnRisk(models.Model):
    """Own risk that is accepted no more has the buyer's open orders looked through."""

    _name = "credit.insurance.own.risk"
    _inherit = ["credit.insurance.own.risk", "credit.insurance.review.source.mixin"]
    _review_field = "own_risk_ids"

    def write(self, vals):
        result = super().write(vals)
        if OWN_RISK_FIELDS & vals.keys():
            self._have_orders_reviewed()
        return result

    def _have_orders_reviewed(self):
        """Have those reviewed whose last day is over, per company in one go."""
        for company, rows in self.grouped("company_id").items():
            today = company._credit_today()
            over = rows.filtered(
                lambda row, today=today: row.date_to and row.date_to < today
            )
            self.env["credit.insurance.review"]._notice(
                "own_risk",
                partners=over.partner_id,
                companies=company,
                own_risk_ids=over,
            )


class CreditInsurancePolicy(models.Model):
    """A policy that is over, or insures a company no more, has all orders reviewed.

    Only where the company's orders are still checked, by another policy or by choice:
    without either nothing is held (DESIGN 4, *Installing changes nothing*).
    """

    _name = "credit.insurance.policy"
    _inherit = ["credit.insurance.policy", "credit.insurance.review.source.mixin"]
    _review_field = "policy_id"

    def write(self, vals):
        if not POLICY_FIELDS & vals.keys():
            return super().write(vals)
        before = {policy: policy.company_ids for policy in self}
        result = super().write(vals)
        for policy in self.filtered(lambda policy: policy.state != "draft"):
            policy._review_companies(before[policy] - policy.company_ids)
        self._have_orders_reviewed()
        return result

    def _write_state(self, vals):
        # EXTENDS the contract: transitions do not pass through write
        result = super()._write_state(vals)
        if POLICY_FIELDS & vals.keys():
            self._have_orders_reviewed()
        return result

    def _have_orders_reviewed(self):
        """Have the orders reviewed that those of these policies insured which ended."""
        for policy in self.filtered(lambda policy: policy._is_over()):
            policy._review_companies(policy.company_ids)

    def _is_over(self):
        """Whether what is shipped today is not insured by the policy any more."""
        goes_on = self.state == "active" and self.renewal == "tacit"
        return (
            self.state != "draft"
            and not goes_on
            and self.date_end < self._credit_today()
        )

    def _review_companies(self, companies):
        if companies:
            self.env["credit.insurance.review"]._notice(
                "policy", companies=companies, policy_id=self
            )
