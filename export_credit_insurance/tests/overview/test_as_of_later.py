from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .as_of_common import AsOfCommon


@freeze_time("2026-10-01 12:00:00")
@tagged("post_install", "-at_install")
class TestAsOfLater(AsOfCommon):
    """What happened after the day is not of that day, kind by kind."""

    def test_receipt_matched_later(self):
        """Received on 15 May, matched with an invoice of June: a credit on 31 May."""
        receipt = self.make_receipt(self.alfa, 8000.0, day="2026-05-15")
        invoice = self.make_invoice(self.alfa, 20000.0, day="2026-06-20")
        self.match(receipt, invoice)
        self.assertRow(
            self.alfa, "2026-05-31", receivable=0.0, unallocated=-8000.0, covered=0.0
        )
        self.assertRow(
            self.alfa,
            "2026-06-30",
            receivable=12000.0,
            unallocated=0.0,
            overdue_000=12000.0,
        )

    def test_entry_that_is_not_posted(self):
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 5000.0, day="2026-03-01", post=False)
        self.assertRow(self.alfa, "2026-04-30", exposure=0.0)

    # ------------------------------------------------- what has a day of its own

    def test_dispute(self):
        """Contested from 1 April to 1 June: not eligible in between."""
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-08-20"
        )
        dispute = self.env["credit.followup.dispute"].create(
            {"move_id": invoice.id, "amount": 4000.0, "date": "2026-04-01"}
        )
        with freeze_time("2026-06-01 12:00:00"):
            dispute.outcome = "withdrawn"
            dispute.action_settle()
        for day, eligible in (
            ("2026-03-31", 10000.0),
            ("2026-04-01", 6000.0),
            ("2026-05-31", 6000.0),
            ("2026-06-01", 10000.0),
        ):
            self.assertRow(
                self.alfa, day, exposure=10000.0, eligible=eligible, overdue_000=10000.0
            )

    def test_security_that_has_expired_since(self):
        """2 000 of 5 000 secured until 30 April: 3 000 × 90 %, then 5 000 × 90 %."""
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 5000.0, day="2026-03-01", due="2026-06-01")
        security = self.env["credit.insurance.security"].create(
            {
                "name": "G-1",
                "kind": "bank_guarantee",
                "partner_id": self.alfa.id,
                "company_id": self.company.id,
                "currency_id": self.euro.id,
                "amount": 2000.0,
                "date_from": "2026-01-01",
                "date_to": "2026-04-30",
                "is_general": True,
                "state": "active",
            }
        )
        self.expire_securities()
        self.assertEqual(security.state, "closed")
        for day, covered in (("2026-04-30", 2700.0), ("2026-05-01", 4500.0)):
            self.assertRow(
                self.alfa, day, exposure=5000.0, covered=covered, overdue_000=5000.0
            )

    def test_sold_without_recourse(self):
        """The factor's loss from 1 May to 30 June, when the invoice is handed back."""
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(self.alfa, 10000.0, day="2026-03-01")
        sale = self.env["credit.insurance.assignment"].create(
            {
                "move_id": invoice.id,
                "factor_id": self.make_buyer("Factor").id,
                "recourse": "without",
                "date": "2026-05-01",
            }
        )
        for day, exposure in (("2026-04-30", 10000.0), ("2026-05-01", 0.0)):
            self.assertRow(self.alfa, day, exposure=exposure, overdue_000=exposure)
        self.assertRow(self.alfa, self.today, exposure=0.0)
        sale.date_end = "2026-06-30"
        for day, exposure in (("2026-06-29", 0.0), ("2026-06-30", 10000.0)):
            self.assertRow(self.alfa, day, exposure=exposure, overdue_000=exposure)

    def test_stop_that_ended_later(self):
        """Stopped from 1 April to 31 May: reinstated afterwards, not on 30 April."""
        self.policy.stop_reinstates = True
        self.make_limit(self.alfa, 100000.0)
        self.make_invoice(self.alfa, 10000.0, day="2026-04-10", due="2026-09-01")
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "date_from": "2026-04-01",
                "date_to": "2026-05-31",
                "cause": "insurer",
            }
        )
        self.assertRow(
            self.alfa,
            "2026-04-30",
            covered=0.0,
            uninsured=10000.0,
            overdue_000=10000.0,
            cover_state="stopped",
        )
        self.assertEqual(self.ageing(self.alfa, "2026-04-30").insurance, "stopped")
        self.assertRow(
            self.alfa,
            "2026-06-01",
            covered=9000.0,
            overdue_000=10000.0,
            cover_state="ok",
        )

    def test_stop_by_an_instalment_paid_later(self):
        """Due 10 January, extension ends 11 March; paid on 5 May.

        On 30 April cover is stopped since 12 March, and what left on 20 April is not
        insured; on 31 May new shipments are insured again, that one is not.
        """
        self.make_limit(self.alfa, 100000.0)
        late = self.make_invoice(self.alfa, 10000.0, day="2026-01-02", due="2026-01-10")
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": "2026-03-12",
                "cause": "overdue",
                "move_line_id": late.line_ids.filtered("date_maturity").id,
            }
        )
        self.make_invoice(self.alfa, 3000.0, day="2026-04-20", due="2026-10-10")
        self.match(self.make_receipt(self.alfa, 10000.0, day="2026-05-05"), late)
        self.assertRow(
            self.alfa,
            "2026-04-30",
            exposure=13000.0,
            covered=9000.0,
            uninsured=3000.0,
            overdue_000=3000.0,
            overdue_091=10000.0,
            cover_state="stopped",
            stop_date=date(2026, 3, 12),
        )
        self.assertRow(
            self.alfa,
            "2026-05-31",
            exposure=3000.0,
            covered=0.0,
            overdue_000=3000.0,
            cover_state="ok",
        )

    def test_extension_agreed_later(self):
        """Due 1 April, extension period until 31 May; agreed on 1 July until 30 July.

        On 15 June cover was stopped since 1 June; on 15 July it no longer is.
        """
        self.make_limit(self.alfa, 100000.0)
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-04-01"
        )
        self.env["credit.insurance.extension"].create(
            {
                "move_line_id": invoice.line_ids.filtered("date_maturity").id,
                "extension_until": "2026-07-30",
                "agreement_ref": "E-1",
                "agreed_on": "2026-07-01",
            }
        )
        row = self.assertRow(self.alfa, "2026-06-15", overdue_061=10000.0)
        self.assertEqual(
            (row.cover_state, row.stop_date), ("stopped", date(2026, 6, 1))
        )
        row = self.assertRow(self.alfa, "2026-07-15", overdue_091=10000.0)
        self.assertFalse(row.stop_date)
        self.assertNotEqual(row.cover_state, "stopped")

    def test_request_answered_later(self):
        self.make_invoice(self.alfa, 10000.0, day="2026-03-01")
        self.make_limit(
            self.alfa,
            50000.0,
            date_from="2026-05-10",
            request_date="2026-04-20",
            decision_date="2026-05-10",
        )
        for day, state in (
            ("2026-04-10", "none"),
            ("2026-04-30", "requested"),
            ("2026-05-10", "in_force"),
        ):
            self.assertRow(self.alfa, day, limit_state=state, overdue_000=10000.0)

    def test_conditions_met_later(self):
        self.make_invoice(self.alfa, 10000.0, day="2026-04-01", due="2026-09-01")
        proof = self.env["ir.attachment"].create({"name": "guarantee.pdf"})
        self.make_limit(
            self.alfa,
            50000.0,
            date_from="2026-03-01",
            state="conditional",
            conditions="Guarantee",
            proof_ids=[Command.set(proof.ids)],
            conditions_met=True,
            conditions_met_on="2026-05-15",
        )
        self.assertRow(self.alfa, "2026-04-30", covered=0.0, overdue_000=10000.0)
        self.assertRow(self.alfa, "2026-05-15", covered=9000.0, overdue_000=10000.0)

    def test_shipped_later(self):
        """Invoiced on 1 March, shipped on 10 June under a limit that was cut on 1 May.

        Until the goods leave, the invoice's day counts.
        """
        self.make_limit(self.alfa, 100000.0, date_to="2026-04-30", state="closed")
        self.make_limit(self.alfa, 5000.0, date_from="2026-05-01")
        invoice = self.make_invoice(
            self.alfa, 10000.0, day="2026-03-01", due="2026-08-20"
        )
        invoice.credit_shipment_date = "2026-06-10"
        self.assertRow(self.alfa, "2026-05-31", covered=9000.0, overdue_000=10000.0)
        self.assertRow(self.alfa, "2026-06-30", covered=4500.0, overdue_000=10000.0)

    # ------------------------------------------------------------ the dialogue
