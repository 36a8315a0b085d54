from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon

FIRST = date(2026, 1, 1)
DAYS = 120
day = st.integers(0, DAYS).map(lambda days: FIRST + timedelta(days=days))
GRANTED = ("approved", "partial", "reduced", "cancelled", "expired", "closed")


@st.composite
def line(draw):
    """One decision as an import of the insurer's history would write it."""
    kind = draw(
        st.sampled_from(["named", "express", "temporary", "topup", "discretionary"])
    )
    state = draw(st.sampled_from([*GRANTED, "approved", "conditional", "refused"]))
    if kind == "discretionary" and state in ("refused", "conditional"):
        state = "approved"
    first = draw(day)
    last = first + timedelta(days=draw(st.integers(0, 60)))
    ended = state not in ("approved", "partial", "conditional")
    return {
        "kind": kind,
        "state": state,
        "amount": 0.0 if state == "refused" else draw(st.integers(1, 9)) * 1000.0,
        "amount_mode": draw(st.sampled_from(["additional", "total"])),
        "date_from": first,
        "date_to": last if ended or kind == "temporary" or draw(st.booleans()) else False,
        "decision_date": first,
        "request_type": draw(st.sampled_from(["new", "increase"])),
        "cancelled_by": draw(st.sampled_from(["insurer", "insured"]))
        if state == "cancelled"
        else False,
        "conditions_met": state == "conditional" and draw(st.booleans()),
        "insured_pct": draw(st.sampled_from([0.0, 0.0, 75.0])),
    }


@tagged("post_install", "-at_install")
class TestLimitTimeline(PositionCommon):
    """The engine's timeline says what ``credit.insurance.limit._in_force`` says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proof = cls.env["ir.attachment"].create({"name": "proof", "raw": b"x"})
        cls.number = 0

    def write_history(self, buyers, histories, policy):
        """Store decisions that an import may bring in any order.

        Overlapping lines of a kind are refused on entry; here they are written
        below the constraint, as an older database may hold them.
        """
        vals = []
        for buyer, lines in zip(buyers, histories, strict=True):
            for values in lines:
                vals.append((buyer, values))
        for buyer, values in vals:
            limit = self.env["credit.insurance.limit"].create(
                {
                    "policy_id": policy.id,
                    "partner_id": buyer.id,
                    "kind": values["kind"],
                    "requested_amount": 1.0,
                    "currency_id": self.euro.id,
                    "insurer_buyer_ref": values.get("insurer_buyer_ref"),
                }
            )
            limit.flush_recordset()
            columns = {k: v or None for k, v in values.items() if k != "conditions_met"}
            columns["conditions_met"] = values["conditions_met"]
            self.env.cr.execute(
                "UPDATE credit_insurance_limit SET "
                + ", ".join(f"{name} = %s" for name in columns)
                + " WHERE id = %s",
                [*columns.values(), limit.id],
            )
        self.env.invalidate_all()

    def compare(self, histories, **terms):
        policy = self.policy
        buyers = self.env["res.partner"]
        for _history in histories:
            type(self).number += 1
            buyers += self.make_buyer(f"Buyer {self.number}")
        with self.env.cr.savepoint() as savepoint:
            policy.write(terms)
            self.write_history(buyers, histories, policy)
            Limit = self.env["credit.insurance.limit"]
            for offset in range(0, DAYS + 70, 7):
                today = FIRST + timedelta(days=offset)
                expected = Limit._in_force(buyers, today, self.company)
                found = self.position._get_credit_position(buyers, self.company, today)
                for buyer in buyers:
                    limit = expected[buyer].get(policy)
                    got = found[buyer]
                    wanted = (limit.amount, limit.kind or None) if limit else (0, None)
                    self.assertEqual((got.limit, got.limit_kind), wanted, today)
                    if limit and limit.amount:
                        self.assertEqual(got.limit_date_to or False, limit.date_to)
                    self.assertEqual(
                        got.limit_state, limit.state if limit else "none", today
                    )
            savepoint.rollback()

    @settings(
        max_examples=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(st.lists(line(), max_size=5), min_size=8, max_size=8))
    def test_random_histories(self, histories):
        self.compare(histories)

    @settings(
        max_examples=8, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(st.lists(line(), max_size=4), min_size=8, max_size=8))
    def test_random_histories_on_the_net_basis(self, histories):
        self.compare(histories, limit_basis="net")

    @settings(
        max_examples=8, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        st.lists(
            st.lists(line(), min_size=1, max_size=3), min_size=6, max_size=6
        )
    )
    def test_random_histories_with_a_shared_number(self, histories):
        for number, lines in enumerate(histories):
            for values in lines:
                values["insurer_buyer_ref"] = f"N{number // 2}"
        self.compare(histories)

    def test_condition_not_met(self):
        self.make_limit(
            self.alfa, 1000.0, state="conditional", conditions="A parent guarantee"
        )
        self.assertEqual(self.get_position(self.alfa).limit, 0.0)

    def test_condition_met(self):
        self.make_limit(
            self.alfa,
            1000.0,
            state="conditional",
            conditions="A parent guarantee",
            conditions_met=True,
            proof_ids=[Command.set(self.proof.ids)],
        )
        self.assertEqual(self.get_position(self.alfa).limit, 1000.0)
