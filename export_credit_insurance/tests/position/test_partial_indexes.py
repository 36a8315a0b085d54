from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestPartialIndexes(CreditInsuranceCommon):
    """What few order lines are is said as their index says it.

    Said otherwise, PostgreSQL would read every line that was ever sold.
    """

    def explain(self, query):
        """Return the plan of a query, were reading a whole table forbidden."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(line for (line,) in rows)

    def test_adjusted_orders_are_found_by_index(self):
        [lines, *_others] = self.position._query(self.company).adjusted_order_selects()
        self.assertIn("sale_order_line_credit_adjusting_idx", self.explain(lines))

    def test_deliveries_not_invoiced_are_found_by_index(self):
        query = self.position._query(self.company)
        delivered = query._with(
            {"rate": query.rate_cte(), **query.order_ctes()},
            SQL("SELECT * FROM order_delivered"),
        )
        self.assertIn("sale_order_line_credit_delivered_idx", self.explain(delivered))
