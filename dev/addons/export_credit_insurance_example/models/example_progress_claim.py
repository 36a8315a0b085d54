from odoo import fields, models


class ExampleProgressClaim(models.Model):
    """Work that a buyer has accepted and that is not invoiced yet."""

    _name = "example.progress.claim"
    _description = "Progress Claim"

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True, help="Tax included.")
    amount_untaxed = fields.Monetary(required=True)
    is_invoiced = fields.Boolean(string="Invoiced")
