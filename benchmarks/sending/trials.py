"""The trials: what happens to processes while reminders are sent."""

import dataclasses
import signal

from . import jobs, processes, world

# So many kills in a row, and Odoo takes a job that has done nothing for stuck.
KILLS = 3


@dataclasses.dataclass
class Trial:
    """One trial: its buyers, its run, and what it does to the processes.

    :param without_letter: ids of buyers that must get nothing: they have paid
    :param amounts: {buyer id: what is asked for}, where it is not the invoice's amount
    """

    title: str
    play: object
    buyers: list
    database: str
    company_id: int
    run_id: int = 0
    without_letter: set = dataclasses.field(default_factory=set)
    amounts: dict = dataclasses.field(default_factory=dict)
    said: str = ""

    def inside(self, work):
        """Do something here, in this process, and commit."""
        with processes.Superuser(self.database) as env:
            result = work(env)
            env.cr.commit()
        return result

    def company(self, env):
        return env["res.company"].browse(self.company_id)

    def prepare(self, send=True):
        """Make and prepare the run; queue it."""

        def work(env):
            run = world.make_run(env, self.company(env), self.buyers)
            run.action_prepare()
            if send:
                run.action_send()
            self.run_id = run.id

        self.inside(work)

    def work(self, *works):
        processes.run(self.database, *works)

    def receive(self, buyer, amount):
        """Return what receives money and matches it, replayed as a request is."""

        def work(env):
            from odoo.service.model import retrying

            company = self.company(env)
            retrying(lambda: world.pay(env, company, buyer, amount), env)

        return work

    def freeze_and_kill(self, job, table):
        """Start a job, let it come to the table, kill it there."""
        with processes.frozen(self.database, table) as somebody_waits:
            pid = processes.start(self.database, job)
            somebody_waits()
            processes.kill(pid)


# ------------------------------------------------------------------------- kills


def killed_while_preparing(trial, catcher, hook):
    """In the middle of a batch of reminders."""

    def work(env):
        run = world.make_run(env, trial.company(env), trial.buyers)
        run.write({"is_preparing": True, "buyer_total": len(trial.buyers)})
        trial.run_id = run.id

    trial.inside(work)
    trial.freeze_and_kill(jobs.prepare, "credit_followup_reminder_line")
    trial.work(jobs.prepare)
    trial.work(jobs.press("action_send", trial.run_id))


def killed_before_the_commit(trial, catcher, hook):
    """Mails of a batch are written, nothing of it is committed."""
    trial.prepare()
    trial.freeze_and_kill(jobs.send, "credit_followup_dispatch")


def killed_after_a_batch(trial, catcher, hook):
    """One batch is committed and its mails leave, the next one is half done."""
    trial.prepare()
    reminders = "credit_followup_reminder"
    with processes.frozen(trial.database, "mail_mail") as somebody_waits:
        pid = processes.start(trial.database, jobs.send)
        somebody_waits()
    # the first batch goes on; stopped again wherever it then writes
    with processes.frozen(trial.database, reminders) as somebody_waits:
        somebody_waits()
        processes.kill(pid)


def killed_before_the_hand_over(trial, catcher, hook):
    """Mails are queued for good; the first one is about to begin."""
    trial.prepare()
    trial.work(jobs.send)
    trial.freeze_and_kill(jobs.leave, "credit_followup_dispatch")


def killed_before_the_mail_server_has_it(trial, catcher, hook):
    """The mail server has heard the addressee and not the letter."""
    _kill_in_talk(trial, hook, "data")
    _decide(trial, catcher, left=False)


def killed_after_the_mail_server_has_it(trial, catcher, hook):
    """The mail server has the letter; nobody has recorded that it does."""
    _kill_in_talk(trial, hook, "accepted")
    _decide(trial, catcher, left=True)


def _kill_in_talk(trial, hook, stage):
    """Kill the process at its second mail, at a stage of the talk."""
    trial.prepare()
    trial.work(jobs.send)
    pid = processes.start(trial.database, jobs.leave)
    hook.kill(pid, stage, after=2)
    if processes.wait(pid) != [-signal.SIGKILL]:
        raise SystemExit("The process was not killed in the talk.")
    # it goes on by itself, but for the mail of unknown fate
    trial.work(jobs.everything)


def killed_again_and_again(trial, catcher, hook):
    """Odoo's own job of the queue is killed three times among its mails.

    The fourth one goes on: a job that had done nothing would wait for its next hour.
    """
    trial.prepare()
    trial.work(jobs.send)
    for _kill in range(KILLS):
        pid = processes.start(trial.database, jobs.queue)
        hook.kill(pid, "data", after=2)
        if processes.wait(pid) != [-signal.SIGKILL]:
            raise SystemExit("The process was not killed in the talk.")
    before = len(catcher.caught)
    trial.work(jobs.queue)
    waiting = trial.inside(lambda env: env["mail.mail"].search_count(jobs.WAITING))
    left = len(catcher.caught) - before
    if waiting or left != len(trial.buyers) - 2 * KILLS:
        raise SystemExit(f"{left} mails left, {waiting} wait for the next hour.")
    _decide(trial, catcher, left=False, number=KILLS)


def _decide(trial, catcher, left, number=1):
    """Do what a person does who looks for the messages at the mail server."""

    def work(env):
        reminders = env["credit.followup.run"].browse(trial.run_id).reminder_ids
        unknown = reminders.filtered(lambda r: r.failure_type == "unknown")
        if len(unknown) != number or {*unknown.mapped("state")} != {"failed"}:
            raise SystemExit(
                f"{len(unknown)} reminders are of unknown fate, not {number}."
            )
        known = [mail.message["message-id"] for mail in catcher.caught]
        for reminder in unknown:
            message = reminder.mail_id.message_id
            if (message in known) != left or message not in reminder.failure_reason:
                raise SystemExit("The reason does not lead to the message.")
        if left:
            unknown.action_confirm_sent()
        else:
            unknown.action_retry()

    trial.inside(work)


# ------------------------------------------------------------------ competition


def two_workers(trial, catcher, hook):
    """Two processes work off one run at the same time, then two send its mails."""
    trial.prepare()
    trial.work(jobs.send, jobs.send)
    trial.work(jobs.leave, jobs.leave)


def two_users(trial, catcher, hook):
    """Two users prepare one run at the same moment, then both send it."""

    def work(env):
        trial.run_id = world.make_run(env, trial.company(env), trial.buyers).id

    trial.inside(work)
    for button in ("action_prepare", "action_send"):
        press = jobs.press(button, trial.run_id)
        trial.work(press, press)


def two_runs(trial, catcher, hook):
    """Two runs over the same buyers are prepared at the same time."""
    run_ids = []

    def work(env):
        runs = [world.make_run(env, trial.company(env), trial.buyers) for _two in "ab"]
        for run in runs:
            run.write({"is_preparing": True, "buyer_total": len(trial.buyers)})
            run_ids.append(run.id)

    trial.inside(work)
    trial.work(jobs.prepare, jobs.prepare)
    trial.work(jobs.prepare)
    for run_id in run_ids:
        trial.work(jobs.press("action_send", run_id))


def stopped_and_resumed(trial, catcher, hook):
    """Stop is pressed while a batch is being sent; later somebody sends the rest."""
    trial.prepare()
    with processes.frozen(trial.database, "credit_followup_dispatch") as somebody_waits:
        pid = processes.start(trial.database, jobs.send)
        somebody_waits()
        trial.work(jobs.press("action_stop", trial.run_id))
    if processes.wait(pid) != [0]:
        raise SystemExit("The process did not go on.")
    states = trial.inside(
        lambda env: env["credit.followup.run"]
        .browse(trial.run_id)
        .reminder_ids.mapped("state")
    )
    if states.count("sent") != processes.BATCH or states.count("queued"):
        raise SystemExit(f"After the stop the reminders are {states}.")
    trial.work(jobs.press("action_send", trial.run_id))


def paid_while_sending(trial, catcher, hook):
    """Receipts are matched while a batch is being sent.

    The last buyer, of a batch to come, pays all; the one before pays 400; the first
    one, in the very batch, pays all: whoever commits first is right, and here that is
    the receipt or the letter, never half of each.
    """
    trial.prepare()
    *_others, part, last = trial.buyers
    first = trial.buyers[0]
    trial.without_letter.add(last.id)
    trial.amounts[part.id] = part.amount - 400.0

    with processes.frozen(trial.database, "credit_followup_dispatch") as somebody_waits:
        pid = processes.start(trial.database, jobs.send)
        somebody_waits()
        trial.work(trial.receive(last, last.amount), trial.receive(part, 400.0))
        paying = processes.start(trial.database, trial.receive(first, first.amount))
        # the receipt waits for the batch, and loses; it never waits in vain
        if not processes.blocked(trial.database, 2, patience=20):
            raise SystemExit("The receipt does not wait for the batch.")
    if processes.wait(pid, paying) != [0, 0]:
        raise SystemExit("A process did not go on.")
    trial.said = f"in the very batch: {_who_was_first(trial, first)}"


def _who_was_first(trial, buyer):
    """Expect no letter where the receipt was; return the reminder's state."""
    [reminder] = trial.inside(
        lambda env: env["credit.followup.reminder"]
        .search([("partner_id", "=", buyer.id)])
        .read(["state"])
    )
    if reminder["state"] == "skipped":
        trial.without_letter.add(buyer.id)
    return reminder["state"]


def paid_while_leaving(trial, catcher, hook):
    """Receipts are matched when the mails wait in the queue, and when one is leaving.

    The last two pay all and part of it before the queue comes by: one is recalled, the
    other leaves as it was written. All others pay while the queue is about to hand over
    its first mail: that one leaves, the rest is whoever's comes first.
    """
    trial.prepare()
    trial.work(jobs.send)
    *others, part, last = trial.buyers
    trial.without_letter.add(last.id)
    trial.work(trial.receive(last, last.amount), trial.receive(part, 400.0))
    with processes.frozen(trial.database, "credit_followup_dispatch") as somebody_waits:
        leaving = processes.start(trial.database, jobs.leave)
        somebody_waits()
        paying = [
            processes.start(trial.database, trial.receive(buyer, buyer.amount))
            for buyer in others
        ]
        # the queue is about to begin, and a receipt has locked the mail it recalls;
        # the others wait for that one's number in the bank journal
        somebody_waits(2)
    if set(processes.wait(leaving, *paying)) != {0}:
        raise SystemExit("A process did not go on.")
    states = [_who_was_first(trial, buyer) for buyer in others]
    if not {"sent", "skipped"} <= set(states):
        raise SystemExit(f"Neither side was ever first: {states}.")
    trial.said = f"{states.count('skipped')} recalled, {states.count('sent')} left"


def daily_twice(trial, catcher, hook):
    """The day's automatic run is made by two processes at once, and once more later."""

    def switch(on):
        def work(env):
            trial.company(env).credit_followup_daily = on

        return work

    trial.inside(switch(True))
    trial.work(jobs.daily, jobs.daily)
    trial.work(jobs.daily)
    made = trial.inside(
        lambda env: env["credit.followup.run"].search_count(
            [("is_automatic", "=", True), ("company_id", "=", trial.company_id)]
        )
    )
    if made != 1:
        raise SystemExit(f"{made} automatic runs were made in one day.")
    trial.work(jobs.everything)
    trial.inside(switch(False))


TRIALS = (
    ("killed while preparing", killed_while_preparing),
    ("killed before a batch's commit", killed_before_the_commit),
    ("killed between two batches", killed_after_a_batch),
    ("killed before the hand-over", killed_before_the_hand_over),
    (
        "killed before the mail server has the letter",
        killed_before_the_mail_server_has_it,
    ),
    ("killed after the mail server has it", killed_after_the_mail_server_has_it),
    ("killed again and again in the queue", killed_again_and_again),
    ("two workers on one run", two_workers),
    ("two users on one run", two_users),
    ("two runs over the same buyers", two_runs),
    ("stopped while sending, and resumed", stopped_and_resumed),
    ("receipts matched while sending", paid_while_sending),
    ("receipts matched while leaving", paid_while_leaving),
    ("two daily jobs at once", daily_twice),
)
