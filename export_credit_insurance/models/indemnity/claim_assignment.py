"""An invoice sold without recourse and a claim on it exclude each other."""

from odoo import api, models
from odoo.exceptions import ValidationError

from .credit_insurance_claim import CLAIM_OVER


class CreditInsuranceClaimLine(models.Model):
    _inherit = "credit.insurance.claim.line"

    @api.constrains("move_line_id")
    def _check_not_sold(self):
        # sudo: a fact of the instalment, for controllers who read no invoices
        for line in self.sudo():
            if line.move_line_id.credit_not_exposure:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is sold to a factor without recourse: the loss is "
                        "the factor's to claim. Leave it out.",
                        invoice=line.move_id.name,
                    )
                )


class CreditInsuranceAssignment(models.Model):
    _inherit = "credit.insurance.assignment"

    @api.constrains("move_id", "recourse", "date_end")
    def _check_not_claimed(self):
        outright = self.filtered(
            lambda sale: sale.recourse == "without" and not sale.date_end
        )
        # sudo: whether it is claimed, also in a claim that is not in view
        lines = (
            self.env["credit.insurance.claim.line"]
            .sudo()
            .search(
                [
                    ("move_line_id.move_id", "in", outright.move_id.ids),
                    ("state", "not in", CLAIM_OVER),
                ],
                limit=1,
            )
        )
        if lines:
            raise ValidationError(
                self.env._(
                    "%(invoice)s is in claim %(claim)s: an invoice that is sold "
                    "without recourse cannot be claimed. Take it out first.",
                    invoice=lines.move_id.name,
                    claim=lines.claim_id.display_name,
                )
            )
