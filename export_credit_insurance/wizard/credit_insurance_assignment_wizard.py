from odoo import fields, models
from odoo.exceptions import UserError

from ..models.ledger.credit_insurance_assignment import RECOURSES


class CreditInsuranceAssignmentWizard(models.TransientModel):
    """Record that several invoices were sold to a factor on one schedule."""

    _name = "credit.insurance.assignment.wizard"
    _description = "Record a Sale to a Factor"

    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        required=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('state', '=', 'posted')]",
    )
    factor_id = fields.Many2one("res.partner", string="Factor", required=True)
    recourse = fields.Selection(RECOURSES, required=True, default="with")
    date = fields.Date(
        string="Sold On",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    reference = fields.Char(help="Number of the factor's schedule or statement.")

    def action_record(self):
        """Record one sale per invoice; all of them or none.

        :raise UserError: naming the invoices that are sold already
        """
        self.ensure_one()
        sales = self.env["credit.insurance.assignment"]
        sold = sales._get_factors(self.move_ids)
        if sold:
            # sudo: their numbers, for controllers who read no invoices
            names = self.env["account.move"].union(*sold).sudo().mapped("name")
            raise UserError(
                self.env._(
                    "Sold already: %s. Record first that they were handed back, or "
                    "leave them out.",
                    ", ".join(names),
                )
            )
        sales.create(
            [
                {
                    "move_id": move.id,
                    "factor_id": self.factor_id.id,
                    "recourse": self.recourse,
                    "date": self.date,
                    "reference": self.reference,
                }
                for move in self.move_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}
