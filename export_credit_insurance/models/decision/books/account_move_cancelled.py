from odoo import api, models

from ...groups import CONTROLLER_GROUP
from ...ledger.untaxed_share import BILLS

STAGE = "credited"


class AccountMove(models.Model):
    """What is credited of orders that are cancelled, though the buyer has the goods.

    An order whose deliveries are invoiced may be cancelled: the invoice is the debt.
    Once that is credited, or posted no more, nothing tells of the goods. It is not
    refused, there are wrong invoices: credit control reads of it.
    """

    _inherit = "account.move"

    def write(self, vals):
        # EXTENDS 'account': invoices that are posted no more
        if (
            vals.get("state") not in ("draft", "cancel")
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().write(vals)
        undone = self.filtered(lambda move: move.state == "posted")
        orders = undone._credit_cancelled_orders()
        result = super().write(vals)
        undone._notice_credit_unbilled(orders)
        return result

    def _credit_posted(self):
        # EXTENDS: what is posted in general
        result = super()._credit_posted()
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        notes._notice_credit_unbilled(notes._credit_cancelled_orders())
        return result

    def _credit_cancelled_orders(self):
        """Return the orders, as superuser, that these bill and nobody counts any more.

        A credit note speaks of what its invoice billed, too.
        """
        # sudo: whoever keeps the books need not read orders
        moves = self.sudo()
        billed = (moves | moves.reversed_entry_id).invoice_line_ids
        return billed.sale_line_ids.order_id.filtered(
            lambda order: order.state != "sale"
        )

    def _notice_credit_unbilled(self, orders):
        """List those of these orders of which goods are delivered and not billed.

        Unless a credit controller acts, who corrects what is recorded.
        """
        if not orders or self.env.user.has_group(CONTROLLER_GROUP):
            return
        # without the context of the request: see the other facts
        env = self.env(su=True, context={})
        reviews = env["credit.insurance.review"]
        kept = orders.with_env(env)._credit_kept()
        for company, listed in kept.grouped("company_id").items():
            found = [reviews._prepare_credited(order, self) for order in listed]
            if found := reviews._not_listed_credited([*filter(None, found)]):
                reviews._record_facts(STAGE, company, found)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _credit_delivered_unbilled(self):
        """Return what of an order is delivered and not billed, in its own currency."""
        return sum(
            max(
                line._credit_delivered_quantity() - max(line.qty_invoiced_posted, 0.0),
                0.0,
            )
            * line._credit_highest_price()
            for line in self.order_line
            if not line.is_downpayment
        )

    def _credit_noted_apart(self):
        """Return what credit notes give back by lines that name no line of the order.

        They reverse its invoices all the same; the order counts as billed.
        """
        invoices = self.order_line.invoice_lines.move_id
        notes = self.env["account.move"].search(
            [
                ("reversed_entry_id", "in", invoices.ids),
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
            ]
        )
        return sum(
            -line._credit_signed_total_in(self.currency_id)
            for line in notes.invoice_line_ids
            if line.display_type == "product" and not line.sale_line_ids
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _credit_highest_price(self):
        """Return the line's price, or that of its invoices where that is higher.

        Nobody keeps the prices of cancelled orders.
        """
        prices = [self._credit_terms().price]
        for billed in self.invoice_lines:
            if billed.move_id.move_type not in BILLS or not billed.quantity:
                continue
            pieces = billed.quantity
            if billed.product_uom_id:
                pieces = billed.product_uom_id._compute_quantity(
                    pieces, self.product_uom_id, round=False
                )
            prices.append(billed._credit_signed_total_in(self.currency_id) / pieces)
        return max(prices)


class CreditInsuranceReview(models.Model):
    _inherit = "credit.insurance.review"

    @api.model
    def _fact_stages(self):
        # EXTENDS: the facts in general
        return [*super()._fact_stages(), STAGE]

    def _facts_summary(self, count):
        # EXTENDS: the facts in general
        if self.cause == STAGE:
            return self.env._("Delivered goods billed no more: %(count)s", count=count)
        return super()._facts_summary(count)

    @api.model
    def _prepare_credited(self, order, moves):
        """Return the line of an order, None below the smallest amount checked."""
        amount = order._credit_delivered_unbilled() + order._credit_noted_apart()
        values = self._prepare_taken_back(order, order.currency_id.round(amount))
        if not values:
            return None
        acted = moves.create_uid | moves.invoice_user_id | order.user_id
        return {**values, "stage": STAGE, "involved_ids": self._involved(acted)}

    @api.model
    def _not_listed_credited(self, lines):
        """Leave out orders that wait on the list with as much already."""
        waiting = self.env["credit.insurance.review.line"].search(
            [
                ("order_id", "in", [line["order_id"] for line in lines]),
                ("stage", "=", STAGE),
                ("reviewed_on", "=", False),
            ]
        )
        listed = {line.order_id.id: line.undelivered_amount for line in waiting}
        return [
            line
            for line in lines
            if line["undelivered_amount"] > listed.get(line["order_id"], 0.0)
        ]


class CreditInsuranceReviewLine(models.Model):
    _inherit = "credit.insurance.review.line"

    def _text(self):
        # EXTENDS: the lines in general
        if self.stage != STAGE:
            return super()._text()
        return self.env._(
            "%(order)s, %(buyer)s: the order is cancelled, but %(amount)s of it were "
            "delivered and are billed no more (%(user)s). Have the goods taken back "
            "or invoiced again.",
            order=self.order_id.name,
            buyer=self.partner_id.display_name,
            amount=self.currency_id.format(self.undelivered_amount),
            user=self.sold_by.name or self.env._("a job"),
        )
