from collections import defaultdict
from typing import Any, NamedTuple

from odoo import models


class Receipt(NamedTuple):
    """Money of a buyer in the books, in the currency that it came in.

    :param item: its receivable journal item
    :param matched: {id of a debt's journal item: what of it settles that debt}
    :param unmatched: what settles no debt
    """

    item: Any
    matched: dict
    unmatched: float

    @property
    def amount(self):
        return -self.item.amount_currency

    def part_of(self, claim):
        """Return what of it settles the instalments of a claim."""
        return sum(self.matched.get(item.id, 0) for item in claim.line_ids.move_line_id)


class CreditInsuranceClaim(models.Model):
    """What came in since the day that a claim lists, proposed as recoveries (1.14)."""

    _inherit = "credit.insurance.claim"

    def action_propose_recoveries(self):
        """Propose what came in since as recoveries; say so where nothing has.

        :raise UserError: for drafts, and for claims that were refused
        """
        self._check_state("filed", "waiting", "admitted", "paid", "closed")
        if self._propose_recoveries():
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Nothing has come in from the buyer since the claim that is not "
                    "listed here already."
                ),
            },
        }

    def _propose_recoveries(self):
        """Draft a recovery of each receipt since the day that the claims list.

        What settles their instalments, and what settles nothing yet: the latter once,
        on the claim of the oldest shipments, and no more than is owed on it. A receipt
        is proposed once for a claim; one that was entered by hand is left alone.

        :return: the recoveries
        """
        # sudo: the receipt, which nobody enters; controllers need not read the books
        return (
            self.env["credit.insurance.recovery"]
            .sudo()
            .create(self._prepare_recoveries())
        )

    def _prepare_recoveries(self):
        """Return the values of the recoveries to propose."""
        receipts = self._receipts_since()
        entered = self._recoveries_entered(receipts)
        values = []
        for claim in self.sorted(lambda each: each._oldest_shipment()):
            left = claim.gross_amount - sum(claim.recovery_ids.mapped("net_amount"))
            by_hand = [
                (each.date, each.currency_id, each.gross_amount)
                for each in claim.recovery_ids
                if not each.receipt_id
            ]
            for receipt in receipts[claim.company_id, claim.partner_id]:
                item, own = receipt.item, entered[receipt.item]
                amount = claim._recovered_by(receipt, own, left)
                if (key := (item.date, item.currency_id, amount)) in by_hand:
                    by_hand.remove(key)
                    continue
                if amount <= 0:
                    continue
                own[claim] = amount
                left -= claim._from_receipt(receipt, amount)
                values.append(
                    {
                        "claim_id": claim.id,
                        "receipt_id": item.id,
                        "date": item.date,
                        "currency_id": item.currency_id.id,
                        "gross_amount": amount,
                    }
                )
        return values

    def _recovered_by(self, receipt, entered, left):
        """Return what of a receipt is to be proposed for the claim.

        :param entered: {claim: what of the receipt is a recovery on it}
        :param left: what is owed on the claim, in the policy's currency
        """
        item = receipt.item
        if self in entered or item.date <= self._listed_day():
            return 0.0
        elsewhere = sum(
            max(amount - receipt.part_of(claim), 0.0)
            for claim, amount in entered.items()
        )
        free = max(receipt.unmatched - elsewhere, 0.0)
        owed = self.currency_id._convert(
            max(left, 0.0), item.currency_id, self.company_id, item.date
        )
        rest = receipt.amount - sum(entered.values())
        return item.currency_id.round(min(receipt.part_of(self) + free, rest, owed))

    def _from_receipt(self, receipt, amount):
        """Return an amount of a receipt in the policy's currency, at its day's rate."""
        item = receipt.item
        return item.currency_id._convert(
            amount, self.currency_id, self.company_id, item.date
        )

    def _oldest_shipment(self):
        days = filter(None, self.line_ids.mapped("shipment_date"))
        return min(days, default=self.filed_on), self.id

    def _receipts_since(self):
        """Return {(company, buyer): receipts since the day that their claims list}.

        Money alone: no credit note, no write-off, no difference of rates.
        """
        found = defaultdict(list)
        if not self:
            return found
        # sudo: receipts in the books, for controllers who read none
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("journal_id.type", "in", ("bank", "cash")),
                    ("parent_state", "=", "posted"),
                    ("amount_currency", "<", 0),
                    ("date", ">", min(claim._listed_day() for claim in self)),
                ],
                order="date, id",
            )
        )
        matches = items.matched_debit_ids.grouped("credit_move_id")
        for item in items:
            matched = defaultdict(float)
            for match in matches.get(item, ()):
                matched[match.debit_move_id.id] += match.credit_amount_currency
            buyer = item.partner_id.commercial_partner_id
            found[item.company_id, buyer].append(
                Receipt(item, matched, -item.amount_residual_currency)
            )
        return found

    def _recoveries_entered(self, receipts):
        """Return {receipt's journal item: {claim: what of it is a recovery there}}."""
        items = [each.item.id for own in receipts.values() for each in own]
        # sudo: of all claims, also in companies that are not in view
        known = (
            self.env["credit.insurance.recovery"]
            .sudo()
            .search([("receipt_id", "in", items)])
        )
        entered = defaultdict(dict)
        for recovery in known:
            entered[recovery.receipt_id][recovery.claim_id] = recovery.gross_amount
        return entered
