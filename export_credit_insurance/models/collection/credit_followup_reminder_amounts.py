from odoo import api, models

from .late_claims import LateClaims
from .step_choice import StepChoice

#: exclusions of the engine that do not matter once a reminder is prepared
STILL_DUE = (None, "pending")


class CreditFollowupReminder(models.Model):
    """What a reminder asks for: it follows from its instalments, and from their day."""

    _inherit = "credit.followup.reminder"

    # === MOVED BY HAND === #

    def _move_lines_to_step(self):
        """Let the instalments take the step chosen by hand.

        A formal notice speaks of what is due: the others wait for another reminder.
        """
        for reminder in self:
            pending = reminder.line_ids.filtered(lambda line: line.state == "pending")
            if reminder.step_id.is_formal_notice:
                due = pending.filtered("is_overdue")
                (pending - due).state = "dropped"
                pending = due
            pending.step_id = reminder.step_id
        self._refresh_amounts()
        self._refresh_claims()
        self._skip_empty("excluded")

    def _refresh_claims(self):
        """Work out interest and fees anew: each step says what it mentions."""
        due = self.env["credit.followup.due"]
        for (company, day), reminders in self.grouped(
            lambda reminder: (reminder.company_id, reminder.date)
        ).items():
            found = due._get_items(reminders.partner_id, company, day)
            items = {item.id: item for group in found.values() for item in group}
            claims = LateClaims(self.env, company, day, items.values())
            for reminder in reminders:
                reminder._write_claims(claims, items)
        self._refresh_amounts()

    def _write_claims(self, claims, items):
        pending = self.line_ids.filtered(
            lambda line: line.state == "pending" and line.move_line_id.id in items
        )
        listed = [items[line.move_line_id.id] for line in pending]
        claimed = claims.of(listed, self.text_step_id)
        for line in pending:
            claim = claimed[line.move_line_id.id]
            line.write({"interest_amount": claim.interest, "fee_amount": claim.fee})

    # === LOOKED AT AGAIN === #

    def _look_again(self, questions=None):
        """Look again at what is asked for: paid, promised or disputed since?

        An event in the buyer's country may have begun or ended, too: what was written
        for the other time does not go out.

        Lowers what was paid in part and drops what is settled; interest and fees of
        what changed are worked out anew, for the day of the run, as in preparing it.

        :param questions: {company: what was asked}, filled for who asks again
        :return: ``{reminder: why nothing is left of it, or None}``
        """
        reasons = {}
        asked = {reminder: reminder.amount_due for reminder in self}
        for company, reminders in self.grouped("company_id").items():
            due = self.env["credit.followup.due"]
            question = due._question(reminders.partner_id, company)
            if questions is not None:
                questions[company] = question
            items = due._ask(question)
            of_line = {item.id: item for found in items.values() for item in found}
            for reminder in reminders:
                reasons[reminder] = reminder._refresh_lines(of_line)
        left = self.filtered(lambda reminder: not reasons[reminder])
        changed = left.filtered(
            lambda reminder: reminder.amount_due != asked[reminder]
            or "dropped" in reminder.line_ids.mapped("state")
        )
        changed._refresh_claims()
        return reasons

    def _refresh_lines(self, items):
        """Bring the lines up to date; return why nothing is left, if nothing is."""
        reason = None
        plans = self.env["credit.followup.plan"].sudo()  # sudo: as in _get_items
        pending = self.line_ids.filtered(lambda line: line.state == "pending")
        for line in pending:
            item = items.get(line.move_line_id.id)
            if item is None or item.exclusion not in STILL_DUE:
                line.state = "dropped"
                reason = reason or (item and item.exclusion) or "paid"
            elif not self._fits_plan(plans.browse(item.plan_id)):
                line.state = "dropped"
                reason = reason or "other_plan"
            elif item.chased != line.amount:
                line.write({"amount": item.chased, "disputed_amount": item.disputed})
        pending = pending.filtered(lambda line: line.state == "pending")
        if not pending:
            return reason or "excluded"
        due = sum(pending.mapped("amount"))
        if reason or self.currency_id.compare_amounts(due, self.amount_due):
            self._refresh_amounts()
        return None

    def _fits_plan(self, plan):
        """Whether the buyer's plan is of the same time: of an event, or ordinary."""
        return bool(plan.event_kind) == bool(self.plan_id.event_kind)

    # === SUMS === #

    def _refresh_amounts(self):
        """Bring sums, channel and approval in line with the instalments listed."""
        for reminder in self:
            lines = reminder.line_ids.filtered(lambda line: line.state == "pending")
            if lines:
                reminder.write(reminder._prepare_totals(lines))

    @api.model
    def _prepare_totals(self, lines):
        """Return what follows from a reminder's instalments."""
        choice = StepChoice(self.env).of(lines.step_id.ids)
        return {
            "step_id": choice.step.id,
            "text_step_id": choice.text_step.id,
            "channel": choice.channel,
            "needs_approval": choice.needs_approval,
            "amount_due": sum(lines.mapped("amount")),
            "amount_overdue": sum(lines.filtered("is_overdue").mapped("amount")),
            "interest_amount": sum(lines.mapped("interest_amount")),
            "fee_amount": sum(lines.mapped("fee_amount")),
        }
