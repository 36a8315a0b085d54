from odoo import fields, models


class CreditInsuranceReleaseAuthority(models.Model):
    """Whom an authority is for, and where it holds."""

    _inherit = "credit.insurance.release.authority"

    user_id = fields.Many2one(
        help="Who may release up to the amounts of this row.",
    )
    zone_id = fields.Many2one(
        help="Only for buyers of this zone; empty: all.",
    )
    band_id = fields.Many2one(
        help="Only for buyers of this risk band; empty: all.",
    )
