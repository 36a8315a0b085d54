from odoo import fields, models

from ..models.empty_list import empty_list


class CreditInsuranceStressTestLine(models.TransientModel):
    """One buyer of a stress test; amounts in the company's currency."""

    _name = "credit.insurance.stress.test.line"
    _description = "Buyer of a Stress Test"
    _order = "lost desc, covered_now desc, id"
    _rec_name = "partner_id"

    test_id = fields.Many2one(
        "credit.insurance.stress.test", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, readonly=True, ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", readonly=True)
    currency_id = fields.Many2one(related="test_id.currency_id")
    exposure = fields.Monetary(readonly=True)
    covered_now = fields.Monetary(
        "Shipped, Covered Now",
        readonly=True,
        help="What the insurer would pay today for what was shipped.",
    )
    covered_then = fields.Monetary(
        "Shipped, Covered Then",
        readonly=True,
        help="Shipped before the day: the former cover goes on in run-off.",
    )
    order_now = fields.Monetary(
        "On Order, Insurable Now",
        readonly=True,
        help="What would be covered of the open orders, were they shipped that day.",
    )
    order_then = fields.Monetary(
        "On Order, Insurable Then",
        readonly=True,
        help="What would still be covered of the open orders, once they are shipped.",
    )
    lost = fields.Monetary(
        "Newly Uncovered",
        readonly=True,
        help="What is covered or insurable now and would no longer be.",
    )
    order_ids = fields.Many2many("sale.order", string="Open Orders", readonly=True)
    order_count = fields.Integer("Open Orders Concerned", readonly=True)

    def action_open_orders(self):
        """Open the orders that would lose cover."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders That Would Lose Cover"),
            "res_model": "sale.order",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.order_ids.ids)],
            "help": empty_list(
                self.env._("No open order of this buyer would lose cover"),
                self.env._(
                    "It has none, you may not read them, or they were delivered or "
                    "cancelled since: work out the stress test again."
                ),
            ),
        }
