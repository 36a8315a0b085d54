from odoo import models
from odoo.tools import format_date


class CreditInsuranceCheck(models.AbstractModel):
    """The finding of buyers without a limit: there never was one, we gave it up, or the
    insurer has not answered yet.
    """

    _inherit = "credit.insurance.check"

    def _find_no_limit(self, case, rule):
        if not self._lacks_limit(case, "no_limit"):
            return None
        uncovered = case.currency.format(case.prepayment)
        buyer = case.debtor.display_name
        if case.position.limit_state == "requested":
            return (
                case.missing,
                self._tell_request(case, uncovered),
                self.env._(
                    "Await or chase the insurer's answer, or agree on prepayment of "
                    "%(missing)s.",
                    missing=uncovered,
                ),
            )
        message = self.env._(
            "No credit limit is in force for %(buyer)s: %(missing)s would be at our "
            "own risk.",
            buyer=buyer,
            missing=uncovered,
        )
        if case.position.limit_state == "ended":
            message = self.env._(
                "The limit of %(buyer)s was cancelled at our own request: %(missing)s "
                "would be at our own risk.",
                buyer=buyer,
                missing=uncovered,
            )
        return (
            case.missing,
            message,
            self.env._(
                "Ask the insurer for a limit, or agree on prepayment of %(missing)s.",
                missing=uncovered,
            ),
        )

    def _tell_request(self, case, uncovered):
        """Say what the insurer was asked for and when, where that is known."""
        buyer = case.debtor.display_name
        # sudo: the salesperson may not read limits; the finding is for them, too
        lines = case.debtor.sudo().insured_limit_line_ids
        asked = lines.filtered(
            lambda line: line.state == "requested"
            and line.policy_id == case.position.policy
            and line.request_date
        ).sorted("id")[-1:]
        if not asked:
            return self.env._(
                "The insurer has not answered the request for a limit of %(buyer)s "
                "yet: %(missing)s would be at our own risk.",
                buyer=buyer,
                missing=uncovered,
            )
        return self.env._(
            "A request for %(amount)s for %(buyer)s has been with the insurer since "
            "%(day)s: until it answers, %(missing)s would be at our own risk.",
            amount=asked.currency_id.format(asked.requested_amount),
            buyer=buyer,
            day=format_date(self.env, asked.request_date),
            missing=uncovered,
        )
