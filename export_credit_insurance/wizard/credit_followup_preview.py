from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ..models.collection.credit_followup_reminder_amounts import STILL_DUE
from ..models.collection.followup_text import PLACEHOLDERS, render_html, render_text
from ..models.collection.late_claims import LateClaims
from ..models.collection.reminder_text import ReminderText

PREVIEW_REPORT = "export_credit_insurance.credit_followup_preview_action_letter"
ELLIPSIS = "…"
# among so many debtors a buyer is looked for to begin with
LOOKED_AT = 1000
# and among so many of them one whom a reminder would reach today
TRIED = 80


class CreditFollowupPreview(models.TransientModel):
    """What a buyer would read today of a step's words, before any run.

    The reminder looked at is never stored. Blank, the places to fill in are named.
    """

    _name = "credit.followup.preview"
    _description = "Preview of a Follow-up Text"

    step_id = fields.Many2one("credit.followup.step", "Step", ondelete="cascade")
    plan_id = fields.Many2one(
        "credit.followup.plan", "Payment Received", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Buyer",
        domain="[('parent_id', '=', False), ('customer_rank', '>', 0)]",
        default=lambda self: self._default_partner_id(),
        help="Whose open invoices are listed. Empty: the blank text.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    subject = fields.Char(compute="_compute_text")
    body = fields.Html(string="Text", compute="_compute_text", sanitize=False)
    has_letter = fields.Boolean(compute="_compute_has_letter")
    notice = fields.Char(
        compute="_compute_text",
        help="Why this buyer would not be written to today, whatever the text.",
    )

    @api.model
    def _default_partner_id(self):
        """Propose a buyer of the plan looked at whom a reminder would reach today.

        For what is written after the due date one who is late, be it of another plan,
        rather in the reader's language: a demand for nothing shows little. If there is
        none, a buyer of the plan; if there is none, who owes anything.
        """
        due = self.env["credit.followup.due"]
        buyer_ids = due.sudo()._get_buyer_ids(self.env.company)  # sudo: ids alone
        buyers = self.env["res.partner"].search(
            [("id", "in", buyer_ids)], limit=LOOKED_AT
        )
        step_id = self.env.context.get("default_step_id")
        plan_id = self.env.context.get("default_plan_id")
        step = self.env["credit.followup.step"].browse(step_id)
        plan = step.plan_id or self.env["credit.followup.plan"].browse(plan_id)
        chosen = plan._get_plans(buyers, self.env.company)
        fitting = buyers.filtered(lambda buyer: chosen[buyer].plan == plan)
        fitting = (fitting or buyers)[:TRIED]
        if step.days > 0:
            today = self.env.company._credit_today()
            others = buyers.sorted(lambda buyer: buyer.lang != self.env.lang)[:TRIED]
            late = self._first_reached(fitting, today)
            if late := late or self._first_reached(others, today):
                return late
        return self._first_reached(fitting) or fitting[:1]

    def _first_reached(self, buyers, due_before=None):
        """Return the first of the buyers who would be written to today.

        :param due_before: of whom something was due before this day
        """
        # sudo: whether anything is due, not what
        due = self.env["credit.followup.due"].sudo()
        found = due._get_items(buyers.sudo(), self.env.company)
        reached = [
            buyer.id
            for buyer, items in found.items()
            if any(
                item.exclusion in STILL_DUE
                and item.chased > 0
                and (due_before is None or item.due_date < due_before)
                for item in items
            )
        ]
        return buyers.filtered(lambda buyer: buyer.id in reached)[:1]

    @api.depends("partner_id")
    def _compute_lang(self):
        for preview in self:
            buyer = preview.partner_id
            spoken = buyer._statement_language() if buyer else self.env.lang
            preview.lang = spoken or "en_US"

    @api.depends("step_id")
    def _compute_has_letter(self):
        for preview in self:
            preview.has_letter = bool(preview.step_id)

    @api.depends("step_id", "plan_id", "partner_id", "lang", "company_id")
    def _compute_text(self):
        for preview in self:
            text = preview._get_text()
            preview.subject = text.subject
            preview.body = text.error or text.body
            preview.notice = preview._get_notice()

    def _get_notice(self):
        """Say why nothing would be sent today to the buyer chosen, if that is so."""
        self.ensure_one()
        if not (self.partner_id and self.step_id):
            return False
        try:
            items = self._items(self._seen_buyer())
        except AccessError:
            return False  # the text says so
        if not items:
            return self.env._("Nothing is open with this buyer.")
        reasons = {item.exclusion for item in items}
        if not reasons.isdisjoint(STILL_DUE):
            return False
        labels = self.env["res.partner"]._exclusion_labels()
        return self.env._(
            "Nothing would be sent today: %(reason)s.",
            reason=format_list(self.env, sorted(labels[r] for r in reasons)),
        )

    def _get_text(self):
        """Return the :class:`ReminderText` in the chosen language."""
        self.ensure_one()
        try:
            return self._render_text()
        except Exception as error:  # a text that users wrote: they read why
            return ReminderText(error=str(error) or repr(error))

    def _render_text(self):
        reminder = self._reminder()
        if self.partner_id and self.step_id:
            if not reminder.line_ids:
                return ReminderText()  # a demand for nothing misleads: see the notice
            earlier = reminder._get_earlier()
            return reminder._render(earlier.get(reminder.id, []))
        source = (self.step_id or self.plan_id).with_context(lang=self.lang)
        values = self._values(reminder)
        if self.step_id:
            words, html = source.subject, source.body
        else:
            words, html = source.receipt_subject, source.receipt_body
        subject, text = render_text(words, values), render_html(html, values)
        return ReminderText(subject, text, reminder._as_mail(subject, text))

    def _values(self, reminder):
        """Return {placeholder: value}; without a buyer, what will stand there."""
        labels = self.step_id.with_context(lang=self.lang)._placeholder_labels()
        blank = {name: f"[{labels.get(name, name)}]" for name in PLACEHOLDERS}
        blank["items"] = self._blank_items(reminder)
        if not self.partner_id:
            return blank
        # a payment that nobody has made: only what is known of the buyer is filled in
        return blank | {
            "buyer": reminder.partner_id.name,
            "contact": reminder._letter_person().name or "",
            "company": reminder.company_id.name,
            "today": reminder._day(reminder._today()),
            "responsible": reminder.user_id.name,
            "responsible_phone": reminder.user_id.phone,
            "responsible_email": reminder.user_id.email,
        }

    def _blank_items(self, reminder):
        # QWeb has escaped the values
        return Markup(  # nosec B704
            self.env["ir.qweb"]._render(
                "export_credit_insurance.credit_followup_items",
                {
                    "lines": [],
                    "money": lambda _amount: ELLIPSIS,
                    "day": reminder._day,
                    "shows_interest": self.step_id.show_interest,
                    "shows_fees": self.step_id.show_fees,
                    "total": 0.0,
                    "interest": 0.0,
                    "fees": 0.0,
                },
            )
        )

    # === THE REMINDER, NEVER STORED === #

    def _seen_buyer(self):
        """Return the buyer, for who may read it and all that the text is about.

        :raise AccessError: for anybody else
        """
        buyer = self.partner_id.commercial_partner_id
        for seen in (buyer, self.company_id, self.step_id, self.plan_id):
            seen.check_access("read")
        return buyer

    def _reminder(self):
        """Return the reminder that the buyer would get, in the chosen language."""
        self.ensure_one()
        buyer = self._seen_buyer()
        # sudo: the words are the same, whether or not their reader may see invoices
        reminder = self.env["credit.followup.reminder"].sudo()
        reminder = reminder.with_context(lang=self.lang)
        step = self.step_id
        items = self._items(buyer)
        currency = self.env["res.currency"].browse(
            items[0].currency_id if items else self.company_id.currency_id.id
        )
        user = step._responsible(buyer) if step else self.plan_id.user_id
        return reminder.new(
            {
                "company_id": self.company_id.id,
                "date": self.company_id._credit_today(),
                "partner_id": buyer.id,
                "contact_id": buyer and buyer.address_get(["invoice"])["invoice"],
                "currency_id": currency.id,
                "lang": self.lang,
                "plan_id": (step.plan_id or self.plan_id).id,
                "step_id": step.id,
                "text_step_id": step.id,
                "user_id": (user or self.env.user).id,
                "approved_by": self.env.uid if step.is_formal_notice else False,
                "line_ids": [
                    Command.create(values) for values in self._line_values(items)
                ],
            }
        )

    def _items(self, buyer):
        """Return the buyer's open instalments in one currency, the oldest first."""
        if not buyer:
            return []
        # sudo: as above
        due = self.env["credit.followup.due"].sudo()
        found = due._get_items(buyer.sudo(), self.company_id)[buyer]
        today = self.company_id._credit_today()
        items = [item for item in found if item.amount > 0 and item.chased > 0]
        if self.step_id.is_formal_notice:  # of what is due, where anything is
            items = [item for item in items if item.due_date < today] or items
        currency_id = items[0].currency_id if items else None
        return [item for item in items if item.currency_id == currency_id]

    def _line_values(self, items):
        today = self.company_id._credit_today()
        claims = LateClaims(self.env, self.company_id, today, items)
        claimed = claims.of(items, self.step_id)
        return [
            {
                "company_id": self.company_id.id,
                "move_line_id": item.id,
                "move_id": item.move_id,
                "step_id": self.step_id.id,
                "due_date": item.due_date,
                "currency_id": item.currency_id,
                "amount": item.chased,
                "disputed_amount": item.disputed,
                "interest_amount": claimed[item.id].interest,
                "fee_amount": claimed[item.id].fee,
                "is_overdue": item.due_date < today,
                "state": "pending",
            }
            for item in items
        ]

    # === ACTIONS === #

    def action_print(self):
        """Download the letter as it is shown."""
        self.ensure_one()
        if not self.step_id:
            raise UserError(self.env._("Thanks for a payment go by e-mail alone."))
        if not self.body:
            raise UserError(self.notice)
        return self.env.ref(PREVIEW_REPORT).report_action(self)
