from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CreditInsuranceInsolvencyTaskRule(models.Model):
    """What a country's law asks of creditors once proceedings are opened, and by when.

    Delays are in months of the calendar and days; they are dated data, each with its
    source. The day is prudent: it is not moved to the next working day, although some
    laws do.
    """

    _name = "credit.insurance.insolvency.task.rule"
    _description = "Task of Creditors in an Insolvency"
    _order = "country_id, sequence, id"

    name = fields.Char(string="Task", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one("res.country", required=True, index=True)
    creditor = fields.Selection(
        [
            ("any", "Any Creditor"),
            ("domestic", "Creditor in the Same Country"),
            ("abroad", "Creditor Abroad"),
        ],
        required=True,
        default="any",
    )
    base = fields.Selection(
        [
            ("publication", "Publication of the Judgment"),
            ("judgment", "Judgment"),
        ],
        string="Counted From",
        required=True,
        default="publication",
    )
    months = fields.Integer(aggregator=None)
    days = fields.Integer(aggregator=None)
    date_from = fields.Date(
        string="In Force Since", help="Proceedings opened from this day on. Empty: all."
    )
    date_to = fields.Date(string="In Force Until")
    source = fields.Char(required=True, help="The article of the law.")

    _delay_positive = models.Constraint(
        "CHECK (months >= 0 AND days >= 0 AND months + days > 0)",
        "A delay has at least one day.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_to >= date_from)",
        "A rule cannot end before it begins.",
    )

    @api.model
    def _rules_for(self, country, creditor_country, day):
        """Return the rules for proceedings opened in a country on a day.

        :param creditor_country: where the creditor has its seat
        """
        kind = "domestic" if country == creditor_country else "abroad"
        return self.search(
            Domain("country_id", "=", country.id)
            & Domain("creditor", "in", ("any", kind))
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _deadline(self, start):
        """Return the last day: the same day of the later month, or that month's last.

        31 December and two months are 28 or 29 February (so reads article 641 of the
        French code of civil procedure, too).
        """
        self.ensure_one()
        return start + relativedelta(months=self.months, days=self.days)
