import csv
import io
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged

from .test_deadline import DeadlineCommon


class NoticeCommon(DeadlineCommon):
    """ALFA's invoice of 20 000, due 16 March, on 1 June: notice due by 14 June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-06-01 09:00:00"))
        cls.notices = cls.env["credit.insurance.overdue.notice"]

    def notify(self, buyer=None):
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        rows = rows.with_user(self.controller).search(
            [("partner_id", "=", (buyer or self.alfa).id)]
        )
        action = rows.action_prepare_notices()
        notice = self.notices.with_user(self.controller).browse(action["res_id"])
        notice.action_send()
        return notice

    def request(self, until="2026-06-30", lines=None):
        return (
            self.env["credit.insurance.extension"]
            .with_user(self.controller)
            ._request(lines or self.instalment, date.fromisoformat(until))
        )

    def stop_date(self):
        self.env.invalidate_all()
        return self.late.cover_stop_date


@tagged("post_install", "-at_install")
class TestExtensionRequest(NoticeCommon):
    """A request moves nothing; the insurer's written agreement does (DOMAIN 1.8)."""

    def test_asked_agreed(self):
        """15 May + 46 days = 30 June: cover stops on 1 July, not 16 May."""
        request = self.request()
        self.assertRecordValues(
            request,
            [
                {
                    "state": "requested",
                    "requested_until": date(2026, 6, 30),
                    "requested_on": date(2026, 6, 1),
                    "agreed_on": False,
                }
            ],
        )
        self.assertEqual(self.stop_date(), date(2026, 5, 16))
        with self.assertRaises(ValidationError):
            request.action_agree()
        request.agreement_ref = "ATLAS-778"
        request.action_agree()
        self.assertEqual(self.stop_date(), date(2026, 7, 1))
        with self.assertRaises(UserError):
            request.extension_until = "2026-12-31"
        with self.assertRaises(UserError):
            request.action_refuse()

    def test_agreed_for_shorter(self):
        request = self.request()
        request.write({"agreement_ref": "A-1", "extension_until": "2026-06-15"})
        request.action_agree()
        self.assertEqual(self.stop_date(), date(2026, 6, 16))
        self.assertEqual(request.requested_until, date(2026, 6, 30))

    def test_refused(self):
        self.request().action_refuse()
        self.assertEqual(self.stop_date(), date(2026, 5, 16))
        self.assertEqual(len(self.request("2026-07-31")), 1)  # may be asked again

    def test_one_request_at_a_time(self):
        self.request()
        self.assertFalse(self.request("2026-07-31"))

    def test_nobody_forges_an_answer(self):
        extensions = self.env["credit.insurance.extension"].with_user(self.controller)
        with self.assertRaises(UserError):
            extensions.create(
                {
                    "move_line_id": self.instalment.id,
                    "state": "requested",
                    "extension_until": "2026-06-30",
                }
            )
        with self.assertRaises(UserError):
            self.request().state = "agreed"

    def test_the_notice_asks_and_its_answer_moves_the_clock(self):
        request = self.request()
        action = request.action_prepare_notices()
        notice = self.notices.with_user(self.controller).browse(action["res_id"])
        self.assertRecordValues(
            notice.line_ids,
            [{"move_id": self.late.id, "extension_until": date(2026, 6, 30)}],
        )
        notice.action_send()
        # asking is no notification: the overdue notice is still due
        rows = self.env["credit.insurance.deadline"]._get_pending(self.company, 30)
        self.assertIn("notice", [row["kind"] for row in rows])
        notice.reply = "extended"
        with self.assertRaises(UserError):
            notice.action_answered()
        notice.insurer_ref = "ATLAS-778"
        notice.action_answered()
        self.assertEqual(
            (request.state, request.agreement_ref), ("agreed", "ATLAS-778")
        )
        self.assertEqual(self.stop_date(), date(2026, 7, 1))

    def test_a_refusal_by_notice(self):
        request = self.request()
        action = request.action_prepare_notices()
        notice = self.notices.with_user(self.controller).browse(action["res_id"])
        notice.action_send()
        notice.reply = "rejected"
        notice.action_answered()
        self.assertEqual(request.state, "refused")

    def test_a_postponed_invoice_offers_the_request(self):
        self.assertFalse(self.late.credit_is_postponed)
        with self.assertRaises(UserError):
            self.late.with_user(self.controller).sudo().action_request_extension()
        self.instalment.date_maturity = "2026-07-31"
        self.env.invalidate_all()
        self.assertTrue(self.late.credit_is_postponed)
        self.assertEqual(self.stop_date(), date(2026, 5, 16))
        self.late.action_request_extension()
        request = self.env["credit.insurance.extension"].search(
            [("move_line_id", "=", self.instalment.id)]
        )
        self.assertRecordValues(
            request, [{"state": "requested", "requested_until": date(2026, 7, 31)}]
        )
        self.assertEqual(self.stop_date(), date(2026, 5, 16))

    def test_credit_and_rebill_offers_it_too(self):
        """The new invoice, due 31 August, counts from 16 March like the old one."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.late.ids)
            .create({"journal_id": self.late.journal_id.id, "reason": "Wrong address"})
        )
        action = wizard.modify_moves()
        new = self.env["account.move"].browse(action["res_id"])
        new.write({"invoice_date": "2026-06-01", "invoice_date_due": "2026-08-31"})
        new.action_post()
        self.env.invalidate_all()
        self.assertEqual(new.cover_stop_date, date(2026, 5, 16))
        self.assertTrue(new.credit_is_postponed)
        new.action_request_extension()
        request = self.env["credit.insurance.extension"].search(
            [("partner_id", "=", self.alfa.id)]
        )
        self.assertEqual(request.requested_until, date(2026, 8, 31))
        self.assertEqual(request.due_date, date(2026, 3, 16))


@tagged("post_install", "-at_install")
class TestResolved(NoticeCommon):
    """Told once all that was notified is settled: drafted at night, sent by hand."""

    def remind(self, day="2026-06-10"):
        with freeze_time(f"{day} 09:00:00"), self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_remind_deadlines"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.notices.search(
            [("partner_id", "=", self.alfa.id), ("kind", "=", "resolved")]
        )

    def test_proposed_when_all_is_paid(self):
        second = self.make_late(self.alfa, 500.0)
        self.notify()
        self._register_payment(self.late)
        self.assertFalse(self.remind())
        self._register_payment(second)
        notice = self.remind()
        self.assertEqual(notice.state, "draft")
        self.assertEqual(notice.line_ids.move_id, self.late | second)
        self.assertEqual(notice.line_ids.mapped("gross_amount"), [0.0, 0.0])
        self.assertEqual(self.remind("2026-06-11"), notice)
        notice.with_user(self.controller).action_send()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(self.remind("2026-06-12"), notice)

    def test_not_of_what_was_never_notified(self):
        self._register_payment(self.late)
        self.assertFalse(self.remind())


@tagged("post_install", "-at_install")
class TestNoticeStopsCover(NoticeCommon):
    """By the policy a notice stops new deliveries, until all is settled."""

    def stops(self):
        return self.env["credit.insurance.stop"].search(
            [("partner_id", "=", self.alfa.id), ("cause", "=", "notified")]
        )

    def test_nothing_unless_the_policy_says_so(self):
        self.notify()
        self.assertFalse(self.stops())

    def test_from_the_notice_until_it_is_paid(self):
        self.policy.notice_stops_cover = True
        with freeze_time("2026-04-20 09:00:00"):  # within the extension period
            self.notify()
        self.assertRecordValues(
            self.stops(),
            [
                {
                    "policy_id": self.policy.id,
                    "date_from": date(2026, 4, 20),
                    "date_to": False,
                }
            ],
        )
        position = self.get_position(self.alfa, "2026-04-20")
        self.assertEqual(position.stop_cause, "notified")
        self._register_payment(self.late)
        self.notices.with_company(self.company)._propose_resolved(self.company)
        self.assertEqual(self.stops().date_to, date(2026, 5, 31))
        self.assertFalse(self.get_position(self.alfa, "2026-06-01").stop_date)

    def test_withdrawn_ends_it(self):
        self.policy.notice_stops_cover = True
        with freeze_time("2026-04-20 09:00:00"):
            notice = self.notify()
        notice.action_withdraw()
        self.assertEqual(self.stops().date_to, date(2026, 5, 31))

    def test_orders_are_held_by_the_gate(self):
        self.policy.write({"notice_stops_cover": True, "observation": False})
        with freeze_time("2026-04-20 09:00:00"):
            self.notify()
            order = self.make_order(self.alfa, 3000.0, confirm=False)
            with self.assertRaises(RedirectWarning) as caught:
                order.action_confirm()
        self.assertIn("has been stopped since 04/20/2026", str(caught.exception))


@tagged("post_install", "-at_install")
class TestNoticeLayout(NoticeCommon):
    """The columns of DOMAIN 6.3 under fixed names, where the insurer takes them."""

    def rows(self, notice):
        action = notice.action_download_csv()
        attachment_id = int(action["url"].split("/")[3].split("?")[0])
        raw = self.env["ir.attachment"].browse(attachment_id).raw
        return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))

    def test_canonical_columns(self):
        """20 000 invoiced, 5 000 paid: 15 000 open."""
        self.insurer.notice_layout = "canonical"
        self.make_limit(
            self.alfa, 1.0, kind="topup", date_to="2026-12-31", insurer_buyer_ref="A-1"
        )
        self._register_payment(self.late, amount=5000.0)
        self.env.invalidate_all()
        notice = self.notify()
        notice.note = "Promised twice"
        self.assertEqual(
            self.rows(notice),
            [
                {
                    "policy_no": "POL-26",
                    "insurer_buyer_id": "A-1",
                    "name": "ALFA",
                    "country": "BR",
                    "invoice_ref": self.late.name,
                    "invoice_date": "2026-01-15",
                    "due_date": "2026-03-16",
                    "original_due_date": "2026-03-16",
                    "currency": "EUR",
                    "net_amount": "20000.00",
                    "gross_amount": "20000.00",
                    "open_amount": "15000.00",
                    "delivery_date": "2026-01-15",
                    "reason": "overdue",
                    "extension_until": "",
                    "comment": "Promised twice",
                }
            ],
        )

    def test_reasons(self):
        self.insurer.notice_layout = "canonical"
        self.late.credit_dispute_amount = 100.0
        self.assertEqual(self.rows(self.notify())[0]["reason"], "dispute")
        info = self.env["credit.insurance.adverse.info"].create(
            {
                "partner_id": self.alfa.id,
                "kind": "failed_debit",
                "source": "Our bank",
            }
        )
        action = (
            info.with_user(self.controller)
            .with_company(self.company)
            .action_prepare_notices()
        )
        notice = self.notices.with_user(self.controller).browse(action["res_id"])
        self.assertEqual(self.rows(notice)[0]["reason"], "bounced")

    def test_layouts_do_not_mix(self):
        other = self.env["credit.insurance.insurer"].create(
            {"name": "Borealis", "code": "BOREAL", "notice_layout": "canonical"}
        )
        second = self.make_policy(name="POL-B", number="POL-B", insurer_id=other.id)
        notices = self.notices.create(
            [
                {"policy_id": policy.id, "partner_id": self.alfa.id}
                for policy in (self.policy, second)
            ]
        )
        with self.assertRaises(UserError):
            notices.action_download_csv()
