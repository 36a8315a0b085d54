from datetime import date

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimClock(ClaimCommon):
    """The date of loss and of payment, in calendar days (DOMAIN 1.10)."""

    def own_activities(self, claim):
        return claim.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id
            == self.env.ref("export_credit_insurance.mail_activity_type_claim")
        )

    def test_waiting_period(self):
        """Received on 10 June 2026: loss on 7 November, payment by 7 December."""
        claim = self.prepare()
        self.assertFalse(claim.loss_date)
        with freeze_time("2026-06-08 09:00:00"):
            claim.action_file()
        self.assertEqual(claim.loss_date, date(2026, 11, 5))
        with freeze_time("2026-06-10 09:00:00"):
            claim.action_wait()
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "waiting",
                    "filed_on": date(2026, 6, 8),
                    "received_on": date(2026, 6, 10),
                    "loss_date": date(2026, 11, 7),
                    "payment_expected_on": date(2026, 12, 7),
                }
            ],
        )
        self.assertEqual(
            self.own_activities(claim).mapped("date_deadline"), [date(2026, 11, 7)]
        )
        self.assertEqual(self.own_activities(claim).user_id, self.controller)

    def test_leap_year(self):
        """10 October 2027 + 150: 21 days of October, 30, 31, 31, then 29 of February
        2028 and 8 of March."""
        self.policy.year_ids.create(
            {
                "policy_id": self.policy.id,
                "date_from": "2028-01-01",
                "date_to": "2028-12-31",
            }
        )
        with freeze_time("2027-10-10 09:00:00"):
            claim = self.file()
        self.assertEqual(claim.loss_date, date(2028, 3, 8))

    def test_from_the_due_date(self):
        """2 April 2026, the oldest, + 150 = 30 August; from the end of the extension
        period, 1 June, + 150 = 29 October."""
        self.policy.waiting_base = "due_date"
        self.make_debt(self.beta, 100.0, due="2026-05-02")
        claim = self.prepare()
        self.assertEqual(claim.loss_date, date(2026, 8, 30))
        self.assertEqual(claim.payment_expected_on, date(2026, 9, 29))
        claim.unlink()
        self.policy.waiting_base = "mep_end"
        self.assertEqual(self.prepare().loss_date, date(2026, 10, 29))

    def test_insolvency_needs_no_waiting(self):
        """The judgment of 20 May is the loss; all that is open is claimed."""
        self.make_debt(self.beta, 700.0, due="2026-12-01")
        insolvency = self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.beta.id, "judgment_date": "2026-05-20"}
        )
        action = insolvency.with_user(self.controller).action_prepare_claims()
        claim = self.claims.browse(action["res_id"])
        self.assertEqual(claim.insolvency_id, insolvency)
        self.assertEqual(claim.loss_date, date(2026, 5, 20))
        self.assertEqual(claim.payment_expected_on, date(2026, 6, 19))
        self.assertEqual(claim.net_amount, 140700.0)
        self.assertEqual(claim.cause, "commercial")
        self.policy.insolvency_waiting_days = 30
        claim.unlink()
        # a policy's terms of the day of the draft
        self.assertEqual(self.prepare().loss_date, date(2026, 6, 19))

    def test_insolvency_ends_the_waiting(self):
        claim = self.file()
        claim.insolvency_id = self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.beta.id, "judgment_date": "2026-07-01"}
        )
        self.assertEqual(claim.loss_date, date(2026, 7, 1))
        self.assertEqual(
            self.own_activities(claim).mapped("date_deadline"), [date(2026, 7, 1)]
        )

    def test_a_past_loss_asks_for_the_payment(self):
        """Judged on 20 May, filed on 10 June: nothing waits, payment by 19 June."""
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.beta.id, "judgment_date": "2026-05-20"}
        )
        claim = self.file()
        for step in (lambda: None, claim.action_wait, claim.action_admit):
            step()
            activity = self.own_activities(claim)
            self.assertEqual(activity.date_deadline, date(2026, 6, 19), claim.state)
            self.assertNotIn("waiting period", activity.summary)

    def test_political_cause(self):
        """180 days instead of 150, and the political percentage."""
        self.policy.political_waiting_days = 180
        self.policy.percentage_ids.create(
            {
                "policy_id": self.policy.id,
                "cover_kind": "named",
                "cause": "political",
                "percentage": 95.0,
            }
        )
        self.env["credit.insurance.country.event"].create(
            {
                "name": "Transfers suspended",
                "kind": "transfer_block",
                "country_ids": self.beta.country_id.ids,
                "date_from": "2026-04-20",
                "source": "Press",
            }
        )
        claim = self.prepare()
        self.assertEqual(claim.cause, "political")
        # 95 000 − 1 000 − 10 000
        self.assertEqual(claim.expected_amount, 84000.0)
        claim.cause = "commercial"
        self.assertEqual(claim.expected_amount, 79000.0)
        claim.cause = "political"
        claim.action_file()
        # 10 June + 180
        self.assertEqual(claim.loss_date, date(2026, 12, 7))

    def test_the_insurer_says_another_day(self):
        claim = self.file()
        claim.insurer_loss_date = "2026-10-01"
        self.assertEqual(claim.payment_expected_on, date(2026, 10, 31))
        self.assertEqual(
            self.own_activities(claim).mapped("date_deadline"), [date(2026, 10, 1)]
        )
        claim.action_admit()
        self.assertEqual(
            self.own_activities(claim).mapped("date_deadline"), [date(2026, 10, 31)]
        )
        claim.action_pay()
        self.assertFalse(self.own_activities(claim))

    def test_the_insurer_s_day_outlives_what_is_recorded_later(self):
        """Received on 8 June, 150 days: 5 November. The insurer says 5 January 2027;
        payment is due 30 days later, 4 February. Without its day the loss is on the
        150th day after the receipt of 12 June: 9 November."""
        year = self.policy.year_ids.create(
            {
                "policy_id": self.policy.id,
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
            }
        )
        with freeze_time("2026-06-08 09:00:00"):
            claim = self.file()
        self.assertEqual(claim.loss_date, date(2026, 11, 5))
        claim.insurer_loss_date = "2027-01-05"
        with freeze_time("2026-06-12 09:00:00"):
            claim.action_wait()
        expected = {
            "state": "waiting",
            "received_on": date(2026, 6, 12),
            "loss_date": date(2027, 1, 5),
            "payment_expected_on": date(2027, 2, 4),
            "policy_year_id": year.id,
        }
        self.assertRecordValues(claim, [expected])
        claim.insurer_loss_date = False
        self.assertEqual(claim.loss_date, date(2026, 11, 9))
        self.assertNotEqual(claim.policy_year_id, year)

    def test_nobody_writes_the_computed_day(self):
        claim = self.file().with_user(self.controller)
        with self.assertRaises(AccessError):
            claim.loss_date = "2027-01-05"
        claim.insurer_loss_date = "2026-12-01"
        claim.action_admit()
        with self.assertRaises(UserError):
            claim.insurer_loss_date = "2026-12-02"

    def test_days_are_shown_as_days(self):
        """Last days of claims, notices and declarations are no "Next month"."""
        for model, name in (
            ("claim", "filing_deadline"),
            ("overdue.notice", "deadline"),
            ("declaration", "deadline"),
        ):
            for kind in ("form", "list"):
                arch = self.env[f"credit.insurance.{model}"].get_view(view_type=kind)
                view = etree.fromstring(arch["arch"])
                found = view.xpath(f"//field[@name='{name}']")
                self.assertTrue(found, (model, kind))
                self.assertFalse(found[0].get("widget"), (model, kind))
