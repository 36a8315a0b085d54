from odoo import api
from odoo.tests import tagged

from ..race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestRequestRace(RaceCommon):
    """Two people send a request for one limit at the same moment: one is asked."""

    @classmethod
    def remove_documents(cls, env, orders):
        env.cr.execute(
            "DELETE FROM credit_insurance_limit_request WHERE policy_id = %s",
            [cls.policy_id],
        )

    def prepare_act(self, env, record_id, user_id):
        buyer = env["res.partner"].browse(record_id)
        company = env["res.company"].browse(self.company_ids[0])
        requests = env["credit.insurance.limit.request"].with_user(user_id)

        def ask():
            requests.create(
                {
                    "partner_id": buyer.id,
                    "company_id": company.id,
                    "policy_id": self.policy_id,
                    "amount": 2000.0,
                }
            )._send("file")

        return ask

    def read_outcome(self, env, record_id):
        return "asked"

    def act(self, record_id, user_id, start, outcomes):
        """Two threads act on one buyer: their outcomes are told apart."""
        own = {}
        result = super().act(record_id, user_id, start, own)
        outcomes.setdefault(record_id, []).append(str(own[record_id]))
        return result

    def test_one_of_two_is_asked(self):
        def make_pair(env):
            partner, _limit = self.make_buyer(env)
            return [partner.id, partner.id]

        results = self.run_trials(make_pair, api.SUPERUSER_ID)
        self.assertEqual(len(results), self.PAIRS * self.ROUNDS)
        for outcomes, _same in results:
            self.assertEqual(outcomes.count("asked"), 1, outcomes)
            self.assertEqual(len(outcomes), 2)
        with self.environment() as env:
            for partner_id in self.partner_ids:
                requests = env["credit.insurance.limit.request"]
                self.assertEqual(
                    requests.search_count([("partner_id", "=", partner_id)]), 1
                )
                lines = env["credit.insurance.limit"].search(
                    [("partner_id", "=", partner_id), ("state", "=", "requested")]
                )
                self.assertEqual(len(lines), 1)
