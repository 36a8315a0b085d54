from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestSanctionEvent(TransactionCase):
    """Sanctions that are recorded are a manager's to end, and the past stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "export_credit_insurance.group_credit_"
        cls.controller = new_test_user(cls.env, "event-carl", f"{group}controller")
        cls.manager = new_test_user(cls.env, "event-mona", f"{group}manager")
        cls.brazil = cls.env.ref("base.br")
        cls.chile = cls.env.ref("base.cl")

    def event(self, user=None, **values):
        return (
            self.env["credit.insurance.country.event"]
            .with_user(user or self.controller)
            .create(
                {
                    "name": "Embargo",
                    "kind": "embargo",
                    "country_ids": [Command.set(self.brazil.ids)],
                    "date_from": "2026-09-01",
                    "source": "Official journal",
                    **values,
                }
            )
        )

    def weakenings(self):
        return (
            {"date_to": "2026-10-01"},
            {"date_from": "2026-11-01"},
            {"country_ids": [Command.set(self.chile.ids)]},
            {"cover_status": "restricted"},
            {"kind": "other"},
            {"active": False},
        )

    def test_controllers_record_but_do_not_weaken(self):
        for day in ("2026-09-01", "2026-12-01"):
            event = self.event(date_from=day)
            self.assertEqual(event.cover_status, "sanctioned")
            for values in self.weakenings():
                with self.subTest(values, day=day), self.assertRaises(AccessError):
                    event.write(values)
            with self.assertRaises(AccessError):
                event.unlink()
            event.write({"note": "Read again", "source": "Official journal, p. 3"})

    def test_controllers_still_end_other_events_and_make_them_graver(self):
        event = self.event(kind="war")
        event.date_to = "2026-10-01"
        event.cover_status = "sanctioned"
        with self.assertRaises(AccessError):
            event.cover_status = "off_cover"

    def test_managers_end_sanctions_from_yesterday_on(self):
        event = self.event().with_user(self.manager)
        with self.assertRaises(UserError):
            event.date_to = "2026-09-29"
        event.date_to = "2026-12-31"
        event.date_to = False
        event.date_to = "2026-09-30"
        self.assertEqual(self.brazil.credit_status, "open")

    def test_the_past_is_not_rewritten_by_managers_either(self):
        event = self.event().with_user(self.manager)
        for values in self.weakenings()[1:]:
            with self.subTest(values), self.assertRaises(UserError):
                event.write(values)
        with self.assertRaises(UserError):
            event.write({"date_to": "2026-10-01", "active": False})
        with self.assertRaises(UserError):
            event.unlink()
        self.assertEqual(self.brazil.credit_status, "sanctioned")

    def test_what_is_over_stays_over(self):
        event = self.event(date_to="2026-09-15").with_user(self.manager)
        for end in (False, "2026-09-10", "2026-12-31"):
            with self.subTest(end), self.assertRaises(UserError):
                event.date_to = end

    def test_managers_change_what_has_not_begun(self):
        for values, changed in zip(
            self.weakenings()[1:],
            (
                {"date_from": date(2026, 11, 1)},
                {"country_ids": self.chile.ids},
                {"cover_status": "restricted"},
                {"kind": "other"},
                {"active": False},
            ),
            strict=True,
        ):
            event = self.event(date_from="2026-12-01").with_user(self.manager)
            with self.subTest(values):
                event.write(values)
                self.env.invalidate_all()
                self.assertRecordValues(event, [changed])
        event = self.event(date_from="2026-12-01").with_user(self.manager)
        event.unlink()
        self.assertFalse(event.exists())
