from odoo import api, fields, models
from odoo.tools import format_date

GROUP_KINDS = [
    ("domestic", "Domestic"),
    ("eu", "European Union"),
    ("other", "Other Countries"),
    ("place", "Country Schedule"),
]


class CreditInsuranceDeclarationGroup(models.Model):
    """The sum of a declaration at one rate: a row of the premium's table."""

    _name = "credit.insurance.declaration.group"
    _description = "Country Group of a Declaration"
    _order = "declaration_id, year_id, kind, rate, id"

    declaration_id = fields.Many2one(
        "credit.insurance.declaration",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="declaration_id.currency_id")
    year_id = fields.Many2one(
        "credit.insurance.policy.year",
        string="Policy Year",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The policy year whose premium it makes: of late documents their own.",
    )
    kind = fields.Selection(GROUP_KINDS, required=True, readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    zone_id = fields.Many2one("credit.insurance.zone", readonly=True)
    amount = fields.Monetary(string="Total Before Tax", readonly=True)
    excluded_amount = fields.Monetary(
        readonly=True,
        help="Sales that the policy leaves out.",
    )
    base_amount = fields.Monetary(
        string="Insurable",
        readonly=True,
        help="What the premium is counted on.",
    )
    rate = fields.Float(
        string="Rate (%)",
        digits=(16, 4),
        readonly=True,
        aggregator=None,
        help="Premium in per cent of the insurable sales.",
    )
    premium_amount = fields.Monetary(
        string="Premium",
        readonly=True,
        help="The insurable sales at this rate.",
    )

    @api.depends("kind", "country_id", "zone_id", "year_id", "declaration_id.year_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for group in self:
            place = group.country_id or group.zone_id
            name = place.display_name or kinds.get(group.kind)
            if group.year_id and group.year_id != group.declaration_id.year_id:
                name = self.env._(
                    "%(place)s, policy year from %(day)s",
                    place=name,
                    day=format_date(self.env, group.year_id.date_from),
                )
            group.display_name = name

    def _premium_by_year(self):
        """Return {policy year: premium of these groups}."""
        return {
            year: sum(groups.mapped("premium_amount"))
            for year, groups in self.grouped("year_id").items()
        }

    def action_open_lines(self):
        """Open the documents that this row sums up."""
        action = self.declaration_id.action_open_lines()
        return {**action, "domain": [("group_id", "in", self.ids)]}

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups.declaration_id._check_draft()
        return groups

    def write(self, vals):
        self.declaration_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_from_drafts_alone(self):
        self.declaration_id._check_draft()
