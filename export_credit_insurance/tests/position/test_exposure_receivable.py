from odoo import Command, fields
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestExposureReceivable(PositionCommon):
    """Open items: whose they are, what counts, in which amount (DESIGN 4)."""

    def test_child_contact_and_manual_entry(self):
        child = self.env["res.partner"].create(
            {"name": "Accounts of ALFA", "parent_id": self.alfa.id}
        )
        self.make_invoice(child, 1000.0)
        entry = self.make_receipt(child, -250.0)
        self.assertTrue(entry.line_ids.filtered("partner_id"))
        # 1 000 invoiced to the contact + 250 by a journal entry on it
        self.assertExposure(self.alfa, receivable=1250.0)

    def test_other_states_and_accounts_do_not_count(self):
        self.make_invoice(self.alfa, 1000.0, post=False)
        cancelled = self.make_invoice(self.alfa, 500.0, post=False)
        cancelled.button_cancel()
        paid = self.make_invoice(self.alfa, 700.0)
        self._register_payment(paid)
        self.assertExposure(self.alfa)

    def test_partial_payment_leaves_the_rest(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        self._register_payment(invoice, amount=400.0)
        self.assertExposure(self.alfa, receivable=600.0)

    def test_credit_note_and_receipt_not_matched(self):
        self.make_invoice(self.alfa, 1000.0)
        self.make_receipt(self.alfa, 300.0)
        self.make_invoice(self.alfa, 200.0, move_type="out_refund")
        # 1 000 − 300 − 200
        self.assertExposure(self.alfa, receivable=1000.0, unallocated=-500.0)

    def test_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/60/90",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((30.0, 30), (30.0, 60), (40.0, 90))
                ],
            }
        )
        invoice = self.make_invoice(
            self.alfa,
            1000.0,
            day="2026-08-01",
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        self.assertExposure(self.alfa, receivable=1000.0)
        position = self.get_position(self.alfa, "2026-10-01")
        # due 31 Aug (300) and 30 Sep (300), 30 Oct not yet
        self.assertEqual(position.overdue_amount, 600.0)
        # 31 Aug to 1 Oct
        self.assertEqual(position.overdue_days, 31)
        rows = sorted(self.get_cover(self.alfa), key=lambda row: row["due_date"])
        self.assertEqual(
            [(float(row["open_amount"]), row["due_date"]) for row in rows],
            [
                (300.0, fields.Date.to_date("2026-08-31")),
                (300.0, fields.Date.to_date("2026-09-30")),
                (400.0, fields.Date.to_date("2026-10-30")),
            ],
        )
        self.assertEqual({row["move_id"] for row in rows}, {invoice.id})

    def test_receipt_lowers_what_is_overdue(self):
        self.make_invoice(self.alfa, 1000.0, day="2026-06-01", due="2026-07-01")
        self.make_receipt(self.alfa, 400.0)
        self.assertEqual(self.get_position(self.alfa).overdue_amount, 600.0)

    def test_drafts_count_by_option(self):
        self.make_invoice(self.alfa, 1000.0, post=False)
        self.make_invoice(self.alfa, 100.0, move_type="out_refund", post=False)
        self.assertExposure(self.alfa)
        self.company.credit_count_draft_invoices = True
        # 1 000 − 100
        self.assertExposure(self.alfa, draft=900.0)

    def test_draft_of_an_order_counts_once(self):
        order = self.make_order(self.alfa, 1000.0)
        draft = self.invoice_order(order, post=False)
        # it is no receivable yet: it stays in the order
        self.assertExposure(self.alfa, ordered=1000.0)
        self.company.credit_count_draft_invoices = True
        self.assertExposure(self.alfa, draft=1000.0)
        self.company.credit_count_draft_invoices = False
        draft.action_post()
        self.assertExposure(self.alfa, receivable=1000.0)

    def test_draft_of_another_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(self.alfa, 24.0)
        draft = self.invoice_order(order, post=False)
        line = draft.invoice_line_ids
        line.write({"product_uom_id": dozen.id, "quantity": 2, "price_unit": 12.0})
        # 2 dozen on a draft are the 24 units of the order
        self.assertExposure(self.alfa, ordered=24.0)

    def test_invoices_of_another_company(self):
        other = self.setup_other_company()["company"]
        other.currency_id = self.euro
        self.make_invoice(self.alfa, 1000.0)
        self.env["account.move"].with_company(other).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.alfa.id,
                "company_id": other.id,
                "invoice_date": "2026-09-01",
                "currency_id": self.euro.id,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 9000.0, "tax_ids": []})
                ],
            }
        ).action_post()
        self.assertExposure(self.alfa, receivable=1000.0)
        seen = self.position._get_credit_position(self.alfa, other, self.today)
        self.assertEqual(seen[self.alfa].exposure, 9000.0)
        # the policy insures the first company alone
        self.assertFalse(seen[self.alfa].policy)
        self.make_limit(self.alfa, 20000.0)
        self.assertEqual(self.get_position(self.alfa).headroom, 19000.0)

    def test_buyer_with_nothing_is_answered(self):
        self.assertExposure(self.alfa)
        self.assertEqual(self.get_position(self.alfa).cover_state, "not_insured")
