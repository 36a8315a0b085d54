import threading
from contextlib import closing

from odoo import Command, api
from odoo.exceptions import RedirectWarning
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged

PAIRS = 5
ROUNDS = 2


@tagged("post_install", "-at_install")
class TestDeliveryRace(BaseCase):
    """Two deliveries of one buyer leave at the same moment: real transactions.

    Each trial has a buyer whose limit was cut to 1 500 after two orders of 1 000 were
    confirmed: exactly one may leave, whichever comes first. Each sells goods of its
    own, so that nothing but the buyer makes them meet. What is committed here is
    removed again.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.partner_ids, cls.order_ids, cls.product_ids = [], [], []
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
        insurer = env["credit.insurance.insurer"].create(
            {"name": "Race Insurer", "code": "RACE"}
        )
        policy = env["credit.insurance.policy"].create(
            {
                "name": "RACE",
                "number": "RACE",
                "insurer_id": insurer.id,
                "company_ids": [Command.set(company.ids)],
                "currency_id": company.currency_id.id,
                "date_start": "2020-01-01",
                "renewal": "tacit",
                "cover_tax_basis": "tax_included",
                "max_payment_days": 999,
            }
        )
        policy.action_activate()
        policy.action_end_observation()
        worker = env["res.users"].create(
            {
                "name": "Race Worker",
                "login": "race-worker",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [
                    Command.set(
                        (
                            env.ref("base.group_user")
                            + env.ref("stock.group_stock_user")
                        ).ids
                    )
                ],
            }
        )
        cls.insurer_id, cls.policy_id = insurer.id, policy.id
        cls.company_id, cls.worker_id = company.id, worker.id

    @classmethod
    def _clean_up(cls):
        """Remove what was committed, children first."""
        with cls.environment() as env:
            env["credit.insurance.policy"].browse(cls.policy_id).action_close()
            orders = env["sale.order"].browse(cls.order_ids).exists()
            moves = orders.order_line.move_ids
            moves.move_line_ids.state = moves.state = "draft"
            orders.picking_ids.unlink()
            orders._action_cancel()
            orders.unlink()
            for table, column, ids in (
                ("stock_quant", "product_id", cls.product_ids),
                ("credit_insurance_limit", "partner_id", cls.partner_ids),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])
            env["product.product"].browse(cls.product_ids).product_tmpl_id.unlink()
            env["res.partner"].browse(cls.partner_ids).unlink()
            for table, id_ in (
                ("credit_insurance_policy", cls.policy_id),
                ("credit_insurance_insurer", cls.insurer_id),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE id = %s", [id_])
            worker = env["res.users"].browse(cls.worker_id)
            partner = worker.partner_id
            worker.unlink()
            partner.unlink()
            env.registry.clear_cache("stable")
            env.registry.clear_cache()
            env.cr.commit()

    def make_pair(self, env):
        """A buyer, and two deliveries of which its limit bears one."""
        company = env["res.company"].browse(self.company_id)
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        number = len(self.partner_ids)
        buyer = env["res.partner"].create(
            {"name": f"Race Buyer {number}", "is_company": True}
        )
        self.partner_ids.append(buyer.id)
        limit = env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy_id,
                "partner_id": buyer.id,
                "kind": "named",
                "state": "approved",
                "amount": 2000.0,
                "currency_id": company.currency_id.id,
                "date_from": "2020-01-01",
            }
        )
        pickings = env["stock.picking"]
        for each in range(2):
            product = env["product.product"].create(
                {
                    "name": f"Race Goods {number} {each}",
                    "type": "consu",
                    "is_storable": True,
                    "taxes_id": [Command.clear()],
                    "company_id": False,
                }
            )
            self.product_ids.append(product.id)
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 1.0
            )
            order = env["sale.order"].create(
                {
                    "partner_id": buyer.id,
                    "company_id": company.id,
                    "pricelist_id": False,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "price_unit": 1000.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            self.order_ids.append(order.id)
            order.action_confirm()
            order.picking_ids.action_assign()
            order.picking_ids.move_ids.picked = True
            pickings += order.picking_ids
        env.flush_all()
        env.cr.execute(
            "UPDATE credit_insurance_limit SET amount = 1500 WHERE id = %s", [limit.id]
        )
        return pickings.ids

    def validate(self, picking_id, start, outcomes):
        """Validate a delivery as a request does, replayed on serialization failure."""
        waited = []
        with self.environment() as superuser:
            env = superuser(user=self.worker_id, su=False)
            picking = env["stock.picking"].browse(picking_id)

            def work():
                env.cr.execute("SELECT 1")  # the transaction's snapshot is taken here
                if not waited:
                    waited.append(True)
                    start.wait(timeout=60)
                picking.with_context(skip_backorder=True).button_validate()

            try:
                retrying(work, env)
                outcomes[picking_id] = "delivered"
            except RedirectWarning:
                env.cr.rollback()
                outcomes[picking_id] = "refused"
            except Exception as error:
                env.cr.rollback()
                outcomes[picking_id] = repr(error)

    def test_two_deliveries_at_once(self):
        results = []
        for _round in range(ROUNDS):
            with self.environment() as env:
                pairs = [self.make_pair(env) for _pair in range(PAIRS)]
                env.cr.commit()
            outcomes, threads = {}, []
            for pair in pairs:
                start = threading.Barrier(2)
                threads += [
                    threading.Thread(
                        target=self.validate, args=(picking_id, start, outcomes)
                    )
                    for picking_id in pair
                ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=120)
            results += [[outcomes.get(id_) for id_ in pair] for pair in pairs]
        self.assertEqual(len(results), PAIRS * ROUNDS)
        for outcome in results:
            self.assertEqual(sorted(outcome), ["delivered", "refused"])


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
