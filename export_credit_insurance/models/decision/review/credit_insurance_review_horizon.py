from odoo import api, models
from odoo.tools import SQL


class CreditInsuranceReview(models.Model):
    """Confirmed orders whose delivery comes near: from now on they are exposure.

    Lines planned beyond the horizon use no headroom, so that others may take it
    meanwhile (DESIGN 4, *Exposure*). Nobody touches the order on the day from which
    they count: the night's review looks at it.
    """

    _inherit = "credit.insurance.review"

    @api.model
    def _notice_due_orders(self):
        """Have the orders reviewed of which lines came within the horizon.

        Only these orders, so that they compete with what was confirmed meanwhile and
        not the other way round. What was checked or reviewed since it counts gets no
        other review, however many nights the job has missed.
        """
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._credit_check_modes())
        )
        for company in companies.sudo():  # sudo: settings, whoever runs the job
            if company.credit_order_horizon_days:
                orders = self._find_due_orders(company)
                self._notice(
                    "horizon",
                    partners=orders._credit_debtor(),
                    companies=company,
                    order_ids=orders,
                )

    @api.model
    def _find_due_orders(self, company):
        """Return the confirmed orders with lines that count and were not looked at.

        A line counts from the day on that is so many days before the planned one as
        the horizon has; with its own lead time, unless the order has a delivery date.
        """
        for model in ("sale.order", "sale.order.line", self._name):
            self.env[model].flush_model()
        self.env["credit.insurance.clearance"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT o.id
                  FROM sale_order o
                  JOIN credit_insurance_clearance c ON c.order_id = o.id
                  JOIN sale_order_line line ON line.order_id = o.id
            CROSS JOIN LATERAL (SELECT (COALESCE(o.commitment_date, o.date_order
                           + LEAST(GREATEST(line.customer_lead, -36500), 36500)
                           * interval '1 day') AT TIME ZONE 'UTC'
                           AT TIME ZONE %(zone)s)::date - %(horizon)s) counts(from_day)
                 WHERE o.state = 'sale' AND o.company_id = %(company)s
                   AND o.credit_remainder_closed IS NOT TRUE
                   AND line.display_type IS NULL AND line.is_downpayment IS NOT TRUE
                   AND line.product_uom_qty > GREATEST(
                       COALESCE(line.qty_delivered, 0), COALESCE(line.qty_invoiced, 0))
                   AND counts.from_day <= %(today)s
                   AND counts.from_day >
                       (c.cleared_on AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                   AND NOT EXISTS (
                       SELECT FROM credit_insurance_review_order_rel reviewed
                         JOIN credit_insurance_review review
                           ON review.id = reviewed.review_id
                        WHERE reviewed.order_id = o.id
                          AND review.noticed_on >= counts.from_day)
                 ORDER BY o.id
                """,
                horizon=company.credit_order_horizon_days,
                company=company.id,
                today=self.env["credit.insurance.position"]._today(company),
                zone=company._credit_time_zone(company.id),
            )
        )
        return self.env["sale.order"].browse(order_id for (order_id,) in rows)
