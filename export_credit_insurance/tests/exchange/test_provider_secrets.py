import logging

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.exchange.provider_client import ProviderClient, ProviderError
from .insurer_stub import KEY, Fault
from .provider_common import ASK, TOKEN, ProviderCommon


@tagged("post_install", "-at_install")
class TestProviderSecrets(ProviderCommon):
    """Secrets reach the insurer and nobody else."""

    def test_redirection_is_not_followed(self):
        self.stub.plan(TOKEN, Fault(307, {"Location": f"{self.stub.url}/elsewhere"}))
        call = self.send()
        self.turn(call)
        self.assertRecordValues(call, [{"state": "failed", "error": "HTTP 307"}])
        self.assertFalse(self.stub.asked("/elsewhere"))

    def test_only_safe_addresses(self):
        for address in (
            "http://api.example.com",
            "ftp://api.example.com",
            "https://key:secret@api.example.com",
            "https://",
            "http://127.0.0.1.example.com",
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.account.base_url = address
        with self.assertRaises(ProviderError):
            ProviderClient("http://api.example.com")

    def test_secrets_are_read_by_nobody(self):
        admin = new_test_user(
            self.env,
            "provider_admin",
            "base.group_system,export_credit_insurance.group_credit_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.turn(self.send())
        mine = self.account.with_user(admin)
        self.assertTrue(mine.has_api_key)
        self.assertRecordValues(mine, [{"api_key": False, "webhook_secret": False}])
        values = str(mine.read()) + str(mine.export_data(["base_url"]))
        secret = self.env["credit.insurance.provider.secret"].with_user(admin)
        for action in (
            lambda: secret.search([]).read(),
            lambda: secret.create({"account_id": mine.id}),
        ):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).read(["api_key"])
        values += str(self.request.message_ids.mapped("body"))
        for word in (KEY, "hook-very-secret", "token-"):
            self.assertNotIn(word, values)

    def test_logs_hold_no_secret(self):
        """Whatever breaks: a server error, a wrong answer, an error of our own."""
        self.stub.plan(TOKEN, *[Fault(500)] * 3)
        self.stub.plan(ASK, Fault(400, body=KEY.encode()))
        call = self.send()
        with self.assertLogs("", logging.DEBUG) as logs:
            logging.getLogger(__name__).info("begin")
            self.turn(call)
            self.turn(call)
            # a mapping that breaks our own code
            call.write({"state": "waiting", "job": "J-1"})
            self.stub.jobs["J-1"] = {"status": "done"}
            with mute_logger("odoo.sql_db"):
                self.turn(call)
        text = "\n".join(
            line for line in logs.output if not line.startswith("DEBUG:odoo.sql_db")
        )
        self.assertNotIn(KEY, text)
        self.assertNotIn("token-", text)

    def test_users_send_without_reading_the_account(self):
        self.assertTrue(self.request.with_user(self.user).has_service)
        self.request.with_user(self.user).action_send_service()
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).read(["base_url"])

    def test_no_account(self):
        self.account.active = False
        with self.assertRaises(UserError):
            self.request.action_send_service()
        self.assertEqual(self.request.state, "draft")
