from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..job import do_each
from ..reference.number_text import number_text
from .credit_insurance_limit import GRANTED_STATES

# A justification is renewed so many days before it ends.
RENEW_AHEAD_DAYS = 30


class CreditInsuranceLimit(models.Model):
    """Discretionary limits: proposed from experience, validated by a person.

    Highest month-end balance paid within terms, plus the policy's uplift, capped at
    its discretionary amount. Nothing for a buyer with too few purchases paid on time,
    with an overdue beyond the extension period, with a stop of cover or adverse
    information that is not settled, in insolvency, or whom the insurer refused.
    """

    _inherit = "credit.insurance.limit"

    # === ACTIONS ===

    def action_validate(self):
        """Put proposals into force, on the responsibility of who validates them."""
        self._check_controller()
        for limit in self:
            today = limit.policy_id._credit_today()
            limit._check_justification(today)
            limit._lines_from(today)._end(today, "closed")
            limit._store(
                {
                    "state": "approved",
                    "date_from": today,
                    "decision_date": today,
                    "decided_by_id": self.env.uid,
                }
            )
            limit._check_dates()
        return True

    def action_dismiss(self):
        """Turn proposals down; the job stays silent until they would have ended.

        A draft entered without an end is silenced as long as the job's own would be.
        """
        self._check_controller()
        for limit in self:
            policy = limit.policy_id
            today = policy._credit_today()
            if limit.kind != "discretionary" or limit.state != "draft":
                raise UserError(
                    self.env._("Only proposals of discretionary limits are dismissed.")
                )
            limit._store(
                {
                    "state": "refused",
                    "amount": 0.0,
                    "date_to": limit.date_to or self._validity_end(policy, today),
                    "decision_date": today,
                    "decided_by_id": self.env.uid,
                }
            )
        return True

    def _check_justification(self, day):
        """Refuse to validate what the policy would not accept as justified."""
        self.ensure_one()
        policy = self.policy_id
        if self.kind != "discretionary" or self.state != "draft":
            raise UserError(
                self.env._("Only proposals of discretionary limits are validated.")
            )
        if self.currency_id != policy.currency_id:
            raise ValidationError(
                self.env._(
                    "Discretionary limits of policy %(policy)s are in %(currency)s.",
                    policy=policy.display_name,
                    currency=policy.currency_id.name,
                )
            )
        most = policy.dcl_amount
        if self.justification_method == "history":
            most = min(most, self.computed_amount)
        if not 0 < self.amount <= most:
            raise ValidationError(
                self.env._(
                    "Policy %(policy)s lets you grant %(buyer)s at most %(most)s: "
                    "%(amount)s cannot be validated.",
                    policy=policy.display_name,
                    buyer=self.partner_id.display_name,
                    most=policy.currency_id.format(most),
                    amount=policy.currency_id.format(self.amount),
                )
            )
        self._check_evidence(day)
        self._check_nothing_adverse(day)

    def _check_evidence(self, day):
        """Refuse a proposal that nothing justifies, or only until a former day."""
        if not self.date_to or self.date_to < day:
            raise ValidationError(
                self.env._(
                    "Enter the day until which the justification of %(buyer)s holds.",
                    buyer=self.partner_id.display_name,
                )
            )
        if not self.justification_method or not (self.evidence or self.proof_ids):
            raise ValidationError(
                self.env._(
                    "Say what justifies the limit of %(buyer)s, and add the evidence "
                    "or attach the credit report.",
                    buyer=self.partner_id.display_name,
                )
            )

    def _check_nothing_adverse(self, day):
        """Refuse a proposal for a buyer on whom the insurer knows better (DOMAIN 1.6).

        Insolvency, adverse information that is not settled, a stop of cover, or a limit
        refused or cancelled. What is overdue beyond the extension period stops it, from
        whichever day the policy counts.
        """
        policy = self.policy_id
        if self.env["credit.insurance.adverse.info"]._buyers_with_any(
            self.partner_id, day
        ):
            raise ValidationError(
                self.env._(
                    "Adverse information on %(buyer)s is not settled: no discretionary "
                    "limit is justified. Settle it, or ask %(insurer)s for a limit.",
                    buyer=self.partner_id.display_name,
                    insurer=policy.insurer_id.name,
                )
            )
        if self.env["credit.insurance.insolvency"]._buyers_with_any(
            self.partner_id, day
        ):
            raise ValidationError(
                self.env._(
                    "%(buyer)s is insolvent: no discretionary limit is justified.",
                    buyer=self.partner_id.display_name,
                )
            )
        stops = self.env["credit.insurance.stop"]
        if stops._buyers_stopped(self.partner_id, policy, day):
            raise ValidationError(
                self.env._(
                    "The cover of %(buyer)s is stopped: no discretionary limit is "
                    "justified until the stop is lifted.",
                    buyer=self.partner_id.display_name,
                )
            )
        lines = self._lines_of(policy, self.partner_id)[policy, self.partner_id]
        if lines._is_discretionary_dead(day):
            raise ValidationError(
                self.env._(
                    "%(insurer)s refused or cancelled the limit of %(buyer)s: the "
                    "discretionary limit no longer applies. Ask for a new limit.",
                    insurer=policy.insurer_id.name,
                    buyer=self.partner_id.display_name,
                )
            )

    # === PROPOSALS ===

    @api.model
    def _cron_propose_discretionary(self):
        """Each night, policy by policy: propose what experience justifies."""
        policies = self.env["credit.insurance.policy"].search(
            [
                ("state", "=", "active"),
                ("kind", "in", ("global", "country")),
                ("dcl_amount", ">", 0),
            ]
        )
        do_each(self.env, policies, self._propose_discretionary)

    @api.model
    def _propose_discretionary(self, policy, day=None):
        """Add drafts for the buyers of a policy that could have a limit.

        :return: the proposals
        """
        day = day or policy._credit_today()
        best = {}
        for company in policy.company_ids:
            buyers = self._discretionary_candidates(policy, company, day)
            amounts = self._justified_amounts(policy, buyers, company, day)
            for buyer, (amount, history) in amounts.items():
                if amount > best.get(buyer, (0.0,))[0]:
                    best[buyer] = (amount, company, history)
        return self.create(
            [
                self._prepare_proposal(policy, buyer, company, day, amount, history)
                for buyer, (amount, company, history) in best.items()
            ]
        )

    @api.model
    def _discretionary_candidates(self, policy, company, day):
        """Buyers invoiced in the period, without a limit, a refusal or a proposal."""
        since = day - relativedelta(months=policy.dcl_lookback_months)
        # sudo: the job reads invoices, whose amounts it does not show
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("invoice_date", ">=", since),
                    ("invoice_date", "<=", day),
                ],
                ["commercial_partner_id"],
            )
        )
        buyers = self.env["res.partner"].union(*(buyer for (buyer,) in groups))
        buyers = policy._insurable_parties(buyers)
        if not buyers:
            return buyers
        buyers = policy._open_to(buyers, company, day)
        ahead = day + relativedelta(days=RENEW_AHEAD_DAYS)
        taken = self.env["res.partner"]
        for (_policy, buyer), lines in self._lines_of(policy, buyers).items():
            if lines._is_discretionary_dead(day) or lines._excludes_proposal(ahead):
                taken |= buyer
        for model in ("credit.insurance.adverse.info", "credit.insurance.insolvency"):
            taken |= self.env[model]._buyers_with_any(buyers, day)
        stops = self.env["credit.insurance.stop"]
        return buyers - taken - stops._buyers_stopped(buyers, policy, day)

    def _excludes_proposal(self, day):
        """Tell whether one of the lines makes a proposal superfluous on a day: one
        in force then, a proposal not yet decided, one dismissed for that time.

        One dismissed without an end, as an import may have it, silences nothing.
        """
        return any(
            (
                line.state in GRANTED_STATES
                and line._is_effective()
                and (not line.date_to or line.date_to >= day)
            )
            or (
                line.kind == "discretionary"
                and (
                    line.state == "draft"
                    or (
                        line.state == "refused" and line.date_to and line.date_to >= day
                    )
                )
            )
            for line in self
        )

    @api.model
    def _justified_amounts(self, policy, buyers, company, day):
        """Return what experience justifies: ``{buyer: (amount, history)}``.

        In the policy's currency; 0 with too few purchases paid on time, or with an
        overdue beyond the extension period.
        """
        histories = self._payment_histories(policy, buyers, company, day)
        extension = self._extension_days(policy, buyers, company, day)
        result = {}
        for buyer, history in histories.items():
            amount = 0.0
            if (
                history.paid_on_time >= policy.dcl_min_purchases
                and history.overdue_days <= extension[buyer]
            ):
                highest = company.currency_id._convert(
                    history.highest_balance, policy.currency_id, company, day
                )
                uplifted = highest * (1 + policy.dcl_uplift_pct / 100.0)
                amount = min(policy.currency_id.round(uplifted), policy.dcl_amount)
            result[buyer] = (amount, history)
        return result

    @api.model
    def _payment_histories(self, policy, buyers, company, day):
        # sudo: reads invoices on behalf of a controller or of the job
        model = self.env["credit.insurance.payment.history"].sudo()
        return model._get_payment_history(
            buyers, company, day, policy.dcl_lookback_months
        )

    @api.model
    def _extension_days(self, policy, buyers, company, day):
        """Return for how long each buyer may be overdue before its cover stops.

        As the country schedule says, else the policy.
        """
        zones = self._zone_of(buyers, company)
        return {
            buyer: policy._country_term(buyer.country_id, zones[buyer], day).mep_days
            or policy.mep_days
            for buyer in buyers
        }

    @api.model
    def _validity_end(self, policy, day):
        """Return the last day on which a justification of a day holds."""
        return day + relativedelta(months=policy.dcl_validity_months, days=-1)

    def _prepare_proposal(self, policy, buyer, company, day, amount, history):
        """Values of a proposal; its evidence is in the company's language, since the
        job that writes it has none."""
        env = self.with_context(lang=company.partner_id.lang or self.env.lang).env
        currency = company.currency_id.with_env(env)
        return {
            "policy_id": policy.id,
            "partner_id": buyer.id,
            "kind": "discretionary",
            "state": "draft",
            "currency_id": policy.currency_id.id,
            "amount": amount,
            "computed_amount": amount,
            "justification_method": "history",
            "date_to": self._validity_end(policy, day),
            "evidence": env._(
                "%(company)s, %(months)s months to %(day)s: highest month-end balance "
                "paid within terms %(balance)s, %(on_time)s instalments paid on time, "
                "%(late)s late, longest delay %(delay)s days. Uplift %(uplift)s %%, at "
                "most %(cap)s.",
                company=company.name,
                months=policy.dcl_lookback_months,
                day=format_date(env, day),
                balance=currency.format(history.highest_balance),
                on_time=history.paid_on_time,
                late=history.paid_late,
                delay=history.worst_delay,
                uplift=number_text(env, policy.dcl_uplift_pct),
                cap=policy.currency_id.with_env(env).format(policy.dcl_amount),
            ),
        }
