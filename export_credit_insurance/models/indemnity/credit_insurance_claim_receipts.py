from collections import defaultdict
from typing import Any, NamedTuple

from odoo import fields, models

from ..ledger.money_journals import MONEY_JOURNALS

# What was entered in another currency than the receipt's is the whole of it, if it is
# no further from it: the rate of another day, or the bank's, was used.
RATES_APART = 0.05


class Receipt(NamedTuple):
    """Money of a buyer in the books, in the currency that it came in.

    :param item: its receivable journal item
    :param matched: {id of a debt's journal item: what of it settles that debt}
    :param unmatched: what settles no debt
    :param entered: {claim: what of it is a recovery there}
    :param answered: the claims that it was proposed on, or set aside from
    """

    item: Any
    matched: dict
    unmatched: float
    entered: dict
    answered: set

    @property
    def amount(self):
        return -self.item.amount_currency

    def part_of(self, claims):
        """Return what of it settles the instalments of claims."""
        return sum(
            self.matched.get(item.id, 0) for item in claims.line_ids.move_line_id
        )

    def rest(self, claims):
        """Return what of it is no recovery yet, and settles claims or nothing.

        :param claims: all of the buyer
        """
        usable = min(self.part_of(claims) + self.unmatched, self.amount)
        return max(usable - sum(self.entered.values()), 0.0)

    def free_for(self, claim):
        """Return what of it may still be a recovery on the claim."""
        part = max(self.part_of(claim) - self.entered.get(claim, 0.0), 0.0)
        used = sum(
            max(amount - self.part_of(other), 0.0)
            for other, amount in self.entered.items()
        )
        rest = self.amount - sum(self.entered.values())
        return max(min(part + max(self.unmatched - used, 0.0), rest), 0.0)

    def enter(self, claim, amount):
        self.entered[claim] = self.entered.get(claim, 0.0) + amount

    def converted(self, amount, currency):
        """Return an amount in another currency in its own, at its day's rate."""
        item = self.item
        return currency._convert(amount, item.currency_id, item.company_id, item.date)

    def take(self, recovery, left, free):
        """Enter on it what it is of a recovery that was entered by hand.

        :param left: what of the recovery is on no receipt yet, in its currency
        :param free: what of the receipt may be it
        :return: what is left then
        """
        currency, own = recovery.currency_id, self.item.currency_id
        wanted = self.converted(left, currency)
        near = currency != own and abs(wanted - free) <= RATES_APART * free
        taken = free if near else min(wanted, free)
        self.enter(recovery.claim_id, taken)
        return 0.0 if near or taken == wanted else left * (1 - taken / wanted)


class CreditInsuranceClaim(models.Model):
    """What came in since the day that a claim lists, proposed as recoveries (1.14)."""

    _inherit = "credit.insurance.claim"

    set_aside_receipt_ids = fields.Many2many(
        "account.move.line",
        "credit_insurance_claim_receipt_aside_rel",
        string="Receipts Set Aside",
        readonly=True,
        copy=False,
        help="Receipts that were proposed here and deleted: they paid for something "
        "else, and are not proposed again.",
    )

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
                    "Nothing new has come in from the buyer since the claim: what the "
                    "books show is a recovery already, or was deleted here."
                ),
            },
        }

    def _propose_recoveries(self):
        """Draft a recovery of each receipt since the day that the claims list.

        What settles their instalments, and what settles nothing yet: the latter once,
        on the claim of the oldest shipments, and no more than is owed on it. A receipt
        is proposed once for a claim, also if it was deleted there; what was entered by
        hand, on whichever claim of the buyer, comes off first.

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
        receipts = self._receipts_to_share()
        values = []
        for claim in self.sorted(lambda each: each._oldest_shipment()):
            left = claim.gross_amount - claim._received()
            for receipt in receipts[claim.company_id, claim.partner_id]:
                item = receipt.item
                amount = claim._recovered_by(receipt, left)
                if amount <= 0:
                    continue
                receipt.enter(claim, amount)
                left -= claim._in_own_currency(item.currency_id, amount, item.date)
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

    def _recovered_by(self, receipt, left):
        """Return what of a receipt is to be proposed for the claim.

        :param left: what is owed on the claim, in the policy's currency
        """
        item = receipt.item
        if self in receipt.answered or item.date <= self._listed_day():
            return 0.0
        owed = receipt.converted(max(left, 0.0), self.currency_id)
        return item.currency_id.round(min(receipt.free_for(self), owed))

    def _received(self):
        """Return what settled the claim, costs included, in the policy's currency."""
        return sum(
            self._in_own_currency(each.currency_id, each.gross_amount, each.date)
            for each in self.recovery_ids
        )

    def _in_own_currency(self, currency, amount, day):
        return currency._convert(amount, self.currency_id, self.company_id, day)

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
                    ("journal_id.type", "in", MONEY_JOURNALS),
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
                Receipt(item, matched, -item.amount_residual_currency, {}, set())
            )
        return found

    def _receipts_to_share(self):
        """Return {(company, buyer): receipts}, with what of them is a recovery.

        Of all claims of the buyers, that no money is declared on two.
        """
        # sudo: of all claims, also those that are not in view
        recoveries = self.env["credit.insurance.recovery"].sudo()
        by_hand = recoveries.search(
            [
                ("receipt_id", "=", False),
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ]
        )
        claims = self.sudo() | by_hand.claim_id
        found = claims._receipts_since()
        receipts = {each.item: each for own in found.values() for each in own}
        items = [item.id for item in receipts]
        for recovery in recoveries.search([("receipt_id", "in", items)]):
            receipt, claim = receipts[recovery.receipt_id], recovery.claim_id
            gross = receipt.converted(recovery.gross_amount, recovery.currency_id)
            receipt.enter(claim, gross)
            receipt.answered.add(claim)
        for claim in claims:
            for item in claim.set_aside_receipt_ids:
                if item in receipts:
                    receipts[item].answered.add(claim)
        buyers = claims.grouped(lambda each: (each.company_id, each.partner_id))
        for recovery in by_hand:
            claim = recovery.claim_id
            buyer = claim.company_id, claim.partner_id
            recovery._take_off(found[buyer], buyers[buyer])
        return found


class CreditInsuranceRecovery(models.Model):
    """A recovery that was entered by hand is some of what came in."""

    _inherit = "credit.insurance.recovery"

    def _take_off(self, receipts, claims):
        """Enter the recovery on what came in, the nearest receipt first.

        What may be its claim's first, then what may be another claim's: where it is in
        doubt which receipt it is, less is proposed.

        :param receipts: all of the buyer
        :param claims: all of the buyer
        """
        left = self.gross_amount
        nearest = sorted(receipts, key=self._distance)
        for free_of in (
            lambda receipt: receipt.free_for(self.claim_id),
            lambda receipt: receipt.rest(claims),
        ):
            for receipt in nearest:
                free = free_of(receipt)
                if self.currency_id.is_zero(left):
                    return
                if not receipt.item.currency_id.is_zero(free):
                    left = receipt.take(self, left, free)

    def _distance(self, receipt):
        """Return how far it is from a receipt: in days, then in money."""
        gross = receipt.converted(self.gross_amount, self.currency_id)
        return abs((receipt.item.date - self.date).days), abs(receipt.amount - gross)
