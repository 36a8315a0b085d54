from odoo import Command

from ..decision.common import DecisionCommon


class ExchangeCommon(DecisionCommon):
    """ALFA, 100 000 in force, known to the insurer as AZ-1; BETA without a limit."""

    observation = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA", country="de", vat="DE123456788")
        cls.limit = cls.make_limit(cls.alfa, 100000.0, insurer_buyer_ref="AZ-1")
        cls.requests = cls.env["credit.insurance.limit.request"]
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "60 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 60}
                    )
                ],
            }
        )

    def opened(self, action):
        """The request that an action opens."""
        self.assertEqual(action["res_model"], "credit.insurance.limit.request")
        return self.requests.browse(action["res_id"])

    def ask(self, buyer, amount, user=None, **values):
        """A draft of a named limit."""
        return self.requests.with_user(user or self.env.user).create(
            {
                "partner_id": buyer.id,
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "amount": amount,
                **values,
            }
        )
