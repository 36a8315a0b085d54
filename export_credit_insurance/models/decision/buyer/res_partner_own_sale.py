from odoo import models


class ResPartner(models.Model):
    """Buyers to whom somebody sells, who then decides on no credit of theirs."""

    _inherit = "res.partner"

    def _credit_own_sales(self, companies):
        """Return {(buyer, company): an order that the acting user wants to go}.

        One whose release they have asked for, and that waits, or that they sell while
        it is held; a quotation of theirs, whoever it names as its salesperson.
        """
        user = self.env.user
        # sudo: orders and holds count whether their seller may read them or not
        holds = self.env["credit.insurance.hold"].sudo()
        holds = holds.search(
            [
                *holds._closable_domain(),
                ("partner_id", "in", self.ids),
                ("company_id", "in", companies.ids),
            ]
        ).filtered(lambda hold: user in hold._askers())
        # sudo: as above
        orders = holds.order_id | self.env["sale.order"].sudo().search(
            [
                ("state", "in", ("draft", "sent")),
                ("company_id", "in", companies.ids),
                ("partner_invoice_id.commercial_partner_id", "in", self.ids),
                "|",
                ("user_id", "=", user.id),
                ("create_uid", "=", user.id),
            ]
        )
        return {
            (order._credit_debtor().sudo(False), order.company_id.sudo(False)): order
            for order in reversed(orders)
        }
