from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..groups import CREDIT_GROUP

COSTS = {"credit_costs_incurred", "credit_costs_date"}


class SaleOrder(models.Model):
    """What was spent on an order before its goods leave.

    Lost if the buyer fails while they are made; insured where a policy covers the
    manufacturing risk (DOMAIN 1.15). Nothing in *Sales* and *Invoicing* knows it, so
    people enter it.
    """

    _inherit = "sale.order"

    credit_costs_incurred = fields.Monetary(
        string="Costs Incurred",
        copy=False,
        tracking=True,
        groups=CREDIT_GROUP,
        help="What making the goods that have not left has cost so far, without tax. "
        "Where the policy covers the manufacturing risk it is insured, up to the price "
        "of what is still to be delivered.",
    )
    credit_costs_date = fields.Date(
        string="Incurred Until",
        copy=False,
        tracking=True,
        groups=CREDIT_GROUP,
        help="The limit of this day covers the costs; what is spent after cover has "
        "stopped is not insured.",
    )

    # the few orders with costs, among all that were ever sold
    _credit_costs_idx = models.Index("(id) WHERE credit_costs_incurred > 0")

    @api.constrains("credit_costs_incurred", "credit_costs_date")
    def _check_credit_costs(self):
        # sudo: the rule holds whoever enters them
        for order in self.sudo():
            if order.credit_costs_incurred < 0:
                raise ValidationError(
                    self.env._(
                        "The costs incurred for order %(order)s cannot be negative: "
                        "enter 0 or more.",
                        order=order.name,
                    )
                )
            day = order.credit_costs_date
            if day and day > order.company_id._credit_today():
                raise ValidationError(
                    self.env._(
                        "The costs of order %(order)s are incurred until %(day)s, "
                        "which is yet to come. Enter those of today or before.",
                        order=order.name,
                        day=format_date(self.env, day),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        orders = super().create(vals_list)
        if any(COSTS & vals.keys() for vals in vals_list):
            orders._date_costs()
        return orders

    def write(self, vals):
        # EXTENDS 'sale'
        result = super().write(vals)
        if COSTS & vals.keys():
            self._date_costs()
        return result

    def _date_costs(self):
        """Date costs that have no day: they are those of today."""
        undated = self.filtered(
            lambda order: order.credit_costs_incurred and not order.credit_costs_date
        )
        for company, orders in undated.grouped("company_id").items():
            orders.credit_costs_date = company._credit_today()
