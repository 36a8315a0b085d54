from datetime import timedelta

from odoo import api, models

from .credit_insurance_limit import GRANTED_STATES, OPEN_STATES


class CreditInsuranceLimit(models.Model):
    """Since when the insurer grants less than it did."""

    _inherit = "credit.insurance.limit"

    @api.model
    def _get_cuts(self, partners, date, company):
        """Return the first day of the lower limit: ``{commercial partner: day}``.

        Of the latest reduction, or cancellation by the insurer, under a policy that
        covers the company on a day. One that is announced counts at once; one after
        which as much was granted again counts no more, and one that we asked for
        never. Buyers that share a number with the insurer share it. Constant queries.

        :param partners: buyers, or contacts of them
        :param date: the day on which the policies are asked for
        :param company: the company that sells
        """
        buyers = partners.commercial_partner_id
        policies = self.env["credit.insurance.policy"]._covering(company, date)
        cuts = {}
        if not buyers or not policies:
            return cuts
        for (_policy, buyer), lines in self._lines_of(policies, buyers).items():
            for line in lines:
                if (
                    line._is_cut()
                    and not line._is_asked_for(lines)
                    and not line._is_granted_again(lines)
                ):
                    day = line.date_to + timedelta(days=1)
                    cuts[buyer] = max(day, cuts.get(buyer, day))
        return cuts

    def _is_cut(self):
        """Whether the insurer ended this line for less, or for nothing."""
        self.ensure_one()
        by_insurer = self.state == "cancelled" and self.cancelled_by == "insurer"
        return bool(self.date_to) and (self.state == "reduced" or by_insurer)

    def _is_asked_for(self, lines):
        """Whether the line that follows is the reduction that the exporter asked for.

        One to less than what was asked for is the insurer's.
        """
        return any(
            line.date_from == self.date_to + timedelta(days=1)
            and line.currency_id == self.currency_id
            and line.state in GRANTED_STATES
            and line.request_type == "reduce"
            and 0 < line.requested_amount <= line.amount
            and (line.previous_id == self or line.kind == self.kind)
            for line in lines
        )

    def _is_granted_again(self, lines):
        """Whether a later line of its kind grants as much."""
        return any(
            line.kind == self.kind
            and line.currency_id == self.currency_id
            and line.state in OPEN_STATES
            and line.date_from > self.date_to
            and line.amount >= self.amount
            for line in lines
        )
