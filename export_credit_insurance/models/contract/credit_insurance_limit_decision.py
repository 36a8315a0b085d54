from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..job import do_each
from .credit_insurance_limit import (
    GRANTED_STATES,
    OPEN_STATES,
    OWN_TERMS,
    PENDING_STATES,
)


class CreditInsuranceLimit(models.Model):
    """Decisions on limits: each ends the line it changes on the day before its
    effect and, unless it cancels, adds the line that follows."""

    _inherit = "credit.insurance.limit"

    def _record_decision(self, decision, **values):
        """Record what the insurer decided; return the line that says so.

        On a request: approved, partial, conditional or refused. On a granted line:
        reduced, raised or prolonged (each adds a line) or cancelled.

        :param decision: one of the words above
        :param values: fields of the decision: ``amount``, ``date_from`` (effect),
            ``date_to``, ``decision_date``, ``notified_on``, ``conditions``,
            ``reason_code``, ``cancelled_by``, ``insurer_buyer_ref`` … What is not
            named, or is None, stays as it was; ``date_to`` False: without an end, and
            own terms of 0: as the policy says.
        """
        self.ensure_one()
        self._check_controller()
        values = self._clean_decision(values)
        self._check_notice(values)
        pending = self.state in PENDING_STATES and self.kind != "discretionary"
        if pending and decision == "refused":
            # dates wished for are not those of the answer
            values = {"date_from": values["decision_date"], **values, "date_to": False}
            self._store(
                {**self._prepare_answer(values), "state": "refused", "amount": 0}
            )
            return self
        if pending and decision in OPEN_STATES:
            return self._grant(decision, values)
        if self.state in OPEN_STATES and decision == "cancelled":
            return self._cancel(values)
        if self.state in OPEN_STATES and decision in ("reduced", "raised", "prolonged"):
            return self._replace(decision, values)
        raise UserError(
            self.env._(
                "The limit of %(buyer)s is %(state)s: this decision does not fit it. "
                "Requests are approved or refused; limits in force are changed or "
                "cancelled.",
                buyer=self.partner_id.display_name,
                state=dict(self._fields["state"]._description_selection(self.env))[
                    self.state
                ].lower(),
            )
        )

    def _clean_decision(self, values):
        """Fill in who and when; leave out what was left empty.

        An amount of 0 is no empty value but an error to be told, and a limit without
        an end is a decision.
        """
        given = {
            name: value
            for name, value in values.items()
            if value not in (None, "") and (value is not False or name == "date_to")
        }
        for name in ("decision_date", "date_from", "date_to", "notified_on"):
            if given.get(name):
                given[name] = fields.Date.to_date(given[name])
        today = self.policy_id._credit_today()
        given.setdefault("decision_date", given.get("date_from") or today)
        return {"decided_by_id": self.env.uid, **given}

    def _check_notice(self, values):
        """Nobody hears of a decision before it is taken."""
        notified = values.get("notified_on")
        if notified and notified < values["decision_date"]:
            raise UserError(
                self.env._(
                    "The decision on the limit of %(buyer)s is of %(decided)s: it "
                    "cannot have been received on %(notified)s. Correct its dates.",
                    buyer=self.partner_id.display_name,
                    decided=format_date(self.env, values["decision_date"]),
                    notified=format_date(self.env, notified),
                )
            )

    def _check_answer(self, decision, request_type, amount):
        """Refuse answers that no insurer gives to this request.

        Less than what was asked for is granted in part, whatever it is called; so much
        or more is not. A cancellation is agreed to or not.
        """
        asked = self.requested_amount
        if request_type == "cancel" and decision != "approved":
            raise UserError(
                self.env._(
                    "You asked to cancel the limit of %(buyer)s: the answer is either "
                    "an approval or a refusal.",
                    buyer=self.partner_id.display_name,
                )
            )
        if (
            decision == "partial"
            and request_type != "reduce"
            and self.currency_id.compare_amounts(amount, asked) >= 0
        ):
            raise UserError(
                self.env._(
                    "Partly approved means less than the %(requested)s that were "
                    "requested for %(buyer)s, not %(amount)s. Correct the amount, or "
                    "choose “Approved”.",
                    requested=self.currency_id.format(asked),
                    buyer=self.partner_id.display_name,
                    amount=self.currency_id.format(amount),
                )
            )

    def _check_prolongation(self, date_to):
        """A prolongation ends later than the limit did, or never.

        :param date_to: the new end; False: none any more, None: not said
        """
        if not self.date_to:
            raise UserError(
                self.env._(
                    "The limit of %(buyer)s has no end: there is nothing to prolong.",
                    buyer=self.partner_id.display_name,
                )
            )
        if date_to is None or (date_to and date_to <= self.date_to):
            raise UserError(
                self.env._(
                    "The limit of %(buyer)s is in force until %(end)s already: a "
                    "prolongation ends later.",
                    buyer=self.partner_id.display_name,
                    end=format_date(self.env, self.date_to),
                )
            )

    def _prepare_answer(self, values):
        """Values of an answer; a draft answered at once was asked that day."""
        answer = {"request_date": values["decision_date"]}
        if self.state == "requested":
            answer = {}
        else:
            answer.update(self._prepare_request_type())
        return {**answer, **values}

    def _grant(self, decision, values):
        """Answer a request with a limit, which closes the lines it replaces."""
        answer = self._prepare_answer(values)
        request_type = answer.get("request_type", self.request_type)
        effect = answer.setdefault("date_from", answer["decision_date"])
        amount = answer.get("amount", self.requested_amount)
        self._check_answer(decision, request_type, amount)
        if request_type == "cancel":
            return self._grant_cancellation(answer)
        previous_id = answer.get("previous_id", self.previous_id.id)
        answer = {**self._terms_that_go_on(previous_id), **answer, "amount": amount}
        if decision != "conditional":
            asked = self.requested_amount
            partly = self.currency_id.compare_amounts(amount, asked) < 0
            decision = "partial" if partly else "approved"
        else:
            answer["conditions_met"] = False
        if decision != "conditional":
            replaced = self._lines_from(effect, self.previous_id)
            replaced._end(effect, "closed", (amount, self.currency_id))
        self._store({**answer, "state": decision})
        self._check_dates()
        return self

    def _grant_cancellation(self, answer):
        """The insurer agreed to end a limit at our request."""
        effect = answer["date_from"]
        previous = self.previous_id or self._lines_from(effect)
        previous._end(
            effect,
            "cancelled",
            cancelled_by="insured",
            end_decision_date=answer["decision_date"],
            end_notified_on=answer.get("notified_on"),
        )
        self._store(
            {
                **answer,
                "state": "closed",
                "amount": 0,
                "date_to": effect - timedelta(days=1),
            }
        )
        return self

    def _cancel(self, values):
        """End a granted line, and what would take its place, on the day before."""
        effect = values.get("date_from") or values["decision_date"]
        (self._lines_from(effect, self) - self)._end(effect, "closed")
        self._end(
            effect,
            "cancelled",
            cancelled_by=values.get("cancelled_by", "insurer"),
            end_decision_date=values["decision_date"],
            end_notified_on=values.get("notified_on"),
            end_reason_code=values.get("reason_code"),
            end_reason=values.get("reason"),
        )
        return self

    def _replace(self, decision, values):
        """Add the line of a new decision and close the one it changes."""
        amount = values.get("amount", self.amount)
        order = self.currency_id.compare_amounts(amount, self.amount)
        if order != {"reduced": -1, "raised": 1, "prolonged": 0}[decision]:
            raise UserError(
                self.env._(
                    "The limit of %(buyer)s is %(amount)s: a reduction grants less, "
                    "an increase more, a prolongation the same.",
                    buyer=self.partner_id.display_name,
                    amount=self.currency_id.format(self.amount),
                )
            )
        if decision == "prolonged":
            self._check_prolongation(values.get("date_to"))
        effect = values.get("date_from") or values["decision_date"]
        if decision == "prolonged" and self.date_to and "date_from" not in values:
            effect = self.date_to + timedelta(days=1)
        vals = self.copy_data()[0] | {
            "conditions": self.conditions,
            "date_to": self.date_to,
            **values,
            "amount": amount,
            "date_from": effect,
            "previous_id": self.id,
            "request_type": {
                "reduced": "reduce",
                "raised": "increase",
                "prolonged": "prolong",
            }[decision],
            "requested_amount": 0.0,
            "state": "approved",
        }
        unmet = self.state == "conditional" and not self.conditions_met
        if unmet:
            vals["state"] = "conditional"
            replaced = self
        else:
            replaced = self._lines_from(effect, self)
        replaced._end(effect, "closed", (amount, self.currency_id))
        return self.create(vals)

    def _meet_conditions(self):
        """Put a conditional line into force from the day its conditions are met."""
        self.ensure_one()
        if self.state != "conditional" or self.conditions_met:
            raise UserError(
                self.env._(
                    "The limit of %(buyer)s waits for no condition.",
                    buyer=self.partner_id.display_name,
                )
            )
        if not self.proof_ids:
            raise UserError(
                self.env._(
                    "Attach the proof that the conditions of the limit of %(buyer)s "
                    "are met, then confirm it.",
                    buyer=self.partner_id.display_name,
                )
            )
        today = self.policy_id._credit_today()
        effect = max(self.date_from, today)
        replaced = self._lines_from(effect, self.previous_id) - self
        replaced._end(effect, "closed", (self.amount, self.currency_id))
        self._store(
            {"conditions_met": True, "conditions_met_on": today, "date_from": effect}
        )

    # === HELPERS ===

    def _terms_that_go_on(self, previous_id):
        """Return the own terms that hold where an answer names none.

        Those asked for, else those of the limit that the request changes: who asks
        for more does not give up its percentage.
        """
        previous = self.browse(previous_id)
        return {name: self[name] or previous[name] for name in OWN_TERMS}

    def _lines_from(self, effect, previous=None):
        """Lines that a decision on this one replaces from its effect on.

        A named limit replaces the named and express lines of the buyer, an express
        or discretionary one its own kind; a temporary limit or a top-up only the
        line it changes.
        """
        self.ensure_one()
        if self.kind in ("temporary", "topup"):
            return (previous or self.browse()).filtered(
                lambda line: not line.date_to or line.date_to >= effect
            )
        kinds = ("named", "express") if self.kind == "named" else (self.kind,)
        return self.search(
            [
                ("policy_id", "=", self.policy_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("kind", "in", kinds),
                ("state", "in", GRANTED_STATES),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", effect),
            ]
        )

    def _end(self, effect, state, replaced_by=None, **values):
        """End lines on the day before an effect; keep everything else of them.

        :param replaced_by: amount and currency of the line that follows, if any: a
            lower one makes the state *reduced*

        A line that somebody ended before keeps its state, and only ends earlier. A
        conditional line whose conditions were never met was in force on no day.
        """
        for line in self:
            line._store(line._end_values(effect, state, replaced_by, **values))

    def _end_values(self, effect, state, replaced_by=None, **values):
        """Return what ending a line writes on it; see :meth:`_end`."""
        self.ensure_one()
        last = effect - timedelta(days=1)
        if self.date_to:
            last = min(last, self.date_to)
        if self.state == "conditional" and not self.conditions_met:
            last = min(last, self.date_from - timedelta(days=1))
        vals = {"date_to": last}
        if self.state in OPEN_STATES:
            amount, currency = replaced_by or (self.amount, self.currency_id)
            lower = currency == self.currency_id and amount < self.amount
            vals |= {**values, "state": "reduced" if lower else state}
        return vals

    @api.model
    def _store_alike(self, written):
        """Store many ends of lines: as many writes as there are different ones.

        :param written: ``[(line, values)]``
        """
        groups = {}
        for line, vals in written:
            key = tuple(sorted(vals.items(), key=lambda item: item[0]))
            groups.setdefault(key, []).append(line.id)
        for key, ids in groups.items():
            self.browse(ids)._store(dict(key))

    @api.model
    def _cron_expire(self):
        """Each night: mark the granted lines whose last day has passed.

        It passes where the policy insures: no place is more than a day ahead of UTC.
        """
        ended = Domain("state", "in", OPEN_STATES)
        ended &= Domain("date_to", "<=", fields.Date.today())
        over = self.search(ended).filtered(
            lambda line: line.date_to < line.policy_id._credit_today()
        )
        by_policy = over.grouped("policy_id").values()
        do_each(self.env, by_policy, lambda lines: lines._expire())

    def _expire(self):
        """Mark granted lines as expired, and what was never met as never in force."""
        unmet = self.filtered(
            lambda line: line.state == "conditional" and not line.conditions_met
        )
        (self - unmet)._store({"state": "expired"})
        for line in unmet:
            line._end(line.date_from, "expired")
