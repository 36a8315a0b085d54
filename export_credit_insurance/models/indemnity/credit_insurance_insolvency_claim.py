from odoo import models


class CreditInsuranceInsolvency(models.Model):
    """An insolvent buyer's debts are claimed without a waiting period."""

    _inherit = "credit.insurance.insolvency"

    def action_prepare_claims(self):
        """Draft the claims of all that these buyers owe the active company.

        :raise UserError: if nothing insured is open
        """
        claims = self.env["credit.insurance.claim"]
        return claims._open_prepared(claims._prepare(self.partner_id, self.env.company))
