from odoo import api, fields, models
from odoo.tools import SQL

from ...position.position_adjustments import BILLED_AS_DELIVERED
from .address_country import country_of

# What an order is compared with its row in, when checks begin.
COMPARED = (
    "partner_id",
    "company_id",
    "currency_id",
    "amount",
    "replaced_amount",
    "gross_amount",
    "untaxed_amount",
    "delivery_country_id",
    "invoice_country_id",
    "payment_term_id",
)


class CreditInsuranceClearance(models.Model):
    """Where checks begin: what is confirmed by then counts as cleared."""

    _inherit = "credit.insurance.clearance"

    @api.model
    def _take_stock(self, companies):
        """Start checks in these companies: what is confirmed by now counts as cleared.

        Otherwise lowering an old order of a buyer beyond its limit would be refused.
        Rows of orders that were cancelled while checks were off go; those of orders
        that changed meanwhile start anew, without the figures of the old check.

        :param companies: companies in which checks have just been switched on
        """
        self.env["res.partner"].flush_model(["commercial_partner_id", "country_id"])
        self.env["sale.order.line"].flush_model()
        self.env["product.template"].flush_model(["invoice_policy"])
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM credit_insurance_clearance c
                 USING sale_order o
                 WHERE o.id = c.order_id AND o.company_id = ANY(%(companies)s)
                   AND o.state <> 'sale'
                """,
                companies=companies.ids,
            )
        )
        self._clear_confirmed(companies)
        self.invalidate_model()

    @api.model
    def _clear_confirmed(self, companies):
        """Write a row for each confirmed order, anew where the order differs."""
        names = [name for name in self._prepare_columns() if name != "order_id"]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_insurance_clearance AS c (
                    order_id, partner_id, company_id, currency_id, amount,
                    replaced_amount, gross_amount, untaxed_amount,
                    delivery_country_id, invoice_country_id,
                    payment_term_id, baseline, cleared_on, cleared_by)
                SELECT o.id, p.commercial_partner_id, o.company_id, o.currency_id,
                       COALESCE(o.amount_total, 0), 0,
                       COALESCE(o.amount_total, 0) + lowering.total,
                       COALESCE(o.amount_untaxed, 0) + lowering.untaxed,
                       %(delivery_country)s,
                       %(invoice_country)s, o.payment_term_id, TRUE, %(now)s, %(user)s
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_invoice_id
             LEFT JOIN res_partner delivery ON delivery.id = o.partner_shipping_id
             CROSS JOIN LATERAL (
                    SELECT COALESCE(-sum(sol.price_total), 0) AS total,
                           COALESCE(-sum(sol.price_subtotal), 0) AS untaxed
                      FROM sale_order_line sol
                     WHERE sol.order_id = o.id AND sol.price_total < 0
                       AND %(billed_as_delivered)s) lowering
                 WHERE o.state = 'sale' AND o.company_id = ANY(%(companies)s)
                ON CONFLICT (order_id) DO UPDATE SET %(changes)s
                  WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                # what is not inserted is NULL: the figures go
                changes=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in names
                ),
                old=SQL(", ").join(
                    SQL("COALESCE(c.replaced_amount, 0)")
                    if name == "replaced_amount"
                    else SQL.identifier("c", name)
                    for name in COMPARED
                ),
                new=SQL(", ").join(
                    SQL.identifier("excluded", name) for name in COMPARED
                ),
                companies=companies.ids,
                billed_as_delivered=BILLED_AS_DELIVERED,
                delivery_country=country_of("delivery"),
                invoice_country=country_of("p"),
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )
