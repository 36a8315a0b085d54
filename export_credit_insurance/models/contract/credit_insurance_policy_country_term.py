from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..reference.number_text import number_text


class CreditInsurancePolicyCountryTerm(models.Model):
    """A row of the policy's country schedule, for one country or one zone.

    A figure left at 0 is as the policy says.
    """

    _name = "credit.insurance.policy.country.term"
    _description = "Country Terms of a Policy"
    _inherit = ["credit.insurance.policy.dated.mixin"]
    _order = "policy_id, country_id, zone_id, date_from NULLS FIRST, id"

    _policy_field = "country_term_ids"
    _scope_fields = ("country_id", "zone_id")

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    country_id = fields.Many2one(
        "res.country",
        help="One country, or a whole zone instead.",
    )
    zone_id = fields.Many2one(
        "credit.insurance.zone",
        ondelete="cascade",
        help="All countries of a zone that have no row of their own.",
    )
    cover_status = fields.Selection(
        [
            ("covered", "Covered"),
            ("restricted", "Restricted"),
            ("off_cover", "Off Cover"),
        ],
        required=True,
        default="covered",
        help="Restricted: the insurer decides case by case. Off cover: nothing "
        "shipped there is insured.",
    )
    insured_pct_named = fields.Float(
        string="Named (%)",
        aggregator=None,
        help="Insured percentage of buyers with a limit there. 0: as the policy says.",
    )
    insured_pct_unnamed = fields.Float(
        string="Unnamed (%)",
        aggregator=None,
        help="Insured percentage of buyers without a limit of their own there. 0: as "
        "the policy says.",
    )
    insured_pct_political = fields.Float(
        string="Political (%)",
        aggregator=None,
        help="Insured percentage of losses by acts of a state there. 0: as for the "
        "buyer's default.",
    )
    max_payment_days = fields.Integer(
        string="Maximum Terms",
        aggregator=None,
        help="Longest terms insured there, in days. 0: as the policy says.",
    )
    mep_days = fields.Integer(
        string="Maximum Extension",
        aggregator=None,
        help="Extension period there, in days. 0: as the policy says.",
    )
    premium_rate = fields.Float(
        string="Premium (%)",
        digits=(16, 4),
        aggregator=None,
        help="Share of the insurable turnover, in per cent.",
    )

    _place_unique = models.UniqueIndex(
        "(policy_id, COALESCE(country_id, 0), COALESCE(zone_id, 0),"
        " COALESCE(date_from, '-infinity'::date))",
        "This policy already has terms for this country or zone from that day.",
    )

    @api.constrains("policy_id", "date_from", "date_to", *_scope_fields)
    def _check_dates(self):
        self._check_period()

    @api.constrains("policy_id", "country_id", "zone_id")
    def _check_place(self):
        for term in self:
            if bool(term.country_id) == bool(term.zone_id):
                raise ValidationError(
                    self.env._(
                        "Country terms of policy %(policy)s are for one country or "
                        "for one zone. Choose exactly one of them.",
                        policy=term.policy_id.display_name,
                    )
                )

    @api.constrains(
        "insured_pct_named",
        "insured_pct_unnamed",
        "insured_pct_political",
        "premium_rate",
        "max_payment_days",
        "mep_days",
    )
    def _check_figures(self):
        percentages = (
            "insured_pct_named",
            "insured_pct_unnamed",
            "insured_pct_political",
            "premium_rate",
        )
        for term in self:
            for name in (*percentages, "max_payment_days", "mep_days"):
                if term[name] < 0 or (name in percentages and term[name] > 100):
                    raise ValidationError(
                        self.env._(
                            "%(field)s cannot be %(value)s for %(place)s: enter 0 to "
                            "keep what the policy says, or a percentage up to 100, "
                            "or a number of days.",
                            field=term._fields[name]._description_string(self.env),
                            value=number_text(self.env, term[name]),
                            place=(term.country_id or term.zone_id).display_name,
                        )
                    )
