from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ...models.position.position_manufacturing import COSTS
from .position_common import PositionCommon

FIRST = date(2026, 6, 1)
AMOUNTS = (
    "open_amount",
    "credited_amount",
    "received_amount",
    "eligible_amount",
    "base_amount",
    "covered_amount",
)
COMPONENTS = ("receivable", "unallocated", "draft", "delivered", "ordered")
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
        "spent": st.one_of(st.none(), amount),
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
        cls.policy.write(
            {
                "residue_amount": 0.0,
                "max_invoicing_days": 0,
                "manufacturing_cover": True,
            }
        )
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
            order.credit_costs_incurred = history["spent"]
        return buyer

    def check(self, buyers):
        """Compare every buyer's rows and totals; one round of queries for all."""
        query = self.position._query(self.company, self.today, buyers)
        totals = {
            row["id"]: row
            for row in self.position._execute(query.position(with_cover=True))
        }
        rows = []
        for seq in (0, 1, COSTS):
            query = self.position._query(self.company, self.today, buyers)
            rows += self.position._execute(query.cover(seq))
        for row in rows:
            cents = {name: round(row[name] * 100) for name in AMOUNTS}
            owed = cents["open_amount"] - cents["credited_amount"]
            owed -= cents["received_amount"]
            self.assertLessEqual(0, cents["covered_amount"])
            self.assertLessEqual(cents["covered_amount"], cents["base_amount"])
            self.assertLessEqual(cents["base_amount"], cents["eligible_amount"])
            self.assertLessEqual(cents["eligible_amount"], owed)
            if not row["exclusion_reason"]:
                # no order of payments lifts cover above the limit in force
                self.assertLessEqual(
                    cents["base_amount"], round((row["usable_limit"] or 0) * 100)
                )
        for buyer in buyers:
            own = [row for row in rows if row["partner_id"] == buyer.id]
            self.check_sums(own, totals[buyer.id])
        return totals

    def check_sums(self, rows, total):
        def cents(name, records):
            return sum(round(record[name] * 100) for record in records)

        self.assertEqual(cents("eligible_amount", rows), cents("eligible", [total]))
        self.assertEqual(cents("covered_amount", rows), cents("covered", [total]))
        self.assertEqual(
            cents("exposure", [total]), sum(cents(name, [total]) for name in COMPONENTS)
        )
        self.assertLessEqual(
            cents("eligible", [total]), max(cents("exposure", [total]), 0)
        )
        highest = max(
            (round((row["usable_limit"] or 0) * 100) for row in rows), default=0
        )
        self.assertLessEqual(cents("base_amount", rows), highest)

    def check_explanation(self, buyer, total):
        found = self.position._explain(buyer, self.company, self.today)
        amounts = {section["key"]: section["amount"] for section in found["sections"]}
        for key in ("receivable", "unallocated", "delivered", "ordered", "eligible",
                    "covered"):  # fmt: skip
            self.assertAlmostEqual(amounts[key], total[key], 2, key)
        self.assertAlmostEqual(amounts["headroom"], total["headroom_limit_currency"], 2)

    @settings(
        max_examples=4,
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(HISTORY, min_size=4, max_size=4))
    def test_allocation(self, histories):
        with self.env.cr.savepoint() as savepoint:
            buyers = self.env["res.partner"]
            for history in histories:
                buyers += self.build(history)
            totals = self.check(buyers)
            for buyer in buyers:
                self.get_position(buyer)
            self.check_explanation(buyers[0], totals[buyers[0].id])
            self.policy.excess_uses_limit = False
            self.check(buyers)
            savepoint.rollback()
        self.env.invalidate_all()

    @settings(
        max_examples=4,
        phases=(Phase.explicit, Phase.generate),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
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
                "spent": None,
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
