from odoo import models
from odoo.exceptions import AccessError

from odoo.addons.export_credit_insurance.models.groups import CONTROLLER_GROUP


class StockLocation(models.Model):
    """Where goods of orders have gone stays a customer's place, or one of ours.

    Else they would leave as if within the warehouse, past the gate, and count as
    delivered once the location is said to be a customer's again.
    """

    _inherit = "stock.location"

    def write(self, vals):
        # EXTENDS 'stock'
        if "usage" in vals and self.env["res.company"]._credit_check_modes():
            self.filtered(
                lambda location: location.usage != vals["usage"]
                and "customer" in (location.usage, vals["usage"])
            )._check_credit_usage()
        return super().write(vals)

    def _check_credit_usage(self):
        """Check that no goods of orders that are held to credit went there.

        :raise AccessError: for all but credit control
        """
        at_work = self.env["sale.order"]._is_employee_at_work()
        if not self or not at_work or self.env.user.has_group(CONTROLLER_GROUP):
            return
        modes = self.env["res.company"]._credit_check_modes()
        # sudo: whoever keeps the locations need not read all transfers
        move = self.env["stock.move"].sudo()
        move = move.search(
            [
                ("location_dest_id", "in", self.ids),
                ("state", "=", "done"),
                ("sale_line_id", "!=", False),
                (
                    "company_id",
                    "in",
                    [id_ for id_, mode in modes.items() if not mode.observation],
                ),
            ],
            limit=1,
        )
        if move:
            raise AccessError(
                self.env._(
                    "Goods of orders have gone to %(location)s: whether that is a "
                    "customer's place decides on the buyer's credit. Make another "
                    "location, or ask credit control to change this one.",
                    location=move.location_dest_id.display_name,
                )
            )
