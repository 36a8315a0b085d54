import re
from datetime import timedelta

from odoo import api, fields, models

from .provider_client import ProviderClient, ProviderError, ProviderUnauthorized
from .provider_mapping import read_mapping, value_at
from .request_file import REQUEST_CODES

#: a token is asked anew this long before it ends
TOKEN_MARGIN = timedelta(seconds=60)
TOKEN_LIFE = 3600
#: a job's number goes into an address
JOB = re.compile(r"\w[\w.-]{0,99}", re.ASCII)
DATES = ("date_from", "date_to", "decision_date")
DECISIONS = ("approved", "partial", "conditional", "refused", "acknowledged")


class CreditInsuranceProviderJobs(models.AbstractModel):
    """A service that works in jobs: token, question, job number, answer.

    The flow that Allianz Trade documents publicly (DOMAIN 6.2): an API key is exchanged
    for a token of 60 minutes (OAuth2); a question returns a job number at once; the
    answer is polled, or a webhook says that it is there. What the fields of questions
    and answers are called is in each insured's own contract: the answer is read by the
    account's mapping, in one method (:meth:`_map_answer`); the question's fields are in
    :meth:`_prepare_request` and :meth:`_prepare_notice`.
    """

    _name = "credit.insurance.provider.jobs"
    _inherit = "credit.insurance.provider"
    _description = "Service of an Insurer with Tokens and Jobs"

    @api.private
    def request_limit(self, account, request, key):
        # OVERRIDES 'credit.insurance.provider'
        payload = self._prepare_request(request)
        return self._ask(account, account.request_path, payload, key)

    @api.private
    def notify_overdue(self, account, notice, key):
        # OVERRIDES 'credit.insurance.provider'
        payload = self._prepare_notice(notice)
        return self._ask(account, account.overdue_path, payload, key)

    @api.private
    def read_decisions(self, account, job):
        # OVERRIDES 'credit.insurance.provider'
        path = account.job_path.replace("{job}", job)
        answer = self._call(account, "GET", path)
        status = str(answer.get("status", "")).lower()
        if status in ("failed", "error", "rejected", "cancelled"):
            raise ProviderError("the service could not do the job")
        if status not in ("done", "completed", "success"):
            return None
        return self._map_answer(account, answer)

    # === QUESTIONS === #

    def _ask(self, account, path, payload, key):
        answer = self._call(
            account, "POST", path, payload=payload, headers={"Idempotency-Key": key}
        )
        job = str(answer.get("jobId") or "")
        if not JOB.fullmatch(job):
            raise ProviderError("no usable job number in the answer")
        return job

    def _prepare_request(self, request):
        """The fields of a request: those of the interchange (DOMAIN 6.3)."""
        buyer = request.partner_id
        return {
            "requestRef": f"REQ-{request.id}",
            "policyNumber": request.policy_id.number,
            "requestType": REQUEST_CODES[request.request_type],
            "product": request.limit_kind,
            "amount": request.amount,
            "currency": request.currency_id.name,
            "neededFrom": fields.Date.to_string(request.date_from) or None,
            "neededUntil": fields.Date.to_string(request.date_to) or None,
            "buyer": {
                "insurerId": request.previous_id.insurer_buyer_ref or None,
                "reference": buyer.ref or None,
                "name": buyer.name,
                "country": buyer.country_id.code or None,
                "vat": buyer.vat or None,
                "registry": buyer.company_registry or None,
            },
        }

    def _prepare_notice(self, notice):
        """The fields of an overdue notice (DOMAIN 6.3)."""
        return {
            "noticeRef": notice.name,
            "policyNumber": notice.policy_id.number,
            "kind": notice.kind,
            "buyer": {
                "insurerId": notice.insurer_buyer_ref or None,
                "name": notice.partner_id.name,
                "country": notice.partner_id.country_id.code or None,
            },
            "invoices": [
                {
                    "reference": line.move_id.name,
                    "invoiceDate": fields.Date.to_string(line.invoice_date) or None,
                    "dueDate": fields.Date.to_string(line.due_date),
                    "currency": line.currency_id.name,
                    "netAmount": line.net_amount,
                    "openAmount": line.gross_amount,
                }
                for line in notice.line_ids
            ],
        }

    # === ANSWERS === #

    def _map_answer(self, account, answer):
        """Translate an answer into a decision, by the mapping of the account.

        The one place that knows how an insurer calls its fields.
        """
        words = read_mapping(account.status_map)
        mapping = read_mapping(account.field_map)
        found = {ours: value_at(answer, theirs) for ours, theirs in mapping.items()}
        decision = words.get(str(found.pop("decision", "")).lower())
        if decision not in DECISIONS:
            raise ProviderError("the answer holds no decision that the account knows")
        for name in DATES:
            if found.get(name):
                found[name] = self._to_date(found[name])
        if found.get("amount") is not None:
            found["amount"] = self._to_amount(found["amount"])
        found = {name: value for name, value in found.items() if value is not None}
        return {**found, "decision": decision}

    def _to_date(self, value):
        try:
            return fields.Date.to_date(str(value)[:10])
        except ValueError:
            raise ProviderError("a date of the answer cannot be read") from None

    def _to_amount(self, value):
        try:
            amount = float(value)
        except (TypeError, ValueError):
            raise ProviderError("the amount of the answer cannot be read") from None
        if not 0 <= amount < 1e15:  # neither NaN nor infinite
            raise ProviderError("the amount of the answer cannot be read")
        return amount

    # === TOKEN === #

    def _call(self, account, method, path, **arguments):
        """Call the service with a valid token; one that ended early is asked anew."""
        client = ProviderClient(account.base_url, account.timeout)
        token = self._token(account, client)
        try:
            return client.call(method, path, token=token, **arguments)
        except ProviderUnauthorized:
            token = self._token(account, client, anew=True)
            return client.call(method, path, token=token, **arguments)

    def _token(self, account, client, anew=False):
        """Return a token: the one kept, while it lives, or a new one for the key."""
        secret = account._secret()
        now = fields.Datetime.now()
        if not anew and secret.token and secret.token_ends > now + TOKEN_MARGIN:
            return secret.token
        if not secret.api_key:
            raise ProviderError("no key")
        answer = client.call(
            "POST",
            account.token_path,
            payload={"grant_type": "api_key", "apiKey": secret.api_key},
        )
        token = answer.get("access_token")
        if not token or not isinstance(token, str):
            raise ProviderError("no token in the answer")
        life = answer.get("expires_in")
        life = life if isinstance(life, int) and 0 < life <= TOKEN_LIFE else TOKEN_LIFE
        secret.write({"token": token, "token_ends": now + timedelta(seconds=life)})
        return token
