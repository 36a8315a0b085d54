import base64
from datetime import datetime

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..position.position_common import PositionCommon

PARTS = ("order", "acceptance", "delivery", "retention", "pdf")


class ClaimFileCommon(PositionCommon):
    """Papers, a controller who reads neither invoices nor orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_limits()
        cls.controller = new_test_user(
            cls.env,
            "claim_file_controller",
            groups="export_credit_insurance.group_credit_controller",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def file_paper(
        cls, document, kind, name="paper.pdf", content=b"%PDF-1.4", **values
    ):
        owner = "move_id" if document._name == "account.move" else "order_id"
        return (
            cls.env["credit.insurance.evidence"]
            .with_user(cls.controller)
            .create(
                {
                    owner: document.id,
                    "kind": kind,
                    "file": base64.b64encode(content),
                    "file_name": name,
                    **values,
                }
            )
        )

    @classmethod
    def print_invoice(cls, invoice, content=b"%PDF-1.4 invoice"):
        cls.env["ir.attachment"].create(
            {
                "name": f"{invoice.name.replace('/', '_')}.pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "raw": content,
            }
        )

    @classmethod
    def make_billed(cls, amount=1000.0, **order_values):
        order = cls.make_order(cls.alfa, amount, **order_values)
        return cls.invoice_order(order), order


@tagged("post_install", "-at_install")
class TestClaimFile(ClaimFileCommon):
    """What the claim file will need of an invoice, and whether it is there."""

    def parts(self, invoice):
        self.env.invalidate_all()
        return {part for part in PARTS if invoice[f"claim_file_{part}"]}

    def test_nothing_is_there_at_first(self):
        invoice, _order = self.make_billed()
        self.assertEqual(self.parts(invoice), set())
        self.assertEqual(invoice.claim_file_state, "incomplete")
        self.assertEqual(
            invoice.claim_file_missing,
            "Order, Accepted Terms, Delivery Proof, Retention of Title, "
            "Invoice as Sent",
        )

    def test_complete(self):
        """Reference, signature, slip, clause of the company's terms, PDF."""
        invoice, order = self.make_billed(client_order_ref="PO 77")
        self.assertEqual(self.parts(invoice), {"order"})
        order.write({"signed_by": "Ana", "signed_on": datetime(2026, 9, 1)})
        self.assertEqual(self.parts(invoice), {"order", "acceptance"})
        self.file_paper(invoice, "delivery_proof")
        self.company.credit_retention_of_title = True
        self.print_invoice(invoice)
        self.assertEqual(self.parts(invoice), set(PARTS))
        self.assertEqual(invoice.claim_file_state, "complete")
        self.assertFalse(invoice.claim_file_missing)

    def test_papers_stand_for_what_odoo_does_not_know(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        self.assertEqual(self.parts(invoice), set())
        self.file_paper(invoice, "order")
        self.assertEqual(self.parts(invoice), {"order"})
        self.file_paper(invoice, "acceptance")
        self.file_paper(invoice, "retention_of_title")
        self.file_paper(invoice, "correspondence")
        self.assertEqual(self.parts(invoice), {"order", "acceptance", "retention"})

    def test_a_contract_is_order_and_acceptance(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        self.file_paper(invoice, "contract")
        self.assertEqual(self.parts(invoice), {"order", "acceptance"})

    def test_papers_of_the_order_serve_its_invoices(self):
        invoice, order = self.make_billed()
        for kind in ("contract", "delivery_proof", "retention_of_title"):
            self.file_paper(order, kind)
        self.assertEqual(
            self.parts(invoice), {"order", "acceptance", "delivery", "retention"}
        )

    def test_every_order_behind_the_invoice_counts(self):
        """One of two orders bears a reference: the other is missing."""
        orders = self.make_order(
            self.alfa, 100.0, client_order_ref="PO 1"
        ) + self.make_order(self.alfa, 200.0)
        invoice = orders._create_invoices()
        invoice.write({"invoice_date": "2026-09-20"})
        invoice.action_post()
        self.assertEqual(len(invoice.invoice_line_ids.sale_line_ids.order_id), 2)
        self.assertEqual(self.parts(invoice), set())
        orders[1].client_order_ref = "PO 2"
        self.assertEqual(self.parts(invoice), {"order"})

    def test_delivery_of_the_inventory(self):
        invoice, _order = self.make_billed()
        invoice.sudo().credit_delivery_date = "2026-09-18"
        self.assertEqual(self.parts(invoice), {"delivery"})

    def test_retention_of_title_of_the_buyer(self):
        """The company's terms have it; this buyer's contract excludes it."""
        invoice = self.make_invoice(self.alfa, 1000.0)
        self.company.credit_retention_of_title = True
        self.assertEqual(self.parts(invoice), {"retention"})
        self.alfa.credit_retention_of_title = "excluded"
        self.assertEqual(self.parts(invoice), set())
        self.company.credit_retention_of_title = False
        self.alfa.credit_retention_of_title = "agreed"
        self.assertEqual(self.parts(invoice), {"retention"})

    def test_nothing_is_retained_of_services(self):
        self.product.type = "service"
        invoice = self.make_invoice(self.alfa, 1000.0)
        self.assertEqual(self.parts(invoice), {"retention"})

    def test_drafts_and_credit_notes_need_none(self):
        draft = self.make_invoice(self.alfa, 1000.0, post=False)
        note = self.make_invoice(self.alfa, 10.0, move_type="out_refund")
        self.assertFalse(draft.claim_file_state)
        self.assertFalse(note.claim_file_state)
        found = self.env["account.move"].search(
            [("claim_file_state", "=", False), ("id", "in", (draft + note).ids)]
        )
        self.assertEqual(found, draft + note)

    def test_found_by_their_state(self):
        ready = self.make_invoice(self.alfa, 1000.0)
        for kind in ("contract", "delivery_proof", "retention_of_title"):
            self.file_paper(ready, kind)
        self.print_invoice(ready)
        lacking = self.make_invoice(self.alfa, 2000.0)
        both = [("partner_id", "=", self.alfa.id)]
        moves = self.env["account.move"]
        for value, expected in (("complete", ready), ("incomplete", lacking)):
            with self.subTest(value):
                domain = [*both, ("claim_file_state", "=", value)]
                self.assertEqual(moves.search(domain), expected)
                rows = self.env["credit.insurance.deadline"].with_user(self.controller)
                rows = rows.with_company(self.company).search(domain)
                self.assertEqual(rows.sudo().move_id, expected)
                self.assertEqual(rows.mapped("claim_file_state"), [value])
        self.assertEqual(
            moves.search([*both, ("claim_file_state", "!=", "complete")]), lacking
        )

    def test_queries_do_not_depend_on_the_number(self):
        invoices = self.env["account.move"]
        for number in range(50):
            invoices |= self.make_invoice(self.alfa, 10.0 + number)
        self.env.flush_all()
        for several in (invoices[:1], invoices):
            self.env.invalidate_all()
            several.mapped("state")
            with self.subTest(len(several)), self.assertQueryCount(1):
                several.mapped("claim_file_state")
                several.mapped("claim_file_missing")

    def test_a_document_that_is_there_already(self):
        """One that hangs on this invoice, not on another's; read by who files it."""
        invoice = self.make_invoice(self.alfa, 1000.0)
        other = self.make_invoice(self.alfa, 2000.0)
        there, foreign = self.env["ir.attachment"].create(
            [
                {"name": "cmr.pdf", "res_model": move._name, "res_id": move.id}
                for move in (invoice, other)
            ]
        )
        papers = self.env["credit.insurance.evidence"]
        values = {"move_id": invoice.id, "kind": "delivery_proof"}
        papers.create({**values, "attachment_id": there.id})
        self.assertEqual(self.parts(invoice), {"delivery"})
        with self.assertRaises(ValidationError):
            papers.create({**values, "attachment_id": foreign.id})
        with self.assertRaises(AccessError):
            papers.with_user(self.controller).create(
                {**values, "attachment_id": there.id}
            )

    def test_one_paper_on_one_document(self):
        invoice, order = self.make_billed()
        with self.assertRaises(ValidationError):
            self.env["credit.insurance.evidence"].create(
                {"move_id": invoice.id, "kind": "other"}
            )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.file_paper(invoice, "other", order_id=order.id)
