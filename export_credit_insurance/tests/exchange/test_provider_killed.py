import os
import select
import signal
import subprocess
import sys

from odoo.tests import get_db_name, tagged
from odoo.tools import config

from ..race_common import RaceCommon
from .insurer_stub import KEY, InsurerStub
from .provider_common import ASK

# Asks the service, says so, and is killed before it commits.
CHILD = """
import sys, time
from odoo.tools import config
config.parse_config(sys.argv[3:])
from odoo import api
from odoo.modules.registry import Registry
with Registry(sys.argv[1]).cursor() as cr:
    env = api.Environment(cr, api.SUPERUSER_ID, {})
    call = env["credit.insurance.provider.call"].browse(int(sys.argv[2]))
    call._work()
    env.flush_all()
    print(call.state, call.job, flush=True)
    time.sleep(120)
"""


@tagged("post_install", "-at_install")
class TestProviderKilled(RaceCommon):
    """A process that is killed after the insurer was asked and before it commits."""

    @classmethod
    def remove_documents(cls, env, orders):
        for statement in (
            "DELETE FROM credit_insurance_provider_call WHERE request_id IN ("
            " SELECT id FROM credit_insurance_limit_request WHERE policy_id = %s)",
            "DELETE FROM credit_insurance_limit_request WHERE policy_id = %s",
        ):
            env.cr.execute(statement, [cls.policy_id])
        env.invalidate_all(flush=False)
        env["credit.insurance.provider.account"].search(
            [("insurer_id", "=", cls.insurer_id)]
        ).unlink()
        env.flush_all()

    def make_call(self, env, url):
        partner = self.make_partner(env)
        env["credit.insurance.provider.account"].create(
            {
                "insurer_id": self.insurer_id,
                "company_id": self.company_ids[0],
                "base_url": url,
                "api_key": KEY,
            }
        )
        request = env["credit.insurance.limit.request"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company_ids[0],
                "policy_id": self.policy_id,
                "amount": 2000.0,
            }
        )
        request.action_send_service()
        env.cr.commit()
        return env["credit.insurance.provider.call"].search(
            [("request_id", "=", request.id)]
        )

    def kill_after_the_call(self, call):
        options = ["--addons-path", ",".join(config["addons_path"])]
        for name in ("db_host", "db_port", "db_user", "db_password"):
            if config[name]:
                options += [f"--{name}", str(config[name])]
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, get_db_name(), str(call.id), *options],
            env=os.environ.copy(),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            ready, _write, _error = select.select([child.stdout], [], [], 90)
            said = child.stdout.readline().split() if ready else []
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait(timeout=30)
            child.stdout.close()
        self.assertEqual(child.returncode, -signal.SIGKILL)
        return said

    def test_asked_again_under_the_same_key(self):
        """The insurer recognises the key: one job, whatever was killed."""
        with InsurerStub() as stub, self.environment() as env:
            call = self.make_call(env, stub.url)
            self.assertEqual(self.kill_after_the_call(call), ["waiting", "J-1"])
            self.assertEqual(len(stub.asked(ASK)), 1)
            env.cr.rollback()
            env.invalidate_all(flush=False)
            self.assertEqual((call.state, call.job), ("queued", False))
            call._work()  # the next turn of the job
            env.cr.commit()
            self.assertEqual((call.state, call.job), ("waiting", "J-1"))
            keys = [each.headers["Idempotency-Key"] for each in stub.asked(ASK)]
            self.assertEqual(keys, [call.idempotency_key] * 2)
            self.assertEqual(list(stub.keys.values()), ["J-1"])
