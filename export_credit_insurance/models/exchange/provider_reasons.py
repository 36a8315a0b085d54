"""Why a service did not take something, in the reader's words.

A call keeps the technical word, which is the same for everybody and holds no secret.
"""

import re

STATUS = re.compile(r"HTTP (\d{3})")


def reason_text(env, reason):
    """Return the reason in the language of the environment.

    :param reason: what a ``ProviderError`` says; what is unknown stays as it is
    """
    if status := STATUS.fullmatch(reason or ""):
        return _status_text(env, int(status[1]))
    texts = {
        "timeout": env._("it did not answer in time"),
        "no answer": env._("it did not answer"),
        "connection failed": env._("it could not be reached"),
        "not JSON": env._("its answer cannot be read"),
        "no JSON object": env._("its answer cannot be read"),
        "answer too large": env._("its answer is too large"),
        "unsafe address": env._("its address is not safe: it must begin with https"),
        "no key": env._("no key is entered for it"),
        "no token in the answer": env._("it did not open the session"),
        "the service could not do the job": env._("it could not do the job"),
        "no usable job number in the answer": env._(
            "its answer holds no usable job number"
        ),
        "the answer holds no decision that the account knows": env._(
            "its answer holds no decision that the account knows"
        ),
        "a date of the answer cannot be read": env._(
            "a date of its answer cannot be read"
        ),
        "the amount of the answer cannot be read": env._(
            "the amount of its answer cannot be read"
        ),
    }
    return texts.get(reason, reason or "")


def _status_text(env, status):
    if status in (401, 403):
        text = env._("it does not accept the key (HTTP %s)", status)
    elif status == 429:
        text = env._("it was asked too often (HTTP %s)", status)
    elif status >= 500:
        text = env._("it is out of order (HTTP %s)", status)
    else:
        text = env._("it refused (HTTP %s)", status)
    return text
