from odoo import api, fields, models

from .late_interest import RateTable


class CreditFollowupReferenceRate(models.Model):
    """A central bank's rate that late-payment laws refer to."""

    _name = "credit.followup.reference.rate"
    _description = "Reference Rate of Late-Payment Interest"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    source = fields.Char(help="Where the central bank publishes it.")
    value_ids = fields.One2many(
        "credit.followup.reference.rate.value", "reference_id", string="Values"
    )
    current_rate = fields.Float(
        string="Rate Today (%)", digits=(16, 4), compute="_compute_current_rate"
    )

    _code_uniq = models.Constraint(
        "unique(code)", "Another reference rate has this code already."
    )

    @api.depends("value_ids.rate", "value_ids.date_from")
    def _compute_current_rate(self):
        today = fields.Date.context_today(self)
        for reference in self:
            reference.current_rate = reference._rate_table().on(today) or 0.0

    def _rate_table(self):
        """Return the values with their first days."""
        self.ensure_one()
        return RateTable(
            [
                (value.date_from, value.rate)
                for value in self.value_ids
                if value.date_from
            ]
        )


class CreditFollowupReferenceRateValue(models.Model):
    """The rate from a day on; users add what central banks decide."""

    _name = "credit.followup.reference.rate.value"
    _description = "Value of a Reference Rate"
    _order = "reference_id, date_from desc"
    _rec_name = "date_from"

    reference_id = fields.Many2one(
        "credit.followup.reference.rate", required=True, index=True, ondelete="cascade"
    )
    date_from = fields.Date(string="From", required=True)
    rate = fields.Float(string="Rate (%)", digits=(16, 4), required=True)

    _one_per_day = models.Constraint(
        "unique(reference_id, date_from)",
        "This reference rate has a value from this day on already.",
    )
