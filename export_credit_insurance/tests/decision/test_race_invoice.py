from odoo import Command
from odoo.tests import tagged

from ..race_common import RaceCommon


@tagged("post_install", "-at_install")
class TestRaceInvoice(RaceCommon):
    """Somebody confirms an order, a clerk posts an invoice without one, at once.

    Both are of 1 000, the limit is 1 500: the order is refused, or the invoice listed.
    """

    @classmethod
    def prepare_more(cls, env):
        company_id = cls.company_ids[0]
        cls.admin_id = env.ref("base.user_admin").id
        env.ref("base.user_admin").company_ids += env["res.company"].browse(
            cls.company_ids
        )
        cls.make_product(env)
        accounts = env["account.account"].create(
            [
                {
                    "name": f"Race {kind}",
                    "code": code,
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                    "company_ids": [Command.set([company_id])],
                }
                for code, kind in (
                    ("RACE1", "asset_receivable"),
                    ("RACE2", "income"),
                )
            ]
        )
        cls.account_ids = accounts.ids
        cls.journal_id = (
            env["account.journal"]
            .create(
                {
                    "name": "Race",
                    "code": "RACE",
                    "type": "sale",
                    "company_id": company_id,
                    "default_account_id": accounts[1].id,
                }
            )
            .id
        )
        cls.invoice_ids = []

    @classmethod
    def remove_documents(cls, env, orders):
        invoices = env["account.move"].browse(cls.invoice_ids)
        lines = env["credit.insurance.review.line"].search(
            [("partner_id", "in", cls.partner_ids)]
        )
        lines.review_id.unlink()
        invoices.button_draft()
        invoices.with_context(force_delete=True).unlink()

    @classmethod
    def remove_rest(cls, env):
        env["res.partner"].browse(cls.partner_ids).with_company(
            cls.company_ids[0]
        ).property_account_receivable_id = False
        env["account.journal"].browse(cls.journal_id).unlink()
        env["account.account"].browse(cls.account_ids).unlink()
        cls.remove_product(env)

    def make_invoice(self, env, partner):
        receivable, income = self.account_ids
        partner.with_company(
            self.company_ids[0]
        ).property_account_receivable_id = receivable
        invoice = (
            env["account.move"]
            .with_company(self.company_ids[0])
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "journal_id": self.journal_id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Race",
                                "quantity": 1,
                                "price_unit": 1000.0,
                                "account_id": income,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self.invoice_ids.append(invoice.id)
        return invoice

    def prepare_act(self, env, record_id, user_id):
        """Orders go by their number, invoices by its negative."""
        model = "sale.order" if record_id > 0 else "account.move"
        record = env[model].browse(abs(record_id)).with_user(user_id)
        record = record.with_company(record.company_id)
        return record.action_confirm if record_id > 0 else record.action_post

    def read_outcome(self, env, record_id):
        if record_id > 0:
            return env["sale.order"].browse(record_id).state
        lines = env["credit.insurance.review.line"].search(
            [("invoice_id", "=", -record_id)]
        )
        return "listed" if lines else "fits"

    def test_order_and_invoice_at_once(self):
        def make_pair(env):
            partner, _limit = self.make_buyer(env)
            order = self.make_order(env, partner, self.company_ids[0], self.product_id)
            return [order.id, -self.make_invoice(env, partner).id]

        results = self.run_trials(make_pair, self.admin_id)
        self.assertEqual(len(results), self.PAIRS * self.ROUNDS)
        self.assertLessEqual(
            {tuple(outcome) for outcome in results},
            {("sale", "listed"), ("refused", "fits")},
        )
