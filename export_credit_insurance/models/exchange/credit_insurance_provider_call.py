import logging
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..reader_language import env_for
from .provider_client import ProviderError, ProviderRetry
from .provider_reasons import reason_text

CRON = "export_credit_insurance.ir_cron_insurer_service"
#: pauses between the tries of a call, and between looks for its answer
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
#: then a person looks at it
MOST_FAILURES = 20

_logger = logging.getLogger(__name__)


class CreditInsuranceProviderCall(models.Model):
    """One question to an insurer's service, asked once whatever happens.

    It is written, with its idempotency key, in the transaction that sends the request;
    only a later transaction calls the service, with that key. Killed in between, the
    next turn calls again with the same key, and the service recognises it. The answer
    is read until it is there; a webhook makes that happen at once, and decides nothing.
    """

    _name = "credit.insurance.provider.call"
    _description = "Call of an Insurer's Service"
    _order = "id desc"
    _rec_name = "idempotency_key"

    account_id = fields.Many2one(
        "credit.insurance.provider.account",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    request_id = fields.Many2one(
        "credit.insurance.limit.request", ondelete="cascade", readonly=True
    )
    notice_id = fields.Many2one(
        "credit.insurance.overdue.notice", ondelete="cascade", readonly=True
    )
    idempotency_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid.uuid4())
    )
    job = fields.Char(readonly=True, help="The service's number of the job.")
    state = fields.Selection(
        [
            ("queued", "To Ask"),
            ("waiting", "Asked"),
            ("done", "Answered"),
            ("failed", "Failed"),
        ],
        required=True,
        default="queued",
        readonly=True,
        index=True,
    )
    failures = fields.Integer(readonly=True, help="In a row; an answer sets it back.")
    looks = fields.Integer(readonly=True, help="How often the answer was looked for.")
    next_try = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    error = fields.Char(readonly=True, help="In technical words.")
    reason = fields.Char(string="What Went Wrong", compute="_compute_reason")
    answered_on = fields.Datetime(readonly=True)
    webhook_digest = fields.Char(
        readonly=True,
        help="Of the last message that was heard, so that none counts twice.",
    )

    _request_once = models.UniqueIndex(
        "(request_id) WHERE request_id IS NOT NULL",
        "This request was handed to the service already.",
    )
    _notice_once = models.UniqueIndex(
        "(notice_id) WHERE notice_id IS NOT NULL",
        "This notice was handed to the service already.",
    )
    _job_once = models.UniqueIndex("(account_id, job) WHERE job IS NOT NULL")
    _about_one = models.Constraint(
        "CHECK ((request_id IS NULL) <> (notice_id IS NULL))",
        "A call is about a request or about a notice.",
    )

    @api.depends("error")
    @api.depends_context("lang")
    def _compute_reason(self):
        for call in self:
            call.reason = reason_text(call.env, call.error)

    # === QUEUE === #

    @api.model
    def _queue(self, **about):
        """Have the service asked, right after this transaction.

        :param about: ``request_id`` or ``notice_id``, and ``account_id``
        """
        # sudo: nobody writes calls but the server
        call = self.sudo().create(about)
        self._wake()
        return call

    @api.model
    def _wake(self):
        if cron := self.env.ref(CRON, raise_if_not_found=False):
            cron.sudo()._trigger()  # sudo: the job is the server's

    def action_retry(self):
        """Try failed calls again, under the same keys.

        :raise UserError: for calls that did not fail
        """
        self.check_access("read")
        # who may write what is asked may have it asked again
        self.request_id.check_access("write")
        self.notice_id.check_access("write")
        for call in self.filtered(lambda each: each.state != "failed"):
            raise UserError(
                self.env._(
                    "The call %s has not failed: it goes on by itself.",
                    call.display_name,
                )
            )
        for call in self.sudo():  # sudo: nobody else writes calls
            call.write(
                {
                    "state": "waiting" if call.job else "queued",
                    "failures": 0,
                    "error": False,
                    "next_try": fields.Datetime.now(),
                }
            )
        self._wake()
        return True

    # === WORK === #

    @api.model
    def _cron_work(self):
        """Ask what is to be asked and read what is to be read, one call at a time.

        What a call found is committed with it: killed at any moment, nothing is asked
        twice and no decision recorded twice.
        """
        due = self.search(
            [
                ("state", "in", ("queued", "waiting")),
                ("next_try", "<=", fields.Datetime.now()),
            ],
            order="next_try, id",
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        for call in due:
            try:
                if call.try_lock_for_update():
                    call._work()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # somebody was faster: the next turn sees what is left to do
                self.env.cr.rollback()
            if not commit(1):
                return

    def _work(self):
        """Take the next step of one call; what goes wrong is written on it."""
        self.ensure_one()
        if self.state not in ("queued", "waiting"):
            return
        try:
            with self.env.cr.savepoint():
                self._step()
        except ProviderRetry as error:
            self._postpone(str(error), error.seconds)
        except ProviderError as error:
            self._fail(str(error))
        except UserError as error:
            # what the life cycle refuses: a person records the answer
            self._fail(str(error))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            # the traceback's frames hold the token: only its kind is told
            _logger.error(
                "Call %s of an insurer's service broke: %s",
                self.id,
                type(error).__name__,
            )
            self._fail(type(error).__name__)

    def _step(self):
        account = self.account_id
        service = account._service().with_company(account.company_id)
        subject = (self.request_id or self.notice_id).with_company(account.company_id)
        if self._is_settled(subject):
            self._finish()
            return
        if self.state == "queued":
            ask = service.request_limit if self.request_id else service.notify_overdue
            job = ask(account, subject, self.idempotency_key)
            self.write({"job": job, "state": "waiting", "failures": 0, "error": False})
            self._look_again()
            return
        decision = service.read_decisions(account, self.job)
        if decision is None:
            self.write({"failures": 0, "error": False})
            self._look_again()
            return
        subject._take_decision(dict(decision))
        self._finish()

    def _is_settled(self, subject):
        """Whether there is nothing left to ask: answered, withdrawn or deleted.

        A notice that the service has taken is followed until its reference is known.
        """
        if self.request_id:
            return subject.state != "sent"
        return self.state == "queued" and subject.state not in ("sent", "answered")

    def _finish(self):
        self.write(
            {"state": "done", "answered_on": fields.Datetime.now(), "error": False}
        )

    def _look_again(self):
        """Look for the answer later, after ever longer pauses."""
        pause = min(FIRST_PAUSE * 2 ** min(self.looks, 10), LONGEST_PAUSE)
        self.write({"looks": self.looks + 1, "next_try": fields.Datetime.now() + pause})

    def _postpone(self, reason, seconds):
        failures = self.failures + 1
        if failures >= MOST_FAILURES:
            self._fail(reason)
            return
        pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        pause = max(pause, timedelta(seconds=seconds))
        self.write(
            {
                "failures": failures,
                "error": reason,
                "next_try": fields.Datetime.now() + pause,
            }
        )

    def _fail(self, reason):
        self.write({"state": "failed", "error": reason})
        subject = self.request_id or self.notice_id
        # the job has no language: who asked reads it
        env = env_for(self, self.request_id.author_id or self.notice_id.sent_by)
        subject.message_post(
            body=env._(
                "The insurer's service did not take this: %(reason)s. Try the call "
                "again, or send the file and record the answer by hand.",
                reason=reason_text(env, reason),
            )
        )

    # === WEBHOOK === #

    @api.model
    def _heard(self, account, job, digest):
        """Look for an answer at once, because the insurer says that it is there.

        :param job: the service's number of the job
        :param digest: of the message, so that a replay does nothing
        :return: whether the job is known
        """
        call = self.sudo().search([("account_id", "=", account.id), ("job", "=", job)])
        if not call:
            return False
        if call.state == "waiting" and call.webhook_digest != digest:
            call.write({"webhook_digest": digest, "next_try": fields.Datetime.now()})
            self._wake()
        return True
