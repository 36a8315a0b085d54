import doctest
import io
import re
import tracemalloc
import zipfile

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.indemnity import pack_writer
from ..collection.common import SendingCommon
from .test_claim_file import ClaimFileCommon


class PackCommon(ClaimFileCommon, SendingCommon):
    """ALFA's invoice of an order with reference, papers, a reminder and mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_order(cls.alfa, 1000.0, client_order_ref="PO 77")
        cls.invoice = cls.invoice_order(cls.order, day="2026-07-01")
        cls.invoice.invoice_date_due = "2026-09-11"
        cls.print_invoice(cls.invoice)
        cls.pack = cls.env["credit.insurance.evidence.pack"].with_user(cls.controller)
        cls.pack = cls.pack.with_company(cls.company)

    def unpack(self, moves=None):
        """The pack's archive, as the controller gets it."""
        self.env.flush_all()
        archive = zipfile.ZipFile(self.pack._make(moves or self.invoice))
        self.assertIsNone(archive.testzip())
        return archive

    def index(self, archive):
        book = openpyxl.load_workbook(io.BytesIO(archive.read("0 Index.xlsx")))
        return {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
            for sheet in book
        }


@tagged("post_install", "-at_install")
class TestEvidencePack(PackCommon):
    """What proves the debts of one buyer, as one ZIP for the insurer."""

    def test_names_are_safe(self):
        result = doctest.testmod(pack_writer)
        self.assertEqual(result.failed, 0)
        self.assertTrue(result.attempted)

    def test_what_is_in_it(self):
        self.file_paper(
            self.invoice, "delivery_proof", "cmr.pdf", b"cmr", note="Signed"
        )
        self.file_paper(self.order, "contract", "cadre.pdf", b"contract")
        archive = self.unpack()
        name = self.invoice.name.replace("/", "_")
        self.assertEqual(
            archive.namelist(),
            [
                "1 Statement of account/ALFA.html",
                f"2 Invoices/{name}.pdf",
                f"3 Orders/{self.order.name}.html",
                f"4 Papers/Contract/{self.order.name} cadre.pdf",
                f"4 Papers/Delivery Proof/{name} cmr.pdf",
                "0 Index.xlsx",
            ],
        )
        self.assertEqual(archive.read(f"2 Invoices/{name}.pdf"), b"%PDF-1.4 invoice")
        self.assertEqual(
            archive.read(f"4 Papers/Delivery Proof/{name} cmr.pdf"), b"cmr"
        )
        self.assertIn("1,000.00", archive.read(archive.namelist()[0]).decode())

    def test_the_index_lists_files_and_what_is_missing(self):
        """1 000 open; terms and retention of title are missing, no delivery."""
        archive = self.unpack()
        sheets = self.index(archive)
        self.assertEqual(
            [row[1] for row in sheets["Files"][1:]], archive.namelist()[:-1]
        )
        self.assertEqual(
            sheets["Files"][3][2:5:2], [self.order.name, "Customer's reference PO 77."]
        )
        (row,) = sheets["Invoices"][1:]
        self.assertEqual(row[0], self.invoice.name)
        self.assertEqual(
            row[4:], [1000, 1000, "Accepted Terms, Delivery Proof, Retention of Title"]
        )

    def test_what_was_never_sent_is_printed(self):
        other = self.make_invoice(self.alfa, 500.0)
        archive = self.unpack(self.invoice + other)
        (path,) = [n for n in archive.namelist() if other.name.replace("/", "_") in n]
        self.assertIn("500.00", archive.read(path).decode())
        files = {row[1]: row for row in self.index(archive)["Files"]}
        self.assertIn("no copy as sent", files[path][4])
        self.assertFalse(other.invoice_pdf_report_id)  # nothing is left behind

    def test_same_names_are_numbered_and_harmless(self):
        for content in (b"one", b"two", b"three"):
            self.file_paper(self.invoice, "other", "../../Preuve – é.PDF", content)
        archive = self.unpack()
        paths = [name for name in archive.namelist() if "/Other/" in name]
        self.assertEqual(len(paths), 3)
        stem = self.invoice.name.replace("/", "_")
        self.assertEqual(paths[0], f"4 Papers/Other/{stem} .._.._Preuve – é.PDF")
        self.assertEqual(paths[2], f"4 Papers/Other/{stem} .._.._Preuve – é (3).PDF")
        for path in archive.namelist():
            self.assertNotIn("..", path.split("/"))
            self.assertFalse(path.startswith("/"))

    def test_reminders_that_were_sent(self):
        (reminder,) = self.send()
        self.assertEqual(reminder.state, "sent")
        archive = self.unpack()
        (path,) = [n for n in archive.namelist() if n.startswith("5 Reminders/")]
        self.assertEqual(path, f"5 Reminders/2026-10-01 {reminder.name}.html")
        page = archive.read(path).decode()
        self.assertIn("Dear ALFA", page)
        self.assertIn("alfa@example.com", page)

    def say(self, record, body, subject="", **values):
        """Write a message in the chatter of a document."""
        record.message_post(
            body=body,
            subject=subject,
            **{
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                **values,
            },
        )

    def test_mails_with_the_buyer_and_nothing_internal(self):
        """Notes, holds, messages between colleagues are ours alone."""
        self.say(
            self.invoice,
            "Where is our money?",
            "Payment",
            partner_ids=self.alfa.ids,
            attachments=[("account.pdf", b"account")],
        )
        self.say(
            self.order,
            "We shall pay.",
            "Re: Payment",
            message_type="email",
            author_id=self.alfa.id,
        )
        buyer = {"partner_ids": self.alfa.ids}
        self.say(self.invoice, "SECRET note", subtype_xmlid="mail.mt_note", **buyer)
        self.say(self.invoice, "SECRET internal", is_internal=True, **buyer)
        colleague = self.controller.partner_id
        self.say(self.invoice, "SECRET of colleagues", partner_ids=colleague.ids)
        archive = self.unpack()
        mails = [name for name in archive.namelist() if name.startswith("6 Mails/")]
        self.assertEqual(
            sorted(re.sub(r"^6 Mails/[\d-]+ ", "", name) for name in mails),
            ["Payment.html", "Re_ Payment.html", "account.pdf"],
        )
        everything = b"".join(archive.read(name) for name in archive.namelist())
        self.assertIn(b"We shall pay.", everything)
        self.assertNotIn(b"SECRET", everything)
        for word in (b"limit", b"insured"):
            self.assertNotIn(word, b"".join(archive.read(name) for name in mails))

    def test_days_are_the_company_s(self):
        """1 October, 20:00 UTC, is the 2nd, 05:00, in Tokyo, whoever makes the pack."""
        (reminder,) = self.send()
        self.say(self.invoice, "Please pay.", "Payment", partner_ids=self.alfa.ids)
        message = self.invoice.message_ids.filtered(lambda m: m.subject == "Payment")
        evening = "2026-10-01 20:00:00"
        message.date = evening
        self.order.date_order = evening
        self.env.cr.execute(
            "UPDATE credit_followup_reminder SET sent_on = %s WHERE id = %s",
            [evening, reminder.id],
        )
        reminder.invalidate_recordset()
        self.company.partner_id.tz = "Asia/Tokyo"
        self.controller.tz = "Europe/Paris"
        archive = self.unpack()
        files = {row[1]: row for row in self.index(archive)["Files"][1:]}
        found = {path: str(row[3])[:10] for path, row in files.items()}
        self.assertEqual(
            found[f"5 Reminders/2026-10-02 {reminder.name}.html"], "2026-10-02"
        )
        self.assertEqual(found["6 Mails/2026-10-02 Payment.html"], "2026-10-02")
        self.assertEqual(found[f"3 Orders/{self.order.name}.html"], "2026-10-02")
        page = archive.read("6 Mails/2026-10-02 Payment.html").decode()
        self.assertIn("10/02/2026", page)

    def test_who_may_make_one(self):
        user = new_test_user(
            self.env,
            "pack_user",
            "export_credit_insurance.group_credit_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.invoice.with_user(user).action_credit_evidence_pack()
        other = self.env["res.company"].create({"name": "Other"})
        self.controller.company_ids += other
        with self.assertRaises(AccessError):
            self.pack.with_context(allowed_company_ids=other.ids)._make(self.invoice)

    def test_one_buyer_and_posted_invoices(self):
        other = self.make_invoice(self.make_buyer("BETA"), 10.0)
        draft = self.make_invoice(self.alfa, 10.0, post=False)
        for moves in (self.invoice + other, draft, self.invoice.browse()):
            with self.subTest(moves), self.assertRaises(UserError):
                self.pack._make(moves)

    def test_memory_stays_flat(self):
        """30 invoices of 400 kB need no more room than 3: less than 2 MB beside 12."""
        content = b"%PDF-1.4" + bytes(range(256)) * 1600
        invoices = self.invoice.browse()
        for number in range(30):
            invoices |= self.make_invoice(self.alfa, 10.0 + number)
        for invoice in invoices:
            self.print_invoice(invoice, content)

        def peak(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            tracemalloc.start()
            try:
                self.pack._make(moves).close()
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        peak(invoices[:3])
        self.assertLess(peak(invoices) - peak(invoices[:3]), 5 * len(content))

    def test_a_claim_keeps_what_it_handed_out(self):
        """Each pack stays with the claim, with its day; making it is explicit."""
        claim = self.env["credit.insurance.claim"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": self.invoice.line_ids.filtered(
                                "date_maturity"
                            ).id
                        }
                    )
                ],
            }
        )
        claim = claim.with_user(self.controller)
        for _time in range(2):
            claim.action_make_evidence_pack()
        files = self.env["ir.attachment"].search(
            [("res_model", "=", claim._name), ("res_id", "=", claim.id)]
        )
        self.assertEqual(len(files), 2)
        self.assertEqual(files[0].name, "ALFA 2026-10-01.zip")
        archive = zipfile.ZipFile(io.BytesIO(files[0].raw))
        self.assertIn("0 Index.xlsx", archive.namelist())
        claim.line_ids.unlink()
        with self.assertRaises(UserError):
            claim.action_make_evidence_pack()


@tagged("post_install", "-at_install")
class TestEvidencePackDownload(PackCommon, HttpCase):
    """The pack as a browser gets it."""

    def test_download(self):
        action = self.invoice.with_user(self.controller).action_credit_evidence_pack()
        self.authenticate("claim_file_controller", "claim_file_controller")
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("ALFA%202026-10-01.zip", response.headers["Content-Disposition"])
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        self.assertIn("0 Index.xlsx", archive.namelist())

    def test_others_get_nothing(self):
        new_test_user(
            self.env,
            "pack_clerk",
            "account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate("pack_clerk", "pack_clerk")
        response = self.url_open(f"/credit/evidence_pack/{self.invoice.id}")
        self.assertEqual(response.status_code, 403)
