from odoo.tools import SQL

# What a debt of the allocation is: not an instalment (0) nor a delivery (1).
COSTS = 3


class PositionManufacturing:
    """Costs incurred for orders that have not left, where a policy insures them.

    An order that is not delivered is exposure, never covered, unless the policy covers
    the manufacturing risk, and then only what was spent on it (DOMAIN 1.15): at most
    the price of what is still to be delivered, with tax where the policy insures taxes.
    It takes its place in the limit by the day until which it was spent, and its
    percentage is its own. No security pays for what has not left.
    """

    @property
    def counts_costs(self):
        """Whether any policy insures costs.

        A scenario supposes that what is ordered has left: it has a price then.
        """
        return self.facts.has_manufacturing and not self.scenario

    def cost_debts(self):
        """The costs of each order, beside the debts."""
        if not self.counts_costs:
            return SQL()
        return SQL(
            """
            UNION ALL
            SELECT %(costs)s, spent.id, NULL, spent.id, made.partner_id,
                   made.company_id, made.currency_id, made.rate,
                   LEAST(spent.credit_costs_incurred, made.price), 1,
                   spent.credit_costs_date, spent.credit_costs_date, NULL, NULL, 0,
                   FALSE, FALSE
              FROM sale_order spent
              JOIN (SELECT order_id, partner_id, company_id, currency_id, rate,
                           sum(open_ordered_untaxed) AS price
                      FROM order_open
                     WHERE open_ordered > 0 AND NOT is_deferred AND %(not_asked)s
                     GROUP BY order_id, partner_id, company_id, currency_id, rate
                   ) made ON made.order_id = spent.id AND made.price > 0
             WHERE spent.credit_costs_incurred > 0
               AND spent.credit_costs_date <= %(day)s
            """,
            costs=COSTS,
            not_asked=self.not_asked_about(),
            day=self.day,
        )

    def insures_costs(self):
        """Whether the policy ``chosen`` for a ``debt`` insures it, if it is a cost."""
        if not self.counts_costs:
            return SQL("TRUE")
        return SQL("(debt.seq <> %s OR chosen.manufacturing_cover)", COSTS)

    def no_costs(self, source):
        """Whether a row of a source is a debt, and no cost."""
        if not self.counts_costs:
            return SQL("TRUE")
        return SQL("%s <> %s", SQL.identifier(source, "seq"), COSTS)

    def costs_last(self):
        """Money received settles debts first, whenever costs were incurred."""
        return SQL("seq = %s,", COSTS) if self.counts_costs else SQL()

    def unless_cost(self, of_cost, of_debt):
        """SQL of what holds for a cost ``owed``, else for a debt."""
        if not self.counts_costs:
            return SQL(of_debt)
        return SQL(
            "CASE WHEN owed.seq = %s THEN %s ELSE %s END",
            COSTS,
            SQL(of_cost),
            SQL(of_debt),
        )
