from odoo import api, models

#: the buyer disputed an invoice that was due
UNFOUNDED = ("upheld", "withdrawn")


class CreditInsurancePaymentExperience(models.Model):
    _inherit = "credit.insurance.payment.experience"

    @api.model
    def _incidents(self, company, first, day):
        # EXTENDS 'export_credit_insurance': follow-up knows promises and disputes
        incidents = super()._incidents(company, first, day)
        ours = [("company_id", "=", company.id)]
        broken = self.env["credit.followup.promise"]._read_group(
            [*ours, ("state", "=", "broken"), ("date_end", ">", first)],
            ["partner_id"],
            ["__count"],
        )
        unfounded = self.env["credit.followup.dispute"]._read_group(
            [*ours, ("outcome", "in", UNFOUNDED), ("settled_on", ">", first)],
            ["partner_id"],
            ["__count"],
        )
        for kind, rows in (("promise", broken), ("dispute", unfounded)):
            for buyer, count in rows:
                buyer_id = buyer.commercial_partner_id.id
                counts = incidents[kind]
                counts[buyer_id] = counts.get(buyer_id, 0) + count
        return incidents
