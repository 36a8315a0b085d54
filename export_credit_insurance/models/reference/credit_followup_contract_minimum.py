from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class Breach(NamedTuple):
    """From which day a contract's rate is below what the law allows."""

    law: models.BaseModel
    day: object
    rate: float  # percent a year, as its minimum
    minimum: float


class CreditFollowupLatePaymentRule(models.Model):
    """The least that a contract may fix, where a law sets one.

    Article L441-10 of the French Code de commerce: no contract may fix a rate below
    three times the legal rate of interest (DOMAIN 3.3). It bounds what somebody enters
    by hand as the rate of a contract; where nothing is agreed the law's own rate holds,
    even in the half-years in which it is lower.
    """

    _inherit = "credit.followup.late.payment.rule"

    minimum_multiple = fields.Float(
        string="Contracts: at Least (times)",
        digits=(16, 2),
        help="A contract may not fix a rate below so many times the rate beside; 0: "
        "the law sets no minimum.",
    )
    minimum_reference_id = fields.Many2one(
        "credit.followup.reference.rate", string="The Rate", ondelete="restrict"
    )

    _minimum_complete = models.Constraint(
        "CHECK (minimum_multiple >= 0"
        " AND (minimum_multiple = 0 OR minimum_reference_id IS NOT NULL))",
        "A minimum is a number of times a rate: name that rate.",
    )

    @api.constrains("country_id", "date_from", "date_to", "reference_id", "margin")
    def _check_contract_minimum(self):
        """Refuse a rate entered by hand that the country's law does not allow."""
        for rule in self:
            breach = rule._breach_of_minimum()
            if breach:
                raise ValidationError(rule._explain_breach(breach))

    def _breach_of_minimum(self):
        """Return the first :class:`Breach` of the law by this rule up to today, if any.

        The law itself is not bound; no rate at all claims nothing and forgoes it.
        """
        self.ensure_one()
        claims = self.reference_id or self.margin
        if self.minimum_multiple or not self.country_id or not claims:
            return None
        # an archived law is still the law
        laws = self.with_context(active_test=False).search(
            [("country_id", "=", self.country_id.id), ("minimum_multiple", ">", 0)],
            order="date_from",
        )
        for law in laws:
            if breach := self._breach_of(law):
                return breach
        return None

    def _breach_of(self, law):
        today = fields.Date.context_today(self)
        first = max(self.date_from, law.date_from)
        ends = [day for day in (self.date_to, law.date_to) if day]
        last = min([max(today, first), *ends])
        table = law.minimum_reference_id._rate_table()
        for part in self._segments_between(first, last):
            for day in (part.date_from, *table.changes(part.date_from, part.date_to)):
                minimum = law.minimum_multiple * (table.on(day) or 0.0)
                if part.rate < minimum:
                    return Breach(law, day, part.rate, minimum)
        return None

    def _explain_breach(self, breach):
        return self.env._(
            "%(rule)s claims %(rate)s %% a year on %(day)s. The law of %(law)s "
            "(%(where)s) lets a contract fix no less than %(multiple)s times "
            "%(reference)s, %(minimum)s %% on that day. Enter at least that rate, or "
            "let the rule begin on the day of the contract.",
            rule=self.name,
            rate=f"{breach.rate:g}",
            day=format_date(self.env, breach.day),
            law=breach.law.name,
            where=breach.law.legal_source or "",
            multiple=f"{breach.law.minimum_multiple:g}",
            reference=breach.law.minimum_reference_id.name,
            minimum=f"{breach.minimum:g}",
        )
