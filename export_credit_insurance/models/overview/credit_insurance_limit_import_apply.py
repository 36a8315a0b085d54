from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..contract.credit_insurance_limit import OWN_TERMS
from .limit_entry import MOST_PER_BUYER, waves

#: limits made with one call
BATCH = 1000
#: what a bulk of decisions does without: messages on each limit
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True}


class CreditInsuranceLimitImport(models.Model):
    """Write the decisions of a file: all of them, or nothing.

    Checking a file goes through the very same steps and undoes them, so that what is
    shown is what applying does.
    """

    _inherit = "credit.insurance.limit.import"

    def _decide(self, entries):
        """Plan and write decisions, round by round; each entry gets its outcome."""
        left = [entry for entry in entries if not entry.outcome]
        self._check_days(left)
        self._check_repeated([entry for entry in left if not entry.outcome])
        rounds = waves([entry for entry in left if not entry.outcome])
        for entry in (entry for turn in rounds[MOST_PER_BUYER:] for entry in turn):
            entry.settle(
                "error",
                self.env._(
                    "The file has more than %(most)s decisions on this buyer and"
                    " product.",
                    most=MOST_PER_BUYER,
                ),
            )
        for turn in rounds[:MOST_PER_BUYER]:
            self._write_changes(self._plan(turn))

    def _list_cut_orders(self, entries):
        """List the orders in progress of buyers whose limits the file cut.

        As when a controller records a cut; answers to requests list their own.
        """
        cuts = [
            (entry.previous or entry.limit, entry.limit)
            for entry in entries
            if not entry.asked
            and (
                entry.outcome == "reduced"
                or (
                    entry.outcome == "cancelled"
                    and entry.limit.cancelled_by == "insurer"
                )
            )
        ]
        if cuts:
            self.env["credit.insurance.cut.notice"]._list_orders_at(cuts)

    def _check_days(self, entries):
        """No file knows what is decided after its day."""
        for entry in entries:
            if entry.decision_date > self.file_date:
                entry.settle(
                    "error",
                    self.env._("It was decided after the day of the file."),
                )

    def _check_repeated(self, entries):
        """Rows that repeat each other count once; those that differ are errors."""
        first = {}
        for entry in entries:
            key = (*entry.key, entry.kind, entry.values["reference"])
            seen = first.setdefault((key, entry.decision_date), entry)
            if seen is entry:
                continue
            if seen.says == entry.says:
                entry.settle(
                    "unchanged",
                    self.env._("The same as line %(line)s.", line=seen.row_number),
                )
            else:
                text = self.env._(
                    "Lines %(first)s and %(second)s say different things of one buyer,"
                    " product and day.",
                    first=seen.row_number,
                    second=entry.row_number,
                )
                seen.settle("error", text)
                entry.settle("error", text)

    def _write_changes(self, entries):
        """Write one round: ends of lines, answers to requests, new lines."""
        Limit = self.env["credit.insurance.limit"].with_context(**QUIET)
        for entry in entries:
            if entry.asked:
                self._write_one(entry, self._answer)
        unasked = [entry for entry in entries if not entry.asked]
        Limit._store_alike([end for entry in unasked for end in entry.ends])
        added = [entry for entry in unasked if entry.outcome != "cancelled"]
        for number, batch in enumerate(split_every(BATCH, added)):
            self._tell("deciding", number * BATCH, len(added))
            self._add_lines(list(batch))

    def _write_one(self, entry, write):
        """Write one decision; what forbids it is said of its row."""
        try:
            with self.env.cr.savepoint():
                write(entry)
        except UserError as error:
            entry.settle("error", str(error))

    def _add_lines(self, entries):
        """Make the lines of many decisions; find the rows that are forbidden."""
        if len(entries) == 1:
            self._write_one(entries[0], self._add_line)
            return
        try:
            with self.env.cr.savepoint():
                self._create_lines(entries)
        except UserError:
            half = len(entries) // 2
            self._add_lines(entries[:half])
            self._add_lines(entries[half:])

    def _add_line(self, entry):
        self._create_lines([entry])

    def _create_lines(self, entries):
        limits = (
            self.env["credit.insurance.limit"]
            .with_context(**QUIET)
            .create([self._prepare_line(entry) for entry in entries])
        )
        self.env.flush_all()
        for entry, limit in zip(entries, limits, strict=True):
            entry.limit = limit

    def _prepare_line(self, entry):
        """Return the values of the line that records a decision.

        What a file says nothing of goes on: the terms of the limit that it changes,
        and the number under which the insurer knows the buyer.
        """
        values = {
            **self._prepare_decision(entry),
            "policy_id": entry.policy.id,
            "partner_id": entry.partner.id,
            "kind": entry.kind,
            "currency_id": entry.currency_id,
            "previous_id": entry.previous.id,
            "requested_amount": entry.values["requested_amount"] or 0.0,
            "request_date": entry.values["request_date"],
            "request_type": self._request_type(entry),
            "decided_by_id": self.env.uid,
        }
        if entry.outcome == "refused":
            return {**values, "state": "refused", "amount": 0.0, "date_to": False}
        state = {"4": "conditional", "5": "partial"}.get(entry.values["decision"])
        kept = (*OWN_TERMS, "insurer_buyer_ref")
        return {
            **{name: entry.previous[name] for name in kept},
            **values,
            "state": state or "approved",
            "amount_mode": self.profile_id.temporary_mode,
        }

    def _request_type(self, entry):
        if entry.kind == "discretionary":
            return False
        if asked := entry.values["request"]:
            return asked if asked != "cancel" else "reduce"
        return {
            "raised": "increase",
            "reduced": "reduce",
            "changed": "prolong",
            "refused": "increase" if entry.previous else "new",
        }.get(entry.outcome, "new")

    def _prepare_decision(self, entry):
        """Return the facts of a decision, those that are known."""
        values = entry.values
        facts = {
            "amount": entry.amount,
            "decision_date": entry.decision_date,
            "notified_on": self._notified_on(entry),
            "date_from": entry.effect,
            "date_to": values["end_date"],
            "reason_code": values["reason_code"],
            "reason": values["reason"],
            "conditions": (values["conditions"] or values["reason"])
            if entry.is_conditional
            else values["conditions"],
            "insurer_reference": values["reference"],
            "insurer_buyer_ref": values["insurer_buyer_ref"],
            "insured_pct": values["insured_pct"],
            "max_payment_days": values["max_payment_days"],
            "source": "import",
        }
        return {name: value for name, value in facts.items() if value}

    def _answer(self, entry):
        """Answer the pending request, as a controller does in the dialogue."""
        word = "approved"
        if entry.outcome in ("refused", "conditional"):
            word = entry.outcome
        facts = self._prepare_decision(entry)
        if entry.outcome == "cancelled":
            facts.pop("amount", None)
        entry.limit = entry.asked.with_context(**QUIET)._record_decision(word, **facts)
