from odoo import api, models
from odoo.fields import Domain


class CreditInsuranceBandMove(models.Model):
    _inherit = "credit.insurance.band.move"

    @api.model
    def _legal_person_domain(self):
        # EXTENDS 'decision': who trades in their own name is a natural person
        domain = super()._legal_person_domain()
        return domain & Domain("credit_sole_trader", "=", False)
