from odoo import Command
from odoo.tests import new_test_user

from ..common import CreditInsuranceCommon


class DecisionCommon(CreditInsuranceCommon):
    """ALFA as DOMAIN 1.16 has it, and one user per role.

    ALFA: invoices 40 000 + 35 000, less 5 000 received; 12 000 delivered and 20 000
    ordered, not invoiced: 102 000 used of 130 000, so 28 000 are left.
    """

    observation = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.salesman = new_test_user(
            cls.env,
            "credit-sam",
            "sales_team.group_sale_salesman_all_leads",
            name="Sam",
            **company,
        )
        cls.user = new_test_user(
            cls.env,
            "credit-uma",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_user",
            name="Uma",
            **company,
        )
        cls.controller = new_test_user(
            cls.env,
            "credit-carl",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_controller",
            name="Carl",
            **company,
        )
        cls.manager = new_test_user(
            cls.env,
            "credit-mona",
            "sales_team.group_sale_salesman_all_leads,"
            "export_credit_insurance.group_credit_manager",
            name="Mona",
            **company,
        )

    @classmethod
    def make_alfa_debt(cls):
        cls.make_alfa_limits()
        cls.make_invoice(cls.alfa, 40000.0)
        cls.make_invoice(cls.alfa, 35000.0)
        cls.make_receipt(cls.alfa, 5000.0)
        cls.make_order(cls.alfa, 12000.0, delivered=12000.0)
        cls.make_order(cls.alfa, 20000.0)

    def make_quotation(self, amount, partner=None, user=None, **values):
        user = user or self.salesman
        values.setdefault("user_id", user.id)
        order = self.make_order(partner or self.alfa, amount, confirm=False, **values)
        return order.with_user(user)

    def clearance_of(self, order):
        return (
            self.env["credit.insurance.clearance"]
            .sudo()
            .search([("order_id", "=", order.id)])
        )

    def find(self, order):
        """The findings of one order, {code: finding}."""
        order = order.sudo()
        checks = self.env["credit.insurance.check"].sudo()
        positions = checks._get_positions(order)
        found = checks._get_findings(order, positions)[order]
        return {finding.code: finding for finding in found}

    def pay(self, order, amount=None):
        """Money captured online that is no entry in the books yet."""
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        method = methods.search([], limit=1)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"pay-{order.id}-{amount}",
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "state": "done",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )

    def ask_release(self, order, reason="The customer pays on Friday."):
        order.action_request_credit_release(reason=reason)
        return self.env["credit.insurance.hold"].search(
            [("order_id", "=", order.id), ("state", "=", "open")]
        )

    def release(self, hold, user=None, **values):
        decision = (
            self.env["credit.insurance.hold.decision"]
            .with_user(user or self.controller)
            .create(
                {
                    "hold_id": hold.id,
                    "decision": "release",
                    "reason": "Good customer",
                    **values,
                }
            )
        )
        decision.action_confirm()

    def make_file(self, user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.controller)
            .create({"name": "agreement.txt", "raw": b"agreed"})
        )

    def make_event(self, status, country="br", **values):
        return self.env["credit.insurance.country.event"].create(
            {
                "name": "Event",
                "kind": "embargo",
                "country_ids": [(6, 0, self.env.ref(f"base.{country}").ids)],
                "cover_status": status,
                "date_from": "2026-09-01",
                "source": "Official journal",
                **values,
            }
        )

    def set_rule(self, code, severity="block", scope="insured", **values):
        """Make or change the general rule of a finding."""
        rules = self.env["credit.insurance.check.rule"]
        rule = rules.search(
            [
                ("code", "=", code),
                ("scope", "=", scope),
                ("zone_id", "=", values.get("zone_id", False)),
                ("band_id", "=", values.get("band_id", False)),
                ("company_id", "=", values.get("company_id", False)),
            ]
        )
        values = {"code": code, "severity": severity, "scope": scope, **values}
        if rule:
            rule.write(values)
            return rule
        return rules.create(values)

    def set_amount(self, order, amount):
        order.order_line.write({"product_uom_qty": amount, "price_unit": 1.0})

    def add_line(self, order, amount):
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": amount,
                            "price_unit": 1.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
