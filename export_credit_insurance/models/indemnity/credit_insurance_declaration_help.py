from odoo import fields, models


class CreditInsuranceDeclaration(models.Model):
    """What the figures of a declaration mean, from the turnover to the premium."""

    _inherit = "credit.insurance.declaration"

    basis = fields.Selection(
        help="What the policy asks to be told: the turnover invoiced, or what is "
        "outstanding at the end of the period.",
    )
    rate_note = fields.Char(
        help="As the policy's exchange rate says. The ledger counts each invoice at "
        "the rate of its own day: with “Today's rate”, totals differ from it.",
    )
    year_id = fields.Many2one(
        help="The policy year whose premium it makes.",
    )
    amount = fields.Monetary(
        help="All sales of the period.",
    )
    excluded_amount = fields.Monetary(
        help="Sales that the policy leaves out, each with its reason.",
    )
    base_amount = fields.Monetary(
        help="What the premium is counted on.",
    )
    premium_amount = fields.Monetary(
        help="The insurable sales, each at the rate of its country.",
    )
    premium_before = fields.Monetary(
        help="Premium of all other declarations of this policy year, also of later "
        "periods.",
    )
    minimum_premium = fields.Monetary(
        help="What the year costs at least.",
    )
    bonus_malus_pct = fields.Float(
        help="What the insurer gives back, or asks for besides, after the losses of "
        "the year before.",
    )
    fee_amount = fields.Monetary(
        help="Monitoring of limits and other fees of the period.",
    )
    fee_before = fields.Monetary(
        help="Fees of all other declarations of this policy year, also of later "
        "periods.",
    )
    tax_amount = fields.Monetary(
        help="Insurance tax on premium and fees.",
    )
    brought_up_on = fields.Datetime(
        help="When sales were last read from the books.",
    )
    corrects_id = fields.Many2one(
        help="The declaration that this one replaces.",
    )
    bonus_malus_amount = fields.Monetary(
        help="What the insurer gives back, or asks for besides, in the policy's "
        "currency.",
    )
