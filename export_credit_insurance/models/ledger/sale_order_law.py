from odoo import fields, models


class SaleOrder(models.Model):
    """The law that one order names, where it is not that of the buyer's contracts."""

    _inherit = "sale.order"

    credit_governing_law_id = fields.Many2one(
        "res.country",
        string="Governing Law",
        index="btree_not_null",
        copy=False,  # who copies an order need not be allowed to write it
        groups="export_credit_insurance.group_credit_user",
        help="The country whose law this order names: late-payment interest, fixed "
        "fees and the longest terms follow it. Empty: that of the buyer's contracts.",
    )

    def _credit_chosen_law(self):
        """Return the law that this order names, if any."""
        self.ensure_one()
        return self.sudo().credit_governing_law_id  # sudo: both parties know it
