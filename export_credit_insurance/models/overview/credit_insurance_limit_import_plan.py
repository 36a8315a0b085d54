from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..contract.credit_insurance_limit import GRANTED_STATES
from .limit_words import CHANGES

#: limits of which one buyer may have several at a time
STACKED = ("temporary", "topup")


class CreditInsuranceLimitImport(models.Model):
    """What a decision of the file does to the limits that are recorded.

    It is compared with the lines of its policy, buyer and kind; it ends those in force
    from its effect on and adds one (DOMAIN 1.4). What is recorded already, or older
    than what is, changes nothing.
    """

    _inherit = "credit.insurance.limit.import"

    def _plan(self, entries):
        """Set the outcome of each decision, one per buyer and product, set-wise.

        :return: those that change something, with ``ends`` filled
        """
        lines, file_dates = self._recorded_lines(entries)
        today = self.company_id._credit_today()
        for entry in entries:
            own = lines[entry.key]
            entry.current_amount = self._in_force(entry, own, today).amount
            if not entry.decides:
                entry.settle(
                    "undecided", self.env._("The insurer has not decided anything.")
                )
            elif found := self._find_recorded(entry, own):
                entry.settle("unchanged", self.env._("Recorded already."))
                entry.limit = found[0]
                if valid := self._in_force(entry, found, today):
                    entry.current_amount = valid.amount
            elif newer := self._find_newer(entry, own, file_dates):
                entry.settle(
                    "older",
                    self.env._(
                        "A decision of %(day)s is recorded.",
                        day=format_date(self.env, _last_day(newer)),
                    ),
                )
            else:
                self._plan_decision(entry, own)
        return [entry for entry in entries if entry.outcome in CHANGES]

    def _recorded_lines(self, entries):
        """Return ``({key: lines}, {line id: date of the file it came with})``."""
        Limit = self.env["credit.insurance.limit"]
        found = Limit.search(
            Domain("policy_id", "in", list({e.policy.id for e in entries}))
            & Domain("partner_id", "in", list({e.partner.id for e in entries})),
            order="id",
        )
        lines = defaultdict(Limit.browse)
        ids = defaultdict(list)
        for line in found:
            family = "named" if line.kind == "express" else line.kind
            ids[line.policy_id.id, line.partner_id.id, family].append(line.id)
        for key, own in ids.items():
            lines[key] = Limit.browse(own)
        self.flush_model(["state", "file_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.limit_id, max(file.file_date)
                  FROM credit_insurance_limit_import_line line
                  JOIN credit_insurance_limit_import file ON file.id = line.import_id
                 WHERE line.limit_id = ANY(%s) AND file.state = 'applied'
                 GROUP BY 1
                """,
                found.ids,
            )
        )
        return lines, dict(rows)

    def _find_recorded(self, entry, lines):
        """Return the line that records this decision: same day, kind, amount, state."""
        day = entry.decision_date

        def is_it(line):
            if entry.ends_limit:
                return line.state == "cancelled" and line.end_decision_date == day
            if line.kind != entry.kind or line.decision_date != day:
                return False
            if entry.is_refusal:
                return line.state == "refused"
            return (
                line.state in GRANTED_STATES
                and line.currency_id.id == entry.currency_id
                and not line.currency_id.compare_amounts(line.amount, entry.amount)
            )

        found = lines.filtered(is_it)
        if entry.ends_limit and not found:
            # a cancellation of what was never recorded was recorded as a refusal
            found = lines.filtered(
                lambda line: line.state == "refused" and line.decision_date == day
            )
        return found

    def _in_force(self, entry, lines, today):
        """Return the line that counts today, else one that will, of these."""
        valid = lines.filtered(
            lambda line: (
                line.state in GRANTED_STATES
                and line._is_effective()
                and (not line.date_to or line.date_to >= today)
                and self._is_replaced(entry, line)
            )
        )
        begun = valid.filtered(lambda line: line.date_from <= today)
        return (begun or valid)[:1]

    def _find_newer(self, entry, lines, file_dates):
        """Return recorded lines that this decision or this file is older than."""
        decided = lines.filtered(lambda line: line.state not in ("draft", "requested"))
        last = max(map(_last_day, decided), default=None)
        if not last or last < entry.decision_date:
            return None
        latest = decided.filtered(lambda line: _last_day(line) == last)
        if last > entry.decision_date:
            return latest[-1]
        newer_file = max((file_dates.get(i) or last for i in latest.ids), default=last)
        return latest[-1] if newer_file > self.file_date else None

    def _plan_decision(self, entry, lines):
        """Plan a decision that is not recorded yet."""
        ongoing = lines.filtered(
            lambda line: (
                line.state in GRANTED_STATES
                and (not line.date_to or line.date_to >= entry.effect)
                and self._is_replaced(entry, line)
            )
        )
        current = ongoing.filtered(lambda line: line._is_effective())[:1]
        entry.previous = current or ongoing[:1]
        entry.asked = lines.filtered(lambda line: self._is_answered(entry, line))[:1]
        entry.current_amount = current.amount
        if not ongoing and self._is_said_again(entry, lines):
            entry.settle("unchanged", self.env._("Recorded already."))
        elif entry.ends_limit or (entry.is_refusal and self._is_withdrawal(entry)):
            self._plan_end(entry, ongoing, current)
        elif entry.is_refusal:
            entry.settle("refused")
        else:
            self._plan_grant(entry, ongoing, current)

    def _is_said_again(self, entry, lines):
        """Tell whether a file without days of decisions repeats that there is nothing.

        A dated cancellation of what has ended is no news either.
        """
        if not (entry.ends_limit or entry.is_refusal) or entry.asked:
            return False
        if entry.is_refusal and entry.values["decision_date"]:
            return False
        return any(line.state in ("cancelled", "refused") for line in lines)

    def _is_replaced(self, entry, line):
        """Tell whether a decision is about this line.

        A named limit replaces an express one, not the other way round; of several
        temporary limits or top-ups the one with the same reference.
        """
        if entry.kind == "express" and line.kind != "express":
            return False
        reference = entry.values["reference"]
        if entry.kind in STACKED and reference and line.insurer_reference:
            return reference == line.insurer_reference
        if entry.kind == "temporary" and entry.values["end_date"]:
            return line.date_from <= entry.values["end_date"]
        return True

    def _is_answered(self, entry, line):
        """Tell whether a pending request is what this decision answers."""
        return (
            line.state == "requested"
            and line.kind == entry.kind
            and line.request_date <= entry.decision_date
            and (line.request_type == "cancel") == entry.ends_limit
        )

    def _is_withdrawal(self, entry):
        """A refusal with an amount of 0 takes the limit away, unless more was asked."""
        return entry.values["amount"] == 0.0 and entry.values["request"] not in (
            "increase",
            "prolong",
        )

    def _plan_end(self, entry, ongoing, current):
        if not ongoing:
            entry.settle(
                "refused",
                self.env._("No limit was in force: it is recorded as refused."),
            )
            return
        entry.settle("cancelled")
        line = current or ongoing[:1]
        end = {
            "cancelled_by": "insured"
            if entry.values["request"] == "cancel"
            else "insurer",
            "end_decision_date": entry.decision_date,
            "end_notified_on": self._notified_on(entry),
            "end_reason_code": entry.values["reason_code"] or False,
            "end_reason": entry.values["reason"] or False,
        }
        entry.limit = line
        entry.ends = [
            (line, line._end_values(entry.effect, "cancelled", **end)),
            *(
                (other, other._end_values(entry.effect, "closed"))
                for other in ongoing - line
            ),
        ]

    def _plan_grant(self, entry, ongoing, current):
        if entry.is_conditional:
            entry.settle("conditional")
            return
        entry.settle(self._change(entry, current))
        if entry.outcome == "unchanged" and entry.asked:
            entry.outcome = "changed"  # the request is answered
        if entry.outcome == "unchanged":
            entry.message = self.env._("Nothing of it differs from what is in force.")
            entry.limit = current
            return
        currency = self.env["res.currency"].browse(entry.currency_id)
        entry.ends = [
            (
                line,
                line._end_values(entry.effect, "closed", (entry.amount, currency)),
            )
            for line in ongoing
        ]

    def _change(self, entry, current):
        """Say what a granted amount is beside the limit in force."""
        if not current:
            return "new"
        if current.currency_id.id != entry.currency_id:
            return "changed"
        order = current.currency_id.compare_amounts(entry.amount, current.amount)
        if order:
            return "raised" if order > 0 else "reduced"
        values = entry.values
        same = (
            (current.date_to or None) == (values["end_date"] or None)
            and current.kind == entry.kind
            and values["insured_pct"] in (None, 0, current.insured_pct)
            and values["max_payment_days"] in (None, 0, current.max_payment_days)
        )
        return "unchanged" if same else "changed"

    def _notified_on(self, entry):
        return max(self.received_on, entry.decision_date)


def _last_day(line):
    """Return the day of the last decision that a line records."""
    days = [day for day in (line.decision_date, line.end_decision_date) if day]
    return max(days, default=None) or line.date_from or line.create_date.date()
