from odoo import fields, models


class CreditInsuranceCheckRule(models.Model):
    """Where a rule holds, and what it does."""

    _inherit = "credit.insurance.check.rule"

    scope = fields.Selection(
        help="Whose orders the rule is for.",
    )
    severity = fields.Selection(
        help="Blocks: the order needs a release. Warns: it goes, and the banner says "
        "why. Ignored: nobody is told.",
    )
    zone_id = fields.Many2one(
        help="Only for buyers of this zone; empty: all. The most specific rule "
        "decides.",
    )
    band_id = fields.Many2one(
        help="Only for buyers of this risk band; empty: all. The most specific rule "
        "decides.",
    )
    sequence = fields.Integer(
        help="Where several rules fit equally well, the first one decides.",
    )
