from odoo import api, models
from odoo.tools import SQL

from .position_money import PositionMoney


class CreditInsurancePosition(models.AbstractModel):
    """What came in online for orders, whether it is open in the books or not."""

    _inherit = "credit.insurance.position"

    @api.model
    def _get_order_money(self, orders):
        """Return {(order id, payer's id, currency id): amount in this currency}.

        What was given back or the books matched with other debts is left out. The
        payer is a commercial partner.
        """
        self._flush_sources()
        query = PositionMoney().received_select(SQL("%s", orders.ids))
        self.env.cr.execute(query)
        return {tuple(key): float(amount) for *key, amount in self.env.cr.fetchall()}
