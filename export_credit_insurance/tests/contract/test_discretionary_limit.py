from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestDiscretionaryLimit(CreditInsuranceCommon):
    """Proposed from experience, validated by a person (DOMAIN 1.6)."""

    def pay(self, invoice, day):
        receipt = self.make_receipt(invoice.partner_id, invoice.amount_residual, day)
        (invoice + receipt).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()

    def make_experience(self, name, highest, **values):
        """Two purchases, open together at the end of April, paid in time."""
        buyer = self.make_buyer(name, **values)
        for amount, day, due, paid in (
            (highest * 2 / 3, "2026-03-10", "2026-05-09", "2026-05-05"),
            (highest / 3, "2026-04-15", "2026-06-14", "2026-06-10"),
        ):
            self.pay(self.make_invoice(buyer, amount, day, due), paid)
        return buyer

    def propose(self):
        return self.env["credit.insurance.limit"]._propose_discretionary(self.policy)

    def in_force(self, buyer, day="2026-10-01"):
        found = self.env["credit.insurance.limit"]._in_force(
            buyer, date.fromisoformat(day), self.company
        )
        return found[buyer].get(self.policy)

    def test_buyer_b_experience_plus_uplift(self):
        """6 000 × 1.25 = 7 500 ≤ 10 000; covered 7 500 × 70 % = 5 250."""
        buyer = self.make_experience("B", 6000.0)
        proposal = self.propose()
        self.assertRecordValues(
            proposal,
            [
                {
                    "partner_id": buyer.id,
                    "kind": "discretionary",
                    "state": "draft",
                    "request_type": False,
                    "amount": 7500.0,
                    "computed_amount": 7500.0,
                    "justification_method": "history",
                    "date_to": date(2027, 9, 30),
                }
            ],
        )
        self.assertIn("6,000.00", proposal.evidence)
        self.assertEqual(self.in_force(buyer).amount, 0.0)
        proposal.action_validate()
        self.assertRecordValues(
            proposal,
            [
                {
                    "state": "approved",
                    "date_from": date(2026, 10, 1),
                    "decided_by_id": self.env.uid,
                }
            ],
        )
        limit = self.in_force(buyer)
        self.assertEqual((limit.amount, limit.state), (7500.0, "discretionary"))
        self.assertEqual(limit.amount * limit.percentage / 100, 5250.0)

    def test_buyer_c_is_capped(self):
        """18 000 × 1.25 = 22 500, at most 10 000; covered 7 000."""
        buyer = self.make_experience("C", 18000.0)
        proposal = self.propose()
        self.assertEqual(proposal.amount, 10000.0)
        proposal.action_validate()
        limit = self.in_force(buyer)
        self.assertEqual(limit.amount * limit.percentage / 100, 7000.0)

    def test_terms_of_the_policy(self):
        """6 000 open at the end of April, by two purchases, the last of 15 April: with
        10 % more 6 600, until six months from today; at most 5 000."""
        self.make_experience("Q", 6000.0)
        self.policy.write(
            {
                "dcl_uplift_pct": 10.0,
                "dcl_lookback_months": 6,
                "dcl_validity_months": 6,
                "dcl_min_purchases": 3,
            }
        )
        self.assertFalse(self.propose())
        self.policy.write({"dcl_min_purchases": 2, "dcl_lookback_months": 5})
        self.assertFalse(self.propose())
        self.policy.dcl_lookback_months = 6
        proposal = self.propose()
        self.assertEqual(
            (proposal.amount, proposal.date_to), (6600.0, date(2027, 3, 31))
        )
        proposal.unlink()
        self.policy.dcl_amount = 5000.0
        self.assertEqual(self.propose().amount, 5000.0)

    def test_buyer_d_refused_by_the_insurer(self):
        buyer = self.make_experience("D", 6000.0)
        self.make_limit(buyer, 0.0, "2026-09-01", state="refused")
        self.assertFalse(self.propose())
        self.assertEqual(self.in_force(buyer).amount, 0.0)

    def test_refusal_after_the_proposal_stops_the_validation(self):
        buyer = self.make_experience("D", 6000.0)
        proposal = self.propose()
        self.make_limit(buyer, 0.0, "2026-10-01", state="refused")
        with self.assertRaisesRegex(ValidationError, "refused or cancelled"):
            proposal.action_validate()

    def test_one_purchase_is_no_experience(self):
        buyer = self.make_buyer("E")
        self.pay(
            self.make_invoice(buyer, 6000.0, "2026-03-10", "2026-05-09"), "2026-05-05"
        )
        self.assertFalse(self.propose())

    def test_overdue_beyond_the_extension_period(self):
        """Due on 1 August: 61 days on 1 October, the extension period is 60."""
        buyer = self.make_experience("F", 6000.0)
        self.make_invoice(buyer, 100.0, "2026-07-01", "2026-08-01")
        self.assertFalse(self.propose())
        self.policy.mep_days = 61
        self.assertTrue(self.propose())

    def test_extension_period_of_the_country(self):
        """Due on 20 August: 42 days on 1 October, and Brazil has 41 or 42."""
        buyer = self.make_experience("R", 6000.0)
        self.make_invoice(buyer, 100.0, "2026-07-01", "2026-08-20")
        self.policy.country_term_ids = [
            Command.create({"country_id": buyer.country_id.id, "mep_days": 41})
        ]
        self.assertFalse(self.propose())
        self.policy.country_term_ids.mep_days = 42
        self.assertTrue(self.propose())

    def test_not_for_the_insolvent(self):
        buyer = self.make_experience("T", 6000.0)
        proposal = self.propose()
        insolvency = self.env["credit.insurance.insolvency"].create(
            {"partner_id": buyer.id, "judgment_date": "2026-10-01"}
        )
        with self.assertRaisesRegex(ValidationError, "insolvent"):
            proposal.action_validate()
        proposal.unlink()
        self.assertFalse(self.propose())
        # closed the day before: no more
        insolvency.write({"judgment_date": "2026-09-01", "date_end": "2026-09-30"})
        self.assertEqual(self.propose().partner_id, buyer)

    def test_not_while_cover_is_stopped(self):
        """Whatever the policy counts its extension period from, an overdue beyond it
        stops the cover; a stop that ended on 30 September no longer matters."""
        buyer = self.make_experience("U", 6000.0)
        other = self.make_policy(name="POL-27", number="POL-27")
        self.stop(buyer, other)
        proposal = self.propose()
        self.assertEqual(proposal.partner_id, buyer)
        stop = self.stop(buyer, self.policy)
        with self.assertRaisesRegex(ValidationError, "cover of U is stopped"):
            proposal.action_validate()
        proposal.unlink()
        self.assertFalse(self.propose())
        stop.date_to = "2026-09-30"
        self.assertEqual(self.propose().partner_id, buyer)

    def stop(self, buyer, policy):
        return self.env["credit.insurance.stop"].create(
            {
                "partner_id": buyer.id,
                "policy_id": policy.id,
                "cause": "overdue",
                "date_from": "2026-09-15",
            }
        )

    def test_not_in_a_country_off_cover(self):
        buyer = self.make_experience("G", 6000.0)
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": buyer.country_id.id, "cover_status": "off_cover"}
            )
        ]
        self.assertFalse(self.propose())

    def test_not_where_a_limit_is_in_force(self):
        buyer = self.make_experience("H", 6000.0)
        self.make_limit(buyer, 5000.0)
        self.assertFalse(self.propose())

    def test_not_for_private_persons_the_policy_excludes(self):
        self.make_experience("I", 6000.0, is_company=False)
        self.assertFalse(self.propose())

    def test_proposed_once(self):
        self.make_experience("J", 6000.0)
        proposal = self.propose()
        self.assertEqual(len(proposal), 1)
        self.assertFalse(self.propose())
        proposal.action_dismiss()
        self.assertFalse(self.propose())
        self.assertEqual(proposal.state, "refused")

    def test_dismissed_without_an_end(self):
        """Entered by hand without an end: silent for twelve months, and the job goes on
        for the others."""
        buyer = self.make_experience("N", 6000.0)
        draft = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": buyer.id,
                "kind": "discretionary",
                "amount": 5000.0,
            }
        )
        draft.action_dismiss()
        self.assertEqual(draft.date_to, date(2027, 9, 30))
        other = self.make_experience("O", 6000.0)
        self.assertEqual(self.propose().partner_id, other)

    def test_dismissed_elsewhere_without_an_end(self):
        """An import of decisions has no end for it: it silences nothing."""
        buyer = self.make_experience("P", 6000.0)
        self.make_limit(buyer, 0.0, kind="discretionary", state="refused")
        self.assertEqual(self.propose().partner_id, buyer)

    def test_renewed_before_it_ends(self):
        buyer = self.make_experience("K", 6000.0)
        self.make_limit(buyer, 5000.0, kind="discretionary", date_to="2026-10-20")
        proposal = self.propose()
        self.assertEqual(proposal.amount, 7500.0)
        proposal.action_validate()
        lines = buyer.insured_limit_line_ids.sorted("id")
        self.assertEqual(lines[0].date_to, date(2026, 9, 30))
        self.assertEqual(lines[0].state, "closed")

    def test_not_more_than_experience_justifies(self):
        self.make_experience("L", 6000.0)
        proposal = self.propose()
        proposal.amount = 7500.01
        with self.assertRaisesRegex(ValidationError, "at most"):
            proposal.action_validate()
        proposal.amount = 7000.0
        proposal.action_validate()
        self.assertEqual(proposal.amount, 7000.0)

    def test_credit_report_needs_its_evidence(self):
        line = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "kind": "discretionary",
                "amount": 10000.0,
                "justification_method": "report",
                "date_to": "2027-03-31",
            }
        )
        with self.assertRaises(ValidationError):
            line.action_validate()
        line.proof_ids = self.env["ir.attachment"].create(
            {"name": "report.pdf", "raw": b"x"}
        )
        line.action_validate()
        self.assertEqual(line.state, "approved")

    def test_requests_are_not_validated(self):
        line = self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "requested_amount": 10000.0,
            }
        )
        with self.assertRaises(UserError):
            line.action_validate()

    def test_nightly_job(self):
        buyer = self.make_experience("M", 6000.0)
        cron = self.env.ref(
            "export_credit_insurance.credit_insurance_limit_cron_propose_discretionary"
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(buyer.insured_limit_line_ids.amount, 7500.0)
