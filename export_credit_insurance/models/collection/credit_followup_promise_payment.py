from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditFollowupPromisePayment(models.Model):
    """One amount promised for one day."""

    _name = "credit.followup.promise.payment"
    _description = "Promised Payment"
    _order = "date, id"
    _rec_name = "date"

    promise_id = fields.Many2one(
        "credit.followup.promise", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="promise_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promised payment must be positive."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        self._check_draft()

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._check_draft()
        return payments

    def write(self, vals):
        self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        if not self.env.su and self.promise_id.filtered(lambda p: p.state != "draft"):
            raise UserError(
                self.env._("This promise has begun and stays as it was given.")
            )
