from datetime import date

from odoo import Command, fields

from .nightly_jobs import NightlyJobs
from .ready_company import ReadyCompany

TODAY = date(2026, 10, 1)


class CreditInsuranceCommon(NightlyJobs, ReadyCompany):
    """The fixture of DOMAIN 0: policy POL-26 in EUR, buyer ALFA in Brazil.

    The company sells from France in EUR, without taxes unless a test asks for them.
    ``cls.today`` (1 October 2026) is handed to the engine as the day; tests that go
    through buttons freeze the clock on it.
    """

    today = TODAY
    # Policies are only observed: no order is held, whatever its buyer owes.
    observation = True

    @classmethod
    def get_default_groups(cls):
        # EXTENDS 'account': a manager of everything the tests go through
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("export_credit_insurance.group_credit_manager")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.euro = cls.env.ref("base.EUR")
        cls.dollar = cls.env.ref("base.USD")
        (cls.euro + cls.dollar).active = True
        cls.company.write(
            {"currency_id": cls.euro.id, "country_id": cls.env.ref("base.fr").id}
        )
        # made with the company, in its former currency
        cls.env["product.pricelist"].search([]).currency_id = cls.euro
        cls.insurer = cls.env["credit.insurance.insurer"].create(
            {"name": "Atlas Credit Insurance", "code": "ATLAS"}
        )
        cls.policy = cls.make_policy(name="POL-26", number="POL-26")
        cls.alfa = cls.make_buyer("ALFA")
        cls.product = cls.env["product.product"].create(
            {
                "name": "Valves",
                "type": "consu",
                "list_price": 1000.0,
                "taxes_id": [Command.clear()],
                "invoice_policy": "order",
            }
        )
        cls.position = cls.env["credit.insurance.position"]

    # ------------------------------------------------------------ the contract

    @classmethod
    def make_policy(cls, company=None, **values):
        """An active POL-26 of the test's company."""
        policy = cls.env["credit.insurance.policy"].create(
            {
                "name": "Policy",
                "number": values.get("name", "Policy"),
                "insurer_id": cls.insurer.id,
                "kind": "global",
                "company_ids": [Command.set((company or cls.company).ids)],
                "currency_id": cls.euro.id,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                "renewal": "none",
                "insured_pct_named": 90.0,
                "insured_pct_unnamed": 70.0,
                "political_cover": True,
                "dcl_amount": 10000.0,
                "max_payment_days": 180,
                "max_invoicing_days": 30,
                "mep_days": 60,
                "mep_base": "due_date",
                "cover_tax_basis": "ex_tax",
                "limit_basis": "gross",
                "excess_uses_limit": True,
                "receipt_imputation": "oldest_first",
                **values,
            }
        )
        if "state" not in values:
            policy.write({"state": "active", "observation": cls.observation})
        return policy

    @classmethod
    def make_buyer(cls, name, country="br", **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": cls.env.ref(f"base.{country}").id,
                **values,
            }
        )

    @classmethod
    def make_limit(cls, partner, amount, date_from="2026-01-01", **values):
        """A line in force, as an import of the insurer's decisions would record it."""
        policy = values.pop("policy", cls.policy)
        return cls.env["credit.insurance.limit"].create(
            {
                "policy_id": policy.id,
                "partner_id": partner.id,
                "kind": "named",
                "state": "approved",
                "amount": amount,
                "currency_id": policy.currency_id.id,
                "date_from": date_from,
                "decision_date": date_from,
                **values,
            }
        )

    @classmethod
    def make_alfa_limits(cls):
        """ALFA: permanent 100 000 + temporary 30 000 until 2026-12-31 (DOMAIN 0)."""
        cls.make_limit(cls.alfa, 100000.0)
        cls.make_limit(
            cls.alfa,
            30000.0,
            kind="temporary",
            amount_mode="additional",
            date_to="2026-12-31",
        )

    # -------------------------------------------------------------- the ledger

    @classmethod
    def make_invoice(cls, partner, amount, day="2026-09-01", due=None, **values):
        """A posted customer invoice of one line."""
        taxes = values.pop("taxes", cls.env["account.tax"])
        post = values.pop("post", True)
        invoice = (
            cls.env["account.move"]
            .with_company(values.pop("company", cls.company))
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": day,
                    "invoice_date_due": due or "2026-12-01",
                    "invoice_payment_term_id": False,
                    "currency_id": cls.euro.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.set(taxes.ids)],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def make_receipt(
        cls, partner, amount, day="2026-09-15", currency=None, rate=1.0, journal=None
    ):
        """Money received and not matched: bank against receivable."""
        data = cls.company_data
        journal = journal or data["default_journal_bank"]
        currency = currency or cls.euro
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": journal.default_account_id.id,
                            "partner_id": partner.id,
                            "currency_id": currency.id,
                            "amount_currency": amount,
                            "balance": amount / rate,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": data["default_account_receivable"].id,
                            "partner_id": partner.id,
                            "currency_id": currency.id,
                            "amount_currency": -amount,
                            "balance": -amount / rate,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def make_order(cls, partner, amount, delivered=0.0, confirm=True, **values):
        """An order of ``amount`` in units of 1.00, delivered by hand up to a sum."""
        product = values.pop("product", cls.product)
        taxes = values.pop("taxes", cls.env["account.tax"])
        line = {
            "product_id": product.id,
            "product_uom_qty": amount,
            "price_unit": 1.0,
            "tax_ids": [Command.set(taxes.ids)],
        }
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "pricelist_id": False,  # the company's currency
                "order_line": [Command.create(line)],
                **values,
            }
        )
        if confirm:
            order.action_confirm()
        if delivered:
            order.order_line.qty_delivered = delivered
        return order

    def get_position(self, partner, day=None, **options):
        return self.position._get_credit_position(
            partner, self.company, fields.Date.to_date(day) or self.today, **options
        )[partner]

    def get_cover(self, partner, day=None):
        """The allocation of one buyer, {move or order: row}."""
        day = fields.Date.to_date(day) or self.today
        rows = {}
        for seq in (0, 1):
            query = self.position._query(self.company, day, partner)
            found = self.position._execute(query.cover(seq))
            # the order of the allocation: first shipped, first covered
            for row in sorted(found, key=lambda row: (row["shipment_date"], row["id"])):
                key = (row["move_id"] or row["order_id"], seq, row["id"])
                rows[key] = row
        return list(rows.values())

    def get_totals(self, partner, day=None):
        """Exposure, eligible, covered of one buyer."""
        day = fields.Date.to_date(day) or self.today
        query = self.position._query(self.company, day, partner)
        (row,) = self.position._execute(query.position(with_cover=True))
        return row
