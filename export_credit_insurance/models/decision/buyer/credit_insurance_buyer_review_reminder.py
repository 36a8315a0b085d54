from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...job import do_each
from ...reader_language import env_for

ACTIVITY_BUYER_REVIEW = "export_credit_insurance.mail_activity_type_buyer_review"
#: managers are told of a review that is late by so many days
LATE_DAYS = 14
STAGES = [("due", "Review Due"), ("late", "Past Due"), ("done", "Done")]


class CreditInsuranceBuyerReviewReminder(models.Model):
    """Who was reminded that a buyer is to be reviewed: never twice for one review.

    The controllers are on the day, the managers too once it is late. The activities
    are not on the buyer, whom everybody in the firm can open: limits are confidential.
    """

    _name = "credit.insurance.buyer.review.reminder"
    _description = "Reminder of a Review"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    due_date = fields.Date(string="Review Due On", readonly=True)
    last_review_id = fields.Many2one(
        "credit.insurance.buyer.review",
        string="Last Review",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The review from which the day was counted when somebody was reminded.",
    )
    stage = fields.Selection(STAGES, required=True, readonly=True, default="due")

    _one_per_buyer = models.UniqueIndex(
        "(company_id, partner_id)", "This buyer's reviews have a reminder already."
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = self.env._(
                "Review: %(buyer)s", buyer=reminder.partner_id.display_name
            )

    def action_review(self):
        """Open the dialogue that records a review of the buyer."""
        self.ensure_one()
        return self.partner_id.action_credit_review()

    # === CRON === #

    @api.model
    def _cron_remind(self):
        """Each night, company by company: plan what fell due, close what is settled."""
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._credit_check_modes())
        )
        do_each(self.env, companies, self._remind)

    @api.model
    def _remind(self, company):
        """Bring one company's activities in line with the reviews that are due."""
        today = company._credit_today()
        due = {
            row.partner_id.id: row
            for row in self.env["credit.insurance.buyer.review.due"]
            .with_company(company)
            .search_fetch([("due_date", "<=", today)])
        }
        known = {
            reminder.partner_id.id: reminder
            for reminder in self.search([("company_id", "=", company.id)])
        }
        made = self.with_context(mail_create_nolog=True).create(
            [
                {"company_id": company.id, "partner_id": partner_id, "stage": "done"}
                for partner_id in due
                if partner_id not in known
            ]
        )
        known.update({reminder.partner_id.id: reminder for reminder in made})
        late = today - timedelta(days=LATE_DAYS)
        for stage, is_of_stage in (
            ("due", lambda row: row.due_date > late),
            ("late", lambda row: row.due_date <= late),
        ):
            rows = {
                known[partner_id]: row
                for partner_id, row in due.items()
                if is_of_stage(row)
            }
            self.union(*rows)._tell(company, stage, rows)
        self.union(
            *(
                reminder
                for partner_id, reminder in known.items()
                if partner_id not in due and reminder.stage != "done"
            )
        )._close(lambda env: env._("No longer due: another risk band, or no credit."))

    def _tell(self, company, stage, rows):
        """Replace the activities of those who were not told of as much yet.

        :param stage: the stage they have reached
        :param rows: {reminder: its row of ``credit.insurance.buyer.review.due``}
        """
        fresh = self.filtered(
            lambda reminder: (reminder.stage, reminder.last_review_id)
            not in (
                (stage, rows[reminder].last_review_id),
                ("late", rows[reminder].last_review_id),
            )
        )
        for reminder in fresh:
            row = rows[reminder]
            reminder.write(
                {
                    "stage": stage,
                    "due_date": row.due_date,
                    "last_review_id": row.last_review_id.id,
                }
            )
        fresh._own_activities().unlink()
        fresh._schedule(company, stage, rows)

    def _own_activities(self):
        kind = self.env.ref(ACTIVITY_BUYER_REVIEW)
        return self.activity_ids.filtered(lambda each: each.activity_type_id == kind)

    def _schedule(self, company, stage, rows):
        users = company._credit_people(with_managers=stage == "late")
        kind = self.env.ref(ACTIVITY_BUYER_REVIEW)
        model_id = self.env["ir.model"]._get_id(self._name)
        values = []
        for user in users:
            own = self.with_env(env_for(self, user))
            values += [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model_id,
                    "res_id": reminder.id,
                    "user_id": user.id,
                    "automated": True,
                    "date_deadline": reminder.due_date,
                    "summary": reminder._summary(),
                    "note": reminder._note(rows[self.browse(reminder.id)]),
                }
                for reminder in own
            ]
        # no mail for each: a night may bring many, and the list has them all
        quietly = self.env["mail.activity"].with_context(mail_activity_quick_update=1)
        quietly.create(values)

    def _summary(self):
        return self.env._(
            "Review %(buyer)s: due on %(day)s",
            buyer=self.partner_id.display_name,
            day=format_date(self.env, self.due_date),
        )

    def _note(self, row):
        """Say what is at stake: exposure, limit, and when it was last looked at."""
        lines = [
            self.env._(
                "Exposure: %(amount)s",
                amount=formatLang(
                    self.env, row.exposure, currency_obj=self.currency_id
                ),
            ),
            self.env._(
                "Limit in force: %(amount)s",
                amount=formatLang(
                    self.env, row.insured_limit, currency_obj=row.limit_currency_id
                ),
            ),
            self.env._(
                "Last review: %(day)s", day=format_date(self.env, row.last_review_date)
            )
            if row.last_review_date
            else self.env._("Not reviewed yet."),
        ]
        return Markup("<br/>").join(lines)

    # === SETTLED === #

    @api.model
    def _settle(self, reviews):
        """Close what reviews have settled.

        :param reviews: reviews just recorded
        """
        # sudo: whoever reviews may not write reminders, which follow by themselves
        reminders = self.sudo().search(
            [
                ("partner_id", "in", reviews.partner_id.ids),
                ("company_id", "in", reviews.company_id.ids),
                ("stage", "!=", "done"),
            ]
        )
        pairs = {(review.company_id, review.partner_id) for review in reviews}
        reminders.filtered(
            lambda reminder: (reminder.company_id, reminder.partner_id) in pairs
        )._close(lambda env: env._("Reviewed."))

    def _close(self, feedback):
        """Mark what is planned as done.

        :param feedback: what to say of it, a function of the reader's environment
        """
        self.write({"stage": "done"})
        for activity in self._own_activities():
            activity.action_feedback(feedback=feedback(env_for(self, activity.user_id)))
