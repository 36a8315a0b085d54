from datetime import timedelta

from odoo import api, fields, models

from ..contract.credit_insurance_limit import GRANTED_STATES
from .position_brief import PositionBrief

LIMIT_FIELDS = (
    "partner_id",
    "policy_id",
    "kind",
    "state",
    "request_type",
    "cancelled_by",
    "amount",
    "amount_mode",
    "currency_id",
    "date_from",
    "date_to",
    "decision_date",
    "conditions_met",
    "insured_pct",
    "max_payment_days",
    "mep_days",
)
NO_LINES = {
    "receivable": 0.0,
    "unallocated": 0.0,
    "overdue": 0.0,
    "overdue_days": 0,
    "used": 0.0,
}


class CreditInsurancePosition(models.AbstractModel):
    """Ordinary buyers, fast: what a confirmation usually asks about.

    The limit comes from the one question asked of limits, the sums from
    :class:`~.position_brief.PositionBrief`. Whatever is not ordinary is left to the
    full query, which gives the same rows.
    """

    _inherit = "credit.insurance.position"

    @api.model
    def _get_ordinary_rows(self, partners, company, day, orders, leaving=None):
        """Return {partner id: row of the position}, None if a buyer is not ordinary.

        Two queries, whatever the number of buyers.
        """
        facts = self._facts(company.id, day)
        if facts.has_single or facts.has_buyer_policies or facts.draft_company_ids:
            return None
        limits = self._get_ordinary_limits(partners, facts, day)
        if limits is None:
            return None
        targets = [
            self._prepare_target(partner, limits[partner.id], facts, company)
            for partner in partners
        ]
        brief = PositionBrief(
            facts, company, day, targets, orders.ids if orders else [], leaving
        )
        self.env.cr.execute(brief.query())
        (sums,) = self.env.cr.dictfetchall()
        lines = {row["partner_id"]: row for row in sums["lines"] or ()}
        parts = sums["orders"] or ()
        if sums["is_unusual"] or any(row["is_unusual"] for row in lines.values()):
            return None
        warning = timedelta(days=facts.warning_days)
        own_risk = sums["own_risk"] or {}
        rows = {}
        for partner in partners:
            limit, line = limits[partner.id], lines.get(partner.id)
            oldest = line and fields.Date.to_date(line["oldest"])
            if oldest and oldest + limit["shortest_mep"] <= day + warning:
                return None  # cover stops, or is about to
            rows[partner.id] = self._prepare_ordinary_row(
                partner,
                company,
                limit,
                line or NO_LINES,
                [part for part in parts if part["partner_id"] == partner.id],
                own_risk.get(str(partner.id), 0.0),
                facts,
            )
        return rows

    # ------------------------------------------------------------ the limit

    @api.model
    def _get_ordinary_limits(self, partners, facts, day):
        """Return {partner id: today's policy and limit}, None for mixed currencies."""
        # sudo: the limit counts whoever asks; what is shown is decided elsewhere
        decisions = (
            self.env["credit.insurance.limit"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", partners.ids),
                    ("policy_id", "in", facts.policy_ids),
                ],
                LIMIT_FIELDS,
                order="id",
            )
        )
        own = decisions.grouped(lambda line: (line.partner_id.id, line.policy_id.id))
        nothing = decisions.browse()
        limits = {}
        for partner in partners.sudo():  # sudo: country and kind of any debtor
            term = facts.find_term(
                partner.country_id.id or 0, self._party_kind(partner, facts), day
            )
            lines = own.get((partner.id, term and term.policy_id), nothing)
            granted = lines.filtered(
                lambda line: line.state in GRANTED_STATES and line._is_effective()
            )
            if len(granted.currency_id) > 1:
                return None
            limits[partner.id] = {
                **self._prepare_ordinary_limit(term, lines, facts, day),
                "held_currency_id": granted.currency_id.id,
            }
        return limits

    @api.model
    def _party_kind(self, partner, facts):
        if partner.credit_party_kind:
            return partner.credit_party_kind
        if partner.id in facts.own_partner_ids:
            return "related"
        return "company" if partner.is_company else "private"

    @api.model
    def _prepare_ordinary_limit(self, term, lines, facts, day):
        counted, _state = lines._counted(day)
        leader = counted[:1]
        policy = facts.policies.get(term and term.policy_id)
        granted = sum(counted.mapped("amount"))
        percentage = leader.insured_pct or (term and term.percentage(leader.kind)) or 0
        usable = granted
        if leader and policy and policy.limit_basis == "net" and percentage:
            usable = leader.currency_id.round(granted * 100.0 / percentage)
        ends = [line.date_to for line in counted if line.date_to]
        shortest = min(
            [facts.shortest_mep, *(line.mep_days for line in lines if line.mep_days)]
        )
        return {
            "term": term,
            "policy": policy,
            "granted": granted,
            "usable": usable,
            "kind": leader.kind if counted else None,
            "date_to": min(ends, default=None),
            "max_payment_days": leader.max_payment_days
            or (term and term.max_payment_days)
            or 0,
            "reason": None if counted else lines._reason_of_nothing(day),
            "shortest_mep": timedelta(days=shortest),
        }

    @api.model
    def _prepare_target(self, partner, limit, facts, company):
        policy = limit["policy"]
        currency_id = limit["held_currency_id"] or (
            policy.currency_id if policy else facts.own_currency_id
        )
        limit["currency_id"] = currency_id
        rate = facts.rates[currency_id]
        return {
            "partner_id": partner.id,
            "currency_id": currency_id,
            "rate": rate["rate"],
            "digits": rate["digits"],
            "untaxed": bool(policy and policy.cover_tax_basis == "ex_tax"),
            "company_ids": list(policy.company_ids) if policy else [company.id],
        }

    # ------------------------------------------------------------ the row

    @api.model
    def _prepare_ordinary_row(
        self, partner, company, limit, line, parts, own_risk, facts
    ):
        """Return the row as the full query would."""
        rest = [part for part in parts if part["order_id"] is None]
        ledger = {
            name: sum(part[name] for part in rest)
            for name in ("delivered", "ordered", "deferred", "used")
        }
        limit_currency_id = limit["currency_id"]
        digits = facts.rates[limit_currency_id]["digits"]
        own_rate = facts.own_rate
        limit_rate = facts.rates[limit_currency_id]["rate"]
        used = round(line["used"] + ledger["used"], digits)
        own_risk_limit = own_risk
        is_own_currency = limit_currency_id == facts.own_currency_id
        if not is_own_currency:
            own_risk_limit = round(own_risk * limit_rate / own_rate, digits)
        usable = limit["usable"]
        headroom = round(usable + own_risk_limit - used, digits)
        exposure = line["receivable"] + line["unallocated"]
        exposure += ledger["delivered"] + ledger["ordered"]
        return {
            "partner_id": partner.id,
            "receivable": line["receivable"],
            "unallocated": line["unallocated"],
            "draft": 0.0,
            "delivered": ledger["delivered"],
            "ordered": ledger["ordered"],
            "deferred": ledger["deferred"],
            "exposure": round(exposure, facts.own_digits),
            "overdue_amount": max(line["overdue"] + line["unallocated"], 0.0),
            "overdue_days": line["overdue_days"],
            "own_risk_limit": own_risk,
            "exposure_limit_currency": used,
            "secured_limit_currency": 0.0,
            "own_risk_limit_currency": own_risk_limit,
            "headroom_limit_currency": headroom,
            "headroom": headroom * (1 if is_own_currency else own_rate / limit_rate),
            "insured_limit": usable,
            "stop_date": None,
            "stop_cause": None,
            "stop_move_line_id": None,
            "insolvency_id": None,
            "near_stop_date": None,
            "shares_limit": False,
            "order_amounts": {
                part["order_id"]: (
                    part["delivered"] + part["ordered"] + part["deferred"],
                    part["used"],
                    0.0,
                    part["deferred"],
                    part["used_deferred"],
                )
                for part in parts
                if part["order_id"] is not None
            },
            **self._prepare_ordinary_state(limit, used),
        }

    @api.model
    def _prepare_ordinary_state(self, limit, used):
        """Return what the limit and the policy say, without any stop."""
        term, usable, reason = limit["term"], limit["usable"], limit["reason"]
        insured = term and term.policy_id
        state = "discretionary" if limit["kind"] == "discretionary" else "in_force"
        if not usable:
            state = reason or "none"
        if not insured:
            cover_state = "not_insured"
        elif term.reason:
            cover_state = "stopped"
        elif not usable:
            cover_state = "not_insured"
        else:
            cover_state = "warning" if usable < used else "ok"
        return {
            "policy_id": insured or None,
            "exclusion": term.reason if term else None,
            "limit_kind": limit["kind"],
            "limit_state": state,
            "limit_currency_id": limit["currency_id"],
            "limit_date_to": limit["date_to"],
            "max_payment_days": limit["max_payment_days"],
            "country_status": term.country_status if term else "open",
            "cover_state": cover_state,
        }
