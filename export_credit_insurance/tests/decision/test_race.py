from odoo import api
from odoo.tests import tagged

from ..race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestRace(RaceCommon):
    """Two people confirm at the same moment.

    The other order is refused to an employee, and waits on hold where customers
    confirm.
    """

    @classmethod
    def prepare_more(cls, env):
        admin = env.ref("base.user_admin")
        admin.company_ids += env["res.company"].browse(cls.company_ids)
        cls.employee_id = admin.id
        cls.make_product(env)

    @classmethod
    def remove_rest(cls, env):
        cls.remove_product(env)

    def confirm_at_once(self, companies, user_id):
        """Have pairs of orders, one in each company, confirmed at once."""

        def make_pair(env):
            partner, _limit = self.make_buyer(env)
            return [
                self.make_order(env, partner, company, self.product_id).id
                for company in companies
            ]

        return self.run_trials(make_pair, user_id)

    def prepare_act(self, env, record_id, user_id):
        order = env["sale.order"].browse(record_id).with_user(user_id)
        return order.with_company(order.company_id).action_confirm

    def read_outcome(self, env, record_id):
        state = env["sale.order"].browse(record_id).state
        return "confirmed" if state == "sale" else "waiting"

    def assertOneConfirmed(self, results, other):
        self.assertOneOfTwo(results, "confirmed", other)
        with self.environment() as env:
            orders = env["sale.order"].browse(self.order_ids)
            confirmed = orders.filtered(lambda order: order.state == "sale")
            buyers = confirmed.partner_id
            self.assertEqual(len(confirmed), len(buyers))
            clearances = env["credit.insurance.clearance"].search(
                [("order_id", "in", orders.ids)]
            )
            self.assertEqual(clearances.order_id, confirmed)

    def test_two_orders_at_once(self):
        company = self.company_ids[0]
        results = self.confirm_at_once([company, company], self.employee_id)
        self.assertOneConfirmed(results, "refused")

    def test_two_companies_of_one_policy_at_once(self):
        results = self.confirm_at_once(self.company_ids, self.employee_id)
        self.assertOneConfirmed(results, "refused")

    def test_two_customers_at_once(self):
        results = self.confirm_at_once(self.company_ids, api.SUPERUSER_ID)
        self.assertOneConfirmed(results, "waiting")
