from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon

FIRST = date(2026, 6, 1)
amount = st.integers(1, 500000).map(lambda cents: cents / 100)
shipped = st.integers(0, 110).map(lambda days: FIRST + timedelta(days=days))

LIMITS = st.lists(
    st.tuples(st.integers(0, 110), st.integers(1, 60), amount), max_size=3
)
DEBTS = st.lists(st.tuples(shipped, amount), max_size=6)
HISTORY = st.fixed_dictionaries(
    {
        "limits": LIMITS,
        "debts": DEBTS,
        "received": st.lists(amount, max_size=3),
        "ordered": st.one_of(st.none(), amount),
        "disputed": st.booleans(),
        "in_dollars": st.booleans(),
    }
)


@tagged("post_install", "-at_install")
class TestInvariants(PositionCommon):
    """What holds for every history of shipments, payments and limits (DESIGN 8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clear_rates()
        cls.set_rate(cls.dollar, 1.1)
        cls.policy.write({"residue_amount": 0.0, "max_invoicing_days": 0})
        cls.number = 0

    def build(self, history):
        """Write one buyer's history as few records as it takes."""
        type(self).number += 1
        buyer = self.make_buyer(f"Buyer {self.number}")
        start = 0
        for offset, length, granted in history["limits"]:
            first = FIRST + timedelta(days=start + offset)
            last = first + timedelta(days=length)
            start += offset + length + 1
            self.make_limit(
                buyer, granted, date_from=first, date_to=last, state="closed"
            )
        currency = self.dollar if history["in_dollars"] else self.euro
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": buyer.id,
                    "invoice_date": day,
                    "invoice_date_due": day + timedelta(days=90),
                    "invoice_payment_term_id": False,
                    "currency_id": currency.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": value, "tax_ids": []}
                        )
                    ],
                }
                for day, value in history["debts"]
            ]
        )
        moves.action_post()
        if moves and history["disputed"]:
            moves[0].credit_dispute_amount = moves[0].amount_total / 2
        for value in history["received"]:
            self.make_receipt(buyer, value)
        if history["ordered"]:
            order = self.make_order(buyer, history["ordered"])
            order.order_line.qty_delivered = history["ordered"] / 2
            order.order_line.insured_shipment_date = "2026-09-20"
        return buyer

    def check(self, buyers):
        """Compare every buyer's rows and totals; one round of queries for all."""
        query = self.position._query(self.company, self.today, buyers)
        totals = {
            row["id"]: row
            for row in self.position._execute(query.position(with_cover=True))
        }
        rows = []
        for seq in (0, 1):
            query = self.position._query(self.company, self.today, buyers)
            rows += self.position._execute(query.cover(seq))
        for row in rows:
            owed = row["open_amount"] - row["credited_amount"] - row["received_amount"]
            self.assertLessEqual(0, row["covered_amount"])
            self.assertLessEqual(row["covered_amount"], row["base_amount"])
            self.assertLessEqual(row["base_amount"], row["eligible_amount"])
            self.assertLessEqual(row["eligible_amount"], owed)
            if not row["exclusion_reason"]:
                # no order of payments lifts cover above the limit in force
                self.assertLessEqual(row["base_amount"], row["usable_limit"])
        for buyer in buyers:
            own = [row for row in rows if row["partner_id"] == buyer.id]
            total = totals[buyer.id]
            for name, column in (
                ("eligible", "eligible_amount"),
                ("covered", "covered_amount"),
            ):
                self.assertEqual(
                    sum((row[column] for row in own), Decimal(0)), total[name]
                )
            self.assertLessEqual(total["eligible"], max(total["exposure"], 0))
            self.assertEqual(
                total["exposure"],
                sum(
                    total[name]
                    for name in (
                        "receivable",
                        "unallocated",
                        "draft",
                        "delivered",
                        "ordered",
                    )
                ),
            )
            highest = max(
                (row["usable_limit"] for row in own if row["usable_limit"]),
                default=Decimal(0),
            )
            self.assertLessEqual(
                sum((row["base_amount"] for row in own), Decimal(0)), highest
            )
        return totals

    def check_explanation(self, buyer, total):
        found = self.position._explain(buyer, self.company, self.today)
        amounts = {section["key"]: section["amount"] for section in found["sections"]}
        for key in ("receivable", "unallocated", "delivered", "ordered", "eligible",
                    "covered"):  # fmt: skip
            self.assertEqual(amounts[key], float(total[key]), key)
        self.assertEqual(amounts["headroom"], float(total["headroom_limit_currency"]))

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(HISTORY, min_size=4, max_size=4))
    def test_allocation(self, histories):
        with self.env.cr.savepoint() as savepoint:
            buyers = self.env["res.partner"]
            for history in histories:
                buyers += self.build(history)
            totals = self.check(buyers)
            self.check_explanation(buyers[0], totals[buyers[0].id])
            self.policy.excess_uses_limit = False
            self.check(buyers)
            savepoint.rollback()
        self.env.invalidate_all()

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(shipped, amount), min_size=1, max_size=5),
        amount,
        st.lists(amount, min_size=1, max_size=3),
    )
    def test_excess_in_words_of_the_domain(self, debts, limit, receipts):
        """The allocation equals the loop of DOMAIN 1.5 written out."""
        with self.env.cr.savepoint() as savepoint:
            history = {
                "limits": [(0, 150, limit)],
                "debts": debts,
                "received": receipts,
                "ordered": None,
                "disputed": False,
                "in_dollars": False,
            }
            buyer = self.build(history)
            rows = self.get_cover(buyer)
            pool = sum(round(value * 100) for value in receipts)
            used, expected = 0, []
            for _day, value in sorted(debts, key=lambda debt: debt[0]):
                owed = round(value * 100)
                paid = min(owed, pool)
                pool -= paid
                base = max(0, min(owed - paid, round(limit * 100) - used))
                used += owed - paid
                expected.append(base)
            self.assertEqual(
                [round(float(row["base_amount"]) * 100) for row in rows], expected
            )
            savepoint.rollback()
        self.env.invalidate_all()
