from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditInsuranceAdviceThreshold(models.Model):
    """A figure that the coverage advisor goes by: shown, sourced, and editable."""

    _name = "credit.insurance.advice.threshold"
    _description = "Threshold of the Coverage Advisor"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    value = fields.Float(
        string="Delivered Value",
        required=True,
        aggregator=None,
        groups="base.group_system",
        help="For companies that entered none of their own; amounts in EUR.",
    )
    own_value = fields.Float(company_dependent=True, groups="base.group_system")
    is_own = fields.Boolean(company_dependent=True, groups="base.group_system")
    company_value = fields.Float(
        string="Value",
        compute="_compute_company_value",
        inverse="_inverse_company_value",
        compute_sudo=True,
        aggregator=None,
        help="Of the active company, amounts in its currency.",
    )
    unit = fields.Selection(
        [
            ("amount", "Amount"),
            ("percent", "%"),
            ("count", "Units"),
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

    @api.depends("value", "own_value", "is_own", "unit")
    @api.depends_context("company")
    def _compute_company_value(self):
        company = self.env.company
        values = self._values_in(company, company._credit_today())
        for threshold in self:
            threshold.company_value = values[threshold]

    def _inverse_company_value(self):
        for threshold in self:
            if threshold.company_value < 0:
                raise ValidationError(
                    self.env._(
                        "%(threshold)s cannot be negative: enter 0 or more.",
                        threshold=threshold.name,
                    )
                )
            # sudo: the figure of the active company alone, others keep theirs
            threshold.sudo().write(
                {"own_value": threshold.company_value, "is_own": True}
            )

    @api.model
    def _values(self, company, day):
        """Return ``{code: value}`` for a company, amounts in its currency on a day."""
        # sudo: managers read the figures of their company, not where they come from
        thresholds = self.sudo()._known().with_company(company)
        values = thresholds._values_in(company, day)
        return {threshold.code: values[threshold] for threshold in thresholds}

    @api.model
    def _known(self):
        """Return all figures, in their order."""
        return self.search([("code", "!=", False)])

    def _values_in(self, company, day):
        """Return ``{threshold: value}``; delivered amounts are converted from EUR."""
        euro = self.env.ref("base.EUR")

        def value(threshold):
            if threshold.is_own:
                return threshold.own_value
            if threshold.unit != "amount":
                return threshold.value
            return euro._convert(threshold.value, company.currency_id, company, day)

        return {threshold: value(threshold) for threshold in self}
