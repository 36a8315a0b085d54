from odoo import models

# What a request has taken back so far: ids of order lines
WAITING = "export_credit_insurance.unbilled"


class SaleOrderLine(models.Model):
    """What the till has billed of orders, and takes back.

    What is billed is no part of its order any more, at whatever price: billed for a
    cent, an order makes room for others. Once the till gives it back, or it is said to
    be of another order, it counts in full again, and what was confirmed on the room is
    looked through. Invoices tell of themselves (see ``account.move``).
    """

    _inherit = "sale.order.line"

    def _compute_qty_invoiced(self):
        # EXTENDS 'sale'
        if (
            "pos_order_line_ids" not in self._fields
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super()._compute_qty_invoiced()
        before = {
            line: line.qty_invoiced
            for line in self
            if line.id and line.state == "sale" and line.qty_invoiced
        }
        result = super()._compute_qty_invoiced()
        # sudo: whoever sells need not read what the till sold, or what was invoiced
        taken_back = [
            line.id
            for line, was in before.items()
            if line.qty_invoiced < was
            and (line.sudo().pos_order_line_ids or not line.sudo().invoice_lines)
        ]
        if taken_back:
            waiting = self.env.cr.precommit.data.setdefault(WAITING, set())
            if not waiting:
                self.env.cr.precommit.add(self.browse()._notice_credit_unbilled_lines)
            waiting.update(taken_back)
        return result

    def _notice_credit_unbilled_lines(self):
        """Have the buyers' orders looked through, once all of the request is done."""
        ids = self.env.cr.precommit.data.pop(WAITING, set())
        # sudo: who sells at the till knows nothing of credit; without the context of
        # their request, which could say how what is created here was decided
        lines = self.with_env(self.env(su=True, context={})).browse(ids).exists()
        for company, group in lines.grouped("company_id").items():
            self.env["credit.insurance.review"]._notice(
                "undone",
                partners=group.order_id._credit_debtor(),
                companies=company,
            )
