from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import float_round

from ..contract.limit_in_force import is_granted, lines_in_force, reason_of_nothing
from .position_brief import BriefRow, PositionBrief

NO_LINES = {
    "receivable": 0.0,
    "unallocated": 0.0,
    "overdue": 0.0,
    "overdue_days": 0,
    "chased": 0.0,
    "chased_days": 0,
    "used": 0.0,
    "oldest": None,
}


class OrderSums:
    """What the open lines of orders come to, and what of it is planned too late.

    ``used`` is what they take of the limit, without the deferred part.
    """

    delivered = ordered = deferred = used = used_deferred = 0.0

    def add(self, row):
        """Add a row of the brief query."""
        delivered, ordered, used_delivered, used_ordered = (
            amount or 0.0 for amount in row[4:8]
        )
        self.delivered += delivered
        self.used += used_delivered
        if row.is_deferred:
            self.deferred += ordered
            self.used_deferred += used_ordered
        else:
            self.ordered += ordered
            self.used += used_ordered

    def as_order_amount(self):
        """Return them in the order of ``OrderAmount``: nothing of it is secured."""
        return (
            self.delivered + self.ordered + self.deferred,
            self.used + self.used_deferred,
            0.0,
            self.deferred,
            self.used_deferred,
        )


#: columns of the full query that say nothing of an ordinary buyer; who paid online, for
#: one, is none
NOT_ORDINARY = {
    "draft": 0.0,
    "secured_limit_currency": 0.0,
    "stop_date": None,
    "stop_cause": None,
    "stop_move_line_id": None,
    "insolvency_id": None,
    "near_stop_date": None,
    "shares_limit": False,
    "kept_money": 0.0,
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
        order_ids = orders.ids if orders else []
        self.env.cr.execute(
            *PositionBrief.of(
                self.env.cr, facts, company.id, day, targets, order_ids, leaving
            )
        )
        lines, parts, own_risk = {}, defaultdict(list), {}
        for row in map(BriefRow._make, self.env.cr.fetchall()):
            if row.is_unusual:
                return None
            if row.kind == "line":
                lines[row.partner_id] = self._prepare_lines(row)
            elif row.kind == "order":
                parts[row.partner_id].append(row)
            elif row.kind == "own_risk":
                own_risk[row.partner_id] = row.first
        warning = timedelta(days=facts.warning_days)
        rows = {}
        for partner in partners:
            limit, line = limits[partner.id], lines.get(partner.id, NO_LINES)
            oldest = line["oldest"]
            if oldest and oldest + limit["shortest_mep"] <= day + warning:
                return None  # cover stops, or is about to
            rows[partner.id] = self._prepare_ordinary_row(
                partner,
                company,
                limit,
                line,
                parts[partner.id],
                own_risk.get(partner.id, 0.0),
                facts,
            )
        return rows

    # ------------------------------------------------------------ the limit

    @api.model
    def _get_ordinary_limits(self, partners, facts, day):
        """Return {partner id: today's policy and limit}.

        None for limits in several currencies, or shared with others.
        """
        own = defaultdict(list)
        limit_model = self.env["credit.insurance.limit"]
        for line in limit_model._read_lines(partners):
            if line.is_shared:
                return None
            own[line.partner_id, line.policy_id].append(line)
        limits = {}
        for partner in partners.sudo():  # sudo: country and kind of any debtor
            term = facts.find_term(
                partner.country_id.id or 0, self._party_kind(partner, facts), day
            )
            lines = own.get((partner.id, term and term.policy_id), ())
            held = {line.currency_id for line in lines if is_granted(line)}
            if len(held) > 1:
                return None
            limits[partner.id] = {
                **self._prepare_ordinary_limit(term, lines, facts, day),
                "held_currency_id": next(iter(held), None),
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
        counted, _state = lines_in_force(lines, day)
        leader = counted[0] if counted else None
        policy = facts.policies.get(term and term.policy_id)
        granted = sum(line.amount for line in counted)
        percentage = leader and (
            leader.insured_pct or (term and term.percentage(leader.kind))
        )
        usable = granted
        if policy and policy.limit_basis == "net" and percentage:
            usable = float_round(
                granted * 100.0 / percentage, facts.rates[leader.currency_id]["digits"]
            )
        ends = [line.date_to for line in counted if line.date_to]
        shortest = min(
            [facts.shortest_mep, *(line.mep_days for line in lines if line.mep_days)]
        )
        return {
            "term": term,
            "policy": policy,
            "granted": granted,
            "usable": usable,
            "kind": leader and leader.kind,
            "date_to": min(ends, default=None),
            "max_payment_days": (leader and leader.max_payment_days)
            or (term and term.max_payment_days)
            or 0,
            "reason": None if counted else reason_of_nothing(lines, day),
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
            "residue": facts.residues.get(
                limit["term"] and limit["term"].policy_id, 0.0
            ),
            "untaxed": bool(policy and policy.cover_tax_basis == "ex_tax"),
            "company_ids": list(policy.company_ids) if policy else [company.id],
        }

    # ------------------------------------------------------------ the row

    @api.model
    def _prepare_lines(self, row):
        """Return what a buyer's open items come to, of a row of the brief query."""
        return {
            "receivable": row.first or 0.0,
            "unallocated": row.second or 0.0,
            "overdue": row.third or 0.0,
            "used": row.fourth or 0.0,
            "overdue_days": row.overdue_days or 0,
            "chased": row.chased or 0.0,
            "chased_days": row.chased_days or 0,
            "oldest": row.oldest,
        }

    @api.model
    def _prepare_ordinary_row(
        self, partner, company, limit, line, parts, own_risk, facts
    ):
        """Return the row as the full query would."""
        ledger, asked = OrderSums(), defaultdict(OrderSums)
        for part in parts:
            (asked[part.order_id] if part.order_id else ledger).add(part)
        limit_currency_id = limit["currency_id"]
        digits = facts.rates[limit_currency_id]["digits"]
        own_rate = facts.own_rate
        limit_rate = facts.rates[limit_currency_id]["rate"]
        used = round(line["used"] + ledger.used, digits)
        is_own_currency = limit_currency_id == facts.own_currency_id
        own_risk_limit = (
            own_risk
            if is_own_currency
            else round(own_risk * limit_rate / own_rate, digits)
        )
        usable = limit["usable"]
        headroom = round(usable + own_risk_limit - used, digits)
        exposure = line["receivable"] + line["unallocated"]
        exposure += ledger.delivered + ledger.ordered
        return {
            "partner_id": partner.id,
            "receivable": line["receivable"],
            "unallocated": line["unallocated"],
            "delivered": ledger.delivered,
            "ordered": ledger.ordered,
            "deferred": ledger.deferred,
            "exposure": round(exposure, facts.own_digits),
            "overdue_amount": max(line["overdue"] + line["unallocated"], 0.0),
            "overdue_days": line["overdue_days"],
            "chased_amount": max(line["chased"] + line["unallocated"], 0.0),
            "chased_days": line["chased_days"],
            "own_risk_limit": own_risk,
            "exposure_limit_currency": used,
            "own_risk_limit_currency": own_risk_limit,
            "headroom_limit_currency": headroom,
            "headroom": headroom * (1 if is_own_currency else own_rate / limit_rate),
            "insured_limit": usable,
            "order_amounts": {
                order_id: sums.as_order_amount() for order_id, sums in asked.items()
            },
            **NOT_ORDINARY,
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
