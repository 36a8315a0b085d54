from itertools import product

from odoo import models
from odoo.exceptions import AccessError


class CreditInsuranceLimit(models.Model):
    """Discretionary limits let orders go, and we grant them: not to our own orders."""

    _inherit = "credit.insurance.limit"

    def action_validate(self):
        # EXTENDS: what a person validates goes through this method
        self._check_not_own_sale()
        return super().action_validate()

    def _check_not_own_sale(self):
        """Check that nobody validates a limit to let an order of theirs go.

        Who asks cannot grant, nor who sells (DESIGN 4): the insurer decides on other
        limits, we decide on these. Those whom the insurer takes for the same buyer use
        the limit, too.

        :raise AccessError: naming an order, where somebody else has to validate it
        """
        if self.env.su:
            return
        companies = self.policy_id.sudo().company_ids  # sudo: of all that it insures
        mates = self._groups_of(self.partner_id)
        buyers = self.partner_id.union(*mates.values())
        own = buyers._credit_own_sales(companies)
        for limit in self:
            users = mates.get(limit.partner_id, limit.partner_id)
            # sudo: as above
            for buyer, company in product(users, limit.policy_id.sudo().company_ids):
                if order := own.get((buyer, company.sudo(False))):
                    raise AccessError(
                        self.env._(
                            "You sell %(order)s to %(buyer)s, or asked for its "
                            "release: somebody else has to validate the discretionary "
                            "limit of this buyer.",
                            order=order.name,
                            buyer=buyer.display_name,
                        )
                    )
