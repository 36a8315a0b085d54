from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import freeze_time, tagged

from ..collection.common import SendingCommon
from ..smtp_catcher import SmtpCatcher
from .insurer_stub import KEY
from .provider_common import ProviderCommon


def neutralize(env):
    """Do to our tables what ``odoo neutralize`` does; Odoo's own do the rest."""
    env.flush_all()
    queries = list(get_neutralization_queries(["export_credit_insurance"]))
    for query in queries:
        env.cr.execute(query)
    env.invalidate_all()
    return queries


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestNeutralizedService(ProviderCommon):
    """A test copy knows no key of an insurer, and asks nothing."""

    def test_no_key_is_left(self):
        call = self.send()
        self.assertTrue(neutralize(self.env))
        secrets = self.env["credit.insurance.provider.secret"].sudo()
        self.assertFalse(secrets.search([]))
        self.assertFalse(self.account.active)
        self.assertNotIn("127.0.0.1", self.account.base_url)
        asked = len(self.stub.seen)
        self.turn(call)
        self.assertEqual(call.state, "failed")
        self.assertEqual(call.error, "no key")
        # even with a key that somebody enters: the address is nobody's
        self.account.api_key = KEY
        call.action_retry()
        self.turn(call)
        self.assertEqual(len(self.stub.seen), asked)
        self.assertNotEqual(call.state, "done")

    def test_requests_are_files_again(self):
        self.assertTrue(self.request.has_service)
        neutralize(self.env)
        self.request.invalidate_recordset()
        self.assertFalse(self.request.has_service)


@tagged("post_install", "-at_install")
class TestNeutralizedReminders(SendingCommon):
    """What waited when the copy was made leaves with the original alone."""

    def test_nothing_waits(self):
        """One reminder is a mail in the queue, one waits for the job."""
        self.overdue()
        waiting = self.send()
        self.assertEqual(waiting.sudo().mail_id.state, "outgoing")
        self.overdue(buyer=self.make_buyer("BETA", email="beta@example.com"))
        run = self.prepare(user=self.accountant)
        run.action_send()
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"queued"})
        self.company.credit_followup_daily = True
        neutralize(self.env)
        self.assertEqual(waiting.sudo().mail_id.state, "cancel")
        self.assertEqual(run.state, "prepared")
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"draft"})
        self.assertFalse(self.company.credit_followup_daily)
        # with jobs switched on again, and a mail server of one's own
        with SmtpCatcher() as catcher:
            self.send_queued()
            self.leave(catcher)
            self.assertFalse(catcher.caught)
            # what a tester sends by hand leaves, to that server
            run.action_send()
            self.send_queued()
            self.leave(catcher)
            self.assertEqual(len(catcher.to("beta@example.com")), 1)
