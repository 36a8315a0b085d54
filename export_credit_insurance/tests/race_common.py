import threading
from contextlib import closing

from odoo import Command, api
from odoo.exceptions import RedirectWarning
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name


class RaceCommon(BaseCase):
    """Two people do something at the same moment: real transactions, real commits.

    Each trial has a buyer and two things of 1 000 of which its limit of 1 500 bears
    one, whichever comes first. What is committed is removed again.
    """

    PAIRS = 5
    ROUNDS = 4

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.partner_ids, cls.order_ids = [], []
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
        """Make what all trials share."""
        company = env.ref("base.main_company")
        sister = cls.make_sister(env, company)
        cls.company_ids = [company.id, sister.id]
        env["res.users"].browse(api.SUPERUSER_ID).company_ids += company + sister
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
        cls.insurer_id, cls.policy_id = insurer.id, policy.id
        cls.currency_id = company.currency_id.id
        cls.prepare_more(env)

    @classmethod
    def prepare_more(cls, env):
        """Make what else all trials share."""

    @classmethod
    def make_product(cls, env):
        """A service without taxes, for orders; removed by :meth:`remove_product`."""
        cls.product_id = (
            env["product.product"]
            .create(
                {
                    "name": "Race Product",
                    "type": "service",
                    "taxes_id": [Command.clear()],
                    "company_id": False,
                }
            )
            .id
        )

    @classmethod
    def remove_product(cls, env):
        env["product.product"].browse(cls.product_id).product_tmpl_id.unlink()

    @classmethod
    def make_sister(cls, env, company):
        return env["res.company"].create(
            {"name": "Race Sister", "currency_id": company.currency_id.id}
        )

    @classmethod
    def _clean_up(cls):
        """Remove what was committed, children first."""
        with cls.environment() as env:
            orders = env["sale.order"].browse(cls.order_ids).exists()
            cls.remove_documents(env, orders)
            for company in orders.company_id:
                own = orders.filtered(lambda order, c=company: order.company_id == c)
                own.with_company(company)._action_cancel()
            orders.unlink()
            env.flush_all()
            # decisions are history that the ORM refuses to delete
            for table, column, id_ in (
                ("credit_insurance_limit", "policy_id", cls.policy_id),
                ("credit_insurance_policy_year", "policy_id", cls.policy_id),
                ("credit_insurance_policy", "id", cls.policy_id),
                ("credit_insurance_insurer", "id", cls.insurer_id),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [id_])
            env.invalidate_all(flush=False)
            env["res.company"]._refresh_credit_checks()
            cls.remove_rest(env)
            env["res.partner"].browse(cls.partner_ids).unlink()
            cls.remove_sister(env["res.company"].browse(cls.company_ids[1]))
            env.cr.commit()
        cls.registry.signal_changes()

    @classmethod
    def remove_documents(cls, env, orders):
        """Remove what hangs on the orders."""

    @classmethod
    def remove_rest(cls, env):
        """Remove what the orders were about."""

    @classmethod
    def remove_sister(cls, sister):
        partner = sister.partner_id
        sister.unlink()
        partner.unlink()

    def make_partner(self, env):
        """A buyer without a limit."""
        partner = env["res.partner"].create(
            {
                "name": f"Race Buyer {len(self.partner_ids)}",
                "is_company": True,
                "country_id": env.ref("base.br").id,
            }
        )
        self.partner_ids.append(partner.id)
        return partner

    def make_buyer(self, env, limit=1500.0):
        """A buyer with a limit; return both."""
        partner = self.make_partner(env)
        limit = env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy_id,
                "partner_id": partner.id,
                "kind": "named",
                "state": "approved",
                "amount": limit,
                "currency_id": self.currency_id,
                "date_from": "2020-01-01",
                "decision_date": "2020-01-01",
            }
        )
        return partner, limit

    def make_order(self, env, partner, company_id, product_id):
        """A quotation of 1 000."""
        line = {
            "product_id": product_id,
            "product_uom_qty": 1,
            "price_unit": 1000.0,
            "tax_ids": [Command.clear()],
        }
        order = (
            env["sale.order"]
            .with_company(company_id)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company_id,
                    "pricelist_id": False,
                    "order_line": [Command.create(line)],
                }
            )
        )
        self.order_ids.append(order.id)
        return order

    def act(self, record_id, user_id, start, outcomes):
        """Act as a request does, replayed on serialization failure."""
        waited = []
        with self.environment() as env:
            act = self.prepare_act(env, record_id, user_id)

            def work():
                env.cr.execute("SELECT 1")  # the transaction's snapshot is taken here
                if not waited:
                    waited.append(True)
                    start.wait(timeout=60)
                act()

            try:
                retrying(work, env)
                outcomes[record_id] = self.read_outcome(env, record_id)
            except RedirectWarning:
                env.cr.rollback()
                outcomes[record_id] = "refused"
            except Exception as error:
                env.cr.rollback()
                outcomes[record_id] = repr(error)

    def prepare_act(self, env, record_id, user_id):
        """Return the function that does what the two do at once."""
        raise NotImplementedError

    def read_outcome(self, env, record_id):
        """Return what became of the record, where nothing was raised."""
        raise NotImplementedError

    def run_trials(self, make_pair, user_id):
        """Have all pairs of a round race at once; return [outcomes of each pair]."""
        results = []
        for _round in range(self.ROUNDS):
            with self.environment() as env:
                pairs = [make_pair(env) for _pair in range(self.PAIRS)]
                env.cr.commit()
            outcomes, threads = {}, []
            for pair in pairs:
                start = threading.Barrier(2)
                threads += [
                    threading.Thread(
                        target=self.act, args=(record_id, user_id, start, outcomes)
                    )
                    for record_id in pair
                ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
            results += [[outcomes.get(id_) for id_ in pair] for pair in pairs]
        return results

    def assertOneOfTwo(self, results, passes, other):
        """Exactly one of each pair has passed, the other one ended so."""
        self.assertEqual(len(results), self.PAIRS * self.ROUNDS)
        for outcome in results:
            self.assertEqual(sorted(outcome), sorted([passes, other]))


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
