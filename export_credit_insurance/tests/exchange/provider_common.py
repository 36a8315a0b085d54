from datetime import timedelta

from odoo import fields

from .exchange_common import ExchangeCommon
from .insurer_stub import KEY, InsurerStub

ASK, TOKEN = "/cover-requests", "/oauth2/token"
CRON = "export_credit_insurance.ir_cron_insurer_service"


class ProviderCommon(ExchangeCommon):
    """An account at the stub of an insurer's service, and a request for BETA."""

    def setUp(self):
        super().setUp()
        self.stub = self.enterContext(InsurerStub())
        self.account = self.env["credit.insurance.provider.account"].create(
            {
                "insurer_id": self.insurer.id,
                "company_id": self.company.id,
                "base_url": self.stub.url,
                "api_key": KEY,
                "webhook_secret": "hook-very-secret-0815",
            }
        )
        self.request = self.ask(self.beta, 25000.0, user=self.user)

    def send(self):
        self.request.action_send_service()
        calls = self.env["credit.insurance.provider.call"].sudo()  # like the job
        return calls.search([("request_id", "=", self.request.id)])

    def turn(self, calls):
        """Let the job work, whatever the pause."""
        calls.next_try = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def decide(self, job="J-1", **result):
        self.stub.decide(
            job,
            **{
                "decision": "partly",
                "amount": 20000.0,
                "currency": "EUR",
                "effectiveDate": fields.Date.to_string(fields.Date.today()),
                "decisionDate": fields.Date.to_string(fields.Date.today()),
                "reference": "D-99",
                "companyId": "AZ-77",
                **result,
            },
        )
