import logging

from odoo import Command, api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from ..ledger.money_journals import MONEY_JOURNALS
from ..reader_language import env_for
from .credit_followup_reminder_send import MAIL_HEADERS
from .followup_text import on_one_line, render_html, render_text

_logger = logging.getLogger(__name__)

#: receipts that are thanked for, and committed, together
BATCH = 50


class CreditFollowupReceipt(models.Model):
    """A payment matched with invoices, to thank for once.

    One row per payment, whatever is matched, undone and matched again.
    """

    _name = "credit.followup.receipt"
    _description = "Payment to Acknowledge"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, index=True)
    move_id = fields.Many2one(
        "account.move", "Payment", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary()
    date = fields.Date()
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("sent", "Sent"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    mail_message_id = fields.Many2one(
        "mail.message", ondelete="set null", index="btree_not_null"
    )

    _once = models.Constraint(
        "unique(move_id)", "This payment has already been acknowledged."
    )

    @api.model
    def _record(self, partials):
        """Note the payments that were matched just now, each once."""
        credits = partials.credit_move_id.filtered(self._is_receipt)
        known = self.search([("move_id", "in", credits.move_id.ids)]).move_id
        new = credits.filtered(lambda line: line.move_id not in known)
        return self.create(
            [
                {
                    "company_id": lines[0].company_id.id,
                    "move_id": move.id,
                    "partner_id": lines[0].partner_id.commercial_partner_id.id,
                    "currency_id": lines[0].currency_id.id,
                    "amount": -sum(lines.mapped("amount_currency")),
                    "date": move.date,
                }
                for move, lines in new.grouped("move_id").items()
            ]
        )

    @api.model
    def _is_receipt(self, line):
        """Whether money came in: no credit note, no write-off, no difference."""
        return (
            line.account_type == "asset_receivable"
            and bool(line.partner_id)
            and line.journal_id.type in MONEY_JOURNALS
        )

    # === JOB === #

    @api.model
    def _send_queued(self):
        """Thank for what was matched, batch by batch; mails are queued once."""
        queued = [("state", "=", "queued")]
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=self.search_count(queued))
        last_id = 0
        while batch := self.search(
            [*queued, ("id", ">", last_id)], limit=BATCH, order="id"
        ):
            last_id = batch[-1].id
            batch._thank_safely()
            self.env["credit.followup.run"]._trigger_mails()
            if not commit(len(batch)):
                return

    def _thank_safely(self):
        """Thank together; if that fails, one by one, with the error on its receipt."""
        try:
            self._thank_queued()
            self.env.flush_all()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # a payment changed meanwhile: the next turn does it
            self.env.cr.rollback()
            self.env["credit.followup.run"]._trigger_sending()
            return
        except Exception:
            self.env.cr.rollback()
            if len(self) == 1:
                _logger.exception("Receipt %s could not be thanked for", self.id)
                self._fail()
                return
        for receipt in self:
            receipt._thank_safely()
            self.env["ir.cron"]._commit_progress()

    def _thank_queued(self):
        """Thank for those that still wait; the caller commits."""
        mine = self.try_lock_for_update(allow_referencing=True)
        mine = mine.filtered(lambda receipt: receipt.state == "queued")
        for company, receipts in mine.grouped("company_id").items():
            receipts._thank(company)

    def _thank(self, company):
        """Write the mails of plans that thank, in the buyers' languages."""
        choices = self.env["credit.followup.plan"]._get_plans(self.partner_id, company)
        owed = self.env["credit.followup.due"]._get_items(self.partner_id, company)
        values = {}
        for receipt in self:
            buyer = receipt.partner_id
            contact = buyer.browse(buyer.address_get(["invoice"])["invoice"])
            contact = contact if contact.email_normalized else buyer
            plan = choices[buyer].plan.sudo()
            reachable = contact.email_normalized and not contact.is_blacklisted
            if plan.send_receipt and plan.receipt_subject and reachable:
                balance = sum(
                    item.amount
                    for item in owed[buyer]
                    if item.currency_id == receipt.currency_id.id
                )
                values[receipt] = receipt._prepare_mail(plan, contact, balance)
        thanked = self.browse().union(*values)
        (self - thanked).state = "skipped"
        mails = self.env["mail.mail"].create(list(values.values()))
        self.env["credit.followup.dispatch"]._watch(mails)
        thanked.state = "sent"
        for receipt, mail in zip(values, mails, strict=True):
            receipt.mail_message_id = mail.mail_message_id

    def _prepare_mail(self, plan, contact, balance):
        """Return the values of the mail of thanks.

        :param balance: what the buyer owes in the payment's currency
        """
        lang = contact.lang or self.company_id.partner_id.lang or "en_US"
        own = self.with_context(lang=lang)
        plan = plan.with_context(lang=lang)
        values = own._text_values(plan, contact, balance)
        mail_of = own._as_reminder()
        subject = render_text(plan.receipt_subject, values)
        body = mail_of._as_mail(subject, render_html(plan.receipt_body, values))
        user = plan.user_id or self.partner_id.user_id
        sender = on_one_line(user.email_formatted or self.company_id.email_formatted)
        return {
            "subject": subject,
            "body": body,
            "body_html": body,
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "author_id": user.partner_id.id,
            "email_from": sender,
            "reply_to": sender,
            "recipient_ids": [Command.link(contact.id)],
            "is_internal": True,
            "headers": repr(MAIL_HEADERS),
            "is_notification": True,
            "auto_delete": True,
        }

    def _fail(self):
        """Note that a mail cannot be written, and tell who thanks for payments."""
        self.state = "failed"
        user = self._who_thanks()
        own = self.with_env(env_for(self, user))
        self.partner_id.activity_schedule(
            "mail.mail_activity_data_warning",
            date_deadline=self.company_id._credit_today(),
            user_id=user.id,
            summary=own.env._(
                "The payment of %(day)s is not acknowledged",
                day=format_date(own.env, self.date),
            ),
            note=own.env._(
                "The mail could not be written. Look at the receipt's text in the "
                "follow-up plan, and write to the buyer yourself; your administrator "
                "finds the details in the log."
            ),
        )

    def _who_thanks(self):
        """Return who signs for the buyer's plan, else its salesperson, else credit
        control, else an administrator."""
        buyer, company = self.partner_id, self.company_id
        plans = self.env["credit.followup.plan"]._get_plans(buyer, company)
        return (
            plans[buyer].plan.user_id
            or buyer.user_id
            or company.credit_controller_id
            or self.env.ref("base.user_admin")
        )

    def _thank_again(self):
        """Write another mail: the fate of the first is not known, a person decided."""
        if self:
            self.write({"state": "queued", "mail_message_id": False})
            self.env["credit.followup.run"]._trigger_sending()

    @api.model
    def _thank_failed(self):
        """Try again what could not be written: a text has changed."""
        self.search([("state", "=", "failed")])._thank_again()

    def _as_reminder(self):
        """Return a reminder that is never stored: mails look and format alike."""
        return self.env["credit.followup.reminder"].new(
            {"company_id": self.company_id, "currency_id": self.currency_id}
        )

    def _text_values(self, plan, contact, balance):
        mail_of = self._as_reminder()
        user = plan.user_id or self.partner_id.user_id
        return {
            "buyer": self.partner_id.name,
            "contact": "" if contact.is_company else contact.name,
            "company": self.company_id.name,
            "today": mail_of._day(self.company_id._credit_today()),
            "receipt_amount": mail_of._money(self.amount),
            "receipt_date": mail_of._day(self.date),
            "balance": mail_of._money(max(balance, 0.0)),
            "responsible": user.name,
            "responsible_phone": user.phone,
            "responsible_email": user.email,
        }
