"""Runs of follow-up: what is due, the reminders, their mails."""

from odoo.tools import split_every

from .. import floors
from ..harness import Measure
from . import templates
from .case import Case

RUN = "credit.followup.run"
NEEDS = [(RUN, "")]
MAILS = 400
CENT = 0.005


def batch_sizes():
    """Return how many buyers are prepared, and reminders sent, in one transaction."""
    from odoo.addons.export_credit_insurance.models.collection import (
        credit_followup_reminder_send as sending,
    )
    from odoo.addons.export_credit_insurance.models.collection import (
        credit_followup_run_prepare as preparing,
    )

    return preparing.BATCH, sending.BATCH


def new_run(env):
    """Return a run of the superuser, as the job that prepares it sees it."""
    env = env(su=True)
    return env[RUN].create({"company_id": env.company.id})


def batches_of_buyers(run):
    """Yield the buyers to look at, as the job does, each batch with an empty cache."""
    preparing, _sending = batch_sizes()
    for batch in split_every(preparing, run._buyers_left(after=0)):
        yield run.env["res.partner"].browse(batch)
        run.env.flush_all()
        run.env.invalidate_all()


def find_due():
    """Return the measure of finding and grouping what is due on all buyers."""

    def call(_env, run):
        found = {}
        due = run.env["credit.followup.due"]
        for buyers in batches_of_buyers(run):
            items = due._get_items(buyers, run.company_id, run.date)
            groups, _credits = run._group_items(items)
            for (buyer, currency_id, lang), listed in groups.items():
                amount = sum(item.chased for item in listed)
                found[buyer.id, currency_id, lang] = (len(listed), amount)
        return found

    return Measure("engine", "followup", call, new_run)


def prepare_run():
    """Return the measure of preparing a run, its reminders written."""

    def call(_env, run):
        for buyers in batches_of_buyers(run):
            run._prepare_buyers(buyers)
        return run.id

    return Measure("the run", "followup", call, new_run, written)


def written(env, run_id):
    """Return {(buyer, currency, language): (items, amount)} of a run's reminders."""
    # rows of this transaction, of which PostgreSQL would know nothing else
    env.cr.execute("ANALYZE credit_followup_reminder, credit_followup_reminder_line")
    env.cr.execute(
        """
        SELECT reminder.partner_id, reminder.currency_id, reminder.lang, count(*),
               sum(line.amount)
          FROM credit_followup_reminder reminder
          JOIN credit_followup_reminder_line line ON line.reminder_id = reminder.id
         WHERE reminder.run_id = %s
         GROUP BY 1, 2, 3
        """,
        [run_id],
    )
    return {tuple(row[:3]): row[3:] for row in env.cr.fetchall()}


def find_floor():
    """Return the measure of the SQL that finds and groups what is due."""
    text = floors.query("followup")

    def call(env, parameters):
        env.cr.execute(text, parameters)
        return {tuple(row[:3]): (len(row[4]), sum(row[8])) for row in env.cr.fetchall()}

    return Measure("SQL that finds", "followup", call, floor_parameters)


def prepare_floor():
    """Return the measure of the SQL that also writes reminders and their lines."""
    found = floors.query("followup")
    text = floors.query("followup_write").replace("/* followup.sql */", found)

    def prepare(env):
        run = new_run(env)
        return run, {**floor_parameters(env), "run": run.id, "user": env.uid}

    def call(env, prepared):
        run, parameters = prepared
        env.cr.execute(text, parameters)
        return run.id

    return Measure("SQL that writes", "followup", call, prepare, written)


def floor_parameters(env):
    """Return what the floors are told: each country's plan and last working days."""
    env = env(su=True)
    today = env.company._credit_today()
    zone_of = env["credit.insurance.zone"]._zone_by_country(env.company)
    plans = env["credit.followup.plan"].search([])
    default = plans.filtered("is_default")[:1]
    scenes = []
    for country in env["res.country"].search([]):
        zone = env["credit.insurance.zone"].browse(zone_of.get(country.id))
        fitting = plans.filtered(lambda plan, zone=zone: zone and zone in plan.zone_ids)
        plan = fitting[:1] or default
        if plan:
            rest_day = country._last_working_day(today)
            waits = zone._followup_days()
            last_day = rest_day.fromordinal(rest_day.toordinal() - waits)
            scenes.append((country.id, plan.id, rest_day, last_day))
    names = ("countries", "plans", "rest_days", "last_days")
    return {
        "today": today,
        "company": env.company.id,
        "accounts": floors.receivable_accounts(env),
        **dict(zip(names, map(list, zip(*scenes, strict=True)), strict=True)),
    }


def same_groups(ours, against):
    """Compare {(buyer, currency, language): (items, amount)}, to the cent."""
    [theirs] = against
    wrong = [
        key
        for key in ours.keys() | theirs.keys()
        if key not in ours
        or key not in theirs
        or ours[key][0] != theirs[key][0]
        or abs(float(ours[key][1]) - float(theirs[key][1])) > CENT
    ]
    if wrong:
        key = min(wrong)
        return (
            f"{len(wrong)} of {len(theirs)} groups differ, "
            f"e.g. {key}: {ours.get(key)} instead of {theirs.get(key)}"
        )
    return "" if ours else "nothing is due"


def some_reminders(env, number):
    """Return prepared and queued reminders that go out as mails and nothing else."""
    run = new_run(env)
    for buyers in batches_of_buyers(run):
        run._prepare_buyers(buyers)
    ready = run.reminder_ids.filtered(
        lambda r: r.channel == "mail" and r._addressee().email_normalized
    )
    reminders = ready.sorted("id")[:number]
    reminders._queue()
    return reminders


def in_batches(reminders, work):
    """Do ``work`` with each batch of reminders, as the job does."""
    _preparing, sending = batch_sizes()
    env = reminders.env
    for batch in split_every(sending, reminders.ids, env[reminders._name].browse):
        work(batch)
        env.flush_all()
        env.invalidate_all()
    return reminders


def mails_of(_env, reminders):
    """Return who gets the mails just made; reminders are new ones each time."""
    mails = reminders.env["mail.mail"].search(
        [("model", "=", reminders._name), ("res_id", "in", reminders.ids)]
    )
    return sorted(mail.recipient_ids.ids for mail in mails)


def create_mails(number):
    """Return the measure of writing the words and putting the mails out."""
    return Measure(
        "the run",
        "followup",
        lambda _env, reminders: in_batches(
            reminders, lambda batch: batch._write_mails(batch._get_texts())
        ),
        lambda env: some_reminders(env, number),
        mails_of,
    )


def send(number):
    """Return the measure of the whole transaction: looked at again, mails, steps."""
    return Measure(
        "the run",
        "followup",
        lambda _env, reminders: in_batches(reminders, lambda batch: batch._send()),
        lambda env: some_reminders(env, number),
        mails_of,
    )


def odoo_mails(number):
    """Return the measure of Odoo's own way: a template per step, all at once."""

    def prepare(env):
        reminders = some_reminders(env, number)
        return reminders, {
            step: templates.make(step) for step in reminders.text_step_id
        }

    def call(_env, prepared):
        reminders, made = prepared
        for step, group in reminders.grouped("text_step_id").items():
            made[step].send_mail_batch(group.ids)
        return reminders

    return Measure("Odoo's send_mail_batch", "followup", call, prepare, mails_of)


def same_mails(ours, against):
    """Compare who gets a mail."""
    [theirs] = against
    if ours != theirs or not ours:
        return f"{len(ours)} mails instead of {len(theirs)}, or to others"
    return ""


def cases(_databases):
    """Return the cases about runs of follow-up."""
    return [
        Case(
            "followup-due",
            "find what follow-up is due on, and group it, for all buyers",
            find_due(),
            [find_floor()],
            goal=3,
            agree=same_groups,
            needs=NEEDS,
        ),
        Case(
            "followup-prepare",
            "prepare a run over all buyers: find, group, write the reminders",
            prepare_run(),
            [prepare_floor()],
            goal=3,
            agree=same_groups,
            needs=NEEDS,
        ),
        Case(
            "followup-mails",
            f"create the mails of {MAILS} reminders, in eight languages",
            create_mails(MAILS),
            [odoo_mails(MAILS)],
            goal=1.5,
            agree=same_mails,
            needs=NEEDS,
        ),
        Case(
            "followup-send",
            f"send {MAILS} reminders: look again, create the mails, take the steps",
            send(MAILS),
            [odoo_mails(MAILS)],
            agree=same_mails,
            needs=NEEDS,
        ),
    ]
