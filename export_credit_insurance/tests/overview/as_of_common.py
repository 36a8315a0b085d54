from odoo import Command, fields

from ..position.position_common import PositionCommon

BUCKETS = (
    "overdue_000",
    "overdue_001",
    "overdue_031",
    "overdue_061",
    "overdue_091",
    "overdue_181",
)


class AsOfCommon(PositionCommon):
    """A buyer's story of 2026, looked back at from 1 October.

    Limit 100 000 until 14 July, then 40 000; insured at 90 %.

    | day      | what                                | amount |
    |----------|-------------------------------------|--------|
    | 10 March | invoice A, due 8 June               | 60 000 |
    | 20 April | invoice B, due 19 July              | 50 000 |
    | 15 May   | payment, matched with A             | 25 000 |
    | 12 June  | credit note on B, matched with it   | 10 000 |
    | 15 July  | the limit is cut to 40 000          |        |
    | 20 July  | invoice C, due 18 October           | 30 000 |
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Exposure = cls.env["credit.insurance.exposure.as.of"]
        cls.Ageing = cls.env["credit.insurance.ageing"]
        cls.Report = cls.env["credit.insurance.exposure.report"]

    @classmethod
    def tell_story(cls, partner):
        cls.make_limit(partner, 100000.0, date_to="2026-07-14", state="closed")
        cls.make_limit(partner, 40000.0, date_from="2026-07-15")
        story = {
            "a": cls.make_invoice(partner, 60000.0, day="2026-03-10", due="2026-06-08"),
            "b": cls.make_invoice(partner, 50000.0, day="2026-04-20", due="2026-07-19"),
        }
        cls.match(cls.make_receipt(partner, 25000.0, day="2026-05-15"), story["a"])
        cls.match(cls.make_credit_note(story["b"], 10000.0, "2026-06-12"), story["b"])
        story["c"] = cls.make_invoice(
            partner, 30000.0, day="2026-07-20", due="2026-10-18"
        )
        return story

    @classmethod
    def match(cls, *moves):
        lines = cls.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    @classmethod
    def make_credit_note(cls, invoice, amount, day):
        note = cls.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": invoice.partner_id.id,
                "invoice_date": day,
                "currency_id": invoice.currency_id.id,
                "reversed_entry_id": invoice.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        note.action_post()
        return note

    def exposures(self, partners, day):
        day = fields.Date.to_date(day)
        domain = [("partner_id", "in", partners.ids)]
        return self.Exposure._rows_of(self.company, day, domain)

    def ageing(self, partners, day):
        day = fields.Date.to_date(day)
        domain = [("partner_id", "in", partners.ids)]
        return self.Ageing._rows_of(self.company, day, domain)

    def assertRow(self, partner, as_of, **expected):
        """Compare columns of a buyer's row; what is not named of the ageing is 0."""
        row = self.exposures(partner, as_of)
        self.assertEqual(len(row), 1, as_of)
        expected = {**dict.fromkeys(BUCKETS, 0.0), **expected}
        self.assertEqual(
            {name: row[name] for name in expected}, expected, f"as of {as_of}"
        )
        self.assertEqual(row.covered + row.own_share + row.uninsured, row.exposure)
        self.assertEqual(sum(row[name] for name in BUCKETS), row.receivable)
        return row
