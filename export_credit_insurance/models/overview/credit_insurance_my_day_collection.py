from datetime import timedelta

from odoo import fields, models

from .day_section import (
    LATE,
    LATER,
    SOON,
    TODAY,
    WEEK,
    Section,
    button,
    row,
    urgency_of,
)

CALL = "export_credit_insurance.mail_activity_type_followup_call"


class CreditInsuranceMyDay(models.AbstractModel):
    """What accountants do to get paid."""

    _inherit = "credit.insurance.my.day"

    # === CALLS === #

    def _section_calls(self):
        return Section(
            key="calls",
            title=self.env._("Calls"),
            empty=self.env._("Nobody is to be called today."),
            model="mail.activity",
            domain=self._activity_domain([CALL]),
            order="date_deadline, id",
            action="mail.mail_activity_action_my",
            row=self._row_call,
        )

    def _row_call(self, activity):
        """Say whom to call and at which number; all calls are read in one go."""
        peers = activity.browse(activity._prefetch_ids)
        reminders = self.env["credit.followup.reminder"].browse(peers.mapped("res_id"))
        reminder = reminders.browse(activity.res_id).with_prefetch(reminders.ids)
        person = reminder.contact_id or reminder.partner_id
        return row(
            label=self._named(reminder, "partner_id"),
            detail=", ".join(filter(None, (person.name, person.phone))),
            day=activity.date_deadline,
            urgency=urgency_of(activity.date_deadline, self._today()),
            money=(reminder.amount_overdue, reminder.currency_id),
            buttons=[button(self.env._("Called"), "action_feedback")],
            target=reminder,
        )

    # === RUNS === #

    def _section_runs(self):
        return Section(
            key="runs",
            title=self.env._("Follow-up Runs to Review and Send"),
            empty=self.env._("No run waits for you."),
            model="credit.followup.run",
            domain=[
                ("is_preparing", "=", False),
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "=", "prepared"),
                ("reminder_ids.state", "=", "draft"),
            ],
            order="date, id",
            action="export_credit_insurance.credit_followup_run_action",
            row=self._row_run,
        )

    def _row_run(self, run):
        buttons = []
        if run.state == "draft":
            resumed = button(self.env._("Go On"), "action_resume")
            begun = button(self.env._("Prepare"), "action_prepare")
            buttons = [resumed if run.prepared_buyer_id else begun]
        else:
            if run.draft_count:
                confirm = self.env._(
                    "Reminders to review: %(count)s. They are sent now.",
                    count=run.draft_count,
                )
                buttons = [button(self.env._("Send"), "action_send", confirm)]
            buttons.insert(0, button(self.env._("Reminders"), "action_open_reminders"))
        return row(
            label=run.name,
            detail=self.env._(
                "%(state)s, to review: %(review)s, to approve: %(approve)s",
                state=self._word(run, "state"),
                review=run.draft_count,
                approve=run.approval_count,
            ),
            day=run.date,
            urgency=urgency_of(run.date, self._today()),
            buttons=buttons,
        )

    # === PROMISES AND DISPUTES === #

    def _section_promises(self):
        today = self._today()
        week_ago = fields.Date.to_string(today - timedelta(days=WEEK))
        return Section(
            key="promises",
            title=self.env._("Promises Due Today or Broken"),
            empty=self.env._("No promise is due today, none was broken this week."),
            model="credit.followup.promise",
            domain=[
                "|",
                "&",
                ("state", "=", "running"),
                ("payment_ids.date", "=", fields.Date.to_string(today)),
                "&",
                ("state", "=", "broken"),
                ("broken_on", ">", week_ago),
            ],
            order="date_end, id",
            action="export_credit_insurance.credit_followup_promise_action",
            row=self._row_promise,
        )

    def _row_promise(self, promise):
        """Say what is due today, or what did not come: of a plan, the instalment."""
        is_broken = promise.state == "broken"
        due = promise.payment_ids.filtered(
            lambda payment: payment.date < promise.broken_on
            if is_broken
            else payment.date == self._today()
        )
        day = max(due.mapped("date"), default=promise.date_end)
        due = due.filtered(lambda payment: payment.date == day)
        return row(
            label=self._named(promise, "partner_id"),
            detail=self._word(promise, "state"),
            day=day,
            urgency=LATE if is_broken else TODAY,
            money=(sum(due.mapped("amount")), promise.currency_id),
        )

    def _section_disputes(self):
        return Section(
            key="disputes",
            title=self.env._("Open Disputes"),
            empty=self.env._("No dispute is open."),
            model="credit.followup.dispute",
            domain=[("state", "=", "open")],
            order="date, id",
            action="export_credit_insurance.credit_followup_dispute_action",
            row=self._row_dispute,
        )

    def _row_dispute(self, dispute):
        settle = button(self.env._("Settle"), "action_settle")
        return row(
            label=self._named(dispute, "partner_id"),
            detail=", ".join(
                (self._named(dispute, "move_id"), self._word(dispute, "category"))
            ),
            since=dispute.date,
            urgency=LATER,
            money=(dispute.amount, dispute.currency_id),
            # what came of it is entered first
            buttons=[settle] if dispute.outcome else [],
        )

    # === MAILS === #

    def _section_mails(self):
        return Section(
            key="mails",
            title=self.env._("Mails That May Have Arrived"),
            empty=self.env._("Every mail has arrived, or is known not to have."),
            model="credit.followup.unknown.mail",
            domain=[("decision", "=", False)],
            order="noticed_on, id",
            action="export_credit_insurance.credit_followup_unknown_mail_action",
            row=self._row_mail,
        )

    def _row_mail(self, mail):
        confirm = self.env._(
            "Have you looked for the message in the mail server's log? If it has left "
            "after all, the buyer gets it twice."
        )
        return row(
            label=self._named(mail, "partner_id"),
            detail=", ".join(filter(None, (self._word(mail, "kind"), mail.address))),
            since=self._local_day(mail.noticed_on),
            urgency=SOON,
            buttons=[
                button(self.env._("It Arrived"), "action_arrived"),
                button(self.env._("Send Again"), "action_send_again", confirm),
            ],
            target=mail.reminder_id or mail.partner_id,
        )
