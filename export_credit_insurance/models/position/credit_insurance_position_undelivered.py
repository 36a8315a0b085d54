from typing import NamedTuple

from odoo import api, models

from .position_presence import OF_EXPOSURE


class OpenParts(NamedTuple):
    """What is open of one order, in its own currency.

    Without what was paid for, and with tax unless the name says otherwise.
    """

    ordered: float = 0.0
    delivered: float = 0.0
    ordered_untaxed: float = 0.0
    delivered_untaxed: float = 0.0

    def delivered_share(self, is_untaxed):
        """Return which share of the open amount is delivered."""
        ordered, delivered = self.ordered, self.delivered
        if is_untaxed:
            ordered, delivered = self.ordered_untaxed, self.delivered_untaxed
        return delivered / (ordered + delivered) if ordered + delivered else 0.0


class CreditInsurancePosition(models.AbstractModel):
    _inherit = "credit.insurance.position"

    @api.model
    def _get_undelivered(self, orders):
        """Return what is open of these orders, delivered or not: {order id: OpenParts}.

        One query for what there is among the buyers and one for the amounts, for each
        company.
        """
        parts = dict.fromkeys(orders.ids, OpenParts())
        for company, group in orders.grouped("company_id").items():
            # sudo: like the exposure, whoever asks
            buyers = group.sudo().partner_invoice_id.commercial_partner_id
            query = self._query(
                company, partners=buyers, orders=group, look_for=OF_EXPOSURE
            )
            self.env.cr.execute(query.open_parts())
            for order_id, *amounts in self.env.cr.fetchall():
                parts[order_id] = OpenParts(*map(float, amounts))
        return parts
