from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestReleaseTour(HttpCase):
    """Blocked, asked for release, released, confirmed: in a real browser.

    The buyer's limit is 130 000; 102 000 of it are used by an order; the quotation of
    45 000 exceeds it by 102 000 + 45 000 − 130 000 = 17 000. Days are relative to the
    real today: a browser's clock cannot be frozen.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = fields.Date.today()
        cls.buyer = cls.env["res.partner"].create(
            {
                "name": "Alfa Tour",
                "is_company": True,
                "country_id": cls.env.ref("base.br").id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Valves",
                "type": "consu",
                "taxes_id": [Command.clear()],
            }
        )
        cls.make_cover()
        cls.make_order(102000.0).action_confirm()
        cls.salesman = cls.make_user(
            "tour-sales", "sales_team.group_sale_salesman_all_leads"
        )
        cls.quotation = cls.make_order(45000.0, user_id=cls.salesman.id)
        cls.controller = cls.make_user(
            "tour-controller",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_controller",
        )

    @classmethod
    def make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, company_id=cls.company.id)

    @classmethod
    def make_cover(cls):
        policy = cls.env["credit.insurance.policy"].create(
            {
                "name": "Tour policy",
                "number": "TOUR-1",
                "insurer_id": cls.env["credit.insurance.insurer"]
                .create({"name": "Tour Insurer", "code": "TOUR"})
                .id,
                "company_ids": [Command.set(cls.company.ids)],
                "currency_id": cls.company.currency_id.id,
                "date_start": cls.today - timedelta(days=30),
                "date_end": cls.today + timedelta(days=300),
            }
        )
        policy.write({"state": "active", "observation": False})
        cls.env["credit.insurance.limit"].create(
            {
                "policy_id": policy.id,
                "partner_id": cls.buyer.id,
                "kind": "named",
                "state": "approved",
                "amount": 130000.0,
                "currency_id": policy.currency_id.id,
                "date_from": cls.today - timedelta(days=30),
                "decision_date": cls.today - timedelta(days=30),
            }
        )

    @classmethod
    def make_order(cls, amount, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.buyer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def test_refused_released_confirmed(self):
        order_url = f"/odoo/action-sale.action_quotations/{self.quotation.id}"
        self.start_tour(
            order_url,
            "credit_order_refused_and_release_asked",
            login="tour-sales",
        )
        self.assertEqual(self.quotation.state, "draft")
        hold = self.env["credit.insurance.hold"].search(
            [("order_id", "=", self.quotation.id)]
        )
        self.assertEqual(hold.state, "open")
        self.assertEqual(hold.requested_by, self.salesman)
        self.start_tour(
            "/odoo/action-export_credit_insurance.action_credit_insurance_hold"
            f"/{hold.id}",
            "credit_hold_released",
            login="tour-controller",
        )
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.decided_by, self.controller)
        self.assertEqual(hold.release_kind, "own_risk")
        self.start_tour(
            order_url, "credit_released_order_confirmed", login="tour-sales"
        )
        self.assertEqual(self.quotation.state, "sale")
