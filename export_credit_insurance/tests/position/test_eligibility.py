from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestEligibility(PositionCommon):
    """What is not insurable, and the first reason why (DOMAIN 1.7, 1.15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 100000.0)

    def assertReason(self, invoice, reason):
        row = self.rows(invoice.partner_id)[invoice.id]
        self.assertEqual(row["exclusion_reason"], reason)
        self.assertEqual(
            float(row["eligible_amount"]), 0.0 if reason else invoice.amount_total
        )

    def test_terms_too_long(self):
        """15 Jan to 20 July = 186 days > 180; the latest is 14 July."""
        self.assertReason(
            self.make_invoice(self.alfa, 100.0, day="2026-01-15", due="2026-07-20"),
            "terms_exceeded",
        )
        in_time = self.make_invoice(
            self.alfa, 100.0, day="2026-01-15", due="2026-07-14"
        )
        self.assertReason(in_time, None)
        self.assertReason(  # 181 days
            self.make_invoice(self.alfa, 100.0, day="2026-01-15", due="2026-07-15"),
            "terms_exceeded",
        )
        # postponed since: the original due date counts
        in_time.invoice_date_due = "2026-12-14"
        in_time.line_ids.filtered("date_maturity").date_maturity = "2026-12-14"
        self.assertReason(in_time, None)

    def test_terms_of_the_limit_and_of_the_country(self):
        invoice = self.make_invoice(
            self.alfa, 100.0, day="2026-06-01", due="2026-09-01"
        )
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.alfa.country_id.id, "max_payment_days": 60})
        ]
        # 92 days > 60
        self.assertReason(invoice, "terms_exceeded")
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0, max_payment_days=120)
        self.assertReason(
            self.make_invoice(beta, 100.0, day="2026-06-01", due="2026-09-01"), None
        )

    def test_terms_without_a_maximum(self):
        self.policy.max_payment_days = 0
        self.assertReason(
            self.make_invoice(self.alfa, 100.0, day="2026-01-15", due="2027-07-20"),
            None,
        )

    def test_invoiced_late(self):
        invoice = self.make_invoice(self.alfa, 100.0, day="2026-09-01")
        invoice.insured_shipment_date = "2026-08-02"
        # 30 days
        self.assertReason(invoice, None)
        invoice.insured_shipment_date = "2026-08-01"
        # 31 days
        self.assertReason(invoice, "invoiced_late")
        self.policy.max_invoicing_days = 0
        self.assertReason(invoice, None)

    def test_delivery_not_invoiced_in_time(self):
        order = self.make_order(self.alfa, 100.0, delivered=100.0)
        order.order_line.insured_shipment_date = "2026-08-31"
        rows = self.rows(self.alfa)
        # 31 days before 1 October
        self.assertEqual(rows["order", order.id]["exclusion_reason"], "invoiced_late")

    def test_outside_the_policys_period(self):
        self.assertReason(
            self.make_invoice(self.alfa, 100.0, day="2025-12-31", due="2026-03-01"),
            "outside_period",
        )

    def test_closed_policy_covers_its_past(self):
        invoice = self.make_invoice(self.alfa, 100.0, day="2026-09-01")
        self.policy.write(
            {"state": "closed", "renewal": "none", "date_end": "2026-09-30"}
        )
        self.assertReason(invoice, None)
        later = self.make_invoice(self.alfa, 100.0, day="2026-10-01")
        self.assertReason(later, "outside_period")
        self.assertFalse(self.get_position(self.alfa).policy)

    def test_tacit_renewal_goes_on(self):
        self.policy.renewal = "tacit"
        self.assertEqual(self.get_position(self.alfa, "2027-02-01").limit, 100000.0)

    def test_party_kinds(self):
        for kind, flag in (
            ("public", "exclude_public"),
            ("private", "exclude_private"),
            ("related", "exclude_related"),
        ):
            buyer = self.make_buyer(kind, credit_party_kind=kind)
            self.make_limit(buyer, 1000.0)
            invoice = self.make_invoice(buyer, 100.0)
            self.assertReason(invoice, kind)
            self.assertEqual(self.get_position(buyer).cover_state, "not_insured")
            self.policy[flag] = False
            self.assertReason(invoice, None)
            self.assertEqual(self.get_position(buyer).cover_state, "ok")

    def test_party_kind_where_nobody_said(self):
        person = self.make_buyer("Ana", is_company=False)
        self.make_limit(person, 1000.0)
        self.assertReason(self.make_invoice(person, 100.0), "private")
        house = self.setup_other_company()["company"].partner_id
        house.country_id = self.env.ref("base.br")
        self.make_limit(house, 1000.0)
        self.assertReason(self.make_invoice(house, 100.0), "related")

    def test_another_policy_takes_whom_the_first_leaves_out(self):
        buyer = self.make_buyer("State", credit_party_kind="public")
        second = self.make_policy(name="PUB", sequence=20, exclude_public=False)
        self.make_limit(buyer, 1000.0, policy=second)
        invoice = self.make_invoice(buyer, 100.0)
        self.assertReason(invoice, None)
        self.assertEqual(self.get_position(buyer).policy, second)

    def test_dispute(self):
        invoice = self.make_invoice(self.alfa, 1000.0)
        invoice.credit_dispute_amount = 300.0
        row = self.rows(self.alfa)[invoice.id]
        self.assertCover(
            row, disputed_amount=300.0, eligible_amount=700.0, covered_amount=630.0
        )
        # it stays exposure
        self.assertExposure(self.alfa, receivable=1000.0)
        self._register_payment(invoice, amount=800.0)
        # no more than what is left
        row = self.rows(self.alfa)[invoice.id]
        self.assertCover(row, disputed_amount=200.0, eligible_amount=0.0)

    def test_buyer_without_a_country(self):
        buyer = self.make_buyer("NOWHERE", country_id=False)
        self.make_limit(buyer, 1000.0)
        self.assertReason(self.make_invoice(buyer, 100.0), None)
        self.assertEqual(self.get_position(buyer).limit, 1000.0)
        self.policy.kind = "country"
        self.assertReason(self.make_invoice(buyer, 100.0), "country_off")


@tagged("post_install", "-at_install")
class TestCountryCover(PositionCommon):
    """A country off cover: new shipments only (DOMAIN 1.15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brazil = cls.env.ref("base.br")
        cls.make_limit(cls.alfa, 100000.0)
        cls.before = cls.make_invoice(cls.alfa, 100.0, day="2026-08-01")
        cls.after = cls.make_invoice(cls.alfa, 200.0, day="2026-09-10")

    def make_event(self, status, date_from="2026-09-01", date_to=False):
        return self.env["credit.insurance.country.event"].create(
            {
                "name": "Event",
                "country_ids": [(6, 0, self.brazil.ids)],
                "kind": "embargo",
                "source": "Gazette",
                "cover_status": status,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def reasons(self):
        rows = self.rows(self.alfa)
        return [rows[move.id]["exclusion_reason"] for move in self.before + self.after]

    def test_off_cover_stops_new_shipments(self):
        self.assertEqual(self.reasons(), [None, None])
        self.make_event("off_cover")
        self.assertEqual(self.reasons(), [None, "country_off"])
        position = self.get_position(self.alfa)
        self.assertEqual(position.country_status, "off_cover")
        self.assertEqual(position.cover_state, "stopped")
        self.assertEqual(position.exclusion, "country_off")

    def test_event_that_ended(self):
        self.make_event("off_cover", date_to="2026-09-30")
        self.assertEqual(self.reasons(), [None, "country_off"])
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")
        self.assertEqual(
            self.get_position(self.alfa, "2026-09-30").cover_state, "stopped"
        )

    def test_sanctioned_and_restricted(self):
        event = self.make_event("restricted")
        self.assertEqual(self.get_position(self.alfa).country_status, "restricted")
        self.assertEqual(self.reasons(), [None, None])
        event.cover_status = "sanctioned"
        self.assertEqual(self.get_position(self.alfa).country_status, "sanctioned")
        self.assertEqual(self.reasons(), [None, "country_off"])

    def test_country_term_off_cover(self):
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.brazil.id, "cover_status": "off_cover"})
        ]
        self.assertEqual(self.reasons(), ["country_off", "country_off"])
        self.assertEqual(self.get_position(self.alfa).cover_state, "not_insured")

    def test_policy_of_named_countries(self):
        self.policy.kind = "country"
        self.assertEqual(self.reasons(), ["country_off", "country_off"])
        self.policy.country_term_ids = [(0, 0, {"country_id": self.brazil.id})]
        self.assertEqual(self.reasons(), [None, None])

    def test_the_next_policy_takes_the_country(self):
        """POL-26 leaves Brazil out, the second policy covers it at 80 %."""
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.brazil.id, "cover_status": "off_cover"})
        ]
        second = self.make_policy(name="P-2", sequence=20, insured_pct_named=80.0)
        self.make_limit(self.alfa, 1000.0, policy=second)
        self.assertEqual(self.reasons(), [None, None])
        # 300 × 80 %
        self.assertEqual(float(self.get_totals(self.alfa)["covered"]), 240.0)
