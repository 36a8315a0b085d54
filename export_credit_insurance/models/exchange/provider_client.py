"""Calls of an insurer's service over HTTP: bounded in time, size and tries.

Knows no record. What goes wrong is told without address, headers or content, so that no
log and no traceback holds a secret.
"""

import ipaddress
import json
import time
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

ATTEMPTS = 3
BACKOFF = 0.5
#: a longer wait is left to the next turn of the job
LONGEST_WAIT = 5.0
MAX_BYTES = 2_000_000


class ProviderError(Exception):
    """The service refused, for good: nothing is gained by asking again."""


class ProviderUnauthorized(ProviderError):
    """The token is not valid (any more)."""


class ProviderRetry(Exception):
    """The service cannot answer now.

    :param seconds: how long it asked to be left alone, 0 where it did not say
    """

    def __init__(self, reason, seconds=0):
        super().__init__(reason)
        self.seconds = seconds


class BearerAuth(requests.auth.AuthBase):
    """A token in the header, which no netrc file of the machine replaces."""

    def __init__(self, token):
        self._token = token

    def __call__(self, request):
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def is_safe_url(url):
    """Whether secrets may be sent there: https, or this machine itself.

    >>> is_safe_url("https://api.example.com/v1")
    True
    >>> is_safe_url("http://api.example.com")
    False
    >>> is_safe_url("http://127.0.0.1:8080")
    True
    >>> is_safe_url("https://user:secret@example.com")
    False
    """
    try:
        parts = urlsplit(url or "")
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host):
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class ProviderClient:
    """Calls one service.

    :param base_url: see :func:`is_safe_url`
    :param timeout: seconds, for the connection and for each silence of the service
    """

    def __init__(self, base_url, timeout=15):
        if not is_safe_url(base_url):
            raise ProviderError("unsafe address")
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout

    def call(self, method, path, token=None, payload=None, headers=None):
        """Return what the service answers, as a dict.

        Tried again, a few times and with growing pauses, after 5xx, 429 and errors of
        the connection alone. Redirections are not followed: they would take the secret
        elsewhere.

        :raise ProviderRetry: where it still cannot answer
        :raise ProviderUnauthorized: after 401
        :raise ProviderError: after any other refusal
        """
        reason, wait = "no answer", 0
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(wait or BACKOFF * 2 ** (attempt - 1))
            try:
                return self._call_once(method, path, token, payload, headers)
            except ProviderRetry as error:
                reason, wait = str(error), error.seconds
                if wait > LONGEST_WAIT:
                    break
        raise ProviderRetry(reason, wait)

    def _call_once(self, method, path, token, payload, headers):
        # the exceptions of requests name address and headers: they end here
        try:
            with requests.Session() as session:
                response = session.request(
                    method,
                    f"{self._base_url}{path}",
                    json=payload,
                    headers={"Accept": "application/json", **(headers or {})},
                    auth=BearerAuth(token),
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    self._check_status(response)
                    content = self._read(response)
        except requests.Timeout:
            raise ProviderRetry("timeout") from None
        except requests.RequestException:
            raise ProviderRetry("connection failed") from None
        try:
            answer = json.loads(content or b"{}")
        except (ValueError, RecursionError):
            raise ProviderRetry("not JSON") from None
        if not isinstance(answer, dict):
            raise ProviderRetry("no JSON object")
        return answer

    def _check_status(self, response):
        status = response.status_code
        if status == 429 or status >= 500:
            raise ProviderRetry(
                f"HTTP {status}", _seconds(response.headers.get("Retry-After"))
            )
        if status == 401:
            raise ProviderUnauthorized("HTTP 401")
        if status >= 300:
            raise ProviderError(f"HTTP {status}")

    def _read(self, response):
        content = b""
        for chunk in response.iter_content(65536):
            content += chunk
            if len(content) > MAX_BYTES:
                raise ProviderError("answer too large")
        return content


def _seconds(retry_after):
    """Read a Retry-After header: seconds or a date; 0 where it says neither.

    >>> _seconds("7"), _seconds(None), _seconds("soon")
    (7, 0, 0)
    """
    if not retry_after:
        return 0
    if retry_after.strip().isdigit():
        return min(int(retry_after), 86400)
    try:
        moment = parsedate_to_datetime(retry_after)
        return min(max(moment.timestamp() - time.time(), 0), 86400)
    except (TypeError, ValueError, OverflowError):
        return 0
