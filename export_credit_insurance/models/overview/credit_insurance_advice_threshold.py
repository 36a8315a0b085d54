from odoo import api, fields, models


class CreditInsuranceAdviceThreshold(models.Model):
    """A figure that the coverage advisor goes by: shown, sourced, and editable."""

    _name = "credit.insurance.advice.threshold"
    _description = "Threshold of the Coverage Advisor"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    value = fields.Float(required=True, aggregator=None)
    unit = fields.Selection(
        [
            ("amount", "Amount"),
            ("percent", "%"),
            ("count", "Number"),
            ("score", "Score"),
            ("days", "Days"),
        ],
        required=True,
        default="percent",
    )
    note = fields.Text(string="Source", translate=True)

    _code_uniq = models.Constraint(
        "unique(code)", "Another threshold has this code already."
    )
    _value_positive = models.Constraint(
        "CHECK(value >= 0)", "A threshold of the advisor cannot be negative."
    )

    @api.model
    def _values(self):
        """Return ``{code: value}``."""
        return {threshold.code: threshold.value for threshold in self.search([])}
