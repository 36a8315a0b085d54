import threading
from contextlib import closing

from odoo import Command, api
from odoo.exceptions import RedirectWarning
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

PAIRS = 5
ROUNDS = 4


@tagged("post_install", "-at_install")
class TestRace(BaseCase):
    """Two people confirm at the same moment: real transactions, real commits.

    Each trial has a buyer with a limit of 1 500 and two orders of 1 000: exactly one
    may be confirmed, whichever comes first; the other is refused to an employee, and
    waits on hold where customers confirm. What is committed here is removed again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.environment() as env:
            cls.prepare(env)
            env.cr.commit()
        cls.addClassCleanup(cls._clean_up)

    @classmethod
    def environment(cls):
        """A context manager: an environment with a cursor of its own."""
        return _Environment(cls.registry)

    @classmethod
    def prepare(cls, env):
        company = env.ref("base.main_company")
        env["res.users"].browse(api.SUPERUSER_ID).company_ids += company
        cls.sister = env["res.company"].create(
            {"name": "Race Sister", "currency_id": company.currency_id.id}
        )
        cls.company_ids = [company.id, cls.sister.id]
        cls.employee_id = env.ref("base.user_admin").id
        env["res.users"].browse(cls.employee_id).company_ids += company + cls.sister
        insurer = env["credit.insurance.insurer"].create(
            {"name": "Race Insurer", "code": "RACE"}
        )
        policy = env["credit.insurance.policy"].create(
            {
                "name": "RACE",
                "number": "RACE",
                "insurer_id": insurer.id,
                "company_ids": [Command.set(cls.company_ids)],
                "currency_id": company.currency_id.id,
                "date_start": "2020-01-01",
                "renewal": "tacit",
                "cover_tax_basis": "tax_included",
                "max_payment_days": 999,
            }
        )
        policy.action_activate()
        policy.action_end_observation()
        product = env["product.product"].create(
            {
                "name": "Race Product",
                "type": "service",
                "taxes_id": [Command.clear()],
                "company_id": False,
            }
        )
        cls.insurer_id, cls.policy_id = insurer.id, policy.id
        cls.product_id, cls.currency_id = product.id, company.currency_id.id
        cls.partner_ids = []
        cls.order_ids = []

    @classmethod
    def _clean_up(cls):
        """Remove what was committed, children first."""
        with cls.environment() as env:
            orders = env["sale.order"].browse(cls.order_ids).exists()
            for company in orders.company_id:
                own = orders.filtered(lambda order, c=company: order.company_id == c)
                own.with_company(company)._action_cancel()
            orders.unlink()
            # sudo of a kind: decisions are history that the ORM refuses to delete
            env.flush_all()
            tables = {
                "credit_insurance_limit": ("policy_id", [cls.policy_id]),
                "credit_insurance_policy_year": ("policy_id", [cls.policy_id]),
                "credit_insurance_policy": ("id", [cls.policy_id]),
                "credit_insurance_insurer": ("id", [cls.insurer_id]),
            }
            for table, (column, ids) in tables.items():
                env.cr.execute(
                    f"DELETE FROM {table} WHERE {column} = ANY(%s)",
                    [ids],
                )
            env.invalidate_all(flush=False)
            env["res.company"]._refresh_credit_checks()
            env["product.product"].browse(cls.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(cls.partner_ids).unlink()
            sister = env["res.company"].browse(cls.sister.id)
            partner = sister.partner_id
            sister.unlink()
            partner.unlink()
            env.cr.commit()
        cls.registry.signal_changes()

    def make_pair(self, env, companies):
        """A buyer with a limit of 1 500 and one order of 1 000 in each company."""
        partner = env["res.partner"].create(
            {
                "name": "Race Buyer",
                "is_company": True,
                "country_id": env.ref("base.br").id,
            }
        )
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
        self.partner_ids.append(partner.id)
        self.order_ids.extend(orders.ids)
        return orders.ids

    def make_order(self, env, partner, company_id):
        return (
            env["sale.order"]
            .with_company(company_id)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company_id,
                    "pricelist_id": False,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product_id,
                                "product_uom_qty": 1,
                                "price_unit": 1000.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )

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


class _Environment(closing):
    def __init__(self, registry):
        self.cursor = registry.cursor()
        super().__init__(self.cursor)

    def __enter__(self):
        super().__enter__()
        return api.Environment(self.cursor, api.SUPERUSER_ID, {})

    def __exit__(self, *error):
        self.cursor.rollback()
        return super().__exit__(*error)
