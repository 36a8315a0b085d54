"""A full disk: no file of Odoo grows beyond some kilobytes, as by a quota.

The limit is the process's own (RLIMIT_FSIZE); PostgreSQL's files are another's.
"""

import resource

from ..sending import processes
from . import kills, works

ROOM = 2048


def without_room(work):
    """Return the work on a disk where nothing larger fits any more."""

    def run(env):
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        work(env)

    return run


def import_of_a_file(database, company_id, tag):
    """The file of an import cannot be stored: nothing of it is there, and later all."""
    work = works.Importing(database, company_id, None)
    tried = without_room(lambda env: work.make(env, tag))
    [end] = processes.wait(processes.start(database, kills.quiet(tried)))
    with processes.Superuser(database) as env:
        policies = env["credit.insurance.policy"].search_count(
            [("number", "=", f"IMP{tag}")]
        )
    wrong = [] if end else ["a file was stored where there is no room"]
    wrong += ["half of it is there"] if policies else []
    # another file: of the same one Odoo finds the torso, and takes it for a collision
    kills.make(work, database, f"{tag}x")
    kills.finish(work, database)
    return [*wrong, *kills.judge(work, database)]


def evidence_pack(database, company_id, tag):
    """A pack that cannot be written: its user is told why, and gets it afterwards."""
    work = works.Posting(database, company_id, None)
    kills.make(work, database, tag)

    def ask(env):
        claim = env["credit.insurance.claim"].browse(work.claim_ids[0])
        jobs = env["credit.insurance.evidence.job"].with_user(work.controller_id)
        jobs._queue(claim.line_ids.move_line_id.move_id, 1, claim)

    def make(env):
        env["credit.insurance.evidence.job"]._cron_make()

    processes.run(database, ask)
    processes.wait(processes.start(database, without_room(make)))
    before = _packs(work, database)
    processes.run(database, ask)
    processes.run(database, make)
    after = _packs(work, database)
    wrong = []
    if any(size for _state, _error, size in before):
        wrong.append(f"a pack without room: {before}")
    if any(state == "failed" and not error for state, error, _size in before):
        wrong.append(f"no reason is given: {before}")
    if [state for state, _error, size in after if size] != ["done"]:
        wrong.append(f"no pack once there is room: {after}")
    return wrong


def _packs(work, database):
    """Return [(state, what went wrong, bytes)] of the jobs."""
    with processes.Superuser(database) as env:
        jobs = env["credit.insurance.evidence.job"].search(
            [("claim_id", "in", work.claim_ids)]
        )
        return [
            (job.state, job.error_text, len(job.attachment_id.raw or b""))
            for job in jobs
        ]


FAULTS = {
    "disk full while a file is imported": import_of_a_file,
    "disk full while a pack is made": evidence_pack,
}


def play(fault, database, company_id, tag):
    return FAULTS[fault](database, company_id, tag)
