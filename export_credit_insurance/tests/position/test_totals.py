from datetime import timedelta

from odoo.tests import tagged

from ...models.position.position_rows import AMOUNT_COLUMNS, TOTAL_COLUMNS
from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestTotals(CreditInsuranceCommon):
    """Asked for fewer amounts the engine computes less, and says the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = cls.make_buyer("Limited")
        cls.make_limit(cls.limited, 1000.0)
        # 300 received settle the oldest: 500 + 600 are owed, the limit takes 500 + 500
        cls.make_invoice(cls.limited, 800.0, day="2026-09-01")
        cls.make_invoice(cls.limited, 600.0, day="2026-09-10")
        cls.make_receipt(cls.limited, 300.0)
        cls.unlimited = cls.make_buyer("Unlimited")
        cls.make_invoice(cls.unlimited, 500.0)
        # 100 of 300 are delivered, at 90 %
        cls.delivered = cls.make_buyer("Delivered")
        cls.make_limit(cls.delivered, 400.0)
        cls.make_order(cls.delivered, 300.0, delivered=100.0)
        cls.refused = cls.make_buyer("Refused")
        cls.make_limit(cls.refused, 0.0, state="refused", request_type="new")
        cls.idle = cls.make_buyer("Idle")
        cls.make_limit(cls.idle, 700.0)
        cls.buyers = (
            cls.limited | cls.unlimited | cls.delivered | cls.refused | cls.idle
        )

    def ask(self, *columns, partners=None):
        """Return {buyer: the columns} of the buyers of this test."""
        query = self.position._query(self.company, self.today, partners)
        rows = self.position._execute(query.totals(*columns))
        return {
            self.buyers.browse(row["partner_id"]): {
                name: float(value) if name in AMOUNT_COLUMNS else value
                for name, value in row.items()
                if name not in ("id", "partner_id")
            }
            for row in rows
            if row["partner_id"] in self.buyers.ids
        }

    def test_amounts(self):
        names = ("exposure", "covered", "uncovered")
        self.assertEqual(
            {buyer: tuple(row.values()) for buyer, row in self.ask(names).items()},
            {
                self.limited: (1100.0, 900.0, 200.0),
                self.unlimited: (500.0, 0.0, 500.0),
                self.delivered: (300.0, 90.0, 210.0),
            },
        )

    def test_same_whatever_is_asked_for(self):
        every = self.ask()
        self.assertEqual(every.keys(), set(self.buyers))
        self.assertEqual(every[self.unlimited]["eligible"], 500.0)
        for columns in (
            AMOUNT_COLUMNS,
            ("exposure", "insured_limit", "covered"),
            ("insured_limit", "limit_state", "eligible"),
            tuple(TOTAL_COLUMNS),
        ):
            for partners in (None, self.buyers):
                for buyer, row in self.ask(columns, partners=partners).items():
                    self.assertEqual(tuple(row), columns)
                    expected = {name: every[buyer][name] for name in columns}
                    self.assertEqual(row, expected, (buyer.name, columns))

    def test_limit_without_documents(self):
        found = self.ask(("insured_limit",))
        self.assertEqual(found[self.idle], {"insured_limit": 700.0})
        self.assertNotIn(self.refused, found)

    def test_columns_of_a_list_share_a_join(self):
        """A wider join serves the narrower columns after it."""
        domain = [("id", "in", self.buyers.ids), ("credit_uncovered", ">", 0)]
        Partner = self.env["res.partner"]
        for order, parts in (
            ("credit_exposure desc", ["credit_amounts"]),
            ("insured_limit desc", ["credit_amounts", "credit_totals"]),
        ):
            query = Partner._search(domain, order=f"{order}, id")
            joined = [name for name in query._joins if "__credit_" in name]
            self.assertEqual([name.split("__")[1] for name in joined], parts)
        found = Partner.search(domain, order="credit_exposure desc")
        self.assertEqual(found, self.limited | self.unlimited | self.delivered)
        query = Partner._search(
            [("insured_limit", ">", 0)], order="credit_exposure desc, id"
        )
        joined = [name for name in query._joins if "__credit_" in name]
        self.assertEqual([name.split("__")[1] for name in joined], ["credit_totals"])

    def test_nothing_is_compiled(self):
        """Of many buyers PostgreSQL would spend seconds on it, by its settings."""
        yesterday = self.today - timedelta(days=1)
        for question in (
            lambda: self.position._query(self.company, self.today),
            lambda: self.position._query_as_of(self.company, yesterday),
            lambda: self.env["res.partner"].search([("credit_uncovered", ">", 0)]),
            lambda: self.env["credit.insurance.exposure"].search([]),
        ):
            self.env.cr.execute("SET LOCAL jit = on")
            question()
            self.env.cr.execute("SHOW jit")
            self.assertEqual(self.env.cr.fetchone(), ("off",))
