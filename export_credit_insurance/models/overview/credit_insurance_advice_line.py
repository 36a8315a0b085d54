from odoo import fields, models


class CreditInsuranceAdviceLine(models.Model):
    """One kind of contract or security as the advisor judges it."""

    _name = "credit.insurance.advice.line"
    _description = "Line of a Coverage Advice"
    _order = "advice_id, sequence, id"

    advice_id = fields.Many2one(
        "credit.insurance.advice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="advice_id.company_id", store=True)
    currency_id = fields.Many2one(related="advice_id.currency_id")
    sequence = fields.Integer()
    kind = fields.Selection(
        [
            ("single", "Single transaction"),
            ("simplified", "Simplified contract"),
            ("buyer", "Named buyers"),
            ("country", "Named countries"),
            ("global", "Whole turnover"),
            ("public", "Public cover"),
            ("letter_of_credit", "Letters of Credit"),
            ("guarantee", "Bank guarantees"),
        ],
        required=True,
    )
    verdict = fields.Selection(
        [
            ("recommended", "Recommended"),
            ("possible", "Possible"),
            ("unsuitable", "Unsuitable"),
        ],
        required=True,
    )
    reason = fields.Text()
    turnover = fields.Monetary(help="Untaxed sales of twelve months it would cover.")
    cost = fields.Monetary(
        string="Cost a Year", help="At the rates entered with the thresholds."
    )


class CreditInsuranceAdviceGap(models.Model):
    """A destination that private insurers refuse, and what to do there."""

    _name = "credit.insurance.advice.gap"
    _description = "Gap in Private Cover"
    _order = "advice_id, turnover desc, id"

    advice_id = fields.Many2one(
        "credit.insurance.advice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="advice_id.company_id", store=True)
    currency_id = fields.Many2one(related="advice_id.currency_id")
    country_id = fields.Many2one("res.country", required=True)
    turnover = fields.Monetary()
    reason = fields.Text()
    remedy = fields.Text()
