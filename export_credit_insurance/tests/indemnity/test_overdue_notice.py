import csv
import io
from datetime import date, datetime

import openpyxl
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .test_deadline import GROUP, DeadlineCommon


@tagged("post_install", "-at_install")
class TestOverdueNotice(DeadlineCommon):
    """What the insurer is told: in time, line by line, net and gross (DOMAIN 1.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-06-01 09:00:00"))
        cls.alfa.write({"vat": "12345678000195", "ref": "C-0042"})
        tax = cls.env["account.tax"].create(
            {
                "name": "VAT 20",
                "amount": 20.0,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
            }
        )
        # 6 000 + 20 % = 7 200
        cls.taxed = cls.make_invoice(
            cls.alfa, 6000.0, day="2026-02-01", due="2026-04-02", taxes=tax
        )
        cls.early = cls.make_invoice(
            cls.alfa, 900.0, day="2026-05-15", due="2026-07-15"
        )

    def prepare(self):
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        rows = rows.with_user(self.controller)
        action = rows.search([("partner_id", "=", self.alfa.id)])
        action.action_prepare_notices()
        return self.env["credit.insurance.overdue.notice"].search(
            [("partner_id", "=", self.alfa.id), ("state", "=", "draft")]
        )

    def asked_for(self, day="2026-06-01"):
        self.env.invalidate_all()
        with freeze_time(f"{day} 09:00:00"):
            found = self.env["credit.insurance.deadline"]._get_pending(self.company, 30)
        return sorted(
            (row["kind"], row["move_id"])
            for row in found
            if row["partner_id"] == self.alfa.id and row["kind"] == "notice"
        )

    def test_a_sales_receipt_is_owed_like_an_invoice(self):
        """Due on 2 April: told by 2 April + 60 + 30 = 1 July, and needs its papers."""
        receipt = self.make_invoice(
            self.alfa,
            2000.0,
            day="2026-02-01",
            due="2026-04-02",
            move_type="out_receipt",
        )
        notice = self.prepare()
        self.assertRecordValues(
            notice.line_ids.filtered(lambda line: line.move_id == receipt),
            [{"deadline": date(2026, 7, 1), "gross_amount": 2000.0}],
        )
        self.assertEqual(receipt.claim_file_state, "incomplete")

    def test_a_draft_lists_what_is_overdue(self):
        """Not the invoice that is due on 15 July; amounts as they are open today."""
        self._register_payment(self.taxed, amount=1200.0)
        notice = self.prepare()
        # 7 200 − 1 200 = 6 000 gross, × 6 000 / 7 200 = 5 000 net
        self.assertRecordValues(
            notice.line_ids,
            [
                {
                    "move_id": self.late.id,
                    "due_date": date(2026, 3, 16),
                    "deadline": date(2026, 6, 14),
                    "gross_amount": 20000.0,
                    "net_amount": 20000.0,
                },
                {
                    "move_id": self.taxed.id,
                    "due_date": date(2026, 4, 2),
                    # 2 April + 60 = 1 June, + 30 = 1 July
                    "deadline": date(2026, 7, 1),
                    "gross_amount": 6000.0,
                    "net_amount": 5000.0,
                },
            ],
        )
        self.assertEqual(notice.deadline, date(2026, 6, 14))
        self.assertEqual(notice.state, "draft")

    def test_preparing_again_fills_the_same_draft(self):
        notice = self.prepare()
        notice.line_ids[0].unlink()
        self.assertEqual(self.prepare(), notice)
        self.assertEqual(len(notice.line_ids), 2)
        self.prepare()
        self.assertEqual(len(notice.line_ids), 2)

    def test_what_was_sent_asks_no_more(self):
        self.assertEqual(len(self.asked_for()), 2)
        notice = self.prepare()
        self.assertEqual(len(self.asked_for()), 2)  # a draft is no notice
        notice.with_user(self.controller).action_send()
        self.assertEqual(self.asked_for(), [])
        self.assertRecordValues(
            notice,
            [
                {
                    "state": "sent",
                    "sent_on": date(2026, 6, 1),
                    "sent_by": self.controller.id,
                    "is_late": False,
                }
            ],
        )
        self.assertTrue(notice.name.startswith("NOT/2026/"))
        rows = self.env["credit.insurance.deadline"].with_company(self.company)
        with self.assertRaises(UserError):
            rows.search([("partner_id", "=", self.alfa.id)]).action_prepare_notices()
        notice.action_withdraw()
        self.assertEqual(len(self.asked_for()), 2)

    def test_late_ones_say_so(self):
        """14 June is the last day, 15 June is late."""
        with freeze_time("2026-06-14 09:00:00"):
            notice = self.prepare()
            notice.action_send()
        self.assertFalse(notice.is_late)
        notice.action_withdraw()
        with freeze_time("2026-06-15 09:00:00"):
            second = self.prepare()
            second.action_send()
        self.assertTrue(second.is_late)

    def test_it_stays_as_it_was_sent(self):
        notice = self.prepare()
        notice.action_send()
        self._register_payment(self.late)
        self.env.invalidate_all()
        self.assertEqual(notice.line_ids[0].gross_amount, 20000.0)
        for change in (
            lambda: notice.write({"kind": "claim_collection"}),
            lambda: notice.line_ids[0].write({"due_date": "2026-01-01"}),
            lambda: notice.line_ids[0].unlink(),
            notice.unlink,
            notice.action_send,
        ):
            with self.assertRaises(UserError):
                change()
        notice.insurer_ref = "CASE-1"
        self.assertEqual(notice.insurer_ref, "CASE-1")

    def test_an_answer_may_stop_the_cover(self):
        notice = self.prepare()
        notice.action_send()
        with self.assertRaises(UserError):
            notice.action_answered()
        notice.write({"reply": "stopped", "insurer_ref": "CASE-1"})
        notice.action_answered()
        self.assertEqual(notice.reply_on, date(2026, 6, 1))
        stop = self.env["credit.insurance.stop"].search(
            [("partner_id", "=", self.alfa.id), ("cause", "=", "insurer")]
        )
        self.assertRecordValues(
            stop, [{"policy_id": self.policy.id, "date_from": date(2026, 6, 1)}]
        )
        self.assertIn("CASE-1", stop.note)

    def test_other_entries_are_refused(self):
        """Neither another buyer's, nor another account's, nor another company's.

        Also where the line is made by itself; the refusal names no document.
        """
        notice = self.prepare().with_user(self.controller)
        other = self.make_late(self.make_buyer("BETA"), 100.0)
        sister = self.setup_other_company(name="Sister")["company"]
        foreign = self.make_invoice(
            self.alfa,
            777.0,
            day="2026-01-15",
            due="2026-03-16",
            company=sister,
            currency_id=sister.currency_id.id,
        )
        cases = (
            other.line_ids.filtered("date_maturity"),
            self.late.line_ids.filtered(lambda line: not line.date_maturity),
            foreign.line_ids.filtered("date_maturity"),
        )
        for item in cases:
            values = {"due_date": "2026-03-16", "move_line_id": item.id}
            with self.subTest(item=item.name):
                with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
                    notice.line_ids.create({"notice_id": notice.id, **values})
                self.assertNotIn(item.move_id.name, str(caught.exception))
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    notice.write({"line_ids": [(0, 0, values)]})

    def test_nobody_forges_that_it_was_sent(self):
        notice = self.prepare().with_user(self.controller)
        for vals in (
            {"state": "sent"},
            {"sent_on": "2026-06-01"},
            {"sent_by": self.controller.id},
            {"name": "NOT/2026/9999"},
        ):
            with self.subTest(vals):
                with self.assertRaises(AccessError):
                    notice.write(vals)
                with self.assertRaises(AccessError):
                    notice.create(
                        {
                            "policy_id": self.policy.id,
                            "partner_id": self.alfa.id,
                            **vals,
                        }
                    )
        notice.action_send()
        with self.assertRaises(AccessError):
            notice.write({"state": "draft"})

    def test_no_line_slips_into_what_was_sent(self):
        sent = self.prepare()
        sent.action_send()
        self.make_late(self.alfa, 300.0)
        draft = self.prepare()
        self.assertEqual(draft.line_ids.gross_amount, 300.0)
        with self.assertRaises(UserError):
            draft.line_ids.with_user(self.controller).notice_id = sent

    def test_a_draft_is_brought_up_to_date_before_it_goes(self):
        """20 000 listed, 15 000 paid since: 5 000 are told, nothing of the paid one."""
        notice = self.prepare()
        self._register_payment(self.late, amount=15000.0)
        self._register_payment(self.taxed)
        self.env.invalidate_all()
        notice.action_send()
        self.assertRecordValues(
            notice.line_ids, [{"move_id": self.late.id, "gross_amount": 5000.0}]
        )

    def test_all_paid_since_is_not_sent(self):
        notice = self.prepare()
        self._register_payment(self.late)
        self._register_payment(self.taxed)
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            notice.action_send()

    def test_each_insurer_has_its_own_number_of_the_buyer(self):
        insurer = self.env["credit.insurance.insurer"].create(
            {"name": "Borealis", "code": "BOREAL"}
        )
        second = self.make_policy(name="POL-B", number="POL-B", insurer_id=insurer.id)
        self.make_limit(
            self.alfa,
            10.0,
            kind="topup",
            insurer_buyer_ref="A-1",
            date_to="2026-12-31",
        )
        self.make_limit(self.alfa, 10.0, policy=second, insurer_buyer_ref="Z-9")
        notices = self.env["credit.insurance.overdue.notice"].create(
            [
                {"policy_id": policy.id, "partner_id": self.alfa.id}
                for policy in (self.policy, second)
            ]
        )
        self.assertEqual(notices.mapped("insurer_buyer_ref"), ["A-1", "Z-9"])

    def test_an_invoice_drawn_up_anew_leaves_its_draft(self):
        """Its two instalments become one: the entry of the other goes, unhindered."""
        halves = [
            (0, 0, {"value": "percent", "value_amount": 50.0, "nb_days": days})
            for days in (30, 60)
        ]
        term = self.env["account.payment.term"].create(
            {"name": "30/60", "line_ids": halves}
        )
        invoice = self.make_invoice(
            self.alfa,
            800.0,
            day="2026-02-01",
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        notice = self.prepare()
        lines = notice.line_ids.filtered(lambda line: line.move_id == invoice)
        self.assertEqual(lines.mapped("gross_amount"), [400.0, 400.0])
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.env.ref(
            "account.account_payment_term_immediate"
        )
        self.env.flush_all()
        self.assertEqual(len(lines.exists()), 1)

    def test_an_empty_one_is_not_sent(self):
        notice = self.prepare()
        notice.line_ids.unlink()
        with self.assertRaises(UserError):
            notice.action_send()

    def file(self, notice, kind):
        action = getattr(notice.with_user(self.controller), f"action_download_{kind}")()
        attachment_id = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(attachment_id).raw

    def test_csv(self):
        """A name that a spreadsheet would run is a text; amounts with two decimals."""
        self.alfa.name = '=HYPERLINK("x")'
        notice = self.prepare()
        text = self.file(notice, "csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        self.assertEqual(len(rows), 2)
        found = rows[1]
        self.assertEqual(found["Policy"], "POL-26")
        self.assertEqual(found["Own Reference"], "C-0042")
        self.assertEqual(found["Buyer"], '\'=HYPERLINK("x")')
        self.assertEqual(found["Country"], "BR")
        self.assertEqual(found["Original Due Date"], "2026-04-02")
        self.assertEqual(found["Owed, Tax Included"], "7200.00")
        self.assertEqual(found["Owed Before Tax"], "6000.00")

    def test_xlsx(self):
        notice = self.prepare()
        book = openpyxl.load_workbook(io.BytesIO(self.file(notice, "xlsx")))
        rows = list(book.active.iter_rows(values_only=True))
        heading = rows[0]
        found = dict(zip(heading, rows[1], strict=True))
        self.assertEqual(found["Invoice"], self.late.name)
        self.assertEqual(found["Owed, Tax Included"], 20000.0)
        self.assertEqual(found["Notify By"], datetime(2026, 6, 14))

    def test_pdf(self):
        notice = self.prepare()
        report = "export_credit_insurance.credit_insurance_overdue_notice_report"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, notice.ids
        )
        text = html.decode()
        for expected in ("POL-26", self.late.name, "27,200.00", "26,000.00"):
            self.assertIn(expected, text)

    def test_users_read_and_controllers_write(self):
        notice = self.prepare()
        user = new_test_user(self.env, "notice_user", groups=f"{GROUP}user")
        user.company_ids = self.company
        user.company_id = self.company
        mine = notice.with_user(user)
        self.assertEqual(mine.deadline, date(2026, 6, 14))
        with self.assertRaises(AccessError):
            mine.action_send()
