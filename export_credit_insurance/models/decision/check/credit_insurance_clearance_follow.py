from odoo import api, models
from odoo.tools import SQL

from .address_country import country_of


class CreditInsuranceClearance(models.Model):
    """Clearances follow orders whose buyer or addresses changed by themselves.

    The gate compares an order with its clearance and refuses what differs. Here nothing
    can be refused, it has happened: so the row follows, and where the new buyer has no
    room a hold says that this is not allowed. Otherwise the next edit, be it to deliver
    less, would be refused for a change that nobody made with it.
    """

    _inherit = "credit.insurance.clearance"

    @api.model
    def _follow(self, orders, allowed=True):
        """Let debtor and countries of these clearances be what they are by now.

        Figures and findings stay those of the check that they came from; what enlarges
        the order is checked as ever, and by the new debtor's position.

        :param allowed: False where the new debtor has no room: nothing of the order is
            allowed until its hold is released
        """
        if not orders:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE credit_insurance_clearance c
                   SET partner_id = invoice.commercial_partner_id,
                       invoice_country_id = %s,
                       delivery_country_id = %s %s
                  FROM sale_order o
                  JOIN res_partner invoice ON invoice.id = o.partner_invoice_id
                  JOIN res_partner delivery ON delivery.id = o.partner_shipping_id
                 WHERE o.id = c.order_id AND o.id = ANY(%s)
                """,
                country_of("invoice"),
                country_of("delivery"),
                SQL() if allowed else self._nothing_allowed(),
                orders.ids,
            )
        )
        self.invalidate_model()

    @api.model
    def _nothing_allowed(self):
        """Return what an update sets besides: the total stays, all of it on hold."""
        return SQL(
            """,
            amount = 0, replaced_amount = 0,
            unallowed_amount = c.amount - COALESCE(c.replaced_amount, 0)
                               + COALESCE(c.unallowed_amount, 0)
            """
        )
