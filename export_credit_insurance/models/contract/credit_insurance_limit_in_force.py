from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .limit_in_force import (
    LimitInForce,
    LimitLine,
    is_discretionary_dead,
    lines_in_force,
    reason_of_nothing,
)
from .shared_numbers import has_mate, shared_groups

# Kind of cover whose percentage a line takes; a temporary limit is a named one.
COVER_KINDS = {"temporary": "named"}
LINE_FIELDS = LimitLine._fields[1:-1]
# Amounts as numbers of Python, as the fields have them.
LINE_COLUMNS = SQL(", ").join(
    SQL(f"line.{name}::float8" if name in ("amount", "insured_pct") else f"line.{name}")
    for name in ("id", *LINE_FIELDS)
)

# The decisions themselves, read as plain values: see CreditInsuranceLimit._read_lines.
LINE_QUERY = SQL(
    "SELECT %s, %s FROM credit_insurance_limit line",
    LINE_COLUMNS,
    has_mate(SQL("line")),
)


class CreditInsuranceLimit(models.Model):
    """The one question asked of limits: what is in force?

    The limit in force on a day = the named line (else the express one; a temporary
    line of mode *total* replaces either until its end) + temporary lines of mode
    *additional* + top-ups; where there is none of these, the validated discretionary
    line, unless the insurer refused a new limit or cancelled one before; else 0.
    On the *net* basis it is divided by the percentage of the line that leads, which
    is the first of those above. Of several lines that cannot add up, the most recent
    counts: the latest ``date_from``, then the latest entered. Lines in another
    currency than the leading one's are added at the rate of the day.
    """

    _inherit = "credit.insurance.limit"

    @api.model
    def _in_force(self, partners, date, company, orders=None):
        """Return what each policy of a company grants to buyers on a day.

        Buyers that share one insurer's number under a policy share their lines. The
        number of queries does not depend on the number of buyers.

        :param partners: buyers, or contacts of them
        :param date: the day asked for
        :param company: the company that sells
        :param orders: orders that single-transaction policies may serve
        :return: ``{commercial partner: {policy: LimitInForce}}``; a policy without
            any line of the buyer is left out
        """
        buyers = partners.commercial_partner_id
        result = {buyer: {} for buyer in buyers}
        policies = self.env["credit.insurance.policy"]._covering(company, date, orders)
        if not buyers or not policies:
            return result
        zones = self._zone_of(buyers, company)
        for (policy, buyer), lines in self._lines_of(policies, buyers).items():
            result[buyer][policy] = lines._combine(
                policy, buyer, zones[buyer], date, company
            )
        return result

    @api.model
    def _zone_of(self, buyers, company):
        """Return the zone of each buyer, as the company sees it."""
        zone_model = self.env["credit.insurance.zone"]
        by_country = zone_model._zone_by_country(company)
        return {
            buyer: zone_model.browse(by_country.get(buyer.country_id.id))
            for buyer in buyers
        }

    @api.model
    def _lines_of(self, policies, buyers):
        """Return the lines that count for each policy and buyer, by age of entry.

        Partners that carry one insurer's number are one buyer for the insurer: the
        lines of any of them count for all.
        """
        groups = self._groups_of(buyers)
        members = self.env["res.partner"].union(buyers, *groups.values())
        lines = self.search(
            Domain("policy_id", "in", policies.ids)
            & Domain("partner_id", "in", members.ids)
        )
        by_buyer = defaultdict(list)
        for line in lines.sorted("id"):
            by_buyer[line.policy_id, line.partner_id].append(line.id)
        result = {}
        for policy in policies:
            for buyer in buyers:
                group = groups.get(buyer, buyer)
                found = [i for mate in group for i in by_buyer[policy, mate]]
                if found:
                    result[policy, buyer] = self.browse(found)
        return result

    @api.model
    def _groups_of(self, buyers):
        """Return who is one buyer to the insurers: ``{buyer: partners}``, for the
        buyers that share a number with another partner."""
        self.flush_model(["partner_id", "insurer_id", "insurer_buyer_ref"])
        rows = self.env.execute_query(
            shared_groups(SQL("SELECT unnest(%s::int[])", buyers.ids))
        )
        return {buyers.browse(buyer): buyers.browse(mates) for buyer, mates in rows}

    def _combine(self, policy, buyer, zone, date, company):
        """Add up the lines of one buyer under one policy on a day.

        :param company: whose rates convert lines in other currencies
        """
        counted, state = self._counted(date)
        if not counted:
            return self._nothing_in_force(policy, date)
        leader = counted[0]
        percentage = leader._percentage(policy, buyer, zone, date)
        currency = leader.currency_id
        parts = tuple(
            line.amount
            if line.currency_id == currency
            else line.currency_id._convert(line.amount, currency, company, date)
            for line in counted
        )
        amount = sum(parts)
        if policy.limit_basis == "net" and percentage:
            amount = amount * 100.0 / percentage
        ends = [line.date_to for line in counted if line.date_to]
        return LimitInForce(
            amount=currency.round(amount),
            currency=currency,
            kind=leader.kind,
            percentage=percentage,
            date_to=min(ends, default=False),
            state=state,
            lines=counted,
            parts=parts,
        )

    def _percentage(self, policy, buyer, zone, date):
        """Commercial percentage of a line: its own, or what the policy says."""
        self.ensure_one()
        return self.insured_pct or policy._insured_percentage(
            COVER_KINDS.get(self.kind, self.kind), buyer.country_id, zone, day=date
        )

    def _is_discretionary_dead(self, date):
        """Tell whether the insurer took away the right to judge the buyer oneself."""
        return is_discretionary_dead(self, date)

    def _counted(self, date):
        """Return (lines in force on a day, the leading one first; their state)."""
        counted, state = lines_in_force(self, date)
        return self.browse([line.id for line in counted]), state

    def _nothing_in_force(self, policy, date):
        """Say that there is nothing, and why."""
        return LimitInForce(
            0.0,
            policy.currency_id,
            False,
            0.0,
            False,
            self._reason_of_nothing(date),
            self.browse(),
            (),
        )

    def _reason_of_nothing(self, date):
        """Say why there is nothing: the latest entered of the lines that tell."""
        return reason_of_nothing(self.sorted("id"), date)

    @api.model
    def _read_lines(self, partners):
        """Return the decisions on buyers as :class:`LimitLine`, by age of entry.

        As they are, whoever asks, and no records: a confirmation waits for them.
        """
        self.flush_model([*LINE_FIELDS, "insurer_id", "insurer_buyer_ref"])
        self.env.cr.execute(
            SQL("%s WHERE partner_id = ANY(%s) ORDER BY id", LINE_QUERY, partners.ids)
        )
        return [LimitLine(*row) for row in self.env.cr.fetchall()]
