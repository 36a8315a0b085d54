from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import Form, tagged

from .limit_common import LimitCommon

# What a decision says itself, of the line that records it.
SAID = {
    "state",
    "amount",
    "decision_date",
    "notified_on",
    "date_from",
    "decided_by_id",
    "request_type",
    "requested_amount",
    "previous_id",
}
# What it says of the line that it ends.
SAID_OF_THE_END = {
    "state",
    "date_to",
    "cancelled_by",
    "end_decision_date",
    "end_notified_on",
}
OWN_TERMS = {"insured_pct": 85.0, "max_payment_days": 90, "mep_days": 45}
# Of the conditions only their text goes on: they were met once.
PROOF = {"conditions_met", "conditions_met_on", "proof_ids"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestDecisionKeeps(LimitCommon):
    """What a decision does not name stays as it was."""

    def facts(self, limit):
        """All that is stored of a line."""
        return {
            name: limit[name]
            for name, field in limit._fields.items()
            if field.store and field.type != "one2many" and name not in MAGIC_COLUMNS
        }

    def assert_only(self, limit, before, names):
        changed = {n: v for n, v in self.facts(limit).items() if v != before[n]}
        self.assertLessEqual(set(changed), names, changed)

    def full_line(self, **values):
        """A line of which nothing is empty that a change could lose."""
        line = self.make_limit(
            self.alfa,
            100000.0,
            insurer_buyer_ref="4711",
            **{**OWN_TERMS, "date_to": "2026-12-31", **values},
        )
        line.flush_recordset()
        return line

    def dialogue(self, limit, **values):
        """Fill the dialogue in, as a controller does; return the line that says so."""
        action = limit.action_record_decision()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        result = form.save().action_record()
        line = limit.browse(result["res_id"])
        self.env.flush_all()
        return line

    def test_each_change_keeps_what_it_does_not_name(self):
        for number, (kind, values) in enumerate(
            [
                ("named", {"change": "reduced", "amount": 60000.0}),
                ("named", {"change": "raised", "amount": 150000.0}),
                ("named", {"change": "prolonged", "date_to": "2027-12-31"}),
                ("express", {"change": "reduced", "amount": 60000.0}),
                ("topup", {"change": "raised", "amount": 150000.0}),
                ("temporary", {"change": "reduced", "amount": 60000.0}),
            ]
        ):
            with self.subTest(kind=kind, **values):
                self.alfa = self.make_buyer(f"BUYER {number}")
                proof = self.env["ir.attachment"].create({"name": "p", "raw": b"x"})
                line = self.full_line(
                    kind=kind,
                    amount_mode="total",
                    state="conditional",
                    conditions="Parent's guarantee",
                    conditions_met=True,
                    conditions_met_on="2026-01-02",
                    proof_ids=proof.ids,
                )
                before = self.facts(line)
                after = self.dialogue(line, **values)
                self.assertNotEqual(after, line)
                self.assert_only(line, before, SAID_OF_THE_END)
                self.assert_only(after, before, SAID | PROOF | values.keys())

    def test_a_cancellation_keeps_the_line(self):
        line = self.full_line()
        before = self.facts(line)
        self.assertEqual(self.dialogue(line, change="cancelled"), line)
        self.assert_only(line, before, SAID_OF_THE_END)

    def test_each_answer_keeps_what_was_asked_for(self):
        for number, values in enumerate(
            [
                {"answer": "approved"},
                {"answer": "partial", "amount": 60000.0},
                {"answer": "conditional", "conditions": "Guarantee"},
                {"answer": "refused"},
            ]
        ):
            with self.subTest(**values):
                self.alfa = self.make_buyer(f"BUYER {number}")
                limit = self.ask(
                    100000.0,
                    date_to="2026-12-31",
                    insurer_buyer_ref="4711",
                    **OWN_TERMS,
                )
                self.env.flush_all()
                before = self.facts(limit)
                self.assertEqual(self.dialogue(limit, **values), limit)
                said = SAID - {"requested_amount", "request_type", "previous_id"}
                if values["answer"] == "refused":
                    said |= {"date_to"}  # what was wished for is not granted
                self.assert_only(limit, before, said | values.keys())

    def test_what_the_dialogue_names_is_changed(self):
        line = self.full_line()
        after = self.dialogue(
            line, change="reduced", amount=60000.0, insured_pct=80.0, mep_days=0
        )
        self.assertRecordValues(
            after, [{"insured_pct": 80.0, "max_payment_days": 90, "mep_days": 0}]
        )

    def test_more_asked_for_keeps_the_percentage(self):
        """85 % of 100 000; 150 000 asked for and granted: 85 % of them, not 90 %."""
        line = self.full_line()
        request = self.ask(150000.0)
        self.assertEqual(request.previous_id, line)
        self.dialogue(request, answer="approved")
        self.assertRecordValues(request, [{"amount": 150000.0, **OWN_TERMS}])
        # a service names none either; a draft that is answered at once is the same
        draft = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "requested_amount": 200000.0,
            }
        )
        draft._record_decision("approved", insured_pct=None, mep_days=30)
        self.assertRecordValues(
            draft,
            [{"insured_pct": 85.0, "max_payment_days": 90, "mep_days": 30}],
        )
        other = draft.copy(
            {"requested_amount": 250000.0, "request_type": "new", "insured_pct": 0.0}
        )
        self.assertEqual(self.dialogue(other).insured_pct, 85.0)
        self.assertEqual(other.previous_id, draft)

    def test_the_end_is_removed_from_a_raise(self):
        line = self.full_line()
        after = self.dialogue(line, change="raised", amount=150000.0, date_to=False)
        self.assertRecordValues(
            line + after,
            [
                {"date_to": date(2026, 9, 30), "state": "closed"},
                {"date_to": False, "state": "approved"},
            ],
        )

    def test_the_end_is_removed_by_a_prolongation(self):
        line = self.full_line()
        after = self.dialogue(line, change="prolonged", date_to=False)
        self.assertRecordValues(after, [{"amount": 100000.0, "date_to": False}])
        with self.assertRaisesRegex(UserError, "no end"):
            self.dialogue(after, change="prolonged", date_to="2027-12-31")

    def test_the_end_wished_for_is_removed_from_an_answer(self):
        limit = self.ask(100000.0, date_to="2026-12-31")
        self.dialogue(limit, date_to=False)
        self.assertRecordValues(limit, [{"state": "approved", "date_to": False}])

    def test_an_end_that_is_not_said_stays(self):
        """A service that says nothing of the end leaves the one asked for."""
        limit = self.ask(100000.0, date_to="2026-12-31")
        limit._record_decision("approved", date_to=None)
        self.assertEqual(limit.date_to, date(2026, 12, 31))
        with self.assertRaisesRegex(UserError, "a prolongation ends later"):
            limit._record_decision("prolonged")

    def test_a_temporary_limit_keeps_an_end(self):
        line = self.full_line(kind="temporary")
        with self.assertRaisesRegex(ValidationError, "needs the day"):
            line._record_decision("raised", amount=150000.0, date_to=False)
