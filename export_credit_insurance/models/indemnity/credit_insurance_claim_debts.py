from odoo import models

from ..ledger.untaxed_share import untaxed_share
from .claim_accounting import EntryLine, open_loss


class CreditInsuranceClaim(models.Model):
    """The debts of a claim in the books: doubtful, provided for, written off.

    Amounts are as booked, in the company's currency; each debt keeps its own beside.
    """

    _inherit = "credit.insurance.claim"

    def _open_items(self):
        """Return the claim's instalments that are still open in the books."""
        # sudo: their amounts, for controllers who read no entries
        items = self.sudo().line_ids.move_line_id
        return items.filtered(
            lambda item: item.parent_state == "posted" and item.amount_residual_currency
        )

    def _open_loss(self):
        """Return what is open, in the company's currency as booked."""
        shares = (
            (item.amount_residual, untaxed_share(item.move_id))
            for item in self._open_items()
        )
        return open_loss(shares, self.company_id.currency_id.round)

    def _allowance_made(self):
        """Return the allowance of all closings so far, drafts included."""
        # sudo: entries, for controllers who read none
        entries = self.sudo().entry_ids.filtered(lambda e: e.event == "provision")
        entries = entries._forget_cancelled()
        if not entries:
            return 0.0
        account = self.company_id._claim_account("allowance")
        lines = entries.move_id.line_ids
        balances = lines.filtered(lambda li: li.account_id == account).mapped("balance")
        return self.company_id.currency_id.round(-sum(balances))

    def _indemnity_ex_tax(self, loss, day):
        """Return what the insurer is expected to pay of the loss, ex tax.

        What it admitted or paid, once it has said so; in the company's currency.
        """
        amounts = {
            "refused": 0.0,
            "admitted": self.admitted_amount,
            "paid": self.paid_amount,
            "closed": self.paid_amount,
        }
        company = self.company_id
        amount = self.currency_id._convert(
            amounts.get(self.state, self.expected_amount),
            company.currency_id,
            company,
            day,
        )
        if self.policy_id.cover_tax_basis != "ex_tax" and loss.gross:
            amount *= loss.ex_tax / loss.gross
        return min(company.currency_id.round(amount), loss.ex_tax)

    def _doubtful_lines(self, _day, _recovery):
        lines = []
        for item in self._open_items():
            label = self.env._("Doubtful debt: %s", item.move_id.name)
            facts = {"currency": item.currency_id, "partner": item.partner_id}
            balance, amount = item.amount_residual, item.amount_residual_currency
            lines += [
                EntryLine("doubtful", label, balance, amount, **facts),
                EntryLine(item.account_id, label, -balance, -amount, **facts),
            ]
        return lines

    def _moved_back_lines(self):
        """Return what takes the debts out of doubtful debts, as they went there."""
        # sudo: entries, for controllers who read none
        moved = self.sudo().entry_ids.filtered(lambda e: e.event == "doubtful")
        return [
            EntryLine(
                line.account_id,
                line.name,
                -line.balance,
                -line.amount_currency,
                line.currency_id,
                line.partner_id,
            )
            for line in moved._forget_cancelled().move_id.line_ids
        ]

    def _provision_due(self, day):
        """Return what the allowance must change by at a closing (ex tax)."""
        loss = self._open_loss()
        target = loss.ex_tax - self._indemnity_ex_tax(loss, day)
        return self.company_id.currency_id.round(target - self._allowance_made())

    def _provision_lines(self, day, _recovery):
        return self._allowance_lines(self._provision_due(day))

    def _allowance_lines(self, change):
        """Return the two sides of an allowance made (positive) or released."""
        if change > 0:
            label = self.env._("Allowance for %s", self.display_name)
            other = "allowance_expense"
        else:
            label = self.env._("Allowance released: %s", self.display_name)
            other = "allowance_income"
        return [
            EntryLine(other, label, change),
            EntryLine("allowance", label, -change),
        ]

    def _write_off_lines(self, day, _recovery):
        """What is open of the invoices against losses and VAT; allowances released."""
        company = self.company_id
        loss = self._open_loss()
        lines = self._moved_back_lines() + [
            EntryLine(
                item.account_id,
                self.env._("Written off: %s", item.move_id.name),
                -item.amount_residual,
                -item.amount_residual_currency,
                item.currency_id,
                item.partner_id,
                is_debt=True,
            )
            for item in self._open_items()
        ]
        indemnified = self._indemnity_ex_tax(loss, day)
        relief = company.sudo().credit_claim_vat == "relief"  # sudo: a setting
        parts = [
            ("loss", self.env._("Own share"), loss.ex_tax - indemnified),
            ("loss", self.env._("Indemnified part"), indemnified),
            ("vat", self.env._("VAT taken back"), loss.tax if relief else 0.0),
            ("loss", self.env._("VAT not recovered"), 0.0 if relief else loss.tax),
        ]
        lines += [
            EntryLine(role, f"{name}: {self.display_name}", balance)
            for role, name, part in parts
            if (balance := company.currency_id.round(part))
        ]
        made = self._allowance_made()
        return lines + (self._allowance_lines(-made) if made else [])
