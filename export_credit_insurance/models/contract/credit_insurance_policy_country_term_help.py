from odoo import fields, models


class CreditInsurancePolicyCountryTerm(models.Model):
    """What the terms of a country mean."""

    _inherit = "credit.insurance.policy.country.term"

    country_id = fields.Many2one(
        help="One country, or a whole zone instead.",
    )
    zone_id = fields.Many2one(
        help="All countries of a zone that have no row of their own.",
    )
    cover_status = fields.Selection(
        help="Restricted: the insurer decides case by case. Off cover: nothing "
        "shipped there is insured.",
    )
    insured_pct_named = fields.Float(
        help="Insured percentage of buyers with a limit there. 0: as the policy says.",
    )
    insured_pct_unnamed = fields.Float(
        help="Insured percentage of buyers without a limit of their own there. 0: as "
        "the policy says.",
    )
    insured_pct_political = fields.Float(
        help="Insured percentage of losses by acts of a state there. 0: as for the "
        "buyer's default.",
    )
    max_payment_days = fields.Integer(
        help="Longest terms insured there, in days. 0: as the policy says.",
    )
    mep_days = fields.Integer(
        help="Extension period there, in days. 0: as the policy says.",
    )
