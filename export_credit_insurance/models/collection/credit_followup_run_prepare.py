import logging

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from .bulk_insert import insert_rows
from .credit_followup_run import PREPARE_CRON
from .late_claims import LateClaims
from .step_choice import StepChoice

_logger = logging.getLogger(__name__)

#: times that a batch is tried again when its rows change under it
ATTEMPTS = 3
#: buyers whose reminders are made, and committed, together
BATCH = 1000
#: up to so many buyers are prepared at once, while the user waits
INLINE = 100
#: what is read of the buyers: a partner has ten times as many fields
BUYER_FIELDS = ["lang", "user_id", "parent_id", "type", "is_company", "country_id"]


class CreditFollowupRun(models.Model):
    """Preparing: from what is due to reminders, batch by batch."""

    _inherit = "credit.followup.run"

    def action_prepare(self):
        """Make the reminders; a long list is left to the job, which shows progress.

        Bounded and resumable: the last buyer done is written with the reminders made.
        """
        for run in self:
            run.check_access("write")
            # whoever comes second hears so, instead of preparing it all over again
            run.sudo().lock_for_update()  # sudo: the run's own row
            if run.state != "draft" or run.is_preparing:
                raise UserError(
                    self.env._("%(run)s is prepared already.", run=run.display_name)
                )
            run.sudo()._start_preparing()  # sudo: reminders are the server's to write
        return True

    def action_draft(self):
        """Throw the reminders away that have not left, and start again."""
        for run in self:
            run.check_access("write")
            if run.state != "prepared" or run.sent_count:
                raise UserError(
                    self.env._("Reminders of %(run)s have left.", run=run.display_name)
                )
            # sudo: as above
            run.sudo().reminder_ids.unlink()
            run.sudo().write(
                {"state": "draft", "is_preparing": False, "prepared_buyer_id": 0}
            )
        return True

    def action_resume(self):
        """Go on preparing where it was stopped."""
        for run in self:
            run.check_access("write")
            if run.state == "draft" and run.prepared_buyer_id:
                run.sudo().is_preparing = True  # sudo: as above
        self.env.ref(PREPARE_CRON).sudo()._trigger()  # sudo: crons are the system's
        return True

    def _start_preparing(self):
        buyer_ids = self._buyers_left(after=0)
        self.write(
            {
                "is_preparing": True,
                "prepared_buyer_id": 0,
                "buyer_total": len(buyer_ids),
                "buyer_done": 0,
            }
        )
        if len(buyer_ids) <= INLINE:
            self._prepare_buyers(self.env["res.partner"].browse(buyer_ids))
            self._end_preparing()
        else:
            self.env.ref(PREPARE_CRON)._trigger()

    def _buyers_left(self, after):
        """Return the ids of the buyers still to look at, in order."""
        chosen = self.partner_ids.commercial_partner_id.ids
        buyer_ids = self.env["credit.followup.due"]._get_buyer_ids(self.company_id)
        return [
            buyer_id
            for buyer_id in buyer_ids
            if buyer_id > after and (not chosen or buyer_id in chosen)
        ]

    def _end_preparing(self):
        self.write(
            {"state": "prepared", "is_preparing": False, "buyer_done": self.buyer_total}
        )
        if self.is_automatic:
            self._send_what_is_safe()

    def _send_what_is_safe(self):
        """Queue the daily run's reminders, but those somebody must look at first.

        Money that is allocated to no invoice is matched before anybody is asked.
        """
        ready = self.reminder_ids.filtered_domain(self._ready_domain())
        ready.filtered(lambda r: not r.unallocated_amount)._queue()

    # === JOB === #

    @api.model
    def _cron_prepare(self):
        """Go on with the runs being prepared, a batch of buyers per transaction."""
        runs = self.search([("is_preparing", "=", True)], order="id")
        left = {run: run._buyers_left(run.prepared_buyer_id) for run in runs}
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=sum(map(len, left.values())))
        for run in runs:
            for batch in split_every(BATCH, left[run]):
                if not run._prepare_safely(list(batch)):
                    break  # stopped, or in another worker's hands
                if not commit(len(batch)):
                    return
                self.env.invalidate_all()
            else:
                if run.try_lock_for_update() and run.is_preparing:
                    run._end_preparing()
                commit()

    def _prepare_safely(self, buyer_ids):
        """Prepare a batch, again where another run has just taken its instalments."""
        for _attempt in range(ATTEMPTS):
            try:
                goes_on = self._prepare_batch(buyer_ids)
                self.env.flush_all()
                return goes_on
            except (psycopg2.OperationalError, UniqueViolation):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        self.env.ref(PREPARE_CRON)._trigger()
        return False

    def _prepare_batch(self, buyer_ids):
        """Make the reminders of some buyers; return whether the run goes on."""
        locked = self.try_lock_for_update()
        if not locked or not self.is_preparing:
            return False
        self._prepare_buyers(self.env["res.partner"].browse(buyer_ids))
        self.write(
            {
                "prepared_buyer_id": buyer_ids[-1],
                "buyer_done": self.buyer_done + len(buyer_ids),
            }
        )
        return True

    @api.model
    def _cron_run_daily(self):
        """Prepare the day's run for each company that wants one; the job sends it."""
        # sudo: the job runs for all companies
        companies = self.env["res.company"].sudo()
        for company in companies.search([("credit_followup_daily", "=", True)]):
            today = company._credit_today()
            made = [
                ("company_id", "=", company.id),
                ("date", "=", today),
                ("is_automatic", "=", True),
            ]
            if not self.search_count(made, limit=1):
                self._run_company(company, today)
            self.env["ir.cron"]._commit_progress(1)

    def _run_company(self, company, today):
        """Make the day's run of one company, unless another worker has just done so.

        The database allows one a day; what fails in one company is not another's.
        """
        try:
            here = self.with_company(company)
            readers = here.with_context(lang=company.partner_id.lang)
            run = here.create(
                {
                    "name": readers._default_name(),
                    "company_id": company.id,
                    "date": today,
                    "is_automatic": True,
                }
            )
            self.env.flush_all()
            run._start_preparing()
            self.env.flush_all()
        except (psycopg2.OperationalError, UniqueViolation):
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
        except Exception:
            _logger.exception("The daily follow-up run of %s failed", company.name)
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)

    # === REMINDERS === #

    def _prepare_buyers(self, buyers):
        """Create the reminders of these buyers, one per currency and language."""
        due = self.env["credit.followup.due"]
        buyers.fetch(BUYER_FIELDS)
        items = due._get_items(buyers, self.company_id, self.date)
        groups, credits = self._group_items(items)
        every = [item for found in items.values() for item in found]
        claims = LateClaims(self.env, self.company_id, self.date, every)
        chosen = StepChoice(self.env)
        wanted = set(self.user_ids.ids)
        prepared = [
            (vals, lines)
            for vals, lines in (
                self._prepare_reminder(key, group, credits, claims, chosen)
                for key, group in groups.items()
            )
            if not wanted or vals["user_id"] in wanted
        ]
        # nobody follows a new reminder, and that it was made is no news
        reminders = insert_rows(
            self.env["credit.followup.reminder"], [vals for vals, _lines in prepared]
        )
        insert_rows(
            self.env["credit.followup.reminder.line"],
            [
                {"reminder_id": reminder.id, **line}
                for reminder, (_vals, lines) in zip(reminders, prepared, strict=True)
                for line in lines
            ],
        )
        return reminders

    def _group_items(self, items):
        """Return ({(buyer, currency id, language): items due}, {the same: credits})."""
        groups, credits = {}, {}
        zones, plans = self.zone_ids, set(self.plan_ids.ids)
        languages = {}
        for buyer, found in items.items():
            if zones and buyer.credit_zone_id not in zones:
                continue
            of_buyer = {}
            for item in found:
                if item.amount < 0:
                    key = (buyer, item.currency_id)
                    credits[key] = credits.get(key, 0.0) - item.amount
                elif item.step_id and (not plans or item.plan_id in plans):
                    lang = languages.get(item.lang)
                    if lang is None:
                        lang = languages[item.lang] = self._language(item.lang)
                    of_buyer.setdefault((item.currency_id, lang), []).append(item)
            groups.update({(buyer, *key): due for key, due in of_buyer.items()})
        return groups, credits

    def _language(self, code):
        """Return a language that is installed: the reader's, else the company's."""
        installed = self.env["res.lang"]._get_data(code=code)
        return installed.code or self.company_id.partner_id.lang or "en_US"

    def _prepare_reminder(self, key, items, credits, claims, chosen):
        """Return the values of one reminder, and those of its lines."""
        buyer, currency_id, lang = key
        company_id, day = self.company_id.id, self.date
        choice = chosen.of({item.step_id for item in items})
        if choice.text_step.is_formal_notice:  # on a debt that is due: the rest waits
            items = [item for item in items if item.due_date < day]
        claimed = claims.of(items, choice.text_step)
        lines = [
            self._prepare_line(item, claimed[item.id], company_id, day)
            for item in items
        ]
        vals = {
            "run_id": self.id,
            "company_id": company_id,
            "date": day,
            "partner_id": buyer.id,
            "contact_id": self._contact(buyer, items, lang).id or None,
            "currency_id": currency_id,
            "lang": lang,
            "plan_id": items[0].plan_id,
            "step_id": choice.step.id,
            "text_step_id": choice.text_step.id or None,
            "channel": choice.channel,
            "needs_approval": choice.needs_approval,
            "amount_due": sum(line["amount"] for line in lines),
            "amount_overdue": sum(
                line["amount"] for line in lines if line["is_overdue"]
            ),
            "interest_amount": sum(line["interest_amount"] for line in lines),
            "fee_amount": sum(line["fee_amount"] for line in lines),
            "unallocated_amount": credits.get((buyer, currency_id), 0.0),
            "user_id": (choice.step._responsible(buyer) or self.create_uid).id or None,
            "state": "draft",
        }
        return vals, lines

    @staticmethod
    def _prepare_line(item, claim, company_id, day):
        return {
            "company_id": company_id,
            "move_line_id": item.id,
            "move_id": item.move_id,
            "step_id": item.step_id,
            "due_date": item.due_date,
            "currency_id": item.currency_id,
            "amount": item.chased,
            "disputed_amount": item.disputed,
            "interest_amount": claim.interest,
            "fee_amount": claim.fee,
            "is_overdue": item.due_date < day,
            "is_accelerated": item.is_accelerated,
            "state": "pending",
        }

    def _contact(self, buyer, items, lang):
        """Return whom to write to: the invoice address, in the reminder's language.

        A branch that is invoiced in another language gets its own reminder.
        """
        main = buyer
        if buyer.child_ids:  # else there is no other address to look for
            main = buyer.browse(buyer.address_get(["invoice"])["invoice"])
        if self._language(main.lang or buyer.lang) == lang:
            return main
        contact = buyer.browse(items[-1].contact_id)
        return contact if contact.commercial_partner_id == buyer else main
