from odoo import models
from odoo.exceptions import RedirectWarning

# What says who orders, and where the goods go.
PARTY_FIELDS = {"partner_id", "partner_shipping_id"}


class SaleOrder(models.Model):
    """Confirmed orders do not become somebody else's without credit.

    Who pays for others needs credit like them: what a company orders may be billed to a
    private person, and goods that nobody is asked credit for may go to a buyer who has
    used up its own. The check asks so when an order is confirmed; here it is asked of
    what is ordered by others, or sent to others, afterwards.
    """

    _inherit = "sale.order"

    def write(self, vals):
        # EXTENDS 'sale'
        if not PARTY_FIELDS & vals.keys():
            return super().write(vals)
        orders = self._credit_checked_lines().order_id
        before = {order: order._credit_concerned() for order in orders}
        result = super().write(vals)
        changed = orders.filtered(
            lambda order: order.state == "sale"
            and order._credit_concerned() - before[order]
        )
        if changed:
            changed._check_credit_of_others()
        return result

    def _credit_concerned(self):
        """Return who orders, and who gets the goods, but for who owes them."""
        order = self.sudo()  # sudo: addresses a salesperson may not read
        concerned = order.partner_id | order.partner_shipping_id
        return concerned.commercial_partner_id - order._credit_debtor()

    def _check_credit_of_others(self):
        """Check confirmed orders that others order, or get, from now on.

        Those that the rules of insured buyers speak of, or sanctions, and no others.

        :raise UserError: where they do not pass
        """
        checks = self.env["credit.insurance.check"]
        orders = self.sudo()  # as the gate does
        positions = checks._get_positions(orders)
        concerned = orders.filtered(
            lambda order: checks._is_of_others(order, positions[order])
        )
        if not concerned:
            return
        try:
            concerned.sudo(self.env.su)._check_credit_anew()
        except RedirectWarning as refusal:
            # a request for release knows of no other buyers
            concerned._refuse_moved_credit(refusal.args[0])
