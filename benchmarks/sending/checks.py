"""What must be true in the end, found at the mail server and in the books."""

import collections


def letters(trial, catcher, env):
    """Return what is wrong with what the buyers of a trial got."""
    wrong = []
    for buyer in trial.buyers:
        mails = catcher.to(buyer.address)
        expected = 0 if buyer.id in trial.without_letter else 1
        if len(mails) != expected:
            wrong.append(f"{buyer.name} got {len(mails)} letters, not {expected}")
        for mail in mails:
            wrong += letter(buyer, mail, trial.amounts.get(buyer.id, buyer.amount), env)
    return wrong


def letter(buyer, mail, amount, env):
    """Return what is wrong with a letter: language, invoice, sum, addressee."""
    language = buyer.language.replace("_", "-")
    currency = env.company.currency_id.with_context(lang=buyer.language)
    html = mail.html
    facts = {
        "language": f'lang="{language}"' in html,
        "invoice": buyer.invoice in html,
        "sum": currency.format(amount) in html,
        "addressee": mail.recipients == (buyer.address,),
    }
    return [
        f"{buyer.name}: wrong {fact} in {mail.message['subject']!r}"
        for fact, is_right in facts.items()
        if not is_right
    ]


def books(trial, env):
    """Return what is wrong with the reminders: each step once, none lost."""
    wrong = []
    reminders = env["credit.followup.reminder"].search(
        [("partner_id", "in", [buyer.id for buyer in trial.buyers])]
    )
    states = collections.Counter(reminders.mapped("state"))
    skipped = len(trial.without_letter)
    expected = collections.Counter(sent=len(trial.buyers) - skipped, skipped=skipped)
    if states != expected:
        wrong.append(f"reminders are {dict(states)}, not {dict(expected)}")
    taken = reminders.line_ids.filtered(lambda line: line.state == "taken")
    if len(taken) != len(trial.buyers) - skipped:
        wrong.append(f"{len(taken)} steps were taken")
    unfinished = reminders.run_id.filtered(lambda run: run.state != "done")
    wrong += [f"{run.name} is {run.state}" for run in unfinished]
    return wrong


def mails_left(env):
    """Return what still waits in the queue, or has failed there."""
    mails = env["mail.mail"].search([("model", "=", "credit.followup.reminder")])
    return [f"a mail is {mail.state}: {mail.failure_reason}" for mail in mails]
