from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL, split_every

from ..position.position_scenario import Scenario

#: orders checked in one go: it bounds the memory
BATCH = 500


class CreditInsuranceLimitImport(models.Model):
    """What a file does to cover and orders, told by the engine itself.

    Checking writes the decisions, asks the engine what is covered and the check what
    orders it holds, as before, and undoes the decisions.
    """

    _inherit = "credit.insurance.limit.import"

    def _measure(self, entries, day):
        """Return ``(cover, held)`` as limits stand.

        ``cover`` is ``{(partner id, order id or None): (owed, covered)}``; ``held`` the
        ids of open orders that may not go on that day.
        """
        position = self.env["credit.insurance.position"].with_company(self.company_id)
        cover = position._get_cover_under(Scenario(day), self.company_id)
        held = set()
        checks = self.env["credit.insurance.check"]
        # sudo: every order counts, not only those that the controller may read
        orders = self.env["sale.order"].sudo().with_company(self.company_id)
        for ids in split_every(BATCH, self._open_order_ids(entries)):
            batch = orders.browse(ids)
            # sudo: as above
            positions = position.sudo()._get_order_positions(batch, day)
            assessed = checks._assess(
                batch,
                checks._count_other_orders(batch, positions),
                together=False,
                paid=batch._credit_paid_orders(),
            )
            held.update(order.id for order, found in assessed.items() if found.blocking)
        return cover, held

    def _open_order_ids(self, entries):
        """Return quotations and orders with something to deliver of these buyers."""
        partner_ids = list({e.partner.id for e in entries if e.partner and e.decides})
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id
                  FROM sale_order o
                  JOIN res_partner invoiced ON invoiced.id = o.partner_invoice_id
                 WHERE o.company_id = %s
                   AND invoiced.commercial_partner_id = ANY(%s)
                   AND (o.state IN ('draft', 'sent') OR (o.state = 'sale' AND EXISTS (
                        SELECT FROM sale_order_line l
                         WHERE l.order_id = o.id AND l.display_type IS NULL
                           AND l.is_downpayment IS NOT TRUE
                           AND COALESCE(l.qty_delivered, 0) < l.product_uom_qty)))
                 ORDER BY o.id
                """,
                self.company_id.id,
                partner_ids,
            )
        )
        return [order_id for (order_id,) in rows]

    def _effect_day(self, entries):
        """Return the day on which all decisions have taken effect, today at least."""
        effects = [entry.effect for entry in entries if entry.decision_date]
        return max([self.company_id._credit_today(), *effects])

    def _compare_effects(self, before, after):
        """Return the values of the effects, one row per buyer that they concern."""
        rows = defaultdict(
            lambda: dict.fromkeys(
                ("covered_now", "covered_then", "order_now", "order_then"), 0.0
            )
            | {"held": set()}
        )
        for when, (cover, _held) in (("now", before), ("then", after)):
            for (partner_id, order_id), (_owed, covered) in cover.items():
                part = "covered" if order_id is None else "order"
                rows[partner_id][f"{part}_{when}"] += covered
        held = self.env["sale.order"].sudo().browse(sorted(after[1] - before[1]))
        for order in held:  # sudo: as in _measure
            rows[order._credit_debtor().id]["held"].add(order.id)
        currency = self.company_id.currency_id
        result = []
        for partner_id, row in rows.items():
            lost = currency.round(
                row["covered_now"]
                + row["order_now"]
                - row["covered_then"]
                - row["order_then"]
            )
            if lost or row["held"]:
                order_ids = sorted(row.pop("held"))
                result.append(
                    {
                        "partner_id": partner_id,
                        **row,
                        "lost": lost,
                        "order_ids": [fields.Command.set(order_ids)],
                        "held_amount": self._orders_worth(held, order_ids),
                    }
                )
        return sorted(result, key=lambda row: (-row["lost"], row["partner_id"]))

    def _orders_worth(self, orders, order_ids):
        """Return what orders are worth in the company's currency, at their rates."""
        return sum(
            order.amount_total / (order.currency_rate or 1.0)
            for order in orders.browse(order_ids)
        )


class CreditInsuranceLimitImportEffect(models.Model):
    """What applying a file does to one buyer's cover and orders."""

    _name = "credit.insurance.limit.import.effect"
    _description = "Effect of a Limit Import"
    _order = "lost desc, id"
    _rec_name = "partner_id"

    import_id = fields.Many2one(
        "credit.insurance.limit.import", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="import_id.company_currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, ondelete="cascade"
    )
    covered_now = fields.Monetary("Shipped, Covered Now")
    covered_then = fields.Monetary("Shipped, Covered Then")
    order_now = fields.Monetary("On Order, Insurable Now")
    order_then = fields.Monetary("On Order, Insurable Then")
    lost = fields.Monetary(
        "Becomes Uncovered",
        help="Shipped and on order: covered or insurable now, less then. Below zero: "
        "more is covered.",
    )
    order_ids = fields.Many2many("sale.order", string="Orders Held")
    order_count = fields.Integer(
        "Number of Orders Held", compute="_compute_order_count"
    )
    held_amount = fields.Monetary("Worth of Them")

    def _compute_order_count(self):
        # sudo: a number; who may not read an order does not open it either
        for effect in self.sudo():
            effect.order_count = len(effect.order_ids)

    def action_open_orders(self):
        """Open the orders that could not go on."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        # sudo: their ids; the list shows those that the user may read
        domain = [("id", "in", self.sudo().order_ids.ids)]
        return action | {"domain": domain, "context": {}}
