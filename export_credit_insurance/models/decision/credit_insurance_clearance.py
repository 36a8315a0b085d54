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
        holds = self.env["credit.insurance.hold"]
        holds.flush_model(["order_id", "state", "kind"])
        # in one read each, those that findings will speak of too
        (orders.currency_id | orders.company_id.currency_id).mapped("rounding")
        # sudo: country and kind of the debtor, country of the company
        companies, invoiced = orders.company_id.sudo(), orders.sudo().partner_invoice_id
        (invoiced | companies.partner_id).mapped("commercial_partner_id")
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
                            WHERE h.order_id = o.order_id AND kind <> 'delivery'
                              AND %s)
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
            holds._closable_condition(),
        )
        # losing the race is no error: the request is replayed
        self.env.cr.execute(query, log_exceptions=False)
        return {row[0]: Cleared(*row[1:]) for row in self.env.cr.fetchall()}

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
