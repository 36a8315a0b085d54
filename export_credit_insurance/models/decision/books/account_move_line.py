from odoo import models

from ..background_flow import in_background

# What an item of a posted entry says of money; only scripts and statements rewrite it.
MONEY = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "debit",
    "partner_id",
}


class AccountMoveLine(models.Model):
    """Money that is written away or deleted is the buyer's no more.

    As Odoo does with the items of a statement of the bank whose reconciliation is
    undone: its entry stays posted.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        # EXTENDS 'account'
        if not MONEY & vals.keys() or not self.env["res.company"]._credit_check_modes():
            return super().write(vals)
        buyers = self._credit_posted_money()
        owed = self._credit_owed_by_entries()
        result = super().write(vals)
        moves = self.env["account.move"]
        moves._credit_notice_undone(buyers)
        more = self._credit_owed_more(owed)
        if "account_id" in vals:
            # what came back from the bank was in suspense until now
            posted = self.move_id.filtered(lambda move: move.state == "posted")
            for company, partners in posted._credit_taken_back().items():
                more[company] = more.get(company, partners) | partners
        moves._credit_notice_undone(more)
        return result

    def _credit_debts(self):
        """Return those of these items that somebody owes."""
        return self.filtered(
            lambda line: line.account_type == "asset_receivable"
            and line.balance > 0
            and line.partner_id
        )

    def _credit_owed_by_entries(self):
        """Return {item: (who owes it, how much)}, of posted entries, no invoices.

        What these say is rewritten by scripts, and by who corrects the books.
        """
        # sudo: whoever keeps the books, the buyers' credit changes
        items = self.sudo().filtered(
            lambda line: line.parent_state == "posted" and line.move_type == "entry"
        )
        debts = items._credit_debts()
        return {
            item: (item.partner_id.commercial_partner_id, item.balance)
            if item in debts
            else (item.partner_id.browse(), 0.0)
            for item in items
        }

    def _credit_owed_more(self, before):
        """Return {company: those who owe more by these items than before}.

        They may have owed as much once, until others had the room.
        """
        now = self._credit_owed_by_entries()
        more = self.sudo().browse(  # sudo: as above
            item.id
            for item, (buyer, amount) in now.items()
            if amount and item in before
            if before[item][0] != buyer or before[item][1] < amount
        )
        return {
            company: items.partner_id.commercial_partner_id
            for company, items in more.grouped("company_id").items()
        }

    def unlink(self):
        # EXTENDS 'account'
        if not self.env["res.company"]._credit_check_modes():
            return super().unlink()
        buyers = self._credit_posted_money()
        result = super().unlink()
        self.env["account.move"]._credit_notice_undone(buyers)
        return result

    def _credit_posted_money(self):
        """Return {company: the buyers whose debt the posted entries of these lower}."""
        posted = self.move_id.filtered(lambda move: move.state == "posted")
        return posted._credit_given_back_by_company()

    def _sale_create_reinvoice_sale_line(self):
        # EXTENDS 'sale': a vendor bill is never refused for its customer's credit
        lines = self
        if self.env["res.company"]._credit_check_modes():
            lines = in_background(self, "reinvoiced")
        return super(AccountMoveLine, lines)._sale_create_reinvoice_sale_line()

    def _credit_worth_of_order(self):
        """Return what a line takes off its order, in the invoice's currency.

        Or off its orders: Odoo counts as invoiced all that it is linked with.
        """
        self.ensure_one()
        return sum(self._credit_worth_of(ordered) for ordered in self.sale_line_ids)

    def _credit_worth_of(self, ordered):
        """Return what it takes off one line of an order."""
        if ordered.is_downpayment:
            return self.price_total
        quantity = self.quantity
        if self.product_uom_id:
            quantity = self.product_uom_id._compute_quantity(
                quantity, ordered.product_uom_id, round=False
            )
        company = self.move_id.company_id
        return ordered.currency_id._convert(
            quantity * ordered._credit_terms().price,
            self.move_id.currency_id,
            company,
            company._credit_today(),
        )
