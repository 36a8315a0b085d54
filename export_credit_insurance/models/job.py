"""Working off a job piece by piece: what fails with one stands in no other's way."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: times that a piece is tried when others change the same rows meanwhile
ATTEMPTS = 3


def attempt(env, work, *args):
    """Do a piece of a job in a transaction of its own, which the caller commits.

    If it fails, it is undone and told in the log, and the caller goes on. To be called
    right after a commit: whatever was done since is undone with it.

    :param work: called with ``args``
    :return: what ``work`` returns, True if that is nothing; None if it failed
    """
    name = getattr(work, "__qualname__", work)
    for _time in range(ATTEMPTS):
        try:
            result = work(*args)
            env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()  # somebody was faster: again, with fresh eyes
        except Exception:
            env.cr.rollback()
            _logger.exception("%s of %s failed and was undone", name, args)
            return None
        else:
            return True if result is None else result
    _logger.warning("%s of %s is left to the next run: others were faster", name, args)
    return None


def do_each(env, items, work):
    """Do a job's work item by item, each committed, as long as the time allows.

    :param items: records, or whatever else there are several of
    :param work: called with each of them; see :func:`attempt`
    :return: whether there was time for all of them
    """
    commit = env["ir.cron"]._commit_progress
    commit(remaining=len(items))
    for item in items:
        attempt(env, work, item)
        if not commit(1):
            return False
    return True
