from odoo import Command
from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestSingleTerms(PositionCommon):
    """Which of several single-transaction policies an order uses goes by its days.

    What has left: the one in force on that day. What has not: the one in force today,
    else one that is to come. Where none is, the whole-turnover policy serves the order
    and its limit is used.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 100000.0)
        cls.policy.max_payment_days = 400
        cls.order = cls.make_order(
            cls.alfa, 80000.0, product=cls.make_delivered_product()
        )
        cls.former = cls.make_single("SR-1", 2025, 1)

    @classmethod
    def make_single(cls, name, year, sequence):
        single = cls.make_policy(
            name=name,
            kind="single",
            sequence=sequence,
            insured_pct_named=95.0,
            max_payment_days=400,
            date_start=f"{year}-01-01",
            date_end=f"{year}-12-31",
            order_ids=[Command.set(cls.order.ids)],
        )
        cls.make_limit(cls.alfa, 80000.0, f"{year}-01-01", policy=single)
        return single

    def ship(self, delivered, day):
        self.order.order_line.qty_delivered = delivered
        return self.invoice_order(self.order, day=day)

    def assertUse(self, used, policy=None):
        """What is used of POL-26's limit, or of a single-transaction policy's."""
        position = self.get_position(self.alfa, policy=policy)
        self.assertEqual(position.exposure_limit_currency, used)
        return position

    def test_renewed_by_another_one(self):
        """SR-1 is over, SR-2 follows it: 50 000 × 95 % under SR-2, POL-26 is free."""
        successor = self.make_single("SR-2", 2026, 2)
        invoice = self.ship(50000.0, "2026-05-10")
        for close in (lambda: None, self.renew_policies):
            close()
            row = self.rows(self.alfa)[invoice.id]
            self.assertEqual(row["policy_id"], successor.id)
            self.assertCover(row, base_amount=50000.0, covered_amount=47500.0)
            found = self.position._get_order_positions(self.order, self.today)
            self.assertEqual(found[self.order].policy, successor)
            # 100 000 − 0
            self.assertEqual(self.assertUse(0.0).headroom_limit_currency, 100000.0)
            # 50 000 shipped and 30 000 to come
            self.assertUse(80000.0, successor)
            self.assertUse(0.0, self.former)
        self.assertEqual(self.former.state, "closed")

    def test_shipped_after_its_end(self):
        """30 000 left under SR-1, 50 000 when it was over: these use POL-26's limit."""
        before = self.ship(30000.0, "2025-12-10")
        after = self.ship(80000.0, "2026-02-10")
        rows = self.rows(self.alfa)
        self.assertEqual(rows[before.id]["policy_id"], self.former.id)
        # 30 000 × 95 %
        self.assertCover(rows[before.id], covered_amount=28500.0)
        self.assertEqual(rows[after.id]["policy_id"], self.policy.id)
        # 50 000 × 90 %
        self.assertCover(rows[after.id], base_amount=50000.0, covered_amount=45000.0)
        # 100 000 − 50 000
        self.assertEqual(self.assertUse(50000.0).headroom_limit_currency, 50000.0)
        self.assertUse(30000.0, self.former)

    def test_not_invoiced_yet(self):
        """Delivered 20 000 under POL-26, 60 000 to come: SR-2 is to begin for these."""
        line = self.order.order_line
        line.qty_delivered = 20000.0
        line.insured_shipment_date = "2026-09-10"
        self.assertUse(80000.0)
        self.assertFalse(self.position._get_single_policies(self.order))
        successor = self.make_single("SR-2", 2027, 2)
        self.assertUse(20000.0)
        self.assertUse(60000.0, successor)
        self.assertEqual(
            self.position._get_single_policies(self.order), {self.order.id: successor}
        )

    def test_credit_note_stays_with_its_invoice(self):
        """30 000 of SR-1 sent back when it is over: nothing comes off POL-26's use."""
        invoice = self.ship(30000.0, "2025-12-10")
        self.order.credit_remainder_closed = True
        credit_note = invoice._reverse_moves([{"invoice_date": "2026-02-10"}])
        credit_note.action_post()
        credit_note.line_ids.remove_move_reconcile()
        self.order.order_line.qty_delivered = 0.0
        self.assertEqual(invoice.amount_residual, 30000.0)
        self.assertUse(0.0)
        self.assertUse(0.0, self.former)

    def test_explained_to_the_cent(self):
        """As *Explain* shows the headroom: 100 000 − 50 000."""
        self.ship(30000.0, "2025-12-10")
        self.ship(80000.0, "2026-02-10")
        found = self.position._explain(self.alfa, self.company, self.today)
        (headroom,) = [s for s in found["sections"] if s["key"] == "headroom"]
        self.assertEqual(
            [row["amount"] for row in headroom["rows"]], [100000.0, -50000.0]
        )
        self.assertEqual(headroom["amount"], 50000.0)
