from typing import NamedTuple

from ..ledger.money_journals import MONEY_JOURNALS


class Claim(NamedTuple):
    """What the law grants on one instalment so far, in its own currency."""

    interest: float = 0.0
    fee: float = 0.0


NOTHING = Claim()
#: what says by which law a buyer owes what
BUYER_FIELDS = [
    "is_company",
    "commercial_partner_id",
    "credit_party_kind",
    "credit_sole_trader",
    "credit_governing_law_id",
]


class LateClaims:
    """Interest and fixed fees on late instalments, by the law of their contracts.

    What was paid of an instalment after its due date owes interest for the days until
    that payment; a credit note lowers the debt from the beginning and owes none.

    None for private persons, none once the buyer is insolvent (those instalments are
    not chased at all), none where no rule is recorded. The fixed fee is due once per
    invoice, however many of its instalments are late and however often they are
    claimed; where it has tiers, what is late of the whole invoice decides, less what
    is disputed (DOMAIN 3.3).

    :param company: the creditor
    :param day: the last day that bears interest
    :param items: all :class:`~.due_item.DueItem` of any buyers; constant queries
    """

    def __init__(self, env, company, day, items):
        self.env = env
        self.company = company
        self.day = day
        late = [item for item in items if item.due_date < day and item.amount > 0]
        self.open = {}  # {invoice id: what is late of it and not disputed}
        for item in late:
            self.open[item.move_id] = self.open.get(item.move_id, 0.0) + item.chased
        partner = env["res.partner"].sudo()  # sudo: kind and law of the debtor
        self.buyers = {
            item.partner_id: partner.browse(item.partner_id) for item in late
        }
        partner.browse(self.buyers).fetch(BUYER_FIELDS)
        pairs = {item.id: (law, item.due_date) for item, law in self._laws(late)}
        rule = env["credit.followup.late.payment.rule"]
        found = rule._get_rules(pairs.values())
        self.rules = {item_id: found[pair] for item_id, pair in pairs.items()}
        self.fee_lines = self._fees_so_far(late)
        self.paid_late = self._get_paid_late(late)

    def _laws(self, items):
        """Yield (item, the country of its law): its order's, else its buyer's."""
        # sudo: the law of a contract is known to both its parties
        moves = self.env["account.move"].sudo()
        chosen = moves._get_chosen_laws({item.move_id for item in items})
        country = self.env["res.country"]
        of_buyer = {
            key: self.company._credit_law(buyer) for key, buyer in self.buyers.items()
        }
        for item in items:
            law = country.browse(chosen.get(item.move_id))
            yield item, law or of_buyer[item.partner_id]

    def _fees_so_far(self, items):
        """Return {invoice id: the instalment that carries the fee claimed so far}."""
        line = self.env["credit.followup.reminder.line"].sudo()  # sudo: as above
        groups = line._read_group(
            [
                ("move_id", "in", list({item.move_id for item in items})),
                ("fee_amount", ">", 0),
                ("state", "!=", "dropped"),
            ],
            ["move_id"],
            ["move_line_id:min"],
        )
        return {move.id: line_id for move, line_id in groups}

    def _get_paid_late(self, items):
        """Return {item id: [(amount, day)]} of what came in after the due date.

        In the instalment's currency; of receipts alone, no credit note and no
        write-off, on the day they were booked.
        """
        # sudo: the receipts count, whoever prepares the reminder
        partial = self.env["account.partial.reconcile"].sudo()
        partials = partial.search_fetch(
            [
                ("debit_move_id", "in", [item.id for item in items]),
                ("credit_move_id.journal_id.type", "in", MONEY_JOURNALS),
            ],
            ["debit_move_id", "credit_move_id", "debit_amount_currency"],
        )
        partials.credit_move_id.fetch(["date"])
        paid = {}
        for part in partials:
            payment = (part.debit_amount_currency, part.credit_move_id.date)
            paid.setdefault(part.debit_move_id.id, []).append(payment)
        return paid

    def of(self, items, step):
        """Return {item id: :class:`Claim`} of one reminder.

        :param step: the step whose words are used; it says what is mentioned
        """
        claims = {}
        for item in sorted(items, key=lambda item: (item.due_date, item.id)):
            claims[item.id] = self._claim(item, step)
        return claims

    def _claim(self, item, step):
        rule = self.rules.get(item.id)
        if not rule or self._is_consumer(self.buyers[item.partner_id]):
            return NOTHING
        currency = self.env["res.currency"].browse(item.currency_id)
        interest = fee = 0.0
        if step.show_interest:
            interest = self._interest(item, rule, currency)
        if (
            step.show_fees
            and self.fee_lines.setdefault(item.move_id, item.id) == item.id
        ):
            debt = self.open[item.move_id]
            fee = rule._get_fee(debt, currency, self.company, self.day)
        return Claim(interest, fee)

    def _interest(self, item, rule, currency):
        """Return the interest on what is open and on what was paid late."""
        interest = rule._get_interest(item.chased, item.due_date, self.day, currency)
        for amount, day in self.paid_late.get(item.id, ()):
            until = min(day, self.day)
            interest += rule._get_interest(amount, item.due_date, until, currency)
        return currency.round(interest)

    @staticmethod
    def _is_consumer(buyer):
        """Whether the law of business debts does not speak of this buyer."""
        return buyer._credit_kind() == "private" and not buyer.credit_sole_trader
