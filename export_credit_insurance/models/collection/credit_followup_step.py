from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .followup_text import used_placeholders

STEP_BASES = [
    ("due_date", "Due Date"),
    ("mep_end", "End of the Extension Period"),
]
TONES = [
    ("courteous", "Courteous"),
    ("firm", "Firm"),
    ("formal", "Formal"),
]
#: what a formal notice has to name (DOMAIN 3.4)
NOTICE_NAMES = (
    "company",
    "company_address",
    "buyer",
    "items",
    "previous_reminders",
    "deadline",
    "signer",
)
#: what a step can do; one at least
CHANNEL_FIELDS = (
    "send_mail",
    "send_letter",
    "plan_call",
    "is_formal_notice",
    "notify_insurer",
    "hold_orders",
    "hand_over",
)


class CreditFollowupStep(models.Model):
    """One step of a plan: when, by which channels, in which words.

    The day of a step counted from the due date waits for the zone's transport and
    administration days and for the buyer's next working day; one before the due date
    waits for neither. A step counted from the end of the extension period is on the
    insurer's clock: calendar days that never move.
    """

    _name = "credit.followup.step"
    _description = "Follow-up Step"
    _inherit = ["credit.followup.text.mixin"]
    _order = "plan_id, sequence, id"
    _text_fields = ("name", "subject", "body")

    plan_id = fields.Many2one(
        "credit.followup.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="plan_id.company_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="Steps are taken upwards. A buyer who changes plan goes on after the "
        "last sequence reached.",
    )
    active = fields.Boolean(default=True)
    days = fields.Integer(
        required=True, help="Days after the date below; negative: before it."
    )
    base = fields.Selection(
        STEP_BASES,
        string="Counted From",
        required=True,
        default="due_date",
        help="The day from which the days of the step are counted.",
    )
    # Channels: several per step
    send_mail = fields.Boolean(
        string="E-mail",
        default=True,
        help="A reminder by e-mail, in the buyer's language.",
    )
    send_letter = fields.Boolean(
        string="Letter",
        compute="_compute_send_letter",
        store=True,
        readonly=False,
        help="A PDF to print and post. A formal notice is always one.",
    )
    plan_call = fields.Boolean(
        string="Phone Call", help="Plans a call for the person in charge."
    )
    is_formal_notice = fields.Boolean(
        string="Formal Notice",
        help="A letter before legal action: always approved and signed by a named "
        "person, on a debt certain, due and undisputed.",
    )
    notify_insurer = fields.Boolean(
        string="Notice to the Insurer",
        help="Plans the overdue notice for the credit controllers.",
    )
    hold_orders = fields.Boolean(
        string="Hold New Orders",
        help="New orders of the buyer are held until the debt is paid.",
    )
    hand_over = fields.Boolean(
        help="Plans for the credit controllers to hand the debt over to the insurer or "
        "to a collection agency.",
    )
    tone = fields.Selection(
        TONES,
        required=True,
        default="courteous",
        help="How firm the text is; only a mark for whoever writes it.",
    )
    subject = fields.Char(translate=True)
    body = fields.Html(
        translate=True,
        sanitize_attributes=False,
        help="Text of mails and letters, in every language that buyers speak.",
    )
    placeholder_help = fields.Html(
        string="Placeholders", compute="_compute_placeholder_help"
    )
    deadline_days = fields.Integer(
        string="Days to Pay",
        default=8,
        help="Counted from the day it is sent; the text may name the last day.",
    )
    sole_trader_days = fields.Integer(
        string="Days to Pay, Sole Traders",
        help="For buyers who trade in their own name: 30 in a letter before claim "
        "under the law of England and Wales. 0: as for companies.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        help="Empty: who is responsible for the plan.",
    )
    is_automatic = fields.Boolean(
        string="Automatic",
        default=True,
        help="Sent without waiting for approval. Formal notices and hand-overs always "
        "wait for a named person.",
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    attach_invoices = fields.Boolean(
        help="The PDF files that were sent with the invoices, as they are."
    )
    show_interest = fields.Boolean(
        string="Mention Interest",
        help="Off where mentioning interest offends or has no legal ground.",
    )
    show_fees = fields.Boolean(
        string="Mention Recovery Fees",
        help="Names the fixed fee that the law of late payment allows to ask for.",
    )

    notice_missing = fields.Char(compute="_compute_notice_missing")

    _deadline_positive = models.Constraint(
        "CHECK (deadline_days >= 0 AND sole_trader_days >= 0)",
        "The days to pay cannot be negative.",
    )

    @api.depends("is_automatic", "is_formal_notice", "hand_over")
    def _compute_needs_approval(self):
        for step in self:
            step.needs_approval = (
                not step.is_automatic or step.is_formal_notice or step.hand_over
            )

    @api.depends("is_formal_notice")
    def _compute_send_letter(self):
        for step in self:
            step.send_letter = step.send_letter or step.is_formal_notice

    @api.depends("is_formal_notice", "body")
    def _compute_notice_missing(self):
        """Name what a formal notice has to say and does not (DOMAIN 3.4).

        Its date and the debtor's address stand above the text of every letter.
        """
        labels = self._placeholder_labels()
        for step in self:
            missing = []
            if step.is_formal_notice:
                used = set(used_placeholders(step.body))
                missing = [labels[name] for name in NOTICE_NAMES if name not in used]
            step.notice_missing = ", ".join(missing)

    def _compute_placeholder_help(self):
        rows = Markup().join(
            Markup("<li><code>{{{{ {} }}}}</code> {}</li>").format(name, label)
            for name, label in self._placeholder_labels().items()
        )
        self.placeholder_help = Markup("<ul>%s</ul>") % rows

    @api.model
    def _placeholder_labels(self):
        """Return {placeholder of the texts: what it stands for}."""
        return {
            "buyer": self.env._("name of the customer"),
            "contact": self.env._("name of the person written to"),
            "company": self.env._("name of our company"),
            "company_address": self.env._("our postal address"),
            "reference": self.env._("number of the reminder"),
            "today": self.env._("date of the reminder"),
            "items": self.env._("table of the invoices"),
            "items_text": self.env._("numbers of the invoices, in one line"),
            "item_count": self.env._("number of invoices"),
            "total_due": self.env._("sum of the invoices in the table"),
            "total_overdue": self.env._("the part of it that is past due"),
            "interest": self.env._("late-payment interest so far"),
            "fees": self.env._("fixed recovery fees"),
            "total_claimed": self.env._("sum with interest and fees"),
            "oldest_due_date": self.env._("earliest due date in the table"),
            "days_late": self.env._("days since that date"),
            "deadline": self.env._("last day to pay that the step gives"),
            "previous_reminders": self.env._("list of the reminders sent before"),
            "responsible": self.env._("name of the person in charge"),
            "responsible_phone": self.env._("their telephone number"),
            "responsible_email": self.env._("their e-mail address"),
            "signer": self.env._("who approved and signs a formal notice"),
            "bank_account": self.env._("our bank account"),
            "receipt_amount": self.env._("amount received, in thanks for a payment"),
            "receipt_date": self.env._("day it was received, in thanks for a payment"),
            "balance": self.env._("what is left to pay, in thanks for a payment"),
        }

    @api.constrains(*CHANNEL_FIELDS)
    def _check_channels(self):
        for step in self:
            if not any(step[name] for name in CHANNEL_FIELDS):
                raise ValidationError(
                    self.env._(
                        'Step "%(step)s" does nothing: choose at least one channel.',
                        step=step.display_name,
                    )
                )

    @api.constrains("subject", "body", "send_mail", "send_letter", "is_formal_notice")
    def _check_texts(self):
        for step in self:
            for text in (step.subject, step.body):
                step.plan_id._refuse_unknown_placeholders(step, text)
            if step._writes_to_buyer() and not step.subject:
                raise ValidationError(
                    self.env._(
                        'Step "%(step)s" writes to the buyer: give it a subject and '
                        "a text.",
                        step=step.display_name,
                    )
                )

    def _writes_to_buyer(self):
        """Whether the step sends words to the buyer, not only work to colleagues."""
        self.ensure_one()
        return self.send_mail or self._sends_letter()

    def _days_to_pay(self, buyer):
        """Return the days that a letter gives; sole traders may get more."""
        self.ensure_one()
        # sudo: how a buyer trades, whoever prepares the letter
        if self.sole_trader_days and buyer.sudo().credit_sole_trader:
            return max(self.sole_trader_days, self.deadline_days)
        return self.deadline_days

    def _sends_letter(self):
        """A formal notice is a letter, whatever else the step does."""
        self.ensure_one()
        return self.send_letter or self.is_formal_notice

    def _responsible(self, buyer):
        """Return who is in charge of this step for a buyer, if anybody."""
        self.ensure_one()
        return self.user_id or self.plan_id.user_id or buyer.user_id

    # === ACTIONS === #

    def action_preview(self):
        """Show the words as a buyer would read them today."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "credit.followup.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def action_blank_letter(self):
        """Download the words as a blank PDF, the places to fill in named."""
        self.ensure_one()
        preview = self.env["credit.followup.preview"].create(
            {"step_id": self.id, "partner_id": False}
        )
        return preview.action_print()
