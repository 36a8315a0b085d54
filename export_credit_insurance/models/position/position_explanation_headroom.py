from odoo import api, models
from odoo.tools.misc import format_date


class CreditInsurancePosition(models.AbstractModel):
    """What the headroom is made of: limit, securities, own risk, and their use."""

    _inherit = "credit.insurance.position"

    @api.model
    def _explain_headroom(self, partner, company, day, totals):
        """Limit, securities and own risk, less what already uses the limit."""
        currency = (
            self.env["res.currency"].browse(totals.get("limit_currency_id"))
            or company.currency_id
        )
        rows = self._explain_limit(partner, company, day, totals, currency)
        for name, label in (
            ("secured_limit_currency", self.env._("Securities")),
            ("own_risk_limit_currency", self.env._("Own Risk Accepted")),
        ):
            if totals.get(name):
                rows.append(self._explain_row(label, totals[name]))
        for use in self._execute(self._query(company, day, partner).use(partner.id)):
            # sudo: names of others who share the limit, which the figure counts
            owner = self.env["res.partner"].sudo().browse(use["partner_id"])
            seller = self.env["res.company"].sudo().browse(use["company_id"])
            label = self.env._("Use by %(buyer)s", buyer=owner.display_name)
            if seller != company:
                label = self.env._(
                    "Use by %(buyer)s at %(company)s",
                    buyer=owner.display_name,
                    company=seller.name,
                )
            note = (
                self.env._("Without tax")
                if use["cover_tax_basis"] == "ex_tax"
                else self.env._("Tax included")
            )
            rows.append(self._explain_row(label, -use["amount"], note=note))
        label = (
            self.env._("Headroom (cover is stopped: none of it may be used)")
            if totals.get("cover_state") == "stopped"
            else self.env._("Headroom")
        )
        return self._explain_section("headroom", "headroom", label, rows, currency)

    @api.model
    def _explain_limit(self, partner, company, day, totals, currency):
        """The decisions that make up the limit of the day."""
        limit = totals.get("insured_limit") or 0
        # sudo: who may see the figure may see what it is made of
        policy = (
            self.env["credit.insurance.policy"]
            .sudo()
            .browse(totals.get("policy_id") or ())
        )
        if not policy or not limit:
            return [self._explain_row(self.env._("Limit in force"), limit)]
        # sudo: as above
        found = (
            self.env["credit.insurance.limit"]
            .sudo()
            ._in_force(partner, day, company, orders=policy.order_ids)
        )
        in_force = found[partner].get(policy)
        rows = []
        for line, part in (
            zip(in_force.lines, in_force.parts, strict=True) if in_force else ()
        ):
            rows.append(
                self._explain_row(
                    line.display_name,
                    part,
                    model="credit.insurance.limit",
                    res_id=line.id,
                    date=line.date_from,
                    due_date=line.date_to,
                    note=self._explain_decision(line, currency, day),
                )
            )
        rest = currency.round(float(limit) - sum(row["amount"] for row in rows))
        if rest:
            rows.append(
                self._explain_row(
                    self.env._("Net limit divided by the insured percentage"), rest
                )
            )
        return rows

    @api.model
    def _explain_decision(self, line, currency, day):
        """When a decision is in force, and its amount where that is converted."""
        period = self._explain_period(line)
        if line.currency_id == currency:
            return period
        return self.env._(
            "%(period)s; %(amount)s at the rate of %(day)s",
            period=period,
            amount=line.currency_id.format(line.amount),
            day=format_date(self.env, day),
        )

    @api.model
    def _explain_period(self, line):
        first = format_date(self.env, line.date_from)
        if not line.date_to:
            return self.env._("In force from %(first)s", first=first)
        return self.env._(
            "In force from %(first)s to %(last)s",
            first=first,
            last=format_date(self.env, line.date_to),
        )
