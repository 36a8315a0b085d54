import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...contract.shared_numbers import sharing_buyers
from ..check.address_country import country_of
from .credit_insurance_review import CHANGE_CAUSES

_logger = logging.getLogger(__name__)

# What the query of open orders reads, to be written before.
READ_BY_QUERY = {
    "sale.order": (
        "company_id",
        "partner_id",
        "partner_invoice_id",
        "partner_shipping_id",
        "state",
        "validity_date",
        "credit_remainder_closed",
    ),
    "sale.order.line": (
        "order_id",
        "display_type",
        "is_downpayment",
        "product_uom_qty",
        "qty_delivered",
        "qty_invoiced",
    ),
    "res.partner": ("commercial_partner_id", "country_id"),
    "credit.insurance.review.line": ("review_id", "order_id"),
}


class CreditInsuranceReview(models.Model):
    """Looking through the orders: in batches, each of them a transaction of its own.

    A batch is the next buyers by id with all their open orders, so that orders of one
    buyer compete for its limit in one go. What it found and how far it came are
    committed together: killed at any moment, nothing is lost and nothing told twice.
    """

    _inherit = "credit.insurance.review"

    def _cron_review(self, batch_size=200):
        """Look through the orders of the buyers to whom something happened."""
        queue = self.search([("state", "=", "queued")], order="id")
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(queue))
        for left, review in zip(range(len(queue), 0, -1), queue, strict=True):
            size, is_done = batch_size, False
            while not is_done:
                try:
                    is_done = review._review_next(size)
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    # somebody confirmed an order meanwhile: next time with it
                    self.env.cr.rollback()
                    commit(remaining=left)
                    return
                except Exception:
                    self.env.cr.rollback()
                    _logger.exception("Review %s of orders failed", review.id)
                    if size > 1:
                        size = 1  # buyer by buyer: one keeps no other waiting
                        continue
                    is_done = review._skip_or_fail()
                if not commit(1, remaining=left - is_done):
                    return  # no time left: goes on from here

    def _review_next(self, batch_size):
        """Look through the next orders of one review; return whether it is done."""
        if not self.try_lock_for_update() or self.state != "queued":
            return True  # another run is at it, or was
        batch = self._next_orders(batch_size)
        if not batch:
            # whoever confirms an order of theirs meanwhile, which is not seen yet, or
            # it is their turn to see what has happened
            self.env["credit.insurance.anchor"]._bump(self.partner_ids)
            self.state = "failed" if self.first_failed_buyer_id else "done"
            self._tell()
            return True
        self._in_readers_language()._review_orders(
            self.env["sale.order"].browse(
                order_id for orders in batch.values() for order_id in orders
            ),
            self.env["res.partner"].browse(batch),
        )
        self.last_buyer_id = max(batch)
        return False

    def _skip_next(self):
        """Leave out a buyer whose orders cannot be checked; return whether that is all.

        The others are looked through; tonight it goes on from the one left out.
        """
        batch = self._next_orders(1)
        if not batch:
            self.state = "failed"
            return True
        self.last_buyer_id = max(batch)
        self.first_failed_buyer_id = self.first_failed_buyer_id or max(batch)
        return False

    def _skip_or_fail(self):
        """Leave out a buyer; where not even that can be, the review until tonight.

        None keeps those behind it waiting.
        """
        try:
            return self._skip_next()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Review %s of orders is left out", self.id)
            self.state = "failed"
            return True

    def _next_orders(self, batch_size):
        """Return {buyer id: ids of its open orders}, the next ones by buyer.

        As many buyers as have so many orders together; at least one, with all of its.
        Open are quotations that are still valid, and confirmed orders of which
        something is to be delivered. What this review lists already is not looked at
        again.
        """
        self.ensure_one()
        for model, names in READ_BY_QUERY.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT buyer, orders FROM (
                    SELECT buyer.id AS buyer, array_agg(o.id ORDER BY o.id) AS orders,
                           sum(count(*)) OVER (ORDER BY buyer.id) - count(*) AS before
                      FROM sale_order o
                      JOIN res_partner invoice ON invoice.id = o.partner_invoice_id
                      JOIN res_partner buyer
                        ON buyer.id = invoice.commercial_partner_id
                      JOIN res_partner delivery ON delivery.id = o.partner_shipping_id
                     WHERE o.company_id = %(company)s AND buyer.id > %(last)s
                       AND %(concerned)s AND %(is_open)s AND NOT EXISTS (
                           SELECT FROM credit_insurance_review_line line
                            WHERE line.review_id = %(review)s AND line.order_id = o.id)
                     GROUP BY buyer.id
                ) next WHERE before < %(batch_size)s ORDER BY buyer
                """,
                company=self.company_id.id,
                last=self.last_buyer_id,
                review=self.id,
                concerned=self._concerned(),
                is_open=self._is_open_order(),
                batch_size=batch_size,
            )
        )
        return dict(rows)

    def _concerned(self):
        """Return the condition on an order, its buyer and its countries."""
        if self.order_ids:
            return SQL("o.id = ANY(%s)", self.order_ids.ids)
        if self.policy_id:
            return SQL("TRUE")
        if self.partner_ids:
            # what the insurer decides on one holds for all that carry its number
            return SQL(
                "buyer.id = ANY(ARRAY(%s))",
                sharing_buyers(SQL("SELECT unnest(%s::int[])", self.partner_ids.ids)),
            )
        return SQL(
            "(buyer.country_id = ANY(%(countries)s)"
            " OR %(invoice)s = ANY(%(countries)s)"
            " OR %(delivery)s = ANY(%(countries)s)"
            " OR o.partner_id = ANY(ARRAY(SELECT who.id FROM res_partner who"
            " JOIN res_partner home ON home.id = who.commercial_partner_id"
            " WHERE home.country_id = ANY(%(countries)s))))",
            invoice=country_of("invoice"),
            delivery=country_of("delivery"),
            countries=self.country_ids.ids,
        )

    def _is_open_order(self):
        today = self.env["credit.insurance.position"]._today(self.company_id)
        return SQL(
            """(
            o.state IN ('draft', 'sent')
            AND (o.validity_date IS NULL OR o.validity_date >= %s)
            OR o.state = 'sale' AND %s)""",
            today,
            self._has_line_beyond("qty_delivered"),
        )

    @api.model
    def _has_line_beyond(self, column):
        """Whether more of an order ``o`` is ordered than was delivered, or invoiced.

        :param column: name of what was done of a line
        """
        return SQL(
            """(o.credit_remainder_closed IS NOT TRUE AND EXISTS (
                SELECT FROM sale_order_line line
                 WHERE line.order_id = o.id AND line.display_type IS NULL
                   AND line.is_downpayment IS NOT TRUE
                   AND line.product_uom_qty > COALESCE(%s, 0)))""",
            SQL.identifier("line", column),
        )

    # === WHAT WOULD NOT PASS === #

    def _review_orders(self, orders, buyers):
        """Hold confirmed orders that would not pass, list them and the quotations."""
        # before anything of the position is read: who confirms meanwhile tries again
        self.env["credit.insurance.anchor"]._bump(buyers)
        checks = self.env["credit.insurance.check"]
        confirmed = orders.filtered(lambda order: order.state == "sale")
        quotations = orders - confirmed
        self._hold_and_list(
            {
                **checks._assess_undelivered(confirmed),
                **checks._assess(quotations, together=False),
            }
        )

    def _hold_and_list(self, assessments):
        """Hold the confirmed orders that do not pass; list what has a grave finding.

        In observation nothing is held, but all is listed.

        :param assessments: {order: :class:`Assessment`}
        """
        worse = {
            order: found
            for order, found in assessments.items()
            if not found.released
            and any(finding.rule_severity == "block" for finding in found.findings)
        }
        holds = self._hold(
            {
                order: found
                for order, found in worse.items()
                if order.state == "sale" and not found.passes
            }
        )
        undelivered = self.env["credit.insurance.position"]._get_undelivered(
            self.env["sale.order"].union(
                *(order for order in worse if order.state == "sale")
            )
        )
        self.env["credit.insurance.review.line"].create(
            [
                self._prepare_line(order, found, holds.get(order), undelivered)
                for order, found in worse.items()
            ]
        )

    def _hold(self, assessments):
        """Return {order: what holds it}; a refusal stays as it was decided."""
        kind = "buyer" if self.cause in CHANGE_CAUSES else "review"
        stops = self.env["credit.insurance.hold"]._get_stops(
            self.env["sale.order"].union(*assessments)
        )
        refused = {
            order: hold
            for order, holds in stops.items()
            for hold in holds
            if hold.kind == kind
            and hold.state == "refused"
            and hold.partner_id == order._credit_debtor()
        }
        asked = {
            order: found for order, found in assessments.items() if order not in refused
        }
        values = {"kind": kind, "review_id": self.id}
        if not self.env["sale.order"]._acting_employee() or kind == "review":
            values["requested_by"] = False  # it happened, nobody asks
        holds = self.env["credit.insurance.hold"]._request(
            asked, self.display_name, **values
        )
        return {**refused, **{hold.order_id: hold for hold in holds}}

    def _prepare_line(self, order, found, hold, undelivered):
        is_confirmed = order.state == "sale"
        amount = order.amount_total
        if is_confirmed:
            amount = undelivered[order.id].ordered
        return {
            "review_id": self.id,
            "order_id": order.id,
            "stage": "confirmed" if is_confirmed else "quotation",
            "partner_id": found.case.debtor.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "limit_currency_id": found.case.currency.id,
            "undelivered_amount": amount,
            "missing_amount": found.case.round(self._missing(found)),
            "main_code": found.findings[0].code,
            "is_observed": found.passes,
            "hold_id": hold.id if hold else False,
        }

    def _missing(self, found):
        """What a grave finding objects to, whether it is only observed or not."""
        return max(
            finding.amount
            for finding in found.findings
            if finding.rule_severity == "block"
        )
