from typing import NamedTuple

from psycopg2.extras import Json as PsycopgJson

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...contract.shared_numbers import shares_number
from ..order.sale_order_gross import Measures


class Cleared(NamedTuple):
    """What was cleared for an order, and what else there is about it.

    All are None for an order that was never cleared.
    """

    debtor_id: int | None
    company_id: int | None
    currency_id: int | None
    amount: float | None
    replaced_amount: float | None
    gross_amount: float | None
    untaxed_amount: float | None
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
    def measures(self):
        """What the order came to, on hold or not, see the order's method."""
        return Measures(self.allowance, self.gross_amount, self.untaxed_amount)

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
    gross_amount = fields.Monetary(
        string="Before Returns and Discounts",
        help="The total without the returns and discounts that are billed once they "
        "are delivered: until then they take nothing off.",
    )
    untaxed_amount = fields.Monetary(
        string="Likewise, Without Tax",
        help="What limits have to carry that cover no tax.",
    )
    taken_back_amount = fields.Monetary(
        string="Deliveries Taken Back",
        help="What was taken off recorded deliveries, little by little, since credit "
        "control last read of it.",
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

        Written before anything of the position is read, and only of those that may add
        exposure: whoever confirms for the same buyer at the same moment fails and is
        replayed. What is read before is of the same snapshot.
        """
        orders._credit_read_ahead()
        shares, cleared = self._read_cleared(orders)
        adding = orders.filtered(
            lambda order: order._credit_measures().gross > 0
            and order._credit_outgrows(cleared[order.id])
        )
        self.env["credit.insurance.anchor"]._bump(
            adding._credit_debtor(), may_share=shares
        )
        return cleared

    @api.model
    def _read_cleared(self, orders):
        """Return (whether a debtor shares an insurer's number, {order id: Cleared}).

        One statement also says which orders have payments or an open request for
        release, which are looked up only where there are some.
        """
        if not orders:
            return False, {}
        holds = self.env["credit.insurance.hold"]
        holds.flush_model(["order_id", "state", "kind"])
        limits = self.env["credit.insurance.limit"]
        limits.flush_model(["partner_id", "insurer_id", "insurer_buyer_ref"])
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM (VALUES %s) AS o(order_id, debtor_id)"
                " LEFT JOIN credit_insurance_clearance c ON c.order_id = o.order_id",
                self._cleared_columns(),
                SQL(", ").join(
                    (order.id, order._credit_debtor().id) for order in orders
                ),
            )
        )
        rows = self.env.cr.fetchall()
        return (
            any(row[0] for row in rows),
            {row[1]: Cleared(*row[2:]) for row in rows},
        )

    @api.model
    @ormcache()
    def _cleared_columns(self):
        return SQL(
            """
            %s, o.order_id, c.partner_id, c.company_id, c.currency_id, c.amount,
            COALESCE(c.replaced_amount, 0), COALESCE(c.gross_amount, c.amount),
            COALESCE(c.untaxed_amount, c.amount), c.delivery_country_id,
            c.invoice_country_id, c.payment_term_id, c.hold_id,
            COALESCE(c.settled_amount, 0),
            COALESCE(c.settled_amount, 0) - COALESCE(c.settled_before_release, 0),
            COALESCE(c.unallowed_amount, 0),
            EXISTS (SELECT FROM sale_order_transaction_rel t
                     WHERE t.sale_order_id = o.order_id),
            EXISTS (SELECT FROM credit_insurance_hold h
                     WHERE h.order_id = o.order_id AND kind <> 'delivery' AND %s)
            """,
            shares_number(SQL("o.debtor_id")),
            self.env["credit.insurance.hold"]._closable_condition(),
        )

    @api.model
    def _record(self, values_by_order):
        """Write the clearances in one statement, replacing older ones.

        :param values_by_order: {order: values of the row}
        """
        if not values_by_order:
            return
        defaults = self._prepare_columns()
        rows = []
        for order, values in values_by_order.items():
            row = {**defaults, **values, "order_id": order.id}
            row["findings"] = PsycopgJson(row["findings"])
            rows.append(tuple(row[name] for name in defaults))
        insert, on_conflict = self._record_query(tuple(defaults))
        self.env.cr.execute(
            SQL("%s VALUES %s %s", insert, SQL(", ").join(rows), on_conflict)
        )
        self.invalidate_model()

    @api.model
    @ormcache("names")
    def _record_query(self, names):
        """Return what stands before and after the rows of clearances.

        :param names: the columns of the rows
        """
        columns = {name: SQL.identifier(name) for name in names}
        changed = (column for name, column in columns.items() if name != "order_id")
        return (
            SQL(
                "INSERT INTO credit_insurance_clearance (%s)",
                SQL(", ").join(columns.values()),
            ),
            SQL(
                """
                ON CONFLICT (order_id) DO UPDATE SET %s,
                    settled_before_release = CASE
                        WHEN credit_insurance_clearance.hold_id
                             IS NOT DISTINCT FROM EXCLUDED.hold_id
                        THEN credit_insurance_clearance.settled_before_release
                        ELSE credit_insurance_clearance.settled_amount END
                """,
                SQL(", ").join(SQL("%s = EXCLUDED.%s", each, each) for each in changed),
            ),
        )

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
            "gross_amount": 0.0,
            "untaxed_amount": 0.0,
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
