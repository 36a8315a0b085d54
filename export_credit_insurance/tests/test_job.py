"""What fails in a job keeps nothing else waiting."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, models
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.export_credit_insurance.models.job import attempt, do_each

from .common import CreditInsuranceCommon

LOGGER = "odoo.addons.export_credit_insurance.models.job"
#: job, model, and what it does for each company or policy
JOBS = [
    (
        "credit_insurance_policy_cron_renew",
        "credit.insurance.policy",
        "_renew_or_close",
    ),
    ("ir_cron_remind_deadlines", "credit.insurance.deadline.reminder", "_remind"),
    (
        "ir_cron_prepare_declarations",
        "credit.insurance.declaration",
        "_prepare_ended",
    ),
    (
        "ir_cron_record_overdue_stops",
        "credit.insurance.stop",
        "_record_overdue_stops",
    ),
    (
        "credit_insurance_limit_cron_propose_discretionary",
        "credit.insurance.limit",
        "_propose_discretionary",
    ),
    (
        "ir_cron_remind_buyer_reviews",
        "credit.insurance.buyer.review.reminder",
        "_remind",
    ),
    ("ir_cron_credit_band_move", "credit.insurance.band.move", "_record_company"),
    (
        "ir_cron_record_payment_experience",
        "credit.insurance.payment.experience",
        "_behaviours",
    ),
]


@tagged("post_install", "-at_install")
class TestJob(CreditInsuranceCommon):
    """Three buyers, or three insured companies: the one in the middle fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.alfa + cls.make_buyer("BETA") + cls.make_buyer("GAMMA")

    def in_job(self, work):
        """Call it with an environment whose transactions are those of a job."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            result = work(api.Environment(cr, SUPERUSER_ID, {}))
        self.env.invalidate_all()
        return result

    def test_the_others_get_theirs(self):
        def mark(buyer):
            buyer.ref = "seen"
            if buyer.name == "BETA":
                raise ValueError("broken")

        with self.assertLogs(LOGGER, "ERROR") as logs:
            self.in_job(lambda env: do_each(env, self.buyers.with_env(env), mark))
        self.assertEqual(self.buyers.mapped("ref"), ["seen", False, "seen"])
        self.assertEqual(len(logs.output), 1)
        self.assertIn("mark of (res.partner(", logs.output[0])

    def test_what_is_written_late_fails_on_its_item(self):
        """A value that the database refuses when it is flushed: the last one's."""

        def mark(buyer):
            if buyer.name == "GAMMA":
                buyer.country_id = 987654321
            buyer.ref = "seen"

        with mute_logger(LOGGER, "odoo.sql_db"):
            self.in_job(lambda env: do_each(env, self.buyers.with_env(env), mark))
        self.assertEqual(self.buyers.mapped("ref"), ["seen", "seen", False])

    def test_who_was_faster_is_waited_for(self):
        """Twice too late, then it goes; three times too late, it is left."""
        calls = []

        def late(times):
            calls.append(times)
            if calls.count(times) <= times:
                raise SerializationFailure

        self.assertIs(self.in_job(lambda env: attempt(env, late, 2)), True)
        self.assertEqual(calls, [2, 2, 2])
        with self.assertLogs(LOGGER, "WARNING"):
            self.assertIsNone(self.in_job(lambda env: attempt(env, late, 3)))
        self.assertEqual(calls, [2, 2, 2, 3, 3, 3])

    def test_what_it_returns(self):
        for result, expected in ((None, True), (False, False), (0, 0), (7, 7)):
            found = self.in_job(lambda env, r=result: attempt(env, lambda: r))
            self.assertEqual(found, expected)

    def test_no_time_left(self):
        seen = []
        times = iter([5.0, 3.0, 0.0])
        with patch.object(
            self.registry["ir.cron"],
            "_commit_progress",
            lambda *_args, **_values: next(times),
        ):
            do_each(self.env, [1, 2, 3], seen.append)
        self.assertEqual(seen, [1, 2])

    def test_each_job(self):
        """Each of three companies has a policy; the job fails on the second."""
        self.make_policies()
        self.env["credit.insurance.policy"].search([]).write(
            {"declaration_period": "quarter"}
        )
        for xmlid, model, method in JOBS:
            with self.subTest(job=xmlid), mute_logger(LOGGER):
                self.assertEqual(len(self.run_failing(xmlid, model, method)), 3)

    def make_policies(self):
        """Return three policies, each of a company of its own."""
        policies = self.policy
        for name in ("Second", "Third"):
            company = self.env["res.company"].create({"name": name})
            policies += self.make_policy(company, name=f"POL-{name}")
        return policies

    def test_limits_that_end(self):
        """A line of each policy has ended; the job fails on the second."""
        lines = self.env["credit.insurance.limit"]
        for policy in self.make_policies():
            lines += self.make_limit(
                self.alfa, 1000.0, date_to="2026-01-31", policy=policy
            )
        job = ("credit_insurance_limit_cron_expire", lines._name, "_expire")
        with mute_logger(LOGGER):
            self.assertEqual(len(self.run_failing(*job)), 3)
        self.assertEqual(
            sorted(lines.mapped("state")), ["approved", "expired", "expired"]
        )

    def test_securities_that_end(self):
        securities = self.env["credit.insurance.security"]
        for company in self.make_policies().company_ids:
            securities += securities.create(
                {
                    "name": "Guarantee",
                    "kind": "bank_guarantee",
                    "partner_id": self.alfa.id,
                    "company_id": company.id,
                    "amount": 1000.0,
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                    "state": "active",
                }
            )
        job = ("credit_insurance_security_cron_expire", securities._name, "write")
        with mute_logger(LOGGER):
            self.assertEqual(len(self.run_failing(*job)), 3)
        self.assertEqual(
            sorted(securities.mapped("state")), ["active", "closed", "closed"]
        )

    def test_scores_that_are_too_old(self):
        """Of a person in three companies, beyond the months that these keep them."""
        person = self.env["res.partner"].create({"name": "Ana Silva"})
        ratings = self.env["credit.insurance.buyer.rating"]
        for company in self.make_policies().company_ids:
            ratings += ratings.create(
                {
                    "partner_id": person.id,
                    "source_id": self.env.ref(
                        "export_credit_insurance.credit_insurance_rating_source_creditsafe"
                    ).id,
                    "company_id": company.id,
                    "value": 62,
                    "date": "2015-06-14",
                }
            )
        job = ("ir_cron_purge_persons", ratings._name, "_purge_persons_of")
        with mute_logger(LOGGER):
            self.assertGreaterEqual(len(self.run_failing(*job)), 3)
        self.assertEqual(len(ratings.exists()), 1)

    def run_failing(self, xmlid, model, method):
        """Run a job that fails on the second of its pieces.

        :return: ids of the records whose turn it was, piece by piece
        """
        seen = []
        original = getattr(self.registry[model], method)

        def broken(records, *args, **values):
            given = [arg for arg in args if isinstance(arg, models.BaseModel)]
            item = (given or [records])[0]
            if item.ids not in seen:
                seen.append(item.ids)
            if len(seen) == 2 and item.ids == seen[1]:
                raise ValueError("broken")
            return original(records, *args, **values)

        with patch.object(self.registry[model], method, broken):
            self.run_job(xmlid)
        return seen
