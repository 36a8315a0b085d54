import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from markupsafe import Markup, escape

from odoo import api, models
from odoo.tools import (
    format_amount,
    format_date,
    format_list,
    html2plaintext,
    ormcache,
)

from .followup_text import render_html, render_text, used_placeholders
from .reminder_text import ReminderText

ITEMS_TEMPLATE = "export_credit_insurance.credit_followup_items"
MAIL_TEMPLATE = "export_credit_insurance.credit_followup_mail"
#: where subject and text come in a mail that is rendered once for many
SUBJECT_PLACE = "\N{CURRENCY SIGN}subject\N{CURRENCY SIGN}"
TEXT_PLACE = "\N{CURRENCY SIGN}text\N{CURRENCY SIGN}"


class _Kit(NamedTuple):
    """What the texts of one language share while they are written."""

    frames: dict  # {company: the parts of the mail around the words}
    day: Callable  # writes a date: the same few days again and again


class CreditFollowupReminder(models.Model):
    """The words of a reminder, in its own language."""

    _inherit = "credit.followup.reminder"

    def _get_texts(self):
        """Return {reminder: :class:`ReminderText`}; what is wrong is said in it.

        Sums and days are those of today: a receipt matched since lowers them.
        """
        texts = {}
        self._read_ahead()
        earlier = self._get_earlier()
        for lang, reminders in self.grouped("lang").items():
            own = reminders.with_context(lang=lang)
            kit = own._kit()
            for plain, reminder in zip(reminders, own, strict=True):
                try:
                    texts[plain] = reminder._render(earlier.get(reminder.id, []), kit)
                except Exception as error:  # a text that users wrote: they read why
                    texts[plain] = ReminderText(error=str(error) or repr(error))
        return texts

    def _read_ahead(self):
        """Read what the texts name of all reminders at once.

        Filtered lines would read their invoices reminder by reminder, and each
        language the words of every step that an instalment has taken.
        """
        lines = self.line_ids
        lines.fetch(["state", "move_id", "step_id", "due_date", "amount"])
        lines.move_id.fetch(["name", "ref", "invoice_date", "date"])
        (self.partner_id | self.contact_id).fetch(["name", "is_company", "email"])

    @api.model
    def _kit(self):
        """Return what the texts of one language share: see :class:`_Kit`."""
        return _Kit({}, cache(self._day))

    def _render(self, earlier, kit=None):
        """Render the words of one reminder in the language of the environment.

        :param kit: what it shares with others of this language
        """
        step = self.text_step_id
        if not step:
            return ReminderText()
        kit = kit or self._kit()
        values = self._text_values(step, earlier, kit)
        subject = render_text(step.subject, values)
        text = render_html(step.body, values)
        return ReminderText(subject, text, self._as_mail(subject, text, kit))

    def _as_mail(self, subject, text, kit=None):
        """Put the words into a plain mail with the company's foot, right to left
        where the language is."""
        frames = kit.frames if kit else {}
        if self.company_id not in frames:
            frames[self.company_id] = self._mail_frame()
        filling = {SUBJECT_PLACE: escape(subject), TEXT_PLACE: text}
        parts = [filling.get(part, part) for part in frames[self.company_id]]
        return Markup("".join(parts))  # nosec B704

    def _mail_frame(self):
        """Return the parts of the mail around the words, their places among them."""
        frame = self.env["ir.qweb"]._render(
            MAIL_TEMPLATE,
            {
                "subject": SUBJECT_PLACE,
                "text": TEXT_PLACE,
                "company": self.company_id,
                "lang": self.env.lang,
                "direction": self._direction(),
            },
        )
        return re.split(f"({SUBJECT_PLACE}|{TEXT_PLACE})", frame)

    def _direction(self):
        return self.env["res.lang"]._get_data(code=self.env.lang).direction or "ltr"

    def _text_values(self, step, earlier, kit):
        """Return {placeholder: text or markup} of those that the step's texts name."""
        sources = self._text_sources(step, earlier, kit.day)
        names = {*used_placeholders(step.subject), *used_placeholders(step.body)}
        return {name: sources[name]() for name in names & sources.keys()}

    def _text_sources(self, step, earlier, day):
        """Return {placeholder: function that says it in the environment's language}."""
        lines = self._listed_lines()
        overdue = lines.filtered("is_overdue")
        oldest = min((overdue or lines).mapped("due_date"), default=None)
        today = self.company_id._credit_today()
        total = sum(lines.mapped("amount"))
        extra = sum(lines.mapped("interest_amount")) + sum(lines.mapped("fee_amount"))
        user = self.user_id
        contact = self.contact_id
        money = cache(self._money)  # one sum stands in several places
        return {
            "buyer": lambda: self.partner_id.name,
            "contact": lambda: "" if contact.is_company else contact.name,
            "company": lambda: self.company_id.name,
            "company_address": lambda: self._address(self.company_id.partner_id),
            "reference": lambda: self.name,
            "today": lambda: day(today),
            "items": lambda: self._items_table(lines, today, money, day),
            "items_text": lambda: self._list(lines.move_id.mapped("name")),
            "item_count": lambda: str(len(lines)),
            "total_due": lambda: money(total),
            "total_overdue": lambda: money(sum(overdue.mapped("amount"))),
            "interest": lambda: money(sum(lines.mapped("interest_amount"))),
            "fees": lambda: money(sum(lines.mapped("fee_amount"))),
            "total_claimed": lambda: money(total + extra),
            "oldest_due_date": lambda: oldest and day(oldest),
            "days_late": lambda: str(max((today - oldest).days, 0)) if oldest else "",
            "deadline": lambda: day(
                today + timedelta(days=step._days_to_pay(self.partner_id))
            ),
            "previous_reminders": lambda: self._earlier_text(earlier),
            "responsible": lambda: user.name,
            "responsible_phone": lambda: user.phone,
            "responsible_email": lambda: user.email,
            "signer": lambda: self.approved_by.name,
            "bank_account": lambda: self._bank_account(),
        }

    def _listed_lines(self):
        """Instalments that the reminder lists, the oldest first."""
        return self.line_ids.filtered(lambda line: line.state != "dropped").sorted(
            lambda line: (line.due_date, line.id)
        )

    def _items_table(self, lines, today, money, day):
        step = self.text_step_id
        # QWeb has escaped the values
        return Markup(  # nosec B704
            self.env["ir.qweb"]._render(
                ITEMS_TEMPLATE,
                {
                    "reminder": self,
                    "lines": lines,
                    "today": today,
                    "money": money,
                    "day": day,
                    "shows_interest": step.show_interest
                    and any(lines.mapped("interest_amount")),
                    "shows_fees": step.show_fees and any(lines.mapped("fee_amount")),
                    "total": sum(lines.mapped("amount")),
                    "interest": sum(lines.mapped("interest_amount")),
                    "fees": sum(lines.mapped("fee_amount")),
                    "lang": self.env.lang,
                },
                minimal_qcontext=True,  # as Odoo's own mails
            )
        )

    def _get_earlier(self):
        """Return {reminder id: [(day, step id)]} of what was sent on the instalments.

        A formal notice names the reminders before it (DOMAIN 3.4).
        """
        line = self.env["credit.followup.reminder.line"]
        listed = self.line_ids.filtered(lambda own: own.state != "dropped")
        groups = line._read_group(
            [
                ("move_line_id", "in", listed.move_line_id.ids),
                ("state", "=", "taken"),
                ("reminder_id", "not in", self.ids),
            ],
            ["move_line_id", "date:day", "step_id"],
        )
        of_item = {}
        for item, day, step in groups:
            of_item.setdefault(item.id, set()).add((day, step.id))
        return {
            reminder.id: sorted(
                set().union(
                    *(
                        of_item.get(own.move_line_id.id, set())
                        for own in reminder.line_ids
                        if own.state != "dropped"
                    )
                )
            )
            for reminder in self
        }

    def _earlier_text(self, earlier):
        """List what the buyer was written before: work of colleagues is no reminder."""
        steps = self.env["credit.followup.step"]
        return self._list(
            f"{step.name} ({self._day(day)})"
            for day, step in ((day, steps.browse(step_id)) for day, step_id in earlier)
            if step._writes_to_buyer()
        )

    def _list(self, words):
        """Put words in a row with the signs that the language has for it."""
        return format_list(self.env, list(words), lang_code=self.env.lang)

    def _money(self, amount):
        return self._money_in(self.currency_id, amount)

    def _money_in(self, currency, amount):
        """Write an amount as the language of the environment does."""
        return format_amount(self.env, amount + 0.0, currency)  # no minus at zero

    @ormcache("self.env.lang", "day")
    def _day(self, day):
        """Write a day as the language of the environment does: a few, again and again.

        Odoo empties this cache when a language changes.
        """
        return format_date(self.env, day, lang_code=self.env.lang)

    @api.model
    def _plain(self, html):
        """Return the words of a note, on one line."""
        return " ".join(html2plaintext(html or "").split())

    @api.model
    def _address(self, partner):
        return html2plaintext(partner._display_address(without_company=True)).strip()

    def _bank_account(self):
        # sudo: the account printed on our invoices
        accounts = self.company_id.partner_id.sudo().bank_ids
        own = accounts.filtered(lambda bank: bank.currency_id == self.currency_id)
        return (own or accounts)[:1].acc_number
