from odoo import models


class CreditInsuranceCheck(models.AbstractModel):
    """What the law of the contract says of an order's payment terms."""

    _inherit = "credit.insurance.check"

    def _find_terms_illegal(self, case, rule):
        """Find terms beyond the ceiling that protects creditors (DOMAIN 3.3).

        Between businesses alone. It warns: a fine threatens the debtor's side or the
        seller's, but the sale stands and the insurer pays.
        """
        day = case.position.day
        company = case.order.company_id
        warning = case.payment_term._credit_law_warning(
            company, case.debtor, day, case.order
        )
        if not warning:
            return None
        return (
            case.added,
            warning,
            self.env._(
                "Agree on shorter terms, or have the law of the contract checked."
            ),
        )
