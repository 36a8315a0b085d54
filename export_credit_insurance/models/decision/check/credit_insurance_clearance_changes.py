from odoo import api, models
from odoo.tools import SQL


class CreditInsuranceClearance(models.Model):
    """Clearances keep up with orders that change after they were cleared.

    Orders that shrink, whose goods are exchanged, that grow in the background, whose
    terms change harmlessly: each is one statement, with the orders locked first.
    """

    _inherit = "credit.insurance.clearance"

    @api.model
    def _lock_query(self, order_ids):
        """Lock the orders before their clearances, as the check in full does.

        Their own changes may still be pending: two people who change one order would
        otherwise wait for each other.
        """
        return SQL(
            """
            locked AS MATERIALIZED (
                SELECT id AS order_id FROM sale_order
                 WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
            """,
            sorted(order_ids),
        )

    @api.model
    def _lower(self, measures):
        """Let the amounts follow orders that shrank, without a check.

        An order that grows back is checked again.

        :param measures: {order: what it comes to now}
        """
        if not measures:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c
                   SET amount = LEAST(
                           c.amount - COALESCE(c.replaced_amount, 0), n.amount),
                       unallowed_amount = GREATEST(
                           n.amount - (c.amount - COALESCE(c.replaced_amount, 0)), 0),
                       gross_amount = LEAST(c.gross_amount, n.gross),
                       untaxed_amount = LEAST(c.untaxed_amount, n.untaxed),
                       replaced_amount = 0
                  FROM (%s) n
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
                """,
                self._lock_query([order.id for order in measures]),
                self._measures_rows(measures),
            )
        )
        self.invalidate_model()

    @api.model
    def _measures_rows(self, measures):
        """Return {order: its measures} as the rows of a query."""
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::numeric[], %s::numeric[],"
            " %s::numeric[]) AS rows(order_id, amount, gross, untaxed)",
            [order.id for order in measures],
            *(list(column) for column in zip(*measures.values(), strict=True)),
        )

    @api.model
    def _suspend(self, measures):
        """Note what orders have grown to although it is not allowed.

        :param measures: {order: what it comes to now}
        """
        if not measures:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c
                   SET unallowed_amount = GREATEST(
                           n.amount - (c.amount - COALESCE(c.replaced_amount, 0)), 0),
                       gross_amount = n.gross, untaxed_amount = n.untaxed
                  FROM (%s) n
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
                """,
                self._lock_query([order.id for order in measures]),
                self._measures_rows(measures),
            )
        )
        self.invalidate_model()

    @api.model
    def _get_amounts(self, orders):
        """Return {order id: amount cleared} of those that were."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT order_id, amount
                      FROM credit_insurance_clearance
                     WHERE order_id = ANY(%s)
                    """,
                    orders.ids,
                )
            )
        )

    @api.model
    def _replace(self, amounts):
        """Note what was taken out of orders although it is delivered or invoiced.

        What the gate has already lowered an amount by is not taken off twice.

        :param amounts: {order id: (what was taken out, amount cleared before)}
        """
        if not amounts:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c
                   SET replaced_amount = COALESCE(c.replaced_amount, 0)
                       + GREATEST(n.replaced - GREATEST(n.cleared - c.amount, 0), 0),
                       settled_amount = COALESCE(c.settled_amount, 0) + n.replaced
                  FROM unnest(%s::int[], %s::numeric[], %s::numeric[])
                       AS n(order_id, replaced, cleared)
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
                """,
                self._lock_query(list(amounts)),
                list(amounts),
                *(list(column) for column in zip(*amounts.values(), strict=True)),
            )
        )
        self.invalidate_model(["replaced_amount", "settled_amount"])

    @api.model
    def _take_back(self, amounts):
        """Add what was taken back of deliveries to what no list says yet.

        :param amounts: {order id: amount in its currency}
        :return: {order id: all of it}
        """
        if not amounts:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c
                   SET taken_back_amount = COALESCE(c.taken_back_amount, 0) + n.amount
                  FROM unnest(%s::int[], %s::numeric[]) AS n(order_id, amount)
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
             RETURNING c.order_id, c.taken_back_amount
                """,
                self._lock_query(amounts),
                list(amounts),
                list(amounts.values()),
            )
        )
        self.invalidate_model(["taken_back_amount"])
        return amounts | dict(rows)

    @api.model
    def _listed_taken_back(self, order_ids):
        """Begin to count anew: credit control reads of all of it now."""
        self.env.cr.execute(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c SET taken_back_amount = 0
                  FROM locked WHERE c.order_id = locked.order_id
                """,
                self._lock_query(order_ids),
            )
        )
        self.invalidate_model(["taken_back_amount"])

    @api.model
    def _renew(self, assessments):
        """Let the terms follow orders whose change was found harmless or released.

        :param assessments: {order: :class:`Assessment` of the change, or None}
        """
        if not assessments:
            return
        order_ids = [order.id for order in assessments]
        self.env["sale.order"].browse(order_ids).flush_recordset()  # see _lock_query
        # sudo: only the gate writes clearances
        for row in self.sudo().search([("order_id", "in", order_ids)]):
            found = assessments[row.order_id]
            values = row.order_id._prepare_cleared_terms()
            if found and found.findings:
                codes = {finding.code for finding in found.findings}
                values["findings"] = [
                    *(finding.to_json() for finding in found.findings),
                    *(old for old in row.findings or [] if old["code"] not in codes),
                ]
            if found and found.released and found.release != row.hold_id:
                values["hold_id"] = found.release.id
                values["settled_before_release"] = row.settled_amount
            row.write(values)
        self.flush_model()

    @api.model
    def _drop(self, orders):
        """Forget what was cleared: the orders were cancelled or reset to draft."""
        if not orders:
            return
        self.env.cr.execute(
            SQL(
                "WITH %s DELETE FROM credit_insurance_clearance c USING locked"
                " WHERE c.order_id = locked.order_id",
                self._lock_query(orders.ids),
            ),
            log_exceptions=False,  # losing the race is no error: it is replayed
        )
        self.invalidate_model()
