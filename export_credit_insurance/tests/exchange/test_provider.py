import inspect
import re
from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from ...models.exchange import (
    credit_insurance_provider_jobs,
    provider_client,
    provider_reasons,
)
from ...models.exchange.provider_client import ProviderClient
from .insurer_stub import Fault
from .provider_common import ASK, TOKEN, ProviderCommon


@tagged("post_install", "-at_install")
class TestProvider(ProviderCommon):
    """Asked once, answered once, over a real connection to a stub (DOMAIN 6.2)."""

    # === THE WAY THROUGH === #

    def test_asked_and_answered(self):
        call = self.send()
        self.assertRecordValues(
            self.request, [{"state": "sent", "channel": "api", "call_state": "queued"}]
        )
        self.assertFalse(self.stub.seen)  # nothing before the commit
        self.turn(call)
        self.assertRecordValues(call, [{"state": "waiting", "job": "J-1"}])
        asked = self.stub.asked(ASK)[0]
        self.assertEqual(asked.headers["Idempotency-Key"], call.idempotency_key)
        self.assertEqual(
            [asked.body[name] for name in ("policyNumber", "requestType", "amount")],
            ["POL-26", "2", 25000.0],
        )
        self.assertEqual(asked.body["buyer"]["vat"], "DE123456788")
        self.turn(call)  # it is still thinking
        self.assertEqual(self.request.state, "sent")
        self.decide()
        self.turn(call)
        self.assertRecordValues(
            self.request.limit_id,
            [
                {
                    "state": "partial",
                    "amount": 20000.0,
                    "source": "api",
                    "insurer_reference": "D-99",
                    "insurer_buyer_ref": "AZ-77",
                    "date_from": fields.Date.today(),
                }
            ],
        )
        self.assertRecordValues(call, [{"state": "done", "error": False}])
        self.assertEqual(self.request.state, "answered")
        self.assertEqual(self.request.activity_ids.user_id, self.user)
        # one token did for all of it
        self.assertEqual(len(self.stub.asked(TOKEN)), 1)
        # and nothing is done again
        seen, lines = len(self.stub.seen), self.beta.insured_limit_line_ids
        self.turn(call)
        self.assertEqual(len(self.stub.seen), seen)
        self.assertEqual(self.beta.insured_limit_line_ids, lines)

    def test_killed_between_call_and_commit(self):
        """The service has the job and we do not: the same key finds it again."""
        call = self.send()

        class Killed(Exception):
            pass

        with self.assertRaises(Killed), self.env.cr.savepoint():
            call._work()
            self.assertEqual(call.job, "J-1")
            raise Killed
        self.env.invalidate_all()
        self.assertRecordValues(call, [{"state": "queued", "job": False}])
        self.turn(call)
        keys = [each.headers["Idempotency-Key"] for each in self.stub.asked(ASK)]
        self.assertEqual(keys, [call.idempotency_key] * 2)
        self.assertEqual(list(self.stub.jobs), ["J-1"])
        self.assertRecordValues(call, [{"state": "waiting", "job": "J-1"}])

    def test_killed_between_answer_and_commit(self):
        call = self.send()
        self.turn(call)
        self.decide()

        class Killed(Exception):
            pass

        with self.assertRaises(Killed), self.env.cr.savepoint():
            call._work()
            self.assertEqual(self.request.state, "answered")
            raise Killed
        self.env.invalidate_all()
        self.assertEqual(self.request.state, "sent")
        self.turn(call)
        self.assertEqual(self.request.state, "answered")
        self.assertEqual(len(self.beta.insured_limit_line_ids), 1)

    def test_answered_by_hand_meanwhile(self):
        call = self.send()
        self.turn(call)
        line = self.request.limit_id.with_user(self.controller)
        line._record_decision("approved", amount=25000.0)
        self.decide(decision="refused")
        self.turn(call)
        self.assertEqual(self.request.limit_id.state, "approved")
        self.assertEqual(call.state, "done")

    def test_withdrawn_before_it_was_asked(self):
        call = self.send()
        self.request.action_withdraw()
        self.turn(call)
        self.assertEqual(call.state, "done")
        self.assertFalse(self.stub.asked(ASK))

    def test_refused(self):
        call = self.send()
        self.turn(call)
        self.decide(decision="refused", amount=None, reason="Lack of turnover")
        self.turn(call)
        self.assertRecordValues(
            self.request.limit_id,
            [{"state": "refused", "reason": "Lack of turnover", "source": "api"}],
        )

    # === WHAT GOES WRONG === #

    def test_token_ends_midway(self):
        """The service forgets a token before its time: one more, once."""
        call = self.send()
        self.turn(call)
        self.stub.tokens.clear()
        self.decide()
        self.turn(call)
        self.assertEqual(self.request.state, "answered")
        self.assertEqual(len(self.stub.asked(TOKEN)), 2)

    def test_token_of_a_minute_is_not_kept(self):
        self.stub.token_life = 60
        call = self.send()
        self.turn(call)
        self.turn(call)
        self.assertEqual(len(self.stub.asked(TOKEN)), 2)

    def test_wrong_key(self):
        self.account.api_key = "other"
        call = self.send()
        self.turn(call)
        self.assertRecordValues(call, [{"state": "failed", "error": "HTTP 401"}])

    def test_too_many_requests(self):
        """429 with Retry-After 1: waited for, within the same turn."""
        self.stub.plan(ASK, Fault(429, {"Retry-After": "1"}))
        call = self.send()
        self.turn(call)
        self.assertEqual(call.state, "waiting")
        self.assertEqual(len(self.stub.asked(ASK)), 2)

    def test_told_to_come_back_later(self):
        """Retry-After of 10 minutes: left to a later turn, not before."""
        self.stub.plan(ASK, Fault(429, {"Retry-After": "600"}))
        call = self.send()
        now = fields.Datetime.now()
        self.turn(call)
        self.assertRecordValues(call, [{"state": "queued", "error": "HTTP 429"}])
        self.assertGreaterEqual(call.next_try, now + timedelta(seconds=600))
        self.assertEqual(len(self.stub.asked(ASK)), 1)

    def test_server_error_then_well(self):
        self.stub.plan(ASK, Fault(500))
        call = self.send()
        self.turn(call)
        self.assertEqual(call.state, "waiting")
        keys = {each.headers["Idempotency-Key"] for each in self.stub.asked(ASK)}
        self.assertEqual(keys, {call.idempotency_key})

    def test_server_error_for_long(self):
        """Three tries a turn; after twenty turns a person looks at it."""
        self.stub.plan(ASK, *[Fault(503)] * 6)
        call = self.send()
        self.turn(call)
        self.assertRecordValues(
            call, [{"state": "queued", "failures": 1, "error": "HTTP 503"}]
        )
        self.assertEqual(len(self.stub.asked(ASK)), 3)
        call.failures = 19
        self.turn(call)
        self.assertRecordValues(call, [{"state": "failed", "error": "HTTP 503"}])
        self.request.with_user(self.user).action_retry_service()
        self.turn(call)
        self.assertEqual(call.state, "waiting")

    def test_reasons_are_said_in_the_reader_s_language(self):
        """The job has none of its own: the message is in that of who asked."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.user.lang = "fr_FR"
        self.stub.plan(ASK, Fault(422))
        call = self.send()
        self.turn(call)
        self.assertEqual(call.error, "HTTP 422")
        self.assertEqual(call.reason, "it refused (HTTP 422)")
        french = call.with_context(lang="fr_FR").reason
        self.assertEqual(french, "il a refusé (HTTP 422)")
        self.assertIn(french, self.request.message_ids[0].body)

    def test_every_reason_of_the_client_has_words(self):
        """What the modules raise is what the table knows."""
        known = provider_reasons.reason_text
        for module in (provider_client, credit_insurance_provider_jobs):
            source = inspect.getsource(module)
            raised = re.findall(r'Provider(?:Error|Retry)\("([^"{]+)"', source)
            self.assertTrue(raised)
            for reason in raised:
                self.assertNotEqual(known(self.env, reason), reason, reason)

    def test_client_error_is_not_tried_again(self):
        self.stub.plan(ASK, Fault(422))
        call = self.send()
        self.turn(call)
        self.assertRecordValues(call, [{"state": "failed", "error": "HTTP 422"}])
        self.assertEqual(len(self.stub.asked(ASK)), 1)

    def test_malformed_answer(self):
        for content in (b"{", b"[]", b"\xff\xfe", b"[" * 100000):
            with self.subTest(content[:20]):
                self.stub.plan(ASK, *[Fault(200, body=content)] * 3)
                if self.request.state == "draft":
                    call = self.send()
                self.turn(call)
                self.assertEqual(call.state, "queued")
                self.assertIn(call.error, ("not JSON", "no JSON object"))

    def test_job_number_that_is_a_path(self):
        self.stub.plan(ASK, Fault(200, body=b'{"jobId": "../../secrets"}'))
        call = self.send()
        self.turn(call)
        self.assertEqual(call.state, "failed")

    def test_job_failed(self):
        call = self.send()
        self.turn(call)
        self.stub.jobs["J-1"] = {"status": "failed"}
        self.turn(call)
        self.assertEqual(call.state, "failed")
        self.assertEqual(self.request.state, "sent")
        self.assertIn("could not do", self.request.message_ids[0].body)

    def test_answers_that_do_not_fit(self):
        """Another currency, an unknown word, an amount that is none: by hand."""
        call = self.send()
        self.turn(call)
        for result in (
            {"currency": "USD"},
            {"decision": "perhaps"},
            {"amount": "NaN"},
            {"amount": -5},
            {"effectiveDate": "soon"},
        ):
            with self.subTest(result):
                call.write({"state": "waiting", "error": False})
                self.decide(**result)
                self.turn(call)
                self.assertEqual(call.state, "failed")
                self.assertEqual(self.request.limit_id.state, "requested")

    def test_own_names_of_fields(self):
        self.account.write(
            {
                "field_map": "decision = cover.state\namount = cover.granted",
                "status_map": "OK = approved",
            }
        )
        call = self.send()
        self.turn(call)
        self.stub.jobs["J-1"] = {
            "status": "COMPLETED",
            "cover": {"state": "ok", "granted": "25000"},
        }
        self.turn(call)
        self.assertEqual(self.request.limit_id.state, "approved")

    def test_silence(self):
        """Longer than patience lasts (Odoo's tests stretch it to 10 seconds)."""
        self.account.timeout = 1
        client = ProviderClient(self.stub.url, 10)
        self.stub.plan("/slow", Fault(delay=11.0))
        started = fields.Datetime.now()
        with self.assertRaises(Exception) as caught:
            client._call_once("GET", "/slow", None, None, None)
        self.assertEqual(str(caught.exception), "timeout")
        self.assertLess(fields.Datetime.now() - started, timedelta(seconds=15))

    def test_nobody_there(self):
        self.account.base_url = "http://127.0.0.1:9"
        call = self.send()
        self.turn(call)
        self.assertRecordValues(
            call, [{"state": "queued", "error": "connection failed"}]
        )

    # === OVERDUES === #

    def test_withdrawn_notice_is_not_told(self):
        """Withdrawn before the job's turn: the insurer never hears of it."""
        notice = self.make_sent_notice()
        call = self.env["credit.insurance.provider.call"]._queue(
            account_id=self.account.id, notice_id=notice.id
        )
        notice.action_withdraw()
        self.turn(call)
        self.assertFalse(self.stub.asked("/overdues"))
        self.assertEqual(call.state, "done")

    def test_overdue_notice(self):
        notice = self.make_sent_notice()
        call = self.env["credit.insurance.provider.call"]._queue(
            account_id=self.account.id, notice_id=notice.id
        )
        self.turn(call)
        body = self.stub.asked("/overdues")[0].body
        self.assertEqual(body["invoices"][0]["openAmount"], 5000.0)
        self.assertEqual(body["invoices"][0]["dueDate"], "2026-03-16")
        self.decide(decision="acknowledged", reference="OVD-5")
        self.turn(call)
        self.assertEqual(notice.insurer_ref, "OVD-5")
        self.assertEqual(call.state, "done")

    def make_sent_notice(self):
        invoice = self.make_invoice(
            self.beta, 5000.0, day="2026-01-15", due="2026-03-16"
        )
        notice = self.env["credit.insurance.overdue.notice"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
            }
        )
        self.env["credit.insurance.overdue.notice.line"].create(
            {
                "notice_id": notice.id,
                "move_line_id": invoice.line_ids.filtered("date_maturity").id,
                "due_date": date(2026, 3, 16),
            }
        )
        notice.sudo().state = "sent"
        return notice
