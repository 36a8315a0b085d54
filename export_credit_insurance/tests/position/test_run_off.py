from datetime import date, timedelta

from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestRunOff(PositionCommon):
    """First shipped, first covered, each under its own day's limit (DOMAIN 1.3–1.6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gamma = cls.make_buyer("GAMMA")

    def ship(self, amount, day, partner=None):
        due = date.fromisoformat(day) + timedelta(days=120)
        return self.make_invoice(partner or self.gamma, amount, day=day, due=due)

    def test_gross_limit(self):
        """Debt 40 000, limit 30 000, 90 % → 27 000."""
        self.make_limit(self.gamma, 30000.0)
        invoice = self.ship(40000.0, "2026-09-01")
        self.assertCover(
            self.rows(self.gamma)[invoice.id],
            base_amount=30000.0,
            covered_amount=27000.0,
            uncovered_amount=13000.0,
        )

    def test_net_limit(self):
        """Net basis: min(40 000 × 90 %, 30 000) = 30 000."""
        self.policy.limit_basis = "net"
        self.make_limit(self.gamma, 30000.0)
        invoice = self.ship(40000.0, "2026-09-01")
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=30000.0)
        # 30 000 / 90 %
        self.assertEqual(self.get_position(self.gamma).limit, 33333.33)

    def test_net_limit_above_the_debt(self):
        self.policy.limit_basis = "net"
        self.make_limit(self.gamma, 50000.0)
        invoice = self.ship(40000.0, "2026-09-01")
        # 40 000 × 90 %
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=36000.0)

    def test_withdrawal(self):
        """GAMMA: 100 000 until 14 June; 80 000 shipped before, 15 000 after."""
        self.make_limit(
            self.gamma,
            100000.0,
            date_to="2026-06-14",
            state="cancelled",
            cancelled_by="insurer",
        )
        before = self.ship(80000.0, "2026-06-01")
        after = self.ship(15000.0, "2026-06-15")
        rows = self.rows(self.gamma)
        self.assertCover(rows[before.id], base_amount=80000.0, covered_amount=72000.0)
        self.assertCover(rows[after.id], eligible_amount=15000.0, base_amount=0.0)
        # 30 000 received: 50 000 covered × 90 %, 15 000 still uncovered
        self.make_receipt(self.gamma, 30000.0)
        rows = self.rows(self.gamma)
        self.assertCover(
            rows[before.id],
            received_amount=30000.0,
            base_amount=50000.0,
            covered_amount=45000.0,
        )
        self.assertCover(rows[after.id], base_amount=0.0, uncovered_amount=15000.0)

    def test_reduction(self):
        """100 000 → 40 000 on 15 June: nothing of the later 15 000, until 70 000
        are received: 10 000 + 15 000 fit the 40 000."""
        self.make_limit(self.gamma, 100000.0, date_to="2026-06-14", state="reduced")
        self.make_limit(self.gamma, 40000.0, date_from="2026-06-15")
        before = self.ship(80000.0, "2026-06-01")
        after = self.ship(15000.0, "2026-06-20")
        rows = self.rows(self.gamma)
        self.assertCover(rows[before.id], base_amount=80000.0)
        # 40 000 − 80 000 < 0
        self.assertCover(rows[after.id], base_amount=0.0)
        self.make_receipt(self.gamma, 70000.0)
        rows = self.rows(self.gamma)
        self.assertCover(rows[before.id], base_amount=10000.0)
        self.assertCover(rows[after.id], base_amount=15000.0)
        # 25 000 × 90 %
        self.assertEqual(float(self.get_totals(self.gamma)["covered"]), 22500.0)

    def _excess(self):
        self.make_limit(self.gamma, 50000.0, date_to="2026-05-31", state="closed")
        self.make_limit(self.gamma, 100000.0, date_from="2026-06-01")
        self.ship(80000.0, "2026-05-15")
        self.ship(15000.0, "2026-06-10")
        self.ship(30000.0, "2026-06-20")
        return [float(row["base_amount"]) for row in self.get_cover(self.gamma)]

    def test_excess_uses_the_limit(self):
        """50 of 80 + 15 + (100 − 95 = 5) of 30 = 70 000."""
        self.assertEqual(self._excess(), [50000.0, 15000.0, 5000.0])

    def test_excess_leaves_the_limit(self):
        """50 of 80 + 15 + 30 = 95 000."""
        self.policy.excess_uses_limit = False
        self.assertEqual(self._excess(), [50000.0, 15000.0, 30000.0])

    def test_excess_flag_is_per_policy(self):
        other = self.make_policy(
            name="P-2", sequence=99, excess_uses_limit=False, company=self.company
        )
        self.assertTrue(other)
        self.assertEqual(self._excess(), [50000.0, 15000.0, 5000.0])

    def test_same_day_shipments_in_order_of_entry(self):
        self.make_limit(self.gamma, 100.0)
        first = self.ship(70.0, "2026-09-01")
        second = self.ship(70.0, "2026-09-01")
        rows = self.rows(self.gamma)
        self.assertCover(rows[first.id], base_amount=70.0)
        self.assertCover(rows[second.id], base_amount=30.0)

    def test_delivery_takes_its_place_among_invoices(self):
        self.make_limit(self.gamma, 100.0)
        order = self.make_order(self.gamma, 60.0, delivered=60.0)
        order.order_line.insured_shipment_date = "2026-09-05"
        invoice = self.ship(70.0, "2026-09-10")
        rows = self.rows(self.gamma)
        self.assertCover(rows["order", order.id], base_amount=60.0)
        self.assertCover(rows[invoice.id], base_amount=40.0)

    def test_corrected_shipment_date_decides(self):
        self.make_limit(self.gamma, 100.0, date_from="2026-09-01")
        invoice = self.ship(50.0, "2026-09-02")
        self.assertCover(self.rows(self.gamma)[invoice.id], base_amount=50.0)
        invoice.insured_shipment_date = "2026-08-31"
        row = self.rows(self.gamma)[invoice.id]
        self.assertCover(row, base_amount=0.0)

    def test_discretionary_limit(self):
        """DOMAIN 1.6: B 7 500 × 70 % = 5 250, C 10 000 × 70 % = 7 000, D refused."""
        for name, limit, debt, covered in (
            ("B", 7500.0, 9000.0, 5250.0),
            ("C", 10000.0, 22500.0, 7000.0),
        ):
            buyer = self.make_buyer(name)
            self.make_limit(buyer, limit, kind="discretionary")
            invoice = self.ship(debt, "2026-09-01", buyer)
            self.assertCover(self.rows(buyer)[invoice.id], covered_amount=covered)
            position = self.get_position(buyer)
            self.assertEqual(position.limit_state, "discretionary")
        refused = self.make_buyer("D")
        self.make_limit(refused, 7500.0, kind="discretionary")
        self.make_limit(
            refused, 0.0, date_from="2026-06-01", state="refused", request_type="new"
        )
        old = self.ship(1000.0, "2026-05-31", refused)
        new = self.ship(1000.0, "2026-06-01", refused)
        rows = self.rows(refused)
        # justified when it was shipped: 1 000 × 70 %
        self.assertCover(rows[old.id], covered_amount=700.0)
        self.assertCover(rows[new.id], covered_amount=0.0)
        self.assertEqual(self.get_position(refused).limit_state, "refused")

    def test_credit_note_lowers_the_invoice_it_reverses(self):
        self.make_limit(self.gamma, 100000.0)
        old = self.ship(1000.0, "2026-08-01")
        new = self.ship(800.0, "2026-09-01")
        credit = new._reverse_moves([{"invoice_date": "2026-09-05"}])
        credit.invoice_line_ids.price_unit = 300.0
        credit.action_post()
        # Odoo matches them at once; some take it apart again
        credit.line_ids.remove_move_reconcile()
        rows = self.rows(self.gamma)
        self.assertCover(rows[old.id], credited_amount=0.0, eligible_amount=1000.0)
        self.assertCover(rows[new.id], credited_amount=300.0, eligible_amount=500.0)

    def test_credit_note_above_its_invoice_goes_to_the_oldest(self):
        self.make_limit(self.gamma, 100000.0)
        old = self.ship(1000.0, "2026-08-01")
        new = self.ship(100.0, "2026-09-01")
        credit = new._reverse_moves([{"invoice_date": "2026-09-05"}])
        credit.invoice_line_ids.price_unit = 300.0
        credit.action_post()
        credit.line_ids.remove_move_reconcile()
        rows = self.rows(self.gamma)
        # 100 of the invoice it reverses, 200 of the oldest
        self.assertCover(rows[new.id], credited_amount=100.0, eligible_amount=0.0)
        self.assertCover(rows[old.id], received_amount=200.0, eligible_amount=800.0)

    def test_as_matched(self):
        self.policy.receipt_imputation = "as_matched"
        self.make_limit(self.gamma, 100000.0)
        old = self.ship(1000.0, "2026-08-01")
        new = self.ship(800.0, "2026-09-01")
        self.make_receipt(self.gamma, 500.0)
        self._register_payment(new, amount=300.0)
        rows = self.rows(self.gamma)
        self.assertCover(rows[old.id], received_amount=0.0, eligible_amount=1000.0)
        self.assertCover(rows[new.id], received_amount=0.0, eligible_amount=500.0)

    def test_percentage_of_the_line_and_of_the_kind(self):
        self.policy.percentage_ids = [
            (0, 0, {"cover_kind": "express", "percentage": 80.0}),
            (0, 0, {"cover_kind": "topup", "percentage": 50.0}),
        ]
        for name, kind, values, covered in (
            ("named", "named", {}, 900.0),
            ("own", "named", {"insured_pct": 75.0}, 750.0),
            ("express", "express", {}, 800.0),
            ("topup", "topup", {}, 500.0),
        ):
            buyer = self.make_buyer(name)
            self.make_limit(buyer, 5000.0, kind=kind, **values)
            invoice = self.ship(1000.0, "2026-09-01", buyer)
            self.assertCover(self.rows(buyer)[invoice.id], covered_amount=covered)

    def test_newer_temporary_line_keeps_the_named_lines_percentage(self):
        self.make_limit(self.gamma, 5000.0, insured_pct=80.0)
        self.make_limit(
            self.gamma,
            1000.0,
            date_from="2026-08-01",
            date_to="2026-12-31",
            kind="temporary",
        )
        invoice = self.ship(6000.0, "2026-09-01")
        # 6 000 × 80 %
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=4800.0)

    def test_percentage_of_country_zone_and_year(self):
        self.make_limit(self.gamma, 5000.0)
        invoice = self.ship(1000.0, "2026-09-01")
        self.policy.year_ids = [
            (5, 0, 0),
            (
                0,
                0,
                {
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "insured_pct_named": 85.0,
                },
            ),
        ]
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=850.0)
        zone = self.env["credit.insurance.zone"].browse(
            self.env["credit.insurance.zone"]
            ._zone_by_country(self.company)
            .get(self.gamma.country_id.id)
        )
        self.policy.percentage_ids = [
            (0, 0, {"cover_kind": "named", "percentage": 70.0, "zone_id": zone.id})
        ]
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=700.0)
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.gamma.country_id.id, "insured_pct_named": 60.0})
        ]
        self.assertCover(self.rows(self.gamma)[invoice.id], covered_amount=600.0)

    def test_political_cause(self):
        self.policy.percentage_ids = [
            (
                0,
                0,
                {"cover_kind": "named", "cause": "political", "percentage": 95.0},
            )
        ]
        self.make_limit(self.gamma, 5000.0)
        self.ship(1000.0, "2026-09-01")
        totals = self.get_totals(self.gamma)
        self.assertEqual(float(totals["covered"]), 900.0)
        self.assertEqual(float(totals["covered_political"]), 950.0)
        self.policy.political_cover = False
        self.assertEqual(float(self.get_totals(self.gamma)["covered_political"]), 0.0)
