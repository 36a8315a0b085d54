from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import CreditInsuranceCommon

MARCH, JUNE, JULY = date(2026, 3, 10), date(2026, 6, 30), date(2026, 7, 1)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 08:00:00")
class TestPolicyDated(CreditInsuranceCommon):
    """Rows of the schedule hold between two days, and their changes are told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.zone = cls.env["credit.insurance.zone"].search([], limit=1)

    def term(self, **values):
        self.policy.country_term_ids = [
            Command.create({"country_id": self.brazil.id, **values})
        ]
        return self.policy.country_term_ids.sorted("id")[-1]

    def percentages(self, *days, **values):
        return [
            self.policy._insured_percentage("named", self.brazil, day=day, **values)
            for day in days
        ]

    def refuse(self, message, **values):
        with (
            self.subTest(**values),
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            self.policy.write(values)

    def test_brazil_from_90_to_80(self):
        self.term(insured_pct_named=91.0, date_to="2026-06-30")
        self.term(insured_pct_named=80.0, date_from="2026-07-01")
        self.assertEqual(self.percentages(MARCH, JUNE, JULY), [91.0, 91.0, 80.0])
        # what holds on every day: the policy's 90 %
        self.assertEqual(self.percentages(None), [90.0])

    def test_percentage_of_the_table(self):
        self.policy.percentage_ids = [
            Command.create({"percentage": 95.0, "date_to": "2026-06-30"}),
            Command.create({"percentage": 85.0, "date_from": "2026-07-01"}),
            Command.create(
                {
                    "percentage": 75.0,
                    "country_id": self.brazil.id,
                    "date_from": "2026-06-30",
                    "date_to": "2026-06-30",
                }
            ),
        ]
        self.assertEqual(self.percentages(MARCH, JUNE, JULY), [95.0, 75.0, 85.0])

    def test_zone_where_the_country_has_no_row_that_day(self):
        self.term(country_id=False, zone_id=self.zone.id, insured_pct_named=70.0)
        self.term(insured_pct_named=80.0, date_from="2026-07-01")
        self.assertEqual(self.percentages(JUNE, JULY, zone=self.zone), [70.0, 80.0])

    def test_rows_for_the_same_do_not_overlap(self):
        self.term(insured_pct_named=91.0, date_to="2026-06-30")
        for values in (
            {"date_from": "2026-06-30"},
            {"date_from": "2026-01-01", "date_to": "2026-02-01"},
            {"date_from": "2025-01-01"},
        ):
            self.refuse(
                "two rows for Brazil that hold at the same time",
                country_term_ids=[
                    Command.create({"country_id": self.brazil.id, **values})
                ],
            )
        later = self.term(date_from="2026-07-01")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            later.date_from = "2026-06-30"
        # another place, another time of the zone: nothing to do with it
        self.term(country_id=self.env.ref("base.de").id)
        self.term(country_id=False, zone_id=self.zone.id)

    def test_percentages_for_the_same_do_not_overlap(self):
        row = {"percentage": 85.0, "country_id": self.brazil.id}
        self.policy.percentage_ids = [
            Command.create({**row, "date_from": "2026-01-01", "date_to": "2026-06-30"})
        ]
        self.refuse(
            "two rows for Named limit, Commercial, Brazil",
            percentage_ids=[Command.create({**row, "date_from": "2026-06-30"})],
        )
        self.policy.percentage_ids = [
            Command.create({**row, "date_from": "2026-06-30", "cause": "political"}),
            Command.create({**row, "date_from": "2026-06-30", "cover_kind": "topup"}),
            Command.create({**row, "date_from": "2026-07-01"}),
        ]

    def test_one_start_is_taken_once(self):
        """Two managers at one time: the database refuses the second."""
        self.term(date_from="2026-07-01")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.term(date_from="2026-07-01")

    def test_dates_run_forward(self):
        self.refuse(
            "before it starts",
            country_term_ids=[
                Command.create(
                    {
                        "country_id": self.brazil.id,
                        "date_from": "2026-07-01",
                        "date_to": "2026-06-30",
                    }
                )
            ],
        )

    def test_an_endorsement_in_the_form(self):
        """One row ended and the next one added in one save."""
        self.term(insured_pct_named=91.0)
        with Form(self.policy) as form:
            with form.country_term_ids.edit(0) as row:
                row.date_to = "2026-06-30"
            with form.country_term_ids.new() as row:
                row.country_id = self.brazil
                row.insured_pct_named = 80.0
                row.date_from = "2026-07-01"
        self.assertEqual(self.percentages(JUNE, JULY), [91.0, 80.0])

    # --------------------------------------------------------------- chatter

    def notes(self):
        """What the policy's chatter says since the last time."""
        known = getattr(self, "known", self.policy.message_ids.browse())
        fresh = self.policy.message_ids - known
        self.known = self.policy.message_ids
        return [html2plaintext(note.body) for note in fresh.sorted("id")]

    def test_changes_of_rows_are_told(self):
        self.notes()
        row = self.term(insured_pct_named=90.0)
        row.write({"insured_pct_named": 80.0, "date_from": "2026-07-01"})
        row.write({"insured_pct_named": 80.0})
        row.unlink()
        self.assertEqual(
            self.notes(),
            [
                "Country Terms\n"
                "Added: Country Brazil, Cover Status Covered, Named (%) 90",
                "Country Terms\n"
                "Changed: From 07/01/2026, Country Brazil, Cover Status Covered, "
                "Named (%) 80; before: Country Brazil, Cover Status Covered, "
                "Named (%) 90",
                "Country Terms\n"
                "Removed: From 07/01/2026, Country Brazil, Cover Status Covered, "
                "Named (%) 80",
            ],
        )

    def test_rows_of_a_draft_are_not_told(self):
        draft = self.make_policy(name="DRAFT", state="draft")
        before = draft.message_ids
        draft.percentage_ids = [Command.create({"percentage": 85.0})]
        self.assertEqual(draft.message_ids, before)

    def test_terms_of_the_policy_are_tracked(self):
        """Each term that decides on cover, deadlines or claims, but for the rows."""
        names = {
            name
            for name, field in self.policy._fields.items()
            if field.store
            and not field.readonly
            and name not in MAGIC_COLUMNS
            and not getattr(field, "tracking", None)
            and not name.startswith(("message_", "website_", "activity_"))
        }
        self.assertEqual(
            names,
            {
                "sequence",
                "year_ids",
                "percentage_ids",
                "country_term_ids",
                "fee_ids",
                "limit_ids",
                "may_disclose_insurer",
            },
        )

    def test_a_change_of_a_delay_is_told(self):
        policy = self.policy.with_context(tracking_disable=False, mail_notrack=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        policy.mep_days = 45
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = policy.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "mep_days"
        )
        self.assertEqual(
            [(value.old_value_integer, value.new_value_integer) for value in values],
            [(60, 45)],
        )
