from odoo import fields, models


class CreditInsuranceInsurer(models.Model):
    """A company that insures trade credit: a private insurer or a public agency."""

    _name = "credit.insurance.insurer"
    _description = "Credit Insurer"
    _order = "kind, name, id"

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="Short code by which imports recognise the insurer.",
    )
    kind = fields.Selection(
        [("private", "Private insurer"), ("public", "Public agency")],
        required=True,
        default="private",
        help="Public agencies cover, for the State, what the market does not take: "
        "operations of more than two years, public buyers, difficult countries.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        help="Where notices, claims and declarations are sent.",
    )
    country_id = fields.Many2one("res.country")
    website = fields.Char()
    note = fields.Html()
    active = fields.Boolean(default=True)
    policy_ids = fields.One2many("credit.insurance.policy", "insurer_id")

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another insurer already has this code."
    )
