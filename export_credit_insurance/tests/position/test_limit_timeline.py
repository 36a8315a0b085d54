from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.position.position_terms import LAST_DAY
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
        "date_to": last
        if ended or kind == "temporary" or draw(st.booleans())
        else False,
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
        """Store decisions as an older database may hold them.

        Lines of a kind that overlap are refused on entry; here they are written
        below the constraint.
        """
        found = [
            (buyer, values)
            for buyer, lines in zip(buyers, histories, strict=True)
            for values in lines
        ]
        limits = self.env["credit.insurance.limit"].create(
            [
                {
                    "policy_id": policy.id,
                    "partner_id": buyer.id,
                    "kind": values["kind"],
                    "requested_amount": 1.0,
                    "currency_id": self.euro.id,
                    "insurer_buyer_ref": values.get("insurer_buyer_ref"),
                }
                for buyer, values in found
            ]
        )
        self.env.flush_all()
        for limit, (_buyer, values) in zip(limits, found, strict=True):
            columns = {name: value or None for name, value in values.items()}
            columns["conditions_met"] = values["conditions_met"]
            self.env.cr.execute(
                "UPDATE credit_insurance_limit SET "
                + ", ".join(f"{name} = %s" for name in columns)
                + " WHERE id = %s",
                [*columns.values(), limit.id],
            )
        self.env.invalidate_all()

    def timeline(self, buyers):
        """The engine's periods, {buyer id: rows of limit_step}."""
        query = self.position._query(self.company, self.today, buyers)
        ctes = {"rate": query.rate_cte(), **query.scope_ctes(), **query.limit_ctes()}
        rows = self.position._execute(
            query._with(
                ctes,
                SQL(
                    "SELECT buyer.partner_id, limit_step.* FROM limit_step"
                    " JOIN buyer ON buyer.group_id = limit_step.group_id"
                ),
            )
        )
        return {
            buyer: [row for row in rows if row["partner_id"] == buyer.id]
            for buyer in buyers
        }

    def compare(self, histories, net=False):
        policy = self.policy
        type(self).number += len(histories)
        buyers = self.env["res.partner"].create(
            [
                {
                    "name": f"Buyer {self.number - index}",
                    "is_company": True,
                    "country_id": self.alfa.country_id.id,
                }
                for index in range(len(histories))
            ]
        )
        with self.env.cr.savepoint() as savepoint:
            if net:
                policy.limit_basis = "net"
            self.write_history(buyers, histories, policy)
            Limit = self.env["credit.insurance.limit"]
            periods = {} if net else self.timeline(buyers)
            for offset in range(0, DAYS + 70, 40 if net else 9):
                today = FIRST + timedelta(days=offset)
                expected = Limit._in_force(buyers, today, self.company)
                for buyer, rows in periods.items():
                    limit = expected[buyer].get(policy)
                    got = [
                        (float(row["amount"]), row["kind"], row["date_limit"])
                        for row in rows
                        if row["date_from"] <= today <= row["date_to"]
                    ]
                    wanted = (
                        [(limit.amount, limit.kind, limit.date_to or LAST_DAY)]
                        if limit and limit.amount
                        else []
                    )
                    self.assertEqual(got, wanted, today)
                if offset % 40 == 0 or net:
                    self.compare_position(buyers, policy, today, expected)
            savepoint.rollback()
        self.env.invalidate_all()

    def compare_position(self, buyers, policy, today, expected):
        full = self.position._get_full_rows(buyers, self.company, today)
        found = self.position._get_credit_position(buyers, self.company, today)
        for buyer in buyers:
            limit = expected[buyer].get(policy)
            got = found[buyer]
            self.assertSamePosition(
                got,
                self.position._make_position(
                    buyer, self.company, today, full[buyer.id]
                ),
            )
            wanted = (limit.amount, limit.kind or None) if limit else (0, None)
            self.assertEqual((got.limit, got.limit_kind), wanted, today)
            self.assertEqual(got.limit_state, limit.state if limit else "none", today)

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(line(), max_size=5), min_size=8, max_size=8))
    def test_random_histories(self, histories):
        self.compare(histories)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(line(), max_size=4), min_size=8, max_size=8))
    def test_random_histories_on_the_net_basis(self, histories):
        self.compare(histories, net=True)

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(line(), min_size=1, max_size=3), min_size=6, max_size=6))
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
