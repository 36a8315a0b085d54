from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..ledger.money_journals import MONEY_JOURNALS

FROM_BANK = Domain("journal_id.type", "in", MONEY_JOURNALS) | Domain(
    "move_id.line_ids.account_type", "=", "asset_cash"
)
PAID_OUT = Domain("payment_id.payment_type", "=", "outbound")
# Where a debt of the buyer's may stand besides: loans, advances, deposits.
OTHER_DEBTS = ("asset_current", "asset_prepayments", "liability_current")


class SaleOrder(models.Model):
    """Money that was received for an order and went back to the buyer."""

    _inherit = "sale.order"

    def _credit_paid_back(self):
        """Return what was paid back to the payers of these orders since they paid.

        As long as it is matched with nothing, nothing says for which order it was. It
        is a debt by then; what was received has paid for none of these orders.

        :return: {order: amount in its company's currency}
        """
        amounts = {
            order: sum(parts) for order, parts in self._credit_paid_out().items()
        }
        return {order: amount for order, amount in amounts.items() if amount > 0}

    def _credit_paid_too_much(self, surplus):
        """Return what the payers of these orders paid online beyond all their orders.

        What went back and is matched with nothing is this first. Orders that are not
        confirmed owe nothing yet; those at hand count as if they were.

        :param surplus: {order: what was received beyond its total}, in its currency
        :return: {order: amount in its company's currency}
        """
        # sudo: orders of others, too, and their payments
        others = self.env["sale.order"].sudo()
        others = others.search(
            [
                ("transaction_ids", "!=", False),
                ("partner_id", "child_of", self._credit_payers().ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        received = others._credit_receipts()
        by_payers = defaultdict(float)
        for order in others:
            beyond = surplus.get(order.with_env(self.env))
            if beyond is None:
                owed = order._credit_total() if order.state == "sale" else 0.0
                beyond = received[order] - owed
            company = order.company_id
            by_payers[order._credit_payers(), company] += order.currency_id._convert(
                max(beyond, 0.0),
                company.currency_id,
                company,
                company._credit_today(),
            )
        return {
            order: sum(
                amount
                for (payers, company), amount in by_payers.items()
                if company == order.company_id and payers <= order._credit_payers()
            )
            for order in self
        }

    def _credit_paid_away(self, paid):
        """Return what went back to the payers, of orders that were paid for online.

        What stands with their debts raises these again; what stands on other accounts
        does not. No more of either than was received for the order.

        :param paid: those of these orders that count as paid for all the same
        :return: {order: (with their debts, on other accounts)}, in its company's
            currency
        """
        paid_out = (self - paid)._credit_paid_out()
        receipts = self.browse().union(*paid_out)._credit_receipts()
        away = {}
        for order, amounts in paid_out.items():
            company = order.company_id
            received = order.currency_id._convert(
                receipts[order],
                company.currency_id,
                company,
                company._credit_today(),
            )
            parts = tuple(max(min(amount, received), 0.0) for amount in amounts)
            if any(parts):
                away[order] = parts
        return away

    def _credit_paid_out(self):
        """Return what went to who paid online for these orders, and is open.

        :return: {order: (what stands with their debts, what on other accounts)}, in
            its company's currency
        """
        # sudo: payments are read by accountants only
        paid = self.filtered(lambda order: order.sudo().transaction_ids.payment_id)
        if not paid:
            return {}
        debts, others = paid._credit_paid_out_by_payer()
        keys = {
            order: [(payer.id, order.company_id.id) for payer in order._credit_payers()]
            for order in paid
        }
        return {
            order: (
                sum(debts.get(key, 0.0) for key in keys[order]),
                sum(others.get(key, 0.0) for key in keys[order]),
            )
            for order in paid
        }

    def _credit_paid_out_by_payer(self):
        """Return both amounts, each {(id of the payer, of the company): amount}."""
        # sudo: see _credit_paid_out
        items = self.env["account.move.line"].sudo()
        found = items._read_group(
            self._credit_paid_out_domain(self.sudo().transaction_ids.payment_id),
            ["partner_id", "company_id", "account_id"],
            ["amount_residual:sum", "balance:sum"],
        )
        debts, others, to_suppliers = (defaultdict(float) for _each in range(3))
        for partner, company, account, residual, balance in found:
            key = partner.commercial_partner_id.id, company.id
            if account.account_type == "asset_receivable":
                debts[key] += residual
            elif account.account_type == "liability_payable":
                to_suppliers[key] += residual
            else:
                # what is never matched has no residue
                others[key] += residual if account.reconcile else balance
        if to_suppliers:
            owed = self._credit_owed_to_suppliers()
            for key, amount in to_suppliers.items():
                others[key] += max(amount - owed.get(key, 0.0), 0.0)
        return debts, others

    def _credit_paid_out_domain(self, payments):
        """Return which items say that money went to the payers.

        From the day of the first payment on, or written since, whatever day they say;
        on any account that may stand for the buyer. What the bank's account of items
        in suspense holds is told by nobody yet, and what a provider paid back is no
        money of its transaction any more.
        """
        payers = self._credit_payers()
        refunds = self._credit_refunds_since(payments)
        # sudo: see _credit_paid_out
        journals = self.env["account.journal"].sudo()
        journals = journals.search([("company_id", "in", self.company_id.ids)])
        debts = (
            Domain("account_type", "in", ("asset_receivable", "liability_payable"))
            | Domain("account_type", "in", OTHER_DEBTS)
            | Domain("account_type", "!=", "asset_cash") & PAID_OUT
        )
        # a draft of old may be posted at an old date: then it was written since
        since = Domain("date", ">=", min(payments.mapped("date"))) | Domain(
            "move_id.write_date", ">=", min(payments.mapped("create_date"))
        )
        whose = Domain(
            [
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", ">", 0),
                ("move_type", "=", "entry"),
                ("partner_id", "child_of", payers.ids),
                ("company_id", "in", self.company_id.ids),
                ("account_id", "not in", journals.suspense_account_id.ids),
                ("payment_id", "not in", refunds.payment_id.ids),
                "|",
                ("payment_id", "=", False),
                ("payment_id.payment_type", "=", "outbound"),
            ]
        )
        return whose & FROM_BANK & debts & since

    def _credit_refunds_since(self, payments):
        """Return what providers gave back to the payers since these payments.

        Shops may have thousands of refunds; older ones are not looked for either.
        """
        # sudo: see _credit_paid_out
        refunds = self.env["payment.transaction"].sudo()
        since = Domain(
            "payment_id.move_id.date", ">=", min(payments.mapped("date"))
        ) | Domain(
            "payment_id.move_id.write_date", ">=", min(payments.mapped("create_date"))
        )
        return refunds.search(
            Domain(
                [
                    ("operation", "=", "refund"),
                    ("state", "=", "done"),
                    ("payment_id", "!=", False),
                    ("partner_id", "child_of", self._credit_payers().ids),
                ]
            )
            & since
        )

    def _credit_owed_to_suppliers(self):
        """Return {key: what is owed to payers who are suppliers, too}.

        What was paid to them pays that first, matched or not.
        """
        # sudo: see _credit_paid_out
        items = self.env["account.move.line"].sudo()
        owed = defaultdict(float)
        for partner, company, residual in items._read_group(
            [
                ("parent_state", "=", "posted"),
                ("account_type", "=", "liability_payable"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
                ("partner_id", "child_of", self._credit_payers().ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["partner_id", "company_id"],
            ["amount_residual:sum"],
        ):
            owed[partner.commercial_partner_id.id, company.id] -= residual
        return owed

    def _credit_refunded(self):
        """Return what was credited of the order and paid out, in its own currency.

        Its goods may be billed once more then, and nobody has paid for them. What a
        provider gave back is no money of its transaction any more, matched or not.
        """
        self.ensure_one()
        # sudo: see _credit_paid_out
        lines = self.sudo().order_line.invoice_lines.filtered(
            lambda line: line.move_type == "out_refund"
            and line.parent_state == "posted"
        )
        # sudo: as above
        given_back = self.sudo().transaction_ids._credit_refunds().payment_id
        refunded = 0.0
        for note, of_order in lines.grouped("move_id").items():
            paid_out = note.line_ids.matched_debit_ids.filtered(
                lambda partial: partial.debit_move_id.move_type == "entry"
                and partial.debit_move_id.payment_id not in given_back
            )
            share = sum(of_order.mapped("price_total")) / (note.amount_total or 1.0)
            refunded += note.currency_id._convert(
                sum(paid_out.mapped("credit_amount_currency")) * min(share, 1.0),
                self.currency_id,
                self.company_id,
                self.company_id._credit_today(),
            )
        return refunded
