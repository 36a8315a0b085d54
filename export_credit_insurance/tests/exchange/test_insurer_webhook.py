import hashlib
import hmac
import json
import time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .provider_common import ProviderCommon

SECRET = b"hook-very-secret-0815"


@tagged("post_install", "-at_install")
class TestInsurerWebhook(ProviderCommon, HttpCase):
    """A message that an answer is there: signed, recent, small, heard once."""

    def setUp(self):
        super().setUp()
        self.call = self.send()
        self.turn(self.call)
        self.later = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.call.next_try = self.later

    def tell(self, body=None, moment=None, secret=SECRET, reference=None, **headers):
        body = json.dumps({"jobId": "J-1"}).encode() if body is None else body
        moment = str(int(time.time()) if moment is None else moment)
        digest = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256)
        self.env.flush_all()
        response = self.url_open(
            f"/credit-insurance/insurer/{reference or self.account.webhook_ref}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Timestamp": moment,
                "X-Signature": f"sha256={digest.hexdigest()}",
                **headers,
            },
        )
        self.env.invalidate_all()
        return response.status_code

    def test_before_the_poll(self):
        """The answer is read at once, by the job: the message decides nothing."""
        self.stub.decide("J-1", decision="approved", amount=25000.0)
        self.assertEqual(self.tell(), 200)
        self.assertLess(self.call.next_try, self.later)
        self.assertEqual(self.request.state, "sent")
        self.turn(self.call)
        self.assertEqual(self.request.limit_id.state, "approved")
        self.assertEqual(self.tell(), 200)  # after the poll: nothing happens
        self.assertEqual(self.call.state, "done")
        self.assertEqual(len(self.beta.insured_limit_line_ids), 1)

    def test_replay_does_nothing(self):
        moment = int(time.time())
        self.assertEqual(self.tell(moment=moment), 200)
        self.call.next_try = self.later
        self.assertEqual(self.tell(moment=moment), 200)
        self.assertEqual(self.call.next_try, self.later)

    def test_unknown(self):
        self.assertEqual(self.tell(body=b'{"jobId": "J-404"}'), 404)
        self.assertEqual(self.tell(reference="0" * 32), 404)

    def test_forged(self):
        now = int(time.time())
        self.assertEqual(self.tell(secret=b"guess"), 403)
        self.assertEqual(self.tell(moment=now - 301), 403)
        self.assertEqual(self.tell(moment=now + 600), 403)
        self.assertEqual(self.tell(**{"X-Signature": ""}), 403)
        self.assertEqual(self.tell(**{"X-Timestamp": "now"}), 403)
        self.assertEqual(self.call.next_try, self.later)

    def test_without_a_secret_nobody_is_believed(self):
        self.account._secret().webhook_secret = False
        self.assertEqual(self.tell(secret=b""), 403)

    def test_not_what_it_should_be(self):
        deep = b"[" * 16000  # deeper than anybody's reader goes
        for body in (b" ", b"{", b"[]", b"7", b'{"jobId": 7}', b"{}", deep):
            with self.subTest(body[:20]):
                self.assertEqual(self.tell(body=body), 400)

    def test_too_large(self):
        self.assertEqual(self.tell(body=b" " * 20000), 413)
