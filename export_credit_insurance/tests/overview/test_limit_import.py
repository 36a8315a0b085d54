from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .limit_import_common import LimitImportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01")
class TestLimitImport(LimitImportCommon):
    """What a file of decisions does: shown first, then done, once."""

    # ------------------------------------------------------------- decisions

    def test_each_kind_of_decision(self):
        """New, raised, reduced, cancelled, refused, on conditions, unchanged."""
        buyers = {}
        for name, amount in {
            "NEW": 0,
            "UP": 40000,
            "DOWN": 80000,
            "END": 60000,
            "NO": 0,
            "IF": 0,
            "SAME": 50000,
            "LONGER": 50000,
        }.items():
            buyers[name] = self.make_buyer(name, ref=name)
            if amount:
                self.make_limit(buyers[name], amount)
        run = self.check(
            *(
                self.row(our_ref=name, name=name, insurer_buyer_id=f"X-{name}", **more)
                for name, more in {
                    "NEW": {},
                    "UP": {},
                    "DOWN": {"decision": "reduction", "effective_date": "2026-10-05"},
                    "END": {"decision": "cancellation", "granted_amount": "0"},
                    "NO": {"decision": "not_approved", "granted_amount": ""},
                    "IF": {"decision": "conditional", "conditions": "Balance sheet"},
                    "SAME": {},
                    "LONGER": {"expiry_date": "2026-12-31"},
                }.items()
            )
        )
        expected = {
            "NEW": "new",
            "UP": "raised",
            "DOWN": "reduced",
            "END": "cancelled",
            "NO": "refused",
            "IF": "conditional",
            "SAME": "unchanged",
            "LONGER": "changed",
        }
        found = {line.partner_id.name: line.outcome for line in run.line_ids}
        self.assertEqual(found, expected, run.line_ids.mapped("message"))
        self.assertEqual((run.state, run.blocking_count), ("checked", 0))
        self.assertEqual((run.change_count, run.unchanged_count), (7, 1))
        # nothing is written before it is applied: the five lines made above
        self.assertEqual(len(self.Limit.search([])), 5)
        run.action_apply()
        self.assertEqual((run.state, run.applied_by_id), ("applied", self.env.user))
        down, cut = self.lines_of(buyers["DOWN"])
        self.assertRecordValues(
            down + cut,
            [
                {
                    "state": "reduced",
                    "amount": 80000.0,
                    "date_to": self.day("2026-10-04"),
                    "source": "manual",
                },
                {
                    "state": "approved",
                    "amount": 50000.0,
                    "date_to": False,
                    "source": "import",
                },
            ],
        )
        self.assertEqual((cut.previous_id, cut.request_type), (down, "reduce"))
        self.assertEqual(cut.insurer_buyer_ref, "X-DOWN")
        ended = self.lines_of(buyers["END"])
        self.assertRecordValues(
            ended,
            [
                {
                    "state": "cancelled",
                    "amount": 60000.0,
                    "cancelled_by": "insurer",
                    "end_decision_date": self.day("2026-09-20"),
                    "date_to": self.day("2026-09-19"),
                }
            ],
        )
        self.assertRecordValues(
            self.lines_of(buyers["NO"]),
            [{"state": "refused", "amount": 0.0, "request_type": "new"}],
        )
        waits = self.lines_of(buyers["IF"])
        self.assertEqual(
            (waits.state, waits.conditions), ("conditional", "Balance sheet")
        )
        self.assertEqual(len(self.lines_of(buyers["SAME"])), 1)

    def test_what_the_file_does_not_say_goes_on(self):
        """85 %, 90 and 45 days of the limit, and the insurer's number of the buyer."""
        terms = {"insured_pct": 85.0, "max_payment_days": 90, "mep_days": 45}
        self.make_limit(self.alfa, 80000.0, insurer_buyer_ref="A-1", **terms)
        self.make_limit(self.make_buyer("BETA", ref="BETA"), 80000.0, mep_days=45)
        beta = {"our_ref": "BETA", "name": "BETA", "insurer_buyer_id": ""}
        run = self.check(self.row(), self.row(**beta))
        self.assertEqual(self.outcomes(run), ["reduced", "reduced"])
        run.action_apply()
        self.assertRecordValues(
            run.line_ids.limit_id,
            [
                {"amount": 50000.0, "insurer_buyer_ref": "A-1", **terms},
                {
                    "amount": 50000.0,
                    "insurer_buyer_ref": False,
                    "insured_pct": 0.0,
                    "max_payment_days": 0,
                    "mep_days": 45,
                },
            ],
        )

    def test_again_changes_nothing(self):
        self.alfa.ref = "A"
        rows = [self.row(our_ref="A")]
        self.check(*rows).action_apply()
        again = self.check(*rows)
        self.assertEqual(self.outcomes(again), ["unchanged"])
        self.assertEqual(again.line_ids.current_amount, 50000.0)
        again.action_apply()
        self.assertEqual(len(self.lines_of(self.alfa)), 1)

    def test_again_after_a_later_decision(self):
        """What history has is not recorded a second time, nor does it come back."""
        self.alfa.ref = "A"
        rows = [self.row(our_ref="A")]
        self.check(*rows).action_apply()
        later = self.row(decision_date="2026-09-25", granted_amount="20000")
        self.check(later).action_apply()
        run = self.check(*rows)
        self.assertEqual(self.outcomes(run), ["unchanged"])
        # what is in force: 20 000, not the 50 000 of the row
        self.assertEqual(run.line_ids.current_amount, 20000.0)

    def test_older_than_what_is_recorded(self):
        self.make_limit(self.alfa, 20000.0, "2026-09-25", insurer_buyer_ref="A-1")
        run = self.check(self.row(), file_date="2026-09-21")
        self.assertEqual(self.outcomes(run), ["older"])
        self.assertEqual(run.line_ids.current_amount, 20000.0)
        self.assertIn("09/25/2026", run.line_ids.message)
        run.action_apply()
        self.assertEqual(self.lines_of(self.alfa).amount, 20000.0)

    def test_before_is_what_is_in_force(self):
        """A limit that begins on 1 November is said again: 50 000; one that was
        cancelled and is said again: nothing is in force."""
        self.alfa.ref = "A"
        later = self.row(our_ref="A", effective_date="2026-11-01")
        self.check(later).action_apply()
        again = self.check(later)
        self.assertEqual(self.outcomes(again), ["unchanged"])
        self.assertEqual(again.line_ids.current_amount, 50000.0)
        end = self.row(
            our_ref="A",
            decision="cancellation",
            granted_amount="0",
            decision_date="2026-09-25",
        )
        self.check(end).action_apply()
        again = self.check(end)
        self.assertEqual(self.outcomes(again), ["unchanged"])
        self.assertEqual(again.line_ids.current_amount, 0.0)

    def test_same_day_in_an_older_file(self):
        """Two decisions of one day: the later file counts, whichever comes first."""
        self.alfa.ref = "A"
        first = self.row(our_ref="A")
        second = self.row(our_ref="A", granted_amount="30000")
        self.check(second, file_date="2026-09-22").action_apply()
        run = self.check(first, file_date="2026-09-21")
        self.assertEqual(self.outcomes(run), ["older"])

    def test_history_in_one_file(self):
        """Decisions on one buyer are applied in their order, whatever their lines."""
        self.alfa.ref = "A"
        run = self.check(
            self.row(our_ref="A", decision_date="2026-09-10", granted_amount="30000"),
            self.row(our_ref="A", decision_date="2026-08-01", granted_amount="80000"),
        )
        self.assertEqual(self.outcomes(run), ["reduced", "new"])
        run.action_apply()
        # 80 000 from 1 August to 9 September, then 30 000
        self.assertRecordValues(
            self.lines_of(self.alfa),
            [
                {"amount": 80000.0, "date_to": self.day("2026-09-09")},
                {"amount": 30000.0, "date_to": False},
            ],
        )

    def test_rows_that_contradict_each_other(self):
        self.alfa.ref = "A"
        run = self.check(
            self.row(our_ref="A"),
            self.row(our_ref="A"),
            self.row(our_ref="A", granted_amount="60000"),
        )
        self.assertEqual(self.outcomes(run), ["error", "unchanged", "error"])
        self.assertIn("2", run.line_ids[2].message)
        with self.assertRaises(UserError):
            run.action_apply()

    def test_request_is_answered(self):
        request = self.Limit.create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "requested_amount": 70000.0,
                "insurer_buyer_ref": "A-1",
                "request_date": "2026-09-01",
                "state": "requested",
            }
        )
        self.check(self.row()).action_apply()
        # 50 000 of 70 000
        self.assertRecordValues(
            self.lines_of(self.alfa),
            [{"id": request.id, "state": "partial", "amount": 50000.0}],
        )
        self.assertEqual(request.source, "import")

    def test_refused_increase_leaves_the_limit(self):
        limit = self.make_limit(self.alfa, 20000.0, insurer_buyer_ref="A-1")
        run = self.check(
            self.row(
                decision="not_approved", granted_amount="0", request_type="increase"
            )
        )
        run.action_apply()
        self.assertEqual((limit.state, limit.date_to), ("approved", False))
        self.assertEqual(self.outcomes(run), ["refused"])

    def test_zero_takes_the_limit_away(self):
        limit = self.make_limit(self.alfa, 20000.0, insurer_buyer_ref="A-1")
        run = self.check(self.row(decision="not_approved", granted_amount="0"))
        self.assertEqual(self.outcomes(run), ["cancelled"])
        run.action_apply()
        self.assertEqual(limit.state, "cancelled")

    def test_file_without_days_of_decisions(self):
        """Its own day stands for them; the next one repeats nothing."""
        self.alfa.ref = "A"
        beta = self.make_buyer("BETA", ref="B")
        self.make_limit(beta, 20000.0)
        gamma = self.make_buyer("GAMMA", ref="C")
        rows = [
            self.row(our_ref="A", decision_date="", effective_date="2026-10-20"),
            self.row(
                our_ref="B",
                insurer_buyer_id="B-1",
                decision_date="",
                decision="cancellation",
                granted_amount="",
            ),
            self.row(
                our_ref="C",
                insurer_buyer_id="C-1",
                decision_date="",
                decision="not_approved",
                granted_amount="",
            ),
        ]
        first = self.check(*rows, file_date="2026-09-28")
        self.assertEqual(self.outcomes(first), ["new", "cancelled", "refused"])
        first.action_apply()
        self.assertEqual(self.lines_of(self.alfa).date_from, self.day("2026-10-20"))
        self.assertEqual(self.lines_of(beta).date_to, self.day("2026-09-27"))
        self.assertEqual(self.lines_of(gamma).decision_date, self.day("2026-09-28"))
        second = self.check(*rows, file_date="2026-09-30")
        self.assertEqual(self.outcomes(second), ["unchanged"] * 3)

    def test_amounts_in_thousands(self):
        self.alfa.ref = "A"
        self.profile.write({"multiplier": 1000, "decimal_mark": "comma"})
        run = self.check(self.row(our_ref="A", granted_amount="12,5"))
        # 12.5 k€
        self.assertEqual(run.line_ids.amount, 12500.0)

    def test_absent_limits_are_reported(self):
        limit = self.make_limit(self.make_buyer("GONE"), 20000.0)
        self.alfa.ref = "A"
        run = self.check(self.row(our_ref="A"))
        self.assertEqual(run.absent_count, 1)
        self.assertEqual(run.action_open_absent()["domain"], [("id", "in", limit.ids)])
        run.action_apply()
        self.assertEqual((limit.state, limit.date_to), ("approved", False))

    # ------------------------------------------------------------- at scale

    def count_queries(self, number):
        run = self.make_import(
            *(
                self.row(our_ref=f"Q{number}-{i}", insurer_buyer_id=f"Q{number}-{i}")
                for i in range(number)
            )
        )
        for i in range(number):
            buyer = self.make_buyer(f"Q{number}-{i}", ref=f"Q{number}-{i}")
            if i % 2:
                self.make_limit(buyer, 80000.0)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_check()
        checked = self.env.cr.sql_log_count - before
        run.action_apply()
        self.env.flush_all()
        self.assertEqual(run.change_count, number)
        return checked, self.env.cr.sql_log_count - before - checked

    def test_queries_do_not_depend_on_rows(self):
        few = self.count_queries(2)
        many = self.count_queries(50)
        for before, after in zip(few, many, strict=True):
            self.assertLessEqual(after, before + 10)

    def test_large_file_is_left_to_the_job(self):
        """1 100 new limits: checked by the job, which tells how far it is, and applied
        by it in the name of who asked."""
        names = [f"J{number}" for number in range(1100)]
        self.env["res.partner"].create(
            [{"name": name, "ref": name, "is_company": True} for name in names]
        )
        # comments make it more than 100 000 bytes
        rows = [
            self.row(our_ref=n, insurer_buyer_id=n, reason_text=n * 5) for n in names
        ]
        run = self.make_import(*rows, user=self.controller)
        run.action_check()
        self.assertEqual((run.state, run.is_checking), ("draft", True))
        # the job reads batch by batch: no other file may take its place meanwhile
        with self.assertRaises(UserError):
            run.write({"file": "YQ=="})
        with self.assertRaises(UserError):
            run.unlink()
        self.run_job()
        self.assertEqual(
            (run.state, run.progress, run.new_count), ("checked", 100, 1100)
        )
        run.action_apply()
        self.assertEqual((run.state, run.is_applying), ("checked", True))
        with self.assertRaises(UserError):
            run.unlink()
        self.run_job()
        self.assertEqual((run.state, run.applied_by_id), ("applied", self.controller))
        self.assertEqual(len(self.Limit.search([])), 1100)
        self.assertEqual(run.line_ids.limit_id, self.Limit.search([]))

    def test_form(self):
        with Form(self.Import) as form:
            form.profile_id = self.profile
            form.file = "YQ=="
        run = form.save()
        self.assertEqual(run.state, "draft")
