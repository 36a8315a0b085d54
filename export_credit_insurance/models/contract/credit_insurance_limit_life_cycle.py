from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .credit_insurance_limit import GRANTED_STATES, OPEN_STATES, PENDING_STATES

# What is asked of the insurer: frozen once asked.
REQUEST_FIELDS = {
    "policy_id",
    "partner_id",
    "kind",
    "request_type",
    "previous_id",
    "requested_amount",
    "amount_mode",
    "currency_id",
    "request_date",
    "date_from",
    "date_to",
    "insured_pct",
    "max_payment_days",
    "mep_days",
}
# What only a recorded decision sets.
DECISION_FIELDS = {
    "state",
    "decision_date",
    "notified_on",
    "conditions",
    "conditions_met",
    "conditions_met_on",
    "cancelled_by",
    "end_decision_date",
    "end_notified_on",
    "end_reason_code",
    "end_reason",
    "reason_code",
    "reason",
    "insurer_reference",
    "decided_by_id",
    "source",
}
# What a person may still work out on the draft of a discretionary limit.
JUSTIFICATION_FIELDS = {"amount", "justification_method", "computed_amount", "evidence"}
# Facts of the insurer, which controllers enter and may add to a decided line: one
# number on two buyers makes them share a limit.
CONTROLLER_FIELDS = {"insurer_buyer_ref", "proof_ids"}


class CreditInsuranceLimit(models.Model):
    """Life of a limit: asked for, answered, changed, ended; nothing overwritten.

    ``write`` refuses the figures of a decision for everybody. They are set by the
    methods below, which end a line and add the next one.
    """

    _inherit = "credit.insurance.limit"

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts, requests or, for controllers, decisions taken elsewhere."""
        today = self.env.company._credit_today()
        prepared, requested = [], []
        for vals in vals_list:
            vals = dict(vals)
            state = vals.get("state", "draft")
            if vals.get("kind") == "discretionary":
                vals["request_type"] = False
            requested.append(state == "requested")
            if state == "requested":
                vals["state"] = "draft"
            decided = DECISION_FIELDS | JUSTIFICATION_FIELDS | CONTROLLER_FIELDS
            decided -= {"state", "source"}
            if state not in PENDING_STATES or any(vals.get(name) for name in decided):
                self._check_controller()
            if state not in PENDING_STATES:
                vals.setdefault("decision_date", vals.get("date_from") or today)
                vals.setdefault("decided_by_id", self.env.uid)
            if state in GRANTED_STATES:
                vals.setdefault("date_from", vals["decision_date"])
            prepared.append(vals)
        limits = super().create(prepared)
        limits._check_dates()
        for limit, asked in zip(limits, requested, strict=True):
            if asked:
                limit._request()
        return limits

    def write(self, vals):
        """Refuse to touch what the insurer was asked or has answered."""
        for limit in self:
            limit._check_writable(set(vals))
        result = super().write(vals)
        if {"date_from", "date_to", "kind"} & vals.keys():
            self._check_dates()
        return result

    def _check_writable(self, names):
        """Tell by its state what may be written on a line, and by whom."""
        self.ensure_one()
        frozen = set(DECISION_FIELDS)
        if self.state != "draft":
            frozen |= REQUEST_FIELDS | JUSTIFICATION_FIELDS
        elif self.kind != "discretionary":
            frozen |= JUSTIFICATION_FIELDS
        touched = frozen & names
        if touched:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(touched)
            ]
            raise UserError(
                self.env._(
                    "The limit of %(buyer)s: %(fields)s cannot be overwritten. Record "
                    "a new decision: it adds a line and closes this one.",
                    buyer=self.partner_id.display_name,
                    fields=", ".join(labels),
                )
            )
        if names & (JUSTIFICATION_FIELDS | CONTROLLER_FIELDS):
            self._check_controller()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for limit in self:
            if limit.state != "draft":
                raise UserError(
                    self.env._(
                        "The limit of %(buyer)s has been asked for or decided: its "
                        "history stays. Only drafts can be deleted.",
                        buyer=limit.partner_id.display_name,
                    )
                )

    def _store(self, vals):
        """Write what ``write`` refuses: only the methods of this file come here."""
        return super().write(vals)

    def _check_controller(self):
        if not self.env.su and not self.env.user.has_group(
            "export_credit_insurance.group_credit_controller"
        ):
            raise AccessError(
                self.env._(
                    "Only a credit controller records decisions on limits. Ask for "
                    "the limit: a controller records the insurer's answer."
                )
            )

    # === ACTIONS ===

    def action_request(self):
        self._request()
        return True

    def action_withdraw(self):
        """Take a pending request back to draft."""
        for limit in self.filtered(lambda limit: limit.state == "requested"):
            limit._store({"state": "draft", "request_date": False})
        return True

    def action_record_decision(self):
        """Open the form that records what the insurer decided."""
        self.ensure_one()
        self._check_controller()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the decision"),
            "res_model": "credit.insurance.limit.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_limit_id": self.id},
        }

    def action_conditions_met(self):
        self._check_controller()
        for limit in self:
            limit._meet_conditions()
        return True

    # === REQUESTS ===

    def _request(self):
        """Ask the insurer: one request at a time per policy, buyer and kind."""
        for limit in self:
            if limit.state != "draft" or limit.kind == "discretionary":
                raise UserError(
                    self.env._(
                        "The limit of %(buyer)s is no draft of a request.",
                        buyer=limit.partner_id.display_name,
                    )
                )
            if limit.policy_id.state == "closed":
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is closed: nothing can be asked under it.",
                        policy=limit.policy_id.display_name,
                    )
                )
            pending = self.search(
                [
                    ("policy_id", "=", limit.policy_id.id),
                    ("partner_id", "=", limit.partner_id.id),
                    ("kind", "=", limit.kind),
                    ("state", "=", "requested"),
                ],
                limit=1,
            )
            if pending:
                raise UserError(
                    self.env._(
                        "A request of %(amount)s for %(buyer)s has been pending since "
                        "%(day)s. Record its answer or withdraw it first.",
                        amount=pending.currency_id.format(pending.requested_amount),
                        buyer=limit.partner_id.display_name,
                        day=pending.request_date,
                    )
                )
            limit._store(
                {
                    "state": "requested",
                    "request_date": limit.request_date
                    or self.env.company._credit_today(),
                    **limit._prepare_request_type(),
                }
            )
            limit._check_dates()

    def _prepare_request_type(self):
        """Say what a request changes: a refused increase must not read as a refusal
        of a new limit, which would end the right to the discretionary one."""
        self.ensure_one()
        previous = self.previous_id
        if self.request_type == "new" and self.kind in ("named", "express"):
            previous = self._lines_from(self.env.company._credit_today()).filtered(
                lambda line: line.kind == self.kind and line.state in OPEN_STATES
            )[:1]
        if not previous or self.request_type != "new":
            return {}
        request_type = "increase"
        if self.currency_id == previous.currency_id:
            order = self.currency_id.compare_amounts(
                self.requested_amount, previous.amount
            )
            request_type = {1: "increase", 0: "prolong", -1: "reduce"}[order]
        return {"request_type": request_type, "previous_id": previous.id}

    # === DECISIONS ===

    def _record_decision(self, decision, **values):
        """Record what the insurer decided; return the line that says so.

        On a request: approved, partial, conditional or refused. On a granted line:
        reduced, raised or prolonged (each adds a line) or cancelled.

        :param decision: one of the words above
        :param values: fields of the decision: ``amount``, ``date_from`` (effect),
            ``date_to``, ``decision_date``, ``notified_on``, ``conditions``,
            ``reason_code``, ``cancelled_by``, ``insurer_buyer_ref`` …
        """
        self.ensure_one()
        self._check_controller()
        today = self.env.company._credit_today()
        values = {
            "decided_by_id": self.env.uid,
            # an amount of 0 is an error to be told, not a value to be left out
            **{k: v for k, v in values.items() if v not in ("", None) and v is not False},
        }
        values.setdefault("decision_date", values.get("date_from") or today)
        for name in ("decision_date", "date_from", "date_to", "notified_on"):
            if name in values:
                values[name] = fields.Date.to_date(values[name])
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
                "This decision does not fit the limit of %(buyer)s: requests are "
                "approved or refused, granted limits are changed or cancelled.",
                buyer=self.partner_id.display_name,
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
        if request_type == "cancel":
            return self._grant_cancellation(answer)
        amount = answer.setdefault("amount", self.requested_amount)
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
        today = self.env.company._credit_today()
        effect = max(self.date_from, today)
        replaced = self._lines_from(effect, self.previous_id) - self
        replaced._end(effect, "closed", (self.amount, self.currency_id))
        self._store(
            {"conditions_met": True, "conditions_met_on": today, "date_from": effect}
        )

    # === HELPERS ===

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
            last = effect - timedelta(days=1)
            if line.date_to:
                last = min(last, line.date_to)
            if line.state == "conditional" and not line.conditions_met:
                last = min(last, line.date_from - timedelta(days=1))
            vals = {"date_to": last}
            if line.state in OPEN_STATES:
                amount, currency = replaced_by or (line.amount, line.currency_id)
                lower = currency == line.currency_id and amount < line.amount
                vals |= {**values, "state": "reduced" if lower else state}
            line._store(vals)

    @api.model
    def _cron_expire(self):
        """Each night: mark the granted lines whose last day has passed."""
        today = self.env.company._credit_today()
        over = self.search(
            [("state", "in", OPEN_STATES), ("date_to", "<", today)]
        )
        unmet = over.filtered(
            lambda line: line.state == "conditional" and not line.conditions_met
        )
        (over - unmet)._store({"state": "expired"})
        for line in unmet:
            line._end(line.date_from, "expired")
