"""What random calls are made of: records of the world, and values for them."""

from datetime import timedelta

from odoo import Command, fields


class FuzzValues:
    """Choices at random, from ``random`` and the ``world`` of a fuzzer."""

    def order(self, *states):
        """One of the orders, one of those just made more often."""
        orders = self.world.orders(*states)
        if not orders:
            return orders
        if self.random.random() < 0.5:
            orders = orders[:4]
        return self.random.choice(orders)

    def line(self, *states):
        lines = self.order(*states).order_line
        return self.random.choice(lines) if lines else lines

    def picking(self, *states):
        pickings = self.world.orders("sale").sudo().picking_ids
        pickings = pickings.filtered(lambda picking: picking.state in states)
        return self.random.choice(pickings) if pickings else pickings

    def day(self):
        days = self.random.choice((-400, -30, 0, 0, 1, 30, 200, 400))
        return fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=days))

    def line_values(self):
        """What a line may be made of, and what it may not say."""
        pick = self.random.choice
        values = {
            "product_id": pick(self.world.products).id,
            "product_uom_qty": pick((0, 1, 5, 10, 20, 28, 40, 60, 200, -1, -10)),
        }
        if self.random.random() < 0.4:
            values["price_unit"] = pick((0, 0.01, 100, 1000, 2000, 50000, -5000))
        for name, choices in {
            "discount": (0, 10, 50, 99, 100, 150, -100),
            "customer_lead": (0, 10, 300, -400),
            "qty_delivered": (0, 1, 10, 60),
            "qty_invoiced": (0, 50),
            "is_downpayment": (True, False),
            "is_expense": (True, False),
            "qty_delivered_method": ("manual", "analytic", "stock_move"),
            "display_type": ("line_note", False),
            "price_total": (1.0,),
            "state": ("draft", "sale", "cancel"),
            "product_uom_id": (self.world.unit.id, self.world.dozen.id),
            "tax_ids": ([Command.clear()],),
            "sequence": (1, 99),
        }.items():
            if self.random.random() < 0.12:
                values[name] = pick(choices)
        return values

    def order_values(self):
        pick, world = self.random.choice, self.world
        values = {}
        for name, choices in {
            "partner_id": world.partners.ids,
            "partner_invoice_id": world.partners.ids,
            "partner_shipping_id": world.partners.ids,
            "company_id": world.companies.ids,
            "pricelist_id": (world.dollars.id, False),
            "commitment_date": (self.day(), False),
            "date_order": (self.day(),),
            "payment_term_id": (*world.terms.ids, False),
            "state": ("draft", "sent", "sale", "cancel"),
            "locked": (True, False),
            "amount_total": (1.0,),
            "currency_rate": (0.001, 1000.0),
            "require_payment": (True, False),
            "prepayment_percent": (0.01, 1.0),
            "credit_remainder_closed": (True,),
            "invoice_status": ("invoiced",),
            "user_id": (world.seller.id, False),
            "order_line": ([Command.create(self.line_values())], [Command.clear()]),
        }.items():
            if self.random.random() < 0.15:
                values[name] = pick(choices)
        return values
