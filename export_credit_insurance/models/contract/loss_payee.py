from odoo import fields, models

from ..groups import CREDIT_GROUP


class CreditInsurancePolicy(models.Model):
    _inherit = "credit.insurance.policy"

    loss_payee_id = fields.Many2one(
        "res.partner",
        string="Loss Payee",
        index="btree_not_null",
        tracking=True,
        help="Bank or factor to whom indemnities are assigned: the insurer pays it. "
        "Empty: the company itself.",
    )

    def _get_loss_payee(self, buyer):
        """Return to whom indemnities for a buyer are assigned; nobody where to us.

        What was agreed for the buyer comes before what was for the whole policy.
        """
        self.ensure_one()
        # sudo: a term of the contract, whoever works on a claim
        return buyer.commercial_partner_id.sudo().credit_loss_payee_id or (
            self.loss_payee_id
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_loss_payee_id = fields.Many2one(
        "res.partner",
        string="Loss Payee",
        copy=False,
        index="btree_not_null",
        groups=CREDIT_GROUP,
        help="Bank or factor to whom indemnities for this buyer are assigned. Empty: "
        "the policy's.",
    )
