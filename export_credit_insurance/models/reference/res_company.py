import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..groups import CREDIT_GROUP


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_weight_country = fields.Float(
        string="Weight of Country Risk",
        default=40.0,
        groups=CREDIT_GROUP,
        help="Weight in the risk grid; a criterion nobody rated is left out.",
    )
    credit_weight_agency = fields.Float(
        string="Weight of Agencies' Scores",
        default=35.0,
        groups=CREDIT_GROUP,
    )
    credit_weight_payment = fields.Float(
        string="Weight of Payment Behaviour",
        default=25.0,
        groups=CREDIT_GROUP,
    )
    credit_weight_sector = fields.Float(
        string="Weight of Sector Risk",
        default=10.0,
        groups=CREDIT_GROUP,
    )
    credit_person_score_months = fields.Integer(
        string="Scores of Persons Kept (months)",
        default=36,
        groups=CREDIT_GROUP,
        help="Scores of natural persons are personal data: older ones are deleted.",
    )
    _credit_person_score_positive = models.Constraint(
        "CHECK(credit_person_score_months > 0)",
        "Scores of persons are kept for a month, at least.",
    )
    credit_high_income_best = fields.Boolean(
        string="High-income Countries Score 100",
        default=True,
        groups=CREDIT_GROUP,
        help="OECD does not classify high-income countries: count them as the best"
        " ones. Otherwise their country risk is left out of the grid.",
    )

    credit_governing_law_id = fields.Many2one(
        "res.country",
        string="Governing Law of Contracts",
        groups=CREDIT_GROUP,  # read with the company: confirmations ask for it
        help="The country whose law our contracts name. Empty: the company's own.",
    )

    @api.constrains(
        "credit_weight_country",
        "credit_weight_agency",
        "credit_weight_payment",
        "credit_weight_sector",
    )
    def _check_credit_weights(self):
        # sudo: the check holds for all users, whatever they may read
        for company in self.sudo():
            weights = company._credit_weights().values()
            if min(weights) < 0:
                raise ValidationError(
                    self.env._(
                        "The weights of the risk grid cannot be negative: enter 0 to"
                        " leave a criterion out."
                    )
                )

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if any(name.startswith(("credit_weight_", "credit_high_")) for name in vals):
            self.env["res.partner"]._forget_credit_scores()
        if {"country_id", "partner_id"} & vals.keys():
            self.env["credit.insurance.zone"]._forget_zone_map()
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return result

    def _credit_weights(self):
        """Return the weight of each criterion of the risk grid."""
        self.ensure_one()
        return {
            "country": self.credit_weight_country,
            "agency": self.credit_weight_agency,
            "payment": self.credit_weight_payment,
            "sector": self.credit_weight_sector,
        }

    def _credit_law(self, buyer, chosen=None):
        """Return the country whose law governs a contract with a buyer.

        :param chosen: the law that the order names, which goes before the buyer's
        """
        self.ensure_one()
        if chosen:
            return chosen
        # sudo: the law of a contract is known to both its parties
        company, buyer = self.sudo(), buyer.sudo()
        return (
            buyer.credit_governing_law_id
            or company.credit_governing_law_id
            or company.country_id
        )

    def _credit_today(self):
        """Return today's date in the company's time zone."""
        return self._credit_day_of(fields.Datetime.now())

    def _credit_day_of(self, moment):
        """Return the day of a moment in the company's time zone, False without one.

        :param moment: datetime as the database has it, in UTC
        """
        self.ensure_one()
        if not moment:
            return False
        # not by Datetime.context_timestamp: each context is an environment of its own
        zone = pytz.timezone(self._credit_time_zone(self.id))
        return pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    @ormcache("company_id")
    def _credit_time_zone(self, company_id):
        # sudo: whoever works for the company may know what day it is there
        name = self.sudo().browse(company_id).partner_id.tz
        return name if name in pytz.all_timezones_set else "UTC"
