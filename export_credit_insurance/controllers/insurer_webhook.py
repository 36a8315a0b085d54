import hashlib
import json
import time

from odoo import http
from odoo.http import request

#: bytes of a message: it names a job, no more
MAX_BYTES = 16384
#: seconds by which the clocks may differ, and a message may be late
TOLERANCE = 300


class InsurerWebhook(http.Controller):
    """An insurer says that an answer is there; the answer itself is read by the job."""

    @http.route(
        "/credit-insurance/insurer/<string:reference>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,  # signed by the insurer, without a session
        save_session=False,
        max_content_length=MAX_BYTES,
    )
    def insurer_webhook(self, reference, **_kwargs):
        """Take a signed message about a job.

        ``X-Timestamp``: seconds since 1970; ``X-Signature``: HMAC-SHA256 in hex of
        the timestamp, a dot and the body.
        """
        # sudo: the account whose secret proves who is calling
        accounts = request.env["credit.insurance.provider.account"].sudo()
        account = accounts.search([("webhook_ref", "=", reference)])
        if not account:
            return _answer(404)
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            return _answer(413)
        body = request.httprequest.get_data()
        timestamp = request.httprequest.headers.get("X-Timestamp", "")
        signature = request.httprequest.headers.get("X-Signature", "")
        if not _is_recent(timestamp) or not account._is_signed(
            timestamp, body, signature.removeprefix("sha256=")
        ):
            return _answer(403)
        try:
            job = json.loads(body)["jobId"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return _answer(400)
        if not isinstance(job, str):
            return _answer(400)
        digest = hashlib.sha256(timestamp.encode() + b"." + body).hexdigest()
        calls = request.env["credit.insurance.provider.call"].sudo()
        return _answer(200 if calls._heard(account, job, digest) else 404)


def _is_recent(timestamp):
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12
    return is_number and abs(time.time() - int(timestamp)) <= TOLERANCE


def _answer(status):
    return request.make_json_response({"status": status}, status=status)
