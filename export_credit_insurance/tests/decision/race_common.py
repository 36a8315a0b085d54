from contextlib import closing

from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name


class RaceCommon(BaseCase):
    """Real transactions and real commits; what is committed is removed again.

    Two companies share one policy. Orders are of one line of 1 000, in their currency.
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
        return OwnEnvironment(cls.registry)

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
        cls.partner_ids, cls.order_ids, cls.user_ids = [], [], []

    @classmethod
    def _clean_up(cls):
        """Remove what was committed, children first."""
        with cls.environment() as env:
            orders = env["sale.order"].browse(cls.order_ids).exists()
            env["credit.insurance.hold"].search(
                [("order_id", "in", orders.ids)]
            ).unlink()
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
            users = env["res.users"].browse(cls.user_ids)
            people = users.partner_id
            users.unlink()
            (env["res.partner"].browse(cls.partner_ids) | people).unlink()
            sister = env["res.company"].browse(cls.sister.id)
            partner = sister.partner_id
            sister.unlink()
            partner.unlink()
            env.cr.commit()
        cls.registry.signal_changes()

    @classmethod
    def make_buyer(cls, env):
        partner = env["res.partner"].create(
            {
                "name": "Race Buyer",
                "is_company": True,
                "country_id": env.ref("base.br").id,
            }
        )
        cls.partner_ids.append(partner.id)
        return partner

    def make_order(self, env, partner, company_id):
        order = (
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
        self.order_ids.append(order.id)
        return order


class OwnEnvironment(closing):
    def __init__(self, registry):
        self.cursor = registry.cursor()
        super().__init__(self.cursor)

    def __enter__(self):
        super().__enter__()
        return api.Environment(self.cursor, api.SUPERUSER_ID, {})

    def __exit__(self, *error):
        self.cursor.rollback()
        return super().__exit__(*error)
