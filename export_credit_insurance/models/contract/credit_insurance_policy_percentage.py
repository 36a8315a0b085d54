from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..reference.number_text import number_text


class CreditInsurancePolicyPercentage(models.Model):
    """An insured percentage that departs from the policy's two general ones.

    The most specific row that holds on the day of shipment wins: country, then zone,
    then neither.
    """

    _name = "credit.insurance.policy.percentage"
    _description = "Cover Percentage"
    _inherit = ["credit.insurance.policy.dated.mixin"]
    _order = "policy_id, cover_kind, cause, date_from NULLS FIRST, id"

    _policy_field = "percentage_ids"
    _scope_fields = ("cover_kind", "cause", "country_id", "zone_id")

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="cascade"
    )
    cover_kind = fields.Selection(
        [
            ("named", "Named limit"),
            ("express", "Express limit"),
            ("topup", "Top-up"),
            ("discretionary", "Discretionary Limit"),
            ("manufacturing", "Manufacturing risk"),
        ],
        required=True,
        default="named",
        help="For which kind of limit this percentage holds.",
    )
    cause = fields.Selection(
        [("commercial", "Commercial"), ("political", "Political")],
        required=True,
        default="commercial",
        help="Commercial: the buyer does not pay. Political: a state prevents it.",
    )
    country_id = fields.Many2one(
        "res.country",
        help="Only there; empty: everywhere.",
    )
    zone_id = fields.Many2one(
        "credit.insurance.zone",
        ondelete="cascade",
        help="Only in this zone; empty: everywhere.",
    )
    percentage = fields.Float(
        required=True,
        aggregator=None,
        help="Share of the loss that the insurer pays, e.g. 90.",
    )

    _place_unique = models.UniqueIndex(
        "(policy_id, cover_kind, cause, COALESCE(country_id, 0), COALESCE(zone_id, 0),"
        " COALESCE(date_from, '-infinity'::date))",
        "This policy already has a percentage for this kind of cover, cause and place "
        "from that day.",
    )

    @api.constrains("policy_id", "date_from", "date_to", *_scope_fields)
    def _check_dates(self):
        self._check_period()

    @api.constrains("percentage", "country_id", "zone_id")
    def _check_percentage(self):
        for row in self:
            if not 0 < row.percentage <= 100:
                raise ValidationError(
                    self.env._(
                        "The cover percentage %(value)s is not between 0 and 100. "
                        "Enter the share the insurer indemnifies, for example 90.",
                        value=number_text(self.env, row.percentage),
                    )
                )
            if row.country_id and row.zone_id:
                raise ValidationError(
                    self.env._(
                        "A cover percentage applies to %(country)s or to the zone "
                        "%(zone)s, not to both. Use two rows.",
                        country=row.country_id.name,
                        zone=row.zone_id.display_name,
                    )
                )
