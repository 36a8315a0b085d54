from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..groups import CONTROLLER_GROUP
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
GUARDED_FIELDS = DECISION_FIELDS | JUSTIFICATION_FIELDS | CONTROLLER_FIELDS


class CreditInsuranceLimit(models.Model):
    """Life of a limit: drafted, asked for, and never overwritten once answered.

    ``write`` refuses the figures of a decision for everybody. Only the methods that
    record decisions set them: they end a line and add the next one.
    """

    _inherit = "credit.insurance.limit"

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts, requests or, for controllers, decisions taken elsewhere."""
        prepared, requested = [], []
        for given in vals_list:
            # defaults of the context or the database decide no more than values do
            vals = {**self.default_get(sorted(GUARDED_FIELDS)), **given}
            state = vals.get("state", "draft")
            if vals.get("kind") == "discretionary":
                vals["request_type"] = False
            requested.append(state == "requested")
            if state == "requested":
                vals["state"] = "draft"
            decided = GUARDED_FIELDS - {"state", "source"}
            if state not in PENDING_STATES or any(vals.get(name) for name in decided):
                self._check_controller()
            if state not in PENDING_STATES:
                vals |= self._prepare_decided(vals)
            prepared.append(vals)
        limits = super().create(prepared)
        limits._check_dates()
        for limit, asked in zip(limits, requested, strict=True):
            if asked:
                limit._request()
        return limits

    @api.model
    def _prepare_decided(self, vals):
        """Say who decided and when, where a line that is decided leaves it open.

        Empty is not said: an import may well name a column and leave it empty.
        """
        policy = self.env["credit.insurance.policy"].browse(vals.get("policy_id"))
        day = vals.get("decision_date") or vals.get("date_from")
        day = day or policy._credit_today()
        decided = {
            "decision_date": day,
            "decided_by_id": vals.get("decided_by_id") or self.env.uid,
        }
        if vals["state"] in GRANTED_STATES:
            decided["date_from"] = vals.get("date_from") or day
        return decided

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
        """Write what ``write`` refuses: only requests and decisions come here."""
        return super().write(vals)

    def _check_controller(self):
        if not self.env.su and not self.env.user.has_group(CONTROLLER_GROUP):
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
            "name": self.env._("Record the Decision"),
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
                        "The limit of %(buyer)s is not a draft of a request: it "
                        "cannot be asked for.",
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
                        day=format_date(self.env, pending.request_date),
                    )
                )
            limit._store(
                {
                    "state": "requested",
                    "request_date": limit.request_date
                    or limit.policy_id._credit_today(),
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
            previous = self._lines_from(self.policy_id._credit_today()).filtered(
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
