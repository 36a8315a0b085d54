from odoo import api, fields, models

#: what a row of assumptions gives to a calculation
ASSUMED = (
    "recovered_tax",
    "recovered_goods",
    "legal_share",
    "legal_fixed",
    "financing_rate",
    "margin",
)


class CreditInsuranceDefaultAssumption(models.Model):
    """What a default is assumed to cost in a zone; without a zone: everywhere else.

    A company's own rows, its general one too, win over the delivered ones: who enters
    figures for all zones expects them to count in all zones.
    """

    _name = "credit.insurance.default.assumption"
    _description = "Assumptions on the Cost of a Default"
    _order = "zone_id, id"
    _rec_name = "zone_id"

    zone_id = fields.Many2one(
        "credit.insurance.zone",
        ondelete="cascade",
        help="Empty: all zones without a row of their own. Your company's row for all"
        " zones is used before the delivered row of a zone.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: delivered with the add-on and never changed. For other figures add"
        " a row for your company, with the zone or for all zones: it is used instead.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    recovered_tax = fields.Float(
        "VAT Recovered", help="Share of the invoices' VAT that the state gives back."
    )
    recovered_goods = fields.Float(
        help="Share of the untaxed amount that comes back as goods."
    )
    legal_share = fields.Float(
        "Legal Costs", help="Lawyers and courts abroad, share of the amount at risk."
    )
    legal_fixed = fields.Monetary("Legal Costs, at Least")
    financing_rate = fields.Float(
        help="Interest a year on the indemnity until it is paid."
    )
    margin = fields.Float(help="Of the sales, to work out how much more must be sold.")

    _zone_uniq = models.UniqueIndex(
        "(COALESCE(zone_id, 0), COALESCE(company_id, 0))",
        "This zone has assumptions already: change them.",
    )
    _shares = models.Constraint(
        """CHECK(recovered_tax BETWEEN 0 AND 1 AND recovered_goods BETWEEN 0 AND 1
            AND legal_share BETWEEN 0 AND 1 AND legal_fixed >= 0
            AND financing_rate BETWEEN 0 AND 1 AND margin BETWEEN 0 AND 1)""",
        "Shares go from 0 to 100 %, and costs are not negative.",
    )

    @api.model
    def _by_zone(self, zones, company):
        """Return ``{zone: row}``, the empty zone among them.

        The company's row of the zone, its general one, the delivered row of the zone,
        the delivered general one; empty without any.
        """
        rows = self.search(
            [
                ("zone_id", "in", [*zones.ids, False]),
                ("company_id", "in", [company.id, False]),
            ]
        ).sorted(lambda row: (not row.company_id, not row.zone_id))
        found = {}
        for zone in (zones.browse(), *zones):
            ids = {zone.id, False}
            found[zone] = next((row for row in rows if row.zone_id.id in ids), rows[:0])
        return found
