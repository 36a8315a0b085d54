from typing import NamedTuple

from psycopg2.extras import Json as PsycopgJson

from odoo import api, fields, models
from odoo.tools import SQL


class Cleared(NamedTuple):
    """What was cleared for an order, and what else there is about it.

    All are None for an order that was never cleared.
    """

    debtor_id: int | None
    company_id: int | None
    currency_id: int | None
    amount: float | None
    replaced_amount: float | None
    delivery_country_id: int | None
    invoice_country_id: int | None
    payment_term_id: int | None
    hold_id: int | None
    settled_amount: float | None
    settled_since_release: float | None
    unallowed_amount: float | None
    has_payments: bool
    has_open_hold: bool

    @property
    def parties(self):
        return self.debtor_id, self.company_id, self.currency_id

    @property
    def country_ids(self):
        return self.delivery_country_id, self.invoice_country_id

    @property
    def allowance(self):
        """The total that the order may have without being checked again.

        What has grown in the background is on hold already.
        """
        return self.allowed_amount + self.unallowed_amount

    @property
    def allowed_amount(self):
        """The total that was allowed, less what gives no room any more."""
        return self.amount - self.replaced_amount


class CreditInsuranceClearance(models.Model):
    """What was allowed for a confirmed order, and what it was allowed on.

    The gate runs whenever the order differs from this row in debtor, company, currency,
    amount, addresses or payment terms. Nobody may write it: only the check itself does,
    as superuser, so a forged clearance cannot open the gate (DESIGN 4, *Enforcement*).
    The figures are those of the moment and never change afterwards.
    """

    _name = "credit.insurance.clearance"
    _description = "Credit Clearance of an Order"
    _order = "cleared_on desc, id desc"
    _log_access = False
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    amount = fields.Monetary(help="The order's total that was cleared.")
    replaced_amount = fields.Monetary(
        help="Delivered or invoiced, but taken out of the order since: it leaves no "
        "room for other goods. 0 once the order has been compared with this row."
    )
    settled_amount = fields.Monetary(
        string="Taken Out After Delivery",
        help="All that was taken out of the order although it was delivered or "
        "invoiced: what paid for it, and what released it, is used up.",
    )
    unallowed_amount = fields.Monetary(
        string="Not Allowed",
        help="By how much the order has grown in the background beyond what was "
        "cleared: on hold until it is released.",
    )
    settled_before_release = fields.Monetary(
        help="How much of that was taken out before the release in use was given."
    )
    delivery_country_id = fields.Many2one("res.country", ondelete="set null")
    invoice_country_id = fields.Many2one("res.country", ondelete="set null")
    payment_term_id = fields.Many2one(
        "account.payment.term", string="Payment Terms", ondelete="set null"
    )
    baseline = fields.Boolean(
        help="The order was confirmed before checks were switched on.", readonly=True
    )
    # what it was decided on
    policy_id = fields.Many2one("credit.insurance.policy", ondelete="set null")
    limit_currency_id = fields.Many2one("res.currency", ondelete="restrict")
    limit_amount = fields.Monetary("Limit", currency_field="limit_currency_id")
    exposure = fields.Monetary("Exposure Before", currency_field="limit_currency_id")
    headroom_before = fields.Monetary(currency_field="limit_currency_id")
    headroom_after = fields.Monetary(currency_field="limit_currency_id")
    insured_amount = fields.Monetary(
        "Within the Limit", currency_field="limit_currency_id"
    )
    secured_amount = fields.Monetary(
        "Secured",
        currency_field="limit_currency_id",
        help="What letters of credit and guarantees stand for.",
    )
    own_risk_amount = fields.Monetary(
        "At Our Own Risk", currency_field="limit_currency_id"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    company_exposure_after = fields.Monetary(
        "Exposure After (company)", currency_field="company_currency_id"
    )
    company_headroom_after = fields.Monetary(
        "Headroom After (company)", currency_field="company_currency_id"
    )
    findings = fields.Json(help="What the check found, with its true severity.")
    hold_id = fields.Many2one(
        "credit.insurance.hold", string="Released By", ondelete="set null"
    )
    cleared_on = fields.Datetime()
    cleared_by = fields.Many2one("res.users", ondelete="set null")

    _order_unique = models.Constraint(
        "UNIQUE (order_id)", "An order has one clearance only."
    )

    @api.model
    def _get_cleared(self, orders):
        """Return {order id: :class:`Cleared`}, and write the debtors' anchors.

        One statement, since every confirmation waits for it: it compares the orders
        with their clearances, writes the anchors of those that may add exposure before
        anything of the position is read, and says which orders have payments or an
        open request for release, which are looked up only where there are some.
        """
        self.env["credit.insurance.hold"].flush_model(["order_id", "state", "kind"])
        # in one read, those that findings will speak of too
        (orders.currency_id | orders.company_id.currency_id).mapped("rounding")
        wanted = [
            (
                order.id,
                order._credit_debtor().id,
                order.company_id.id,
                order.currency_id.id,
                order.currency_id.round(order.amount_total),
            )
            for order in orders
        ]
        query = SQL(
            """
            WITH wanted AS (
                SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],
                                     %s::numeric[])
                    AS o(order_id, partner_id, company_id, currency_id, amount)
            ), bumped AS (%s)
            SELECT o.order_id, c.partner_id, c.company_id, c.currency_id, c.amount,
                   COALESCE(c.replaced_amount, 0), c.delivery_country_id,
                   c.invoice_country_id, c.payment_term_id, c.hold_id,
                   COALESCE(c.settled_amount, 0), COALESCE(c.settled_amount, 0)
                       - COALESCE(c.settled_before_release, 0),
                   COALESCE(c.unallowed_amount, 0),
                   EXISTS (SELECT FROM sale_order_transaction_rel t
                            WHERE t.sale_order_id = o.order_id),
                   EXISTS (SELECT FROM credit_insurance_hold h
                            WHERE h.order_id = o.order_id AND h.kind <> 'delivery'
                              AND (h.state = 'open' OR (h.state = 'refused'
                                   AND h.kind IN ('growth', 'buyer', 'review'))))
              FROM wanted o
         LEFT JOIN credit_insurance_clearance c ON c.order_id = o.order_id
            """,
            *(list(column) for column in zip(*wanted, strict=True)),
            self.env["credit.insurance.anchor"]._bump_query(
                SQL(
                    """
                    SELECT o.partner_id AS id
                      FROM wanted o
                 LEFT JOIN credit_insurance_clearance c ON c.order_id = o.order_id
                     WHERE o.amount > 0
                       AND ((c.partner_id, c.company_id, c.currency_id) IS DISTINCT FROM
                            (o.partner_id, o.company_id, o.currency_id)
                            OR o.amount > c.amount - COALESCE(c.replaced_amount, 0)
                                          + COALESCE(c.unallowed_amount, 0))
                    """
                )
            ),
        )
        # losing the race is no error: the request is replayed
        self.env.cr.execute(query, log_exceptions=False)
        return {row[0]: Cleared(*row[1:]) for row in self.env.cr.fetchall()}

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
    def _record(self, values_by_order):
        """Write the clearances in one statement, replacing older ones.

        :param values_by_order: {order: values of the row}
        """
        if not values_by_order:
            return
        defaults = self._prepare_columns()
        names = list(defaults)
        rows = []
        for order, values in values_by_order.items():
            row = {**defaults, **values, "order_id": order.id}
            row["findings"] = PsycopgJson(row["findings"])
            rows.append(tuple(row[name] for name in names))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_insurance_clearance (%s) VALUES %s
                ON CONFLICT (order_id) DO UPDATE SET %s,
                    settled_before_release = CASE
                        WHEN credit_insurance_clearance.hold_id
                             IS NOT DISTINCT FROM EXCLUDED.hold_id
                        THEN credit_insurance_clearance.settled_before_release
                        ELSE credit_insurance_clearance.settled_amount END
                """,
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(rows),
                SQL(", ").join(
                    SQL(
                        "%s = EXCLUDED.%s",
                        SQL.identifier(name),
                        SQL.identifier(name),
                    )
                    for name in names
                    if name != "order_id"
                ),
            )
        )
        self.invalidate_model()

    @api.model
    def _prepare_columns(self):
        """Return the columns of a clearance with what they hold by default."""
        return {
            "order_id": None,
            "partner_id": None,
            "company_id": None,
            "currency_id": None,
            "amount": 0.0,
            "replaced_amount": 0.0,
            "unallowed_amount": 0.0,
            "delivery_country_id": None,
            "invoice_country_id": None,
            "payment_term_id": None,
            "baseline": False,
            "policy_id": None,
            "limit_currency_id": None,
            "limit_amount": 0.0,
            "exposure": 0.0,
            "headroom_before": 0.0,
            "headroom_after": 0.0,
            "insured_amount": 0.0,
            "secured_amount": 0.0,
            "own_risk_amount": 0.0,
            "company_exposure_after": 0.0,
            "company_headroom_after": 0.0,
            "findings": [],
            "hold_id": None,
            "cleared_on": fields.Datetime.now(),
            "cleared_by": self.env.uid,
        }

    @api.model
    def _lower(self, amounts):
        """Let the amounts follow orders that shrank, without a check.

        An order that grows back is checked again.

        :param amounts: {order: new total}
        """
        if not amounts:
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
                       replaced_amount = 0
                  FROM unnest(%s::int[], %s::numeric[]) AS n(order_id, amount)
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
                """,
                self._lock_query([order.id for order in amounts]),
                [order.id for order in amounts],
                list(amounts.values()),
            )
        )
        self.invalidate_model(["amount", "replaced_amount", "unallowed_amount"])

    @api.model
    def _suspend(self, totals):
        """Note what orders have grown to although it is not allowed.

        :param totals: {order: its total}
        """
        if not totals:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH %s
                UPDATE credit_insurance_clearance c
                   SET unallowed_amount = GREATEST(
                           n.total - (c.amount - COALESCE(c.replaced_amount, 0)), 0)
                  FROM unnest(%s::int[], %s::numeric[]) AS n(order_id, total)
                  JOIN locked USING (order_id)
                 WHERE c.order_id = n.order_id
                """,
                self._lock_query([order.id for order in totals]),
                [order.id for order in totals],
                list(totals.values()),
            )
        )
        self.invalidate_model(["unallowed_amount"])

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

    @api.model
    def _take_stock(self, companies):
        """Start checks in these companies: what is confirmed by now counts as cleared.

        Otherwise lowering an old order of a buyer beyond its limit would be refused.
        Rows of orders that were cancelled while checks were off go; those of orders
        that changed meanwhile start anew, without the figures of the old check.

        :param companies: companies in which checks have just been switched on
        """
        self.env["res.partner"].flush_model(["commercial_partner_id", "country_id"])
        self.flush_model()
        names = [name for name in self._prepare_columns() if name != "order_id"]
        compared = (
            "partner_id",
            "company_id",
            "currency_id",
            "amount",
            "replaced_amount",
            "delivery_country_id",
            "invoice_country_id",
            "payment_term_id",
        )
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
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_insurance_clearance AS c (
                    order_id, partner_id, company_id, currency_id, amount,
                    replaced_amount, delivery_country_id, invoice_country_id,
                    payment_term_id, baseline, cleared_on, cleared_by)
                SELECT o.id, p.commercial_partner_id, o.company_id, o.currency_id,
                       COALESCE(o.amount_total, 0), 0, delivery.country_id,
                       p.country_id, o.payment_term_id, TRUE, %(now)s, %(user)s
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_invoice_id
             LEFT JOIN res_partner delivery ON delivery.id = o.partner_shipping_id
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
                    for name in compared
                ),
                new=SQL(", ").join(
                    SQL.identifier("excluded", name) for name in compared
                ),
                companies=companies.ids,
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )
        self.invalidate_model()
