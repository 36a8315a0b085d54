from odoo import api, models
from odoo.exceptions import UserError

from ...groups import CONTROLLER_GROUP
from ..background_flow import background_flow, in_background
from .sale_order_line import PRICE_FIELDS, QUANTITY_FIELDS


class SaleOrderLine(models.Model):
    """What enlarges an order without anybody asking (DESIGN 4, *Growth*).

    A vendor bill that is re-invoiced, a cash register, a task, goods delivered beyond
    what was ordered: refusing them would stop other people's work. They go through,
    and a hold of kind *growth* tells credit control.
    """

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'sale'
        lines = super(SaleOrderLine, self._in_own_flow()).create(vals_list)
        lines._settle_background_growth()
        return lines.with_env(self.env)

    def write(self, vals):
        # EXTENDS 'sale'
        if "order_id" in vals:
            self._refuse_to_move_settled(vals["order_id"])
        counted = self._credit_counted_lines(vals)
        if counted and counted != self:
            # what is recorded by hand is recorded, the others know what has left
            (self - counted).write(vals)
            return counted.write(vals)
        lines = self._in_own_flow()
        before = lines._credit_taken_off() if "qty_delivered" in vals else {}
        result = super(SaleOrderLine, lines).write(vals)
        if (QUANTITY_FIELDS | PRICE_FIELDS) & vals.keys():
            lines._settle_background_growth()
        lines._check_credit_taken_back(before)
        if "order_id" in vals:
            # what was recorded on another order counts here from now on
            moved = lines.sudo()  # sudo: as constraints are
            moved._check_credit_delivered()
            moved._check_credit_rendered()
        return result

    def _refuse_to_move_settled(self, order_id):
        """Keep what is delivered or invoiced with its order, where it was decided on.

        On a quotation or a cancelled order it would be owed and counted nowhere.

        :raise UserError: for employees
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies or not self.env["sale.order"]._is_employee_at_work():
            return
        settled = self.filtered(
            lambda line: line.order_id.id != order_id
            and line.company_id.id in checked_companies
            and line._is_settled()
        )
        if settled:
            raise UserError(
                self.env._(
                    "“%(line)s” is delivered or invoiced: it stays with %(order)s. "
                    "Add a line of its own to the other order.",
                    line=settled[0].display_name,
                    order=settled[0].order_id.display_name,
                )
            )

    def _credit_taken_off(self):
        """Return {line: its quantity delivered} of those that lower their order by it.

        Discounts and returns that are billed once they are delivered take nothing off
        until then (see the engine), and no more if they are taken back.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return {}
        return {
            line: abs(line.qty_delivered)
            for line in self
            if line.qty_delivered
            and line.company_id.id in checked_companies
            and (line._credit_terms().price < 0) != (line.product_uom_qty < 0)
            and line.state == "sale"
            and line.product_id.invoice_policy == "delivery"
        }

    def _check_credit_taken_back(self, before):
        """Check the orders that what is delivered lowers by less than it did.

        :param before: {line: quantity delivered before}
        """
        lines = self.browse([line.id for line in before]).filtered(
            lambda line: abs(line.qty_delivered) < before[line]
        )
        if lines:
            lines._refuse_to_take_discounts_back()
            # as the gate does; a fact is recorded, as with more than was ordered
            orders = in_background(lines.order_id.sudo(), "delivered")
            orders._check_credit_delivered_more()

    def _refuse_to_take_discounts_back(self):
        """Let nobody but credit control take discounts back beyond the credit.

        What comes back is a fact, a discount is a price: whoever lowers it raises what
        is owed, perhaps for goods that have left.

        :raise UserError: for employees who write what is delivered
        """
        orders = self.env["sale.order"]
        if not orders._is_employee_at_work() or self.env.user.has_group(
            CONTROLLER_GROUP
        ):
            return
        by_hand = self.filtered(lambda line: line.qty_delivered_method == "manual")
        # sudo: the check reads positions that a salesperson may not
        orders = by_hand.order_id.sudo()
        if not orders:
            return
        self.env["credit.insurance.anchor"]._bump(orders._credit_debtor())
        # sudo: as above
        found = self.env["credit.insurance.check"].sudo()._assess_each(orders)
        if refused := orders.filtered(lambda order: not found[order].passes):
            raise UserError(
                self.env._(
                    "%(orders)s: without the discount or return that was recorded the "
                    "authorised credit is exceeded. Only credit control takes it back.",
                    orders=", ".join(refused.mapped("name")),
                )
            )

    def _in_own_flow(self):
        """Return self such that the gate can tell who enlarges an order.

        Constraints run as superuser whoever acts. What other code writes as superuser
        is an automatic process: it is not refused, it opens a hold.
        """
        if (
            self.env.su
            and not background_flow(self.env)
            and self.env["res.company"]._credit_check_modes()
        ):
            return in_background(self, "automatic")
        return self

    def _settle_background_growth(self):
        """Let the gate see what a flow has enlarged while the flow is known."""
        if background_flow(self.env):
            orders = self.order_id.filtered(lambda order: order.state == "sale")
            orders._settle_credit_fields()

    @api.constrains("qty_delivered")
    def _check_credit_delivered(self):
        """Open a hold for what is delivered beyond what was ordered.

        So too for what was planned so late that it was no exposure until now.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return
        lines = self.filtered(
            lambda line: line.qty_delivered
            and line.state == "sale"
            and line.company_id.id in checked_companies
            and not line.is_downpayment
        )
        early = lines.filtered(
            lambda line: line.qty_delivered > 0
        )._credit_beyond_horizon()
        lines = early + (lines - early).filtered(lambda line: line._is_delivered_more())
        if lines:
            # a total that was raised in the same breath is judged as what it is
            lines.order_id._settle_credit_fields()
            in_background(lines.order_id, "delivered")._check_credit_delivered_more()

    @api.constrains("qty_delivered")
    def _check_credit_rendered(self):
        """Have services looked at that are rendered to a buyer without cover."""
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies:
            return
        lines = self.filtered(
            lambda line: line.company_id.id in checked_companies
            and line._is_rendered_by_hand()
        )
        lines.order_id._hold_rendered()

    def _is_rendered_by_hand(self):
        """Whether something is delivered of this line that passed no gate."""
        return (
            self.state == "sale"
            and self.qty_delivered > self.qty_invoiced
            and not self.is_downpayment
            and self.qty_delivered_method != "stock_move"
        )
