import base64
import os
import signal
import subprocess
import sys
import time

from odoo.tests import get_db_name, tagged
from odoo.tools import config

from ..race_common import RaceCommon
from .limit_import_common import HEADER

CHILD = """
import sys
from odoo.tools import config
config.parse_config(sys.argv[3:])
from odoo import api
from odoo.modules.registry import Registry
with Registry(sys.argv[1]).cursor() as cr:
    env = api.Environment(cr, api.SUPERUSER_ID, {})
    env["credit.insurance.limit.import"].browse(int(sys.argv[2])).action_apply()
    cr.commit()
"""


class LimitImportRace(RaceCommon):
    """Imports that are committed, and removed again."""

    @classmethod
    def remove_documents(cls, env, orders):
        env.cr.execute(
            "DELETE FROM credit_insurance_limit_import WHERE policy_id = %s",
            [cls.policy_id],
        )

    def make_checked(self, env, rows):
        day = env.ref("base.main_company")._credit_today()
        content = "\n".join(
            [HEADER]
            + [
                f";RACE;{ref};{ref};;;;named;;{amount};"
                f"{env['res.currency'].browse(self.currency_id).name};approved;;;{day};;"
                for ref, amount in rows
            ]
        )
        profile = "export_credit_insurance.credit_insurance_limit_profile_canonical"
        run = env["credit.insurance.limit.import"].create(
            {
                "profile_id": env.ref(profile).id,
                "policy_id": self.policy_id,
                "company_id": self.company_ids[0],
                "file": base64.b64encode(content.encode()),
                "file_date": day,
            }
        )
        run.action_check()
        self.assertEqual(run.new_count, len(rows), run.error_text)
        return run


@tagged("post_install", "-at_install")
class TestLimitImportRace(LimitImportRace):
    """Two files that say different things of one buyer, applied at the same moment."""

    PAIRS = 1
    ROUNDS = 3

    def make_pair(self, env):
        partner = self.make_partner(env)
        partner.ref = f"RACE-{partner.id}"
        return [
            self.make_checked(env, [(partner.ref, amount)]).id
            for amount in (1000, 2000)
        ]

    def prepare_act(self, env, record_id, user_id):
        user_env = env(user=user_id)
        return user_env["credit.insurance.limit.import"].browse(record_id).action_apply

    def read_outcome(self, env, record_id):
        run = env["credit.insurance.limit.import"].browse(record_id)
        env.cr.commit()
        return run.state

    def test_one_is_applied(self):
        with self.environment() as env:
            user_id = env.ref("base.user_admin").id
            groups = "export_credit_insurance.group_credit_manager"
            admin = env["res.users"].browse(user_id)
            had = env.ref(groups) in admin.group_ids
            admin.group_ids += env.ref(groups)
            env.cr.commit()
        try:
            results = self.run_trials(self.make_pair, user_id)
        finally:
            with self.environment() as env:
                if not had:
                    env["res.users"].browse(user_id).group_ids -= env.ref(groups)
                env.cr.commit()
        self.assertEqual(len(results), self.ROUNDS)
        for outcome in results:
            applied, refused = sorted(outcome, key=lambda told: told != "applied")
            self.assertEqual(applied, "applied", outcome)
            self.assertIn("UserError", refused)
        with self.environment() as env:
            limits = env["credit.insurance.limit"].search(
                [("partner_id", "in", self.partner_ids)]
            )
            self.assertEqual(len(limits), self.ROUNDS)


@tagged("post_install", "-at_install")
class TestLimitImportKilled(LimitImportRace):
    """A process that is killed while it applies a file has changed nothing."""

    ROWS = 200

    def test_killed_in_the_middle(self):
        with self.environment() as env:
            refs = []
            for _number in range(self.ROWS):
                partner = self.make_partner(env)
                partner.ref = f"KILL-{partner.id}"
                refs.append(partner.ref)
            run = self.make_checked(env, [(ref, 1000) for ref in refs])
            env.cr.commit()
            start = self.last_limit_id(env)
            child = self.start_child(run.id)
            try:
                self.wait_until_written(env, start, child)
            finally:
                child.send_signal(signal.SIGKILL)
                child.wait(timeout=30)
            self.assertEqual(child.returncode, -signal.SIGKILL)
            env.cr.rollback()
            env.invalidate_all(flush=False)
            limits = env["credit.insurance.limit"].search_count(
                [("policy_id", "=", self.policy_id)]
            )
            self.assertEqual((run.state, limits), ("checked", 0))
            # and the file is applied by whoever comes next
            run.action_apply()
            limits = env["credit.insurance.limit"].search_count(
                [("policy_id", "=", self.policy_id)]
            )
            self.assertEqual((run.state, limits), ("applied", self.ROWS))
            env.cr.rollback()

    def start_child(self, import_id):
        options = ["--addons-path", ",".join(config["addons_path"])]
        for name in ("db_host", "db_port", "db_user", "db_password"):
            if config[name]:
                options += [f"--{name}", str(config[name])]
        command = [sys.executable, "-c", CHILD, get_db_name(), str(import_id)]
        return subprocess.Popen([*command, *options], env=os.environ.copy())

    def wait_until_written(self, env, start, child):
        """Numbers of rows are given out at once, whatever becomes of the rows."""
        for _time in range(1200):
            if self.last_limit_id(env) > start:
                return
            self.assertIsNone(child.poll(), "the child ended before it wrote")
            time.sleep(0.05)
        self.fail("nothing was written within a minute")

    def last_limit_id(self, env):
        env.cr.execute("SELECT last_value FROM credit_insurance_limit_id_seq")
        return env.cr.fetchone()[0]


@tagged("post_install", "-at_install")
class TestLimitImportProgress(LimitImportRace):
    """How far a file is can be seen from outside, none of its decisions can."""

    ROWS = 20

    def look(self, run_id):
        """What another connection sees: (phase, done, total), limits, state."""
        with self.environment() as env:
            run = env["credit.insurance.limit.import"].browse(run_id)
            told = run.progress_ids
            return (
                (told.phase, told.done, told.total),
                env["credit.insurance.limit"].search_count(
                    [("policy_id", "=", self.policy_id)]
                ),
                run.state,
                run.phase,
                round(run.progress, 1),
            )

    def test_seen_while_it_is_applied(self):
        with self.environment() as env:
            refs = []
            for _number in range(self.ROWS):
                partner = self.make_partner(env)
                partner.ref = f"TOLD-{partner.id}"
                refs.append(partner.ref)
            run = self.make_checked(env, [(ref, 1000) for ref in refs])
            run.is_applying = True
            run._start_progress()
            env.cr.commit()
            # 1 of 6 phases each; nothing of the first is done
            self.assertEqual(
                self.look(run.id), (("queued", 0, 0), 0, "checked", "queued", 0.0)
            )
            run._tell("deciding", 5, 20)
            # three phases are over, and a quarter of the fourth: (3 + 0.25) / 6
            self.assertEqual(
                self.look(run.id),
                (("deciding", 5, 20), 0, "checked", "deciding", 54.2),
            )
            run._apply()
            env.flush_all()
            # the last phase was the last to be told; not a limit is there yet
            self.assertEqual(self.look(run.id)[:3], (("storing", 0, 20), 0, "checked"))
            env.cr.rollback()
            self.assertEqual(self.look(run.id)[1:3], (0, "checked"))
