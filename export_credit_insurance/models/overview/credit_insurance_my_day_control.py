from datetime import timedelta

from odoo import api, fields, models

from ..contract.credit_insurance_limit import OPEN_STATES
from .day_section import LATE, LATER, TODAY, WEEK, Section, button, row, urgency_of

#: deadlines that a notice to the insurer meets
TOLD_KINDS = ("notice", "insolvency", "adverse")
INVOICE_READERS = "account.group_account_invoice,account.group_account_readonly"


class CreditInsuranceMyDay(models.AbstractModel):
    """What credit controllers decide, tell the insurer and look at again."""

    _inherit = "credit.insurance.my.day"

    @api.model
    def _in_a_week(self):
        return fields.Date.to_string(self._today() + timedelta(days=WEEK))

    # === HOLDS === #

    def _section_holds(self):
        return Section(
            key="holds",
            title=self.env._("Holds to Decide"),
            empty=self.env._("No order waits for your decision."),
            model="credit.insurance.hold",
            domain=[("state", "=", "open"), ("first_signed_by", "=", False)],
            keep="can_decide",
            order="requested_on, id",
            action="export_credit_insurance.action_credit_insurance_hold",
            row=self._row_hold,
        )

    def _section_signatures(self):
        return Section(
            key="signatures",
            title=self.env._("Second Signatures"),
            empty=self.env._("No release waits for your signature."),
            model="credit.insurance.hold",
            domain=[("state", "=", "open"), ("first_signed_by", "!=", False)],
            keep="can_decide",
            order="first_signed_on, id",
            action="export_credit_insurance.action_credit_insurance_hold",
            row=self._row_hold,
        )

    def _row_hold(self, hold):
        late_after = hold.company_id.credit_escalation_days
        is_late = late_after and hold.waiting_days >= late_after
        return row(
            label=f"{hold.name}, {self._named(hold, 'partner_id')}",
            detail=self._word(hold, "main_code"),
            since=self._local_day(hold.requested_on),
            urgency=LATE if is_late else TODAY,
            money=(hold.amount, hold.currency_id),
            buttons=[
                button(self.env._("Release"), "action_release"),
                button(self.env._("Refuse"), "action_refuse"),
            ],
        )

    # === THE INSURER'S CLOCK === #

    def _section_deadlines(self):
        return Section(
            key="deadlines",
            title=self.env._("Insurer's Deadlines Missed or This Week"),
            empty=self.env._("No deadline is missed, none falls this week."),
            model="credit.insurance.deadline",
            domain=[("next_date", "<=", self._in_a_week())],
            order="next_date, id",
            action="export_credit_insurance.credit_insurance_deadline_action",
            row=self._row_deadline,
            by_company=True,
        )

    def _row_deadline(self, deadline):
        buttons = [button(self.env._("Record Extension"), "action_record_extension")]
        if deadline.next_kind in TOLD_KINDS:
            label = (
                self.env._("Open the Draft")  # and fill it up with what is due since
                if deadline.draft_notice_id
                else self.env._("Prepare Notice")
            )
            buttons.insert(0, button(label, "action_prepare_notices"))
        return row(
            label=deadline.display_name,
            detail=self._named(deadline, "policy_id"),
            day=deadline.next_date,
            urgency=urgency_of(deadline.next_date, self._today()),
            money=(deadline.open_amount, deadline.currency_id),
            buttons=buttons,
        )

    def _section_insolvencies(self):
        return Section(
            key="insolvencies",
            title=self.env._("Tasks in Insolvencies This Week"),
            empty=self.env._("No task in an insolvency falls this week."),
            model="credit.insurance.insolvency.task",
            domain=[("state", "=", "open"), ("deadline", "<=", self._in_a_week())],
            order="deadline, id",
            action="export_credit_insurance.credit_insurance_insolvency_task_action",
            row=lambda task: row(
                label=task.display_name,
                detail=task.source,
                day=task.deadline,
                urgency=urgency_of(task.deadline, self._today()),
                buttons=[
                    button(self.env._("Done"), "action_done"),
                    button(self.env._("Not Needed"), "action_drop"),
                ],
            ),
        )

    # === LIMITS === #

    def _section_cuts(self):
        return Section(
            key="cuts",
            title=self.env._("Limit Cuts: Orders to Declare"),
            empty=self.env._("No order in progress waits to be declared."),
            model="credit.insurance.cut.notice",
            domain=[("state", "=", "draft")],
            order="date_effect, id",
            action="export_credit_insurance.credit_insurance_cut_notice_action",
            row=self._row_cut,
        )

    def _row_cut(self, notice):
        return row(
            label=self._named(notice, "partner_id"),
            detail=self.env._(
                "%(decision)s by %(insurer)s, orders in progress: %(count)s",
                decision=self._word(notice, "decision"),
                insurer=self._named(notice, "insurer_id"),
                count=len(notice.line_ids),
            ),
            day=notice.date_effect,
            urgency=TODAY,
            buttons=[
                button(
                    self.env._("Declare"),
                    "action_declare",
                    self.env._("The file is yours to hand to the insurer, today."),
                )
            ],
        )

    def _section_reviews(self):
        return Section(
            key="reviews",
            title=self.env._("Orders to Review"),
            empty=self.env._("No open order has lost its cover."),
            model="credit.insurance.review.line",
            # what is on hold is decided there
            domain=[("is_open", "=", True), ("hold_id", "=", False)],
            order="id",
            action="export_credit_insurance.action_credit_insurance_review_line",
            row=self._row_review,
        )

    def _row_review(self, line):
        buttons = [button(self.env._("Mark as Reviewed"), "action_reviewed")]
        if line.order_id:
            buttons.insert(0, button(self.env._("Order"), "action_open_order"))
        elif line.invoice_id and self.env.user.has_groups(INVOICE_READERS):
            buttons.insert(0, button(self.env._("Invoice"), "action_open_invoice"))
        document = self._named(line, "order_id") or line.receipt_ref
        return row(
            label=f"{document}, {self._named(line, 'partner_id')}",
            detail=self._word(line, "cause"),
            since=self._local_day(line.create_date),
            urgency=LATER,
            money=(line.missing_amount, line.limit_currency_id),
            buttons=buttons,
            target=line.order_id or line.review_id,
        )

    def _section_expiring(self):
        today = self._today()
        last = today + timedelta(days=self.env.company.credit_limit_expiring_days)
        return Section(
            key="expiring",
            title=self.env._("Limits That Expire"),
            empty=self.env._("No limit expires soon."),
            model="credit.insurance.limit",
            domain=[
                ("state", "in", OPEN_STATES),
                ("kind", "!=", "discretionary"),
                ("date_to", ">=", fields.Date.to_string(today)),
                ("date_to", "<=", fields.Date.to_string(last)),
            ],
            order="date_to, id",
            action="export_credit_insurance.credit_insurance_limit_action",
            row=lambda limit: row(
                label=self._named(limit, "partner_id"),
                detail=self._named(limit, "policy_id"),
                day=limit.date_to,
                urgency=urgency_of(limit.date_to, today),
                money=(limit.amount, limit.currency_id),
                buttons=[
                    button(self.env._("Ask to Prolong"), "action_ask_prolongation")
                ],
            ),
        )

    def _section_proposals(self):
        return Section(
            key="proposals",
            title=self.env._("Discretionary Limits to Validate"),
            empty=self.env._("No discretionary limit is proposed."),
            model="credit.insurance.limit",
            domain=[("kind", "=", "discretionary"), ("state", "=", "draft")],
            order="id",
            action="export_credit_insurance.credit_insurance_limit_action",
            row=lambda limit: row(
                label=self._named(limit, "partner_id"),
                detail=self._word(limit, "justification_method"),
                money=(limit.amount, limit.currency_id),
                buttons=[
                    button(self.env._("Validate"), "action_validate"),
                    button(self.env._("Dismiss"), "action_dismiss"),
                ],
            ),
        )

    def _section_buyers(self):
        return Section(
            key="buyers",
            title=self.env._("Buyers to Look At Again"),
            empty=self.env._("No review of a buyer falls this week."),
            model="credit.insurance.buyer.review.due",
            domain=[("due_date", "<=", self._in_a_week())],
            order="due_date, id",
            action="export_credit_insurance.credit_insurance_buyer_review_due_action",
            row=lambda due: row(
                label=self._named(due, "partner_id"),
                detail=self._named(due, "band_id"),
                day=due.due_date,
                urgency=urgency_of(due.due_date, self._today()),
                money=(due.exposure, due.currency_id),
                buttons=[button(self.env._("Review"), "action_review")],
                target=due.partner_id,
            ),
            by_company=True,
        )
