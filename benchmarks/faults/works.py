"""Works that are interrupted: a follow-up run, an import of limits, claims' entries.

Each makes what it needs, does its work as jobs and people do, committing where they
do, is finished after a fault by the same jobs and buttons, and says what is wrong.
"""

import base64
import datetime

from ..sending import checks, jobs, trials, world

AMOUNT, ADMITTED = 1000.0, 800.0
HEADER = "policy_no;our_ref;name;product;granted_amount;currency;decision;decision_date"
ACCOUNTS = {
    "receivable": "asset_current",
    "income": "income_other",
    "doubtful": "asset_current",
    "allowance": "asset_current",
    "allowance_expense": "expense",
    "allowance_income": "income_other",
    "loss": "expense",
    "vat": "liability_current",
    "insurer_share": "liability_current",
    "payee": "asset_current",
}


def make_policy(env, company, code):
    """Return an active policy of an insurer of its own."""
    insurer = env["credit.insurance.insurer"].create(
        {
            "name": code,
            "code": code,
            "partner_id": env["res.partner"].create({"name": code}).id,
        }
    )
    policy = env["credit.insurance.policy"].create(
        {
            "name": code,
            "number": code,
            "insurer_id": insurer.id,
            "company_ids": [(6, 0, company.ids)],
            "currency_id": company.currency_id.id,
            "date_start": "2020-01-01",
            "renewal": "tacit",
            "cover_tax_basis": "tax_included",
        }
    )
    policy.state = "active"
    return policy


def make_user(env, login, company, *groups):
    """Return a user with these groups of ours."""
    names = [f"export_credit_insurance.group_credit_{group}" for group in groups]
    return env["res.users"].create(
        {
            "name": login,
            "login": login,
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(4, env.ref(name).id) for name in names],
        }
    )


class Sending:
    """A run from its preparation to the mail server, one letter per buyer."""

    title = "sending reminders"
    size = 24

    def __init__(self, database, company_id, catcher):
        self.trial = trials.Trial(self.title, None, [], database, company_id)
        self.catcher = catcher

    def make(self, env, tag):
        company = self.trial.company(env)
        self.trial.buyers = world.make_buyers(env, company, self.size, f"S{tag}")
        self.trial.run_id = world.make_run(env, company, self.trial.buyers).id

    def work(self, env):
        run = env["credit.followup.run"].browse(self.trial.run_id)
        if run.state == "draft" and not run.is_preparing:
            run.action_prepare()
            env.cr.commit()
        jobs.prepare(env)
        env.cr.commit()
        if run.state == "prepared":
            run.action_send()
            env.cr.commit()
        jobs.send(env)
        env.cr.commit()
        jobs.leave(env)

    def settle(self, env):
        """Look for mails of unknown fate at the mail server, and say what is there."""
        run = env["credit.followup.run"].browse(self.trial.run_id)
        known = {mail.message["message-id"] for mail in self.catcher.caught}
        failed = run.reminder_ids.filtered(lambda each: each.state == "failed")
        for reminder in failed:
            if reminder.failure_type != "unknown":
                reminder.action_retry()
            elif reminder.mail_id.message_id in known:
                reminder.action_confirm_sent()
            else:
                reminder.action_retry()

    def is_done(self, env):
        run = env["credit.followup.run"].browse(self.trial.run_id)
        states = set(run.reminder_ids.mapped("state"))
        waiting = env["mail.mail"].search_count([("state", "=", "outgoing")])
        return run.state == "done" and states == {"sent"} and not waiting

    def wrong(self, env):
        return [
            *checks.letters(self.trial, self.catcher, env),
            *checks.books(self.trial, env),
            *checks.mails_left(env),
        ]


class Importing:
    """A file of an insurer's decisions, read and applied by the job."""

    title = "importing limits"
    size = 150

    def __init__(self, database, company_id, catcher):
        self.company_id = company_id

    def make(self, env, tag):
        company = env["res.company"].browse(self.company_id)
        policy = make_policy(env, company, f"IMP{tag}")
        buyers = env["res.partner"].create(
            [
                {
                    "name": f"I{tag} {number:03d}",
                    "ref": f"I{tag}-{number}",
                    "is_company": True,
                    "country_id": env.ref("base.br").id,
                }
                for number in range(self.size)
            ]
        )
        day = datetime.date.today()
        rows = [
            f"{policy.number};{buyer.ref};{buyer.name};named;{1000 + place};"
            f"{company.currency_id.name};approved;{day}"
            for place, buyer in enumerate(buyers)
        ]
        profile = "export_credit_insurance.credit_insurance_limit_profile_canonical"
        run = env["credit.insurance.limit.import"].create(
            {
                "profile_id": env.ref(profile).id,
                "policy_id": policy.id,
                "company_id": company.id,
                "file": base64.b64encode("\n".join([HEADER, *rows]).encode()),
                "file_name": "limits.csv",
                "file_date": day,
            }
        )
        self.run_id, self.policy_id, self.buyer_ids = run.id, policy.id, buyers.ids

    def work(self, env):
        run = env["credit.insurance.limit.import"].browse(self.run_id)
        for state, flag in (("draft", "is_checking"), ("checked", "is_applying")):
            if run.state == state:
                if not run[flag]:
                    run._queue(flag)
                    env.cr.commit()
                env["credit.insurance.limit.import"]._cron_import()
                env.cr.commit()

    def settle(self, env):
        """Nobody is needed."""

    def is_done(self, env):
        return env["credit.insurance.limit.import"].browse(self.run_id).state == (
            "applied"
        )

    def wrong(self, env):
        run = env["credit.insurance.limit.import"].browse(self.run_id)
        limits = env["credit.insurance.limit"].search(
            [("policy_id", "=", self.policy_id)]
        )
        found = sorted((limit.partner_id.id, limit.amount) for limit in limits)
        expected = [
            (buyer_id, 1000.0 + place) for place, buyer_id in enumerate(self.buyer_ids)
        ]
        wrong = [] if found == expected else [f"{len(found)} limits, not {self.size}"]
        if (run.state, len(run.line_ids)) != ("applied", self.size):
            wrong.append(f"the file is {run.state} with {len(run.line_ids)} rows")
        return wrong


class Posting:
    """Entries of claims: prepared by a controller, posted by an accountant."""

    title = "posting claims"
    size = 12

    def __init__(self, database, company_id, catcher):
        self.company_id = company_id

    def make(self, env, tag):
        company = env["res.company"].browse(self.company_id)
        if not company.credit_claim_income_account_id:
            self._make_accounts(env, company)
        policy = make_policy(env, company, f"CLM{tag}")
        buyers = world.make_buyers(env, company, self.size, f"C{tag}")
        moves = env["account.move"].browse([buyer.invoice_id for buyer in buyers])
        claims = env["credit.insurance.claim"].create(
            [
                {
                    "company_id": company.id,
                    "policy_id": policy.id,
                    "partner_id": move.partner_id.id,
                    "line_ids": [
                        (0, 0, {"move_line_id": line.id})
                        for line in move.line_ids.filtered("date_maturity")
                    ],
                }
                for move in moves
            ]
        )
        for claim in claims:
            claim.write(
                {
                    "state": "admitted",
                    "name": f"CLM/{tag}/{claim.id}",
                    "admitted_amount": ADMITTED,
                }
            )
        self.claim_ids = claims.ids
        self.controller_id = make_user(env, f"ctl{tag}", company, "controller").id

    def _make_accounts(self, env, company):
        for number, (role, kind) in enumerate(ACCOUNTS.items()):
            company[f"credit_claim_{role}_account_id"] = env["account.account"].create(
                {
                    "name": role,
                    "code": f"CLF{number:04d}",
                    "account_type": kind,
                    "reconcile": kind == "asset_current",
                    "company_ids": [(6, 0, company.ids)],
                }
            )

    def work(self, env):
        from odoo.exceptions import UserError

        claims = env["credit.insurance.claim"].browse(self.claim_ids)
        try:
            claims.with_user(self.controller_id).action_prepare_entries()
            env.cr.commit()
        except UserError:
            env.cr.rollback()  # all are there already
        for entry in claims.entry_ids.filtered(lambda each: each.state == "draft"):
            entry.move_id.action_post()
            env.cr.commit()

    def settle(self, env):
        """Nobody is needed."""

    def is_done(self, env):
        claims = env["credit.insurance.claim"].browse(self.claim_ids)
        return claims.entry_ids.mapped("state") == ["posted"] * self.size

    def wrong(self, env):
        """One entry per claim, posted, in balance, and none that no claim knows."""
        claims = env["credit.insurance.claim"].browse(self.claim_ids)
        company = claims.company_id
        wrong = []
        for claim in claims:
            found = [
                (
                    each.event,
                    each.state,
                    each.amount,
                    sum(each.move_id.line_ids.mapped("balance")),
                )
                for each in claim.entry_ids
            ]
            if found != [("admitted", "posted", ADMITTED, 0.0)]:
                wrong.append(f"{claim.name}: {found}")
        account = company.credit_claim_income_account_id
        lines = env["account.move.line"].search([("account_id", "=", account.id)])
        known = env["credit.insurance.claim.entry"].search([]).move_id
        if orphans := lines.move_id - known:
            wrong.append(f"entries without a claim: {orphans.mapped('name')}")
        return wrong


WORKS = (Sending, Importing, Posting)
