from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditInsuranceCommon


@tagged("post_install", "-at_install")
class TestLimitBadInput(CreditInsuranceCommon):
    """Bad input gets a clear error and changes nothing."""

    def refuse(self, message, amount=1000.0, partner=None, **values):
        partner = partner or self.alfa
        before = self.env["credit.insurance.limit"].search_count([])
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            self.make_limit(partner, amount, **values)
        self.assertEqual(self.env["credit.insurance.limit"].search_count([]), before)

    def test_amounts_are_above_zero(self):
        self.refuse("above zero", 0.0)
        self.refuse("above zero", -1.0)
        self.refuse("above zero", 0.0, state="draft", requested_amount=0.0)
        self.refuse("above zero", 0.0, state="draft", requested_amount=-5.0)
        self.refuse("above zero", 0.0, state="requested", requested_amount=0.0)
        self.refuse("above zero", -5.0, state="refused")

    def test_dates_run_forward(self):
        self.refuse("Correct its dates", date_to="2025-12-31")
        self.refuse("Correct its dates", state="expired", date_to="2025-12-31")

    def test_days_of_a_decision_named_but_empty(self):
        """An import may name columns and leave them empty: as if it did not."""
        with freeze_time("2026-10-01 08:00:00"):
            line = self.make_limit(self.alfa, 1000.0, False)
            beta, gamma = self.make_buyer("BETA"), self.make_buyer("GAMMA")
            dated = self.make_limit(beta, 1000.0, decision_date=False)
            refused = self.make_limit(gamma, 0.0, False, state="refused")
        days = [(row.decision_date, row.date_from) for row in line + dated + refused]
        first, today = date(2026, 1, 1), date(2026, 10, 1)
        self.assertEqual(days, [(today, today), (first, first), (today, False)])
        buyers = self.alfa + beta + gamma
        found = line._in_force(buyers, today, self.company)
        self.assertEqual(
            [found[buyer][self.policy].state for buyer in buyers],
            ["in_force", "in_force", "refused"],
        )

    def test_no_decision_is_without_its_days(self):
        line = self.make_limit(self.alfa, 1000.0)
        refused = self.make_limit(self.make_buyer("BETA"), 0.0, state="refused")
        for row, name in (
            (line, "decision_date"),
            (line, "date_from"),
            (refused, "decision_date"),
        ):
            with (
                self.subTest(row=row, name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                row._store({name: False})
                row.flush_recordset()

    def test_temporary_limits_have_an_end(self):
        self.refuse("needs the day", kind="temporary")

    def test_limit_on_a_child_contact_names_the_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Purchasing", "parent_id": self.alfa.id}
        )
        self.refuse("choose ALFA", partner=contact)

    def test_buyer_of_a_company_that_is_not_insured(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        buyer = self.make_buyer("BETA", company_id=other.id)
        self.refuse("does not insure", partner=buyer)

    def test_overlapping_named_lines(self):
        self.make_limit(self.alfa, 100000.0, date_to="2026-06-30")
        self.refuse("already has the limit", date_from="2026-06-30")
        self.make_limit(self.alfa, 50000.0, date_from="2026-07-01")

    def test_lines_that_add_up_share_one_currency(self):
        self.make_limit(self.alfa, 100000.0)
        self.refuse(
            "cannot be added",
            kind="temporary",
            date_to="2026-12-31",
            currency_id=self.dollar.id,
        )

    def test_conditions_are_written_down_and_proved(self):
        self.refuse("Write down the conditions", state="conditional")
        self.refuse(
            "Attach the proof",
            state="conditional",
            conditions="Guarantee",
            conditions_met=True,
        )

    def test_terms_of_a_line(self):
        self.refuse("terms of the limit", insured_pct=110.0)
        self.refuse("terms of the limit", mep_days=-1)

    def test_decision_of_zero_is_refused_and_changes_nothing(self):
        first = self.make_limit(self.alfa, 100000.0)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            first._record_decision("reduced", amount=0.0, date_from="2026-10-01")
        self.assertRecordValues(first, [{"state": "approved", "date_to": False}])
        request = self.make_limit(
            self.make_buyer("BETA"), 0.0, state="requested", requested_amount=10.0
        )
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            request._record_decision("approved", amount=-1.0)
        self.assertEqual(request.state, "requested")
