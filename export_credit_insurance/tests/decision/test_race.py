import threading

from odoo import api
from odoo.exceptions import RedirectWarning
from odoo.service.model import retrying
from odoo.tests import tagged

from .race_common import RaceCommon

PAIRS = 5
ROUNDS = 4


@tagged("post_install", "-at_install")
class TestRace(RaceCommon):
    """Two people confirm at the same moment: real transactions, real commits.

    Each trial has a buyer with a limit of 1 500 and two orders of 1 000: exactly one
    may be confirmed, whichever comes first; the other is refused to an employee, and
    waits on hold where customers confirm.
    """

    def make_pair(self, env, companies):
        """A buyer with a limit of 1 500 and one order of 1 000 in each company."""
        partner = self.make_buyer(env)
        env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy_id,
                "partner_id": partner.id,
                "kind": "named",
                "state": "approved",
                "amount": 1500.0,
                "currency_id": self.currency_id,
                "date_from": "2020-01-01",
                "decision_date": "2020-01-01",
            }
        )
        orders = env["sale.order"].concat(
            *(self.make_order(env, partner, company) for company in companies)
        )
        return orders.ids

    def confirm(self, order_id, user_id, start, outcomes):
        """Confirm one order as a request does, replayed on serialization failure."""
        waited = []
        with self.environment() as env:
            order = env["sale.order"].browse(order_id).with_user(user_id)
            order = order.with_company(order.company_id)

            def work():
                env.cr.execute("SELECT 1")  # the transaction's snapshot is taken here
                if not waited:
                    waited.append(True)
                    start.wait(timeout=60)
                order.action_confirm()

            try:
                retrying(work, env)
                confirmed = order.state == "sale"
                outcomes[order_id] = "confirmed" if confirmed else "waiting"
            except RedirectWarning:
                env.cr.rollback()
                outcomes[order_id] = "refused"
            except Exception as error:
                env.cr.rollback()
                outcomes[order_id] = repr(error)

    def run_trials(self, companies, user_id):
        """Run the trials; return the outcomes of each pair."""
        results = []
        for _round in range(ROUNDS):
            with self.environment() as env:
                pairs = [self.make_pair(env, companies) for _pair in range(PAIRS)]
                env.cr.commit()
            outcomes, threads = {}, []
            for pair in pairs:
                start = threading.Barrier(2)
                threads += [
                    threading.Thread(
                        target=self.confirm,
                        args=(order_id, user_id, start, outcomes),
                    )
                    for order_id in pair
                ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
            results += [[outcomes.get(order_id) for order_id in pair] for pair in pairs]
        return results

    def assertOneOfTwo(self, results, other):
        self.assertEqual(len(results), PAIRS * ROUNDS)
        for outcome in results:
            self.assertEqual(sorted(outcome), ["confirmed", other])
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
        results = self.run_trials([company, company], self.employee_id)
        self.assertOneOfTwo(results, "refused")

    def test_two_companies_of_one_policy_at_once(self):
        results = self.run_trials(self.company_ids, self.employee_id)
        self.assertOneOfTwo(results, "refused")

    def test_two_customers_at_once(self):
        results = self.run_trials(self.company_ids, api.SUPERUSER_ID)
        self.assertOneOfTwo(results, "waiting")
