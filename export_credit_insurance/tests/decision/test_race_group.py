from odoo import Command
from odoo.tests import tagged

from ..race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestRaceGroup(RaceCommon):
    """Two members of a group order at the same moment.

    Each has a limit of 1 500, both together a ceiling of 1 500: one order of 1 000 of
    the two passes.
    """

    @classmethod
    def prepare_more(cls, env):
        admin = env.ref("base.user_admin")
        admin.company_ids += env["res.company"].browse(cls.company_ids)
        cls.employee_id = admin.id
        cls.group_ids = []
        cls.make_product(env)
        rule = env["credit.insurance.check.rule"].create(
            {"code": "over_group_ceiling", "scope": "insured", "severity": "block"}
        )
        cls.rule_id = rule.id

    @classmethod
    def remove_documents(cls, env, orders):
        for table in ("ceiling", "member"):
            env.cr.execute(
                f"DELETE FROM credit_insurance_buyer_group_{table}"
                " WHERE group_id = ANY(%s)",
                [cls.group_ids],
            )
        env["credit.insurance.review"].search([("cause", "=", "group")]).unlink()
        env["credit.insurance.buyer.group"].browse(cls.group_ids).unlink()

    @classmethod
    def remove_rest(cls, env):
        cls.remove_product(env)
        env["credit.insurance.check.rule"].browse(cls.rule_id).unlink()

    def make_pair(self, env):
        """Two orders of 1 000, of two members."""
        buyers = [self.make_buyer(env)[0] for _number in range(2)]
        group = env["credit.insurance.buyer.group"].create(
            {
                "name": f"Race Group {len(self.group_ids)}",
                "member_ids": [
                    Command.create({"partner_id": buyer.id, "date_from": "2020-01-01"})
                    for buyer in buyers
                ],
                "ceiling_ids": [
                    Command.create(
                        {
                            "company_id": self.company_ids[0],
                            "amount": 1500.0,
                            "currency_id": self.currency_id,
                            "reason": "Race",
                        }
                    )
                ],
            }
        )
        self.group_ids.append(group.id)
        return [
            self.make_order(env, buyer, self.company_ids[0], self.product_id).id
            for buyer in buyers
        ]

    def prepare_act(self, env, record_id, user_id):
        order = env["sale.order"].browse(record_id).with_user(user_id)
        return order.with_company(order.company_id).action_confirm

    def read_outcome(self, env, record_id):
        state = env["sale.order"].browse(record_id).state
        return "confirmed" if state == "sale" else "waiting"

    def test_two_members_at_once(self):
        results = self.run_trials(self.make_pair, self.employee_id)
        self.assertOneOfTwo(results, "confirmed", "refused")
