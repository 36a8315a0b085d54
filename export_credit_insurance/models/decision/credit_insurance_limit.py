from odoo import models
from odoo.exceptions import AccessError


class CreditInsuranceLimit(models.Model):
    """Discretionary limits let orders go, and we grant them: not to our own orders."""

    _inherit = "credit.insurance.limit"

    def action_validate(self):
        # EXTENDS: the contract
        self._check_not_own_sale()
        return super().action_validate()

    def _check_not_own_sale(self):
        """Check that nobody validates a limit to let an order of theirs go.

        Who asks cannot grant, nor who sells (DESIGN 4): the insurer decides on other
        limits, we decide on these.

        :raise AccessError: naming an order, where somebody else has to validate it
        """
        if self.env.su:
            return
        companies = self.policy_id.sudo().company_ids  # sudo: of all that it insures
        own = self.partner_id._credit_own_sales(companies)
        for limit in self:
            for company in limit.policy_id.sudo().company_ids:  # sudo: as above
                order = own.get((limit.partner_id, company.sudo(False)))
                if order:
                    raise AccessError(
                        self.env._(
                            "You sell %(order)s to %(buyer)s, or asked for its "
                            "release: somebody else has to validate the discretionary "
                            "limit of this buyer.",
                            order=order.name,
                            buyer=limit.partner_id.display_name,
                        )
                    )
