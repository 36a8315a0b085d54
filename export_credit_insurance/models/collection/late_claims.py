from typing import NamedTuple

from odoo.tools import SQL

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
#: what is read in SQL
READ_FIELDS = {
    "account.partial.reconcile": (
        "debit_move_id",
        "credit_move_id",
        "debit_amount_currency",
    ),
    "account.move.line": ("date", "journal_id"),
    "account.journal": ("type",),
    "credit.followup.reminder.line": (
        "move_id",
        "move_line_id",
        "fee_amount",
        "state",
    ),
}


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
        buyers = partner.browse({item.partner_id for item in late})
        buyers.fetch(BUYER_FIELDS)
        self.buyers = {buyer.id: buyer for buyer in buyers}
        self.rules = self._get_rules(late)
        for model, names in READ_FIELDS.items():
            env[model].flush_model(names)
        self.fee_lines = self._fees_so_far(late)
        self.paid_late = self._get_paid_late(late)

    def _get_rules(self, items):
        """Return {item id: rule} by the law of its order, else of its buyer."""
        # sudo: the law of a contract is known to both its parties
        moves = self.env["account.move"].sudo()
        chosen = moves._get_chosen_laws({item.move_id for item in items})
        own = self.company._credit_law(self.env["res.partner"])
        of_buyer = {
            buyer.id: (
                self.company._credit_law(buyer)
                if buyer.credit_governing_law_id
                else own
            ).id
            for buyer in self.buyers.values()
        }
        pairs = {
            item.id: (
                chosen.get(item.move_id) or of_buyer[item.partner_id],
                item.due_date,
            )
            for item in items
        }
        country = self.env["res.country"]
        asked = {pair: (country.browse(pair[0]), pair[1]) for pair in pairs.values()}
        found = self.env["credit.followup.late.payment.rule"]._get_rules(asked.values())
        return {item_id: found[asked[pair]] for item_id, pair in pairs.items()}

    def _fees_so_far(self, items):
        """Return {invoice id: the instalment that carries the fee claimed so far}."""
        # looked up by invoice: PostgreSQL would else read all lines ever written. Their
        # state is asked outside: it would allow for another, partial index
        rows = self.env.execute_query(
            SQL(
                """
                SELECT invoice.id, min(line.move_line_id)
                  FROM unnest(%s::int[]) invoice(id)
                  CROSS JOIN LATERAL (
                    SELECT move_line_id, fee_amount, state
                      FROM credit_followup_reminder_line
                     WHERE move_id = invoice.id
                    OFFSET 0
                  ) line
                 WHERE line.fee_amount > 0 AND line.state <> 'dropped'
                 GROUP BY invoice.id
                """,
                list({item.move_id for item in items}),
            )
        )
        return dict(rows)

    def _get_paid_late(self, items):
        """Return {item id: [(amount, day)]} of what came in after the due date.

        In the instalment's currency; of receipts alone, no credit note and no
        write-off, on the day they were booked.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debt.id, part.debit_amount_currency::float, receipt.date
                  FROM unnest(%s::int[]) debt(id)
                  CROSS JOIN LATERAL (
                    SELECT credit_move_id, debit_amount_currency
                      FROM account_partial_reconcile
                     WHERE debit_move_id = debt.id
                    OFFSET 0
                  ) part
                  JOIN account_move_line receipt ON receipt.id = part.credit_move_id
                  JOIN account_journal journal ON journal.id = receipt.journal_id
                 WHERE journal.type IN %s
                """,
                [item.id for item in items],
                MONEY_JOURNALS,
            )
        )
        paid = {}
        for item_id, *payment in rows:
            paid.setdefault(item_id, []).append(payment)
        return paid

    def of(self, items, step):
        """Return {item id: :class:`Claim`} of one reminder.

        :param step: the step whose words are used; it says what is mentioned
        """
        if not (step.show_interest or step.show_fees):
            return dict.fromkeys((item.id for item in items), NOTHING)
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
