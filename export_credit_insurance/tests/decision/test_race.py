from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.tests import tagged
from odoo.tools import mute_logger

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
    def remove_documents(cls, env, orders):
        env["credit.insurance.review"].search(
            [("partner_ids", "in", cls.partner_ids)]
        ).unlink()

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

    def test_confirmed_while_its_buyer_is_looked_through(self):
        """Begun before the event, confirmed after the job: it is replayed.

        The job sees no order of this buyer, and the order nothing of the event.
        """
        with self.environment() as env:
            partner, _limit = self.make_buyer(env)
            order = self.make_order(env, partner, self.company_ids[0], self.product_id)
            order.state = "cancel"  # the job looks through quotations, too
            env.cr.commit()
        with self.environment() as seller, self.environment() as event:
            order = order.with_env(seller).with_user(self.employee_id)
            order.state = "draft"  # the transaction's snapshot is taken here
            review = event["credit.insurance.review"]
            review._notice("undone", partners=partner.with_env(event))
            event.cr.commit()
            for each in review.search([("partner_ids", "in", partner.ids)]):
                while not each._review_next(200):
                    pass
            event.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                order.action_confirm()
