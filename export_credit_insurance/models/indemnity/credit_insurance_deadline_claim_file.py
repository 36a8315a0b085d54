from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import claim_file
from .account_move_claim_file import CLAIM_FILE_STATES


class CreditInsuranceDeadline(models.Model):
    _inherit = "credit.insurance.deadline"

    claim_file_state = fields.Selection(
        CLAIM_FILE_STATES,
        string="Claim File",
        compute="_compute_claim_file_state",
        search="_search_claim_file_state",
        help="Whether what the insurer asks for with a claim is there.",
    )

    @api.depends("move_id")
    def _compute_claim_file_state(self):
        # sudo: what is there, for credit users who read no invoices
        for row in self.sudo():
            row.claim_file_state = row.move_id.claim_file_state

    def _search_claim_file_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        claim_file.flush(self.env)
        return Domain.custom(
            to_sql=lambda model, alias, query: claim_file.state_condition(
                SQL.identifier(alias, "move_id"), value
            )
        )

    def action_credit_evidence_pack(self):
        """Download what proves these instalments' invoices, as one ZIP."""
        return self.move_id.action_credit_evidence_pack()
