from datetime import date

from odoo.tests import tagged

from .position_common import PositionCommon


@tagged("post_install", "-at_install")
class TestCoverStop(PositionCommon):
    """The extension period and what a stop leaves behind (DOMAIN 1.8, 1.17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_limit(cls.alfa, 100000.0)
        cls.late = cls.make_invoice(
            cls.alfa, 20000.0, day="2026-01-15", due="2026-03-16"
        )

    def ship(self, day):
        return self.make_invoice(self.alfa, 100.0, day=day, due="2026-10-15")

    def reason(self, invoice, day=None):
        return self.rows(invoice.partner_id, day)[invoice.id]["exclusion_reason"]

    def test_stop_begins_the_day_after_the_extension_period(self):
        """Due 16 March + 60 days: ends 15 May, shipments from 16 May."""
        before = self.get_position(self.alfa, "2026-05-15")
        self.assertEqual(before.cover_state, "warning")
        self.assertEqual(before.near_stop_date, date(2026, 5, 16))
        after = self.get_position(self.alfa, "2026-05-16")
        self.assertEqual(after.cover_state, "stopped")
        self.assertEqual(after.stop_date, date(2026, 5, 16))
        self.assertEqual(after.stop_cause, "overdue")
        self.assertEqual(after.stop_move_line.move_id, self.late)
        shipped_in = self.ship("2026-05-15")
        shipped_out = self.ship("2026-05-16")
        self.assertIsNone(self.reason(shipped_in))
        self.assertEqual(self.reason(shipped_out), "shipped_after_stop")
        # the overdue itself stays insured
        self.assertIsNone(self.reason(self.late))

    def test_warning_begins_fifteen_days_before(self):
        # 15 May − 15 days = 30 April
        self.assertEqual(self.get_position(self.alfa, "2026-04-29").cover_state, "ok")
        self.assertEqual(
            self.get_position(self.alfa, "2026-04-30").cover_state, "warning"
        )

    def test_base_is_the_invoice_date(self):
        """15 January + 120 days: 15 May too."""
        self.policy.write({"mep_base": "invoice_date", "mep_days": 120})
        self.assertEqual(
            self.get_position(self.alfa, "2026-05-16").stop_date, date(2026, 5, 16)
        )
        self.assertFalse(self.get_position(self.alfa, "2026-05-15").stop_date)

    def test_base_is_the_shipment_date(self):
        self.policy.write({"mep_base": "shipment_date", "mep_days": 120})
        self.late.insured_shipment_date = "2026-01-10"
        # 10 January + 120 days = 10 May
        self.assertEqual(
            self.get_position(self.alfa, "2026-06-01").stop_date, date(2026, 5, 11)
        )

    def test_extension_of_the_country_and_of_the_limit(self):
        self.policy.country_term_ids = [
            (0, 0, {"country_id": self.alfa.country_id.id, "mep_days": 30})
        ]
        # 16 March + 30 = 15 April
        self.assertEqual(
            self.get_position(self.alfa, "2026-06-01").stop_date, date(2026, 4, 16)
        )
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 1000.0, mep_days=90)
        self.make_invoice(beta, 100.0, day="2026-01-15", due="2026-03-16")
        # 16 March + 90 = 14 June
        self.assertEqual(
            self.get_position(beta, "2026-07-01").stop_date, date(2026, 6, 15)
        )

    def test_postponing_the_due_date_moves_nothing(self):
        self.late.line_ids.filtered("date_maturity").date_maturity = "2026-11-30"
        self.late.invoice_date_due = "2026-11-30"
        self.assertEqual(
            self.get_position(self.alfa, "2026-06-01").stop_date, date(2026, 5, 16)
        )

    def test_reposting_with_a_later_date_moves_nothing(self):
        self.late.button_draft()
        self.late.invoice_date_due = "2026-11-30"
        self.late.action_post()
        self.assertEqual(
            self.get_position(self.alfa, "2026-06-01").stop_date, date(2026, 5, 16)
        )

    def test_payment_lifts_it(self):
        self._register_payment(self.late)
        self.assertFalse(self.get_position(self.alfa).stop_date)
        shipped = self.ship("2026-06-01")
        self.assertIsNone(self.reason(shipped))

    def test_money_not_matched_lifts_it(self):
        self.make_receipt(self.alfa, 20000.0)
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")

    def test_residue_stops_nothing(self):
        # 50 is the residue: below it, no stop
        self._register_payment(self.late, amount=19950.01)
        self.assertFalse(self.get_position(self.alfa).stop_date)
        self.assertExposure(self.alfa, receivable=49.99)

    def test_one_per_cent_stops_nothing(self):
        # 1 % of 20 000 is 200
        self._register_payment(self.late, amount=19800.01)
        self.assertFalse(self.get_position(self.alfa).stop_date)

    def test_one_per_cent_is_enough(self):
        self._register_payment(self.late, amount=19800.0)
        self.assertTrue(self.get_position(self.alfa).stop_date)

    def test_insolvency(self):
        self._register_payment(self.late)
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-08-01"}
        )
        position = self.get_position(self.alfa)
        self.assertEqual(position.stop_cause, "insolvency")
        self.assertEqual(position.stop_date, date(2026, 8, 1))
        self.assertTrue(position.insolvency)
        before = self.ship("2026-07-31")
        after = self.ship("2026-08-01")
        self.assertIsNone(self.reason(before))
        self.assertEqual(self.reason(after), "shipped_after_stop")

    def test_the_earliest_cause_gives_the_date(self):
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-08-01"}
        )
        position = self.get_position(self.alfa)
        self.assertEqual(
            (position.stop_date, position.stop_cause), (date(2026, 5, 16), "overdue")
        )
        self.assertTrue(position.insolvency)

    def test_ended_stop_keeps_its_shipments(self):
        self._register_payment(self.late)
        stop = self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": self.policy.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
                "cause": "insurer",
            }
        )
        inside = self.ship("2026-06-30")
        outside = self.ship("2026-07-01")
        self.assertEqual(self.reason(inside), "shipped_after_stop")
        self.assertIsNone(self.reason(outside))
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")
        self.policy.stop_reinstates = True
        self.assertIsNone(self.reason(inside))
        self.policy.stop_reinstates = False
        stop.agreement_ref = "Letter of 3 July"
        self.assertIsNone(self.reason(inside))

    def test_stop_under_another_policy(self):
        self._register_payment(self.late)
        other = self.make_policy(name="P-2", sequence=99)
        self.env["credit.insurance.stop"].create(
            {
                "partner_id": self.alfa.id,
                "policy_id": other.id,
                "date_from": "2026-06-01",
            }
        )
        self.assertEqual(self.get_position(self.alfa).cover_state, "ok")
        invoice = self.ship("2026-06-30")
        self.assertIsNone(self.reason(invoice))


@tagged("post_install", "-at_install")
class TestStopShare(PositionCommon):
    """EDC's way: only above an amount and a share of what is due (DOMAIN 1.8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.stop_min_pct = 10.0
        cls.make_limit(cls.alfa, 100000.0)

    def owe(self, overdue, rest):
        # 62 days after 31 July is 1 October
        self.make_invoice(self.alfa, overdue, day="2026-06-01", due="2026-07-31")
        self.make_invoice(self.alfa, rest, day="2026-09-01")
        return self.get_position(self.alfa).cover_state

    def test_six_per_cent(self):
        """4 000 of 65 000."""
        self.assertEqual(self.owe(4000.0, 61000.0), "ok")

    def test_sixty_two_per_cent(self):
        """40 000 of 65 000."""
        self.assertEqual(self.owe(40000.0, 25000.0), "stopped")

    def test_amount(self):
        self.policy.stop_min_amount = 5000.0
        self.assertEqual(self.owe(4000.0, 1000.0), "ok")

    def test_amount_in_another_currency(self):
        self.clear_rates()
        self.set_rate(self.dollar, 2.0)
        self.policy.stop_min_amount = 5000.0
        beta = self.make_buyer("BETA")
        self.make_limit(beta, 100000.0, currency_id=self.dollar.id)
        self.make_invoice(
            beta,
            8000.0,
            day="2026-06-01",
            due="2026-07-31",
            currency_id=self.dollar.id,
        )
        # USD 8 000 are EUR 4 000
        self.assertEqual(self.get_position(beta).cover_state, "ok")
