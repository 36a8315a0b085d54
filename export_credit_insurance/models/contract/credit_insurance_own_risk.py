from odoo import fields, models


class CreditInsuranceOwnRisk(models.Model):
    """An amount we accept to owe to nobody but ourselves, signed by its author."""

    _name = "credit.insurance.own.risk"
    _description = "Own Risk"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, aggregator=None, tracking=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(tracking=True)
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    reason = fields.Text(required=True)
