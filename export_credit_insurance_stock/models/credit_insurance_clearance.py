from odoo import api, models


class CreditInsuranceClearance(models.Model):
    _inherit = "credit.insurance.clearance"

    @api.model
    def _take_stock(self, companies):
        # EXTENDS 'export_credit_insurance': nothing was dated while nothing was checked
        result = super()._take_stock(companies)
        self.env["credit.insurance.shipment"]._date_open_documents(companies)
        return result
