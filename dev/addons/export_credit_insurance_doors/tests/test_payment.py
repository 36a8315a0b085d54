from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import RedirectWarning
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .checked_common import ALFA
from .payment_common import PaymentDoors


@tagged("post_install", "-at_install")
class TestPayment(PaymentDoors):
    """A customer pays on the quotation's page.

    28 000 are free. Of a quotation of 45 000, a fifth (9 000) has to be paid to confirm
    it: then 45 000 - 9 000 - 28 000 = 8 000 are too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fits = cls.make_payable(28)
        cls.waits = cls.make_payable(45)

    @classmethod
    def make_payable(cls, quantity):
        return cls.make_quotation(
            quantity,
            require_signature=False,
            require_payment=True,
            prepayment_percent=0.2,
        )

    def setUp(self):
        super().setUp()
        self.visit()

    def test_what_fits_is_confirmed(self):
        # 28 000 - 5 600 fit
        with self.mock_mail_gateway():
            transaction = self.pay(self.fits, 5600.0)
        self.assertConfirmed(self.fits)
        self.assertKept(transaction, 5600.0)
        (mail,) = self.mails_to(ALFA)
        self.assertIn("Order", mail.subject)

    def test_what_does_not_fit_waits_and_the_money_is_kept(self):
        transaction = self.pay(self.waits, 9000.0)
        self.assertWaits(self.waits, missing=8000.0)
        self.assertTold(self.waits)
        self.assertKept(transaction, 9000.0)

    def test_customer_reads_nothing_of_it(self):
        with self.mock_mail_gateway():
            self.begin_payment(self.waits, 9000.0)
            self.assertNeutral(self.read_page("/payment/status"))
            self.pay(self.waits, 9000.0)
        self.assertNeutral(self.read_page("/payment/status"))
        self.assertNeutral(self.read_page(self.waits.get_portal_url()))
        (mail,) = self.assertMailsNeutral(ALFA)
        self.assertIn("has been confirmed", mail.text)  # the payment has
        self.assertIn("36,000.00", mail.text)  # remains to be paid

    def test_released_it_is_confirmed_once(self):
        self.pay(self.waits, 9000.0)
        with self.mock_mail_gateway():
            self.release(self.waits)
        self.assertConfirmed(self.waits)
        self.assertEqual(len(self.assertMailsNeutral(ALFA)), 1)

    def test_released_what_was_paid_is_invoiced(self):
        """Where Odoo invoices what is paid: not while it waits, then once."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        self.pay(self.waits, 9000.0)
        self.pay(self.waits, 1000.0)
        self.assertFalse(self.waits.invoice_ids)
        self.release(self.waits)
        self.assertConfirmed(self.waits)
        self.assertRecordValues(
            self.waits.invoice_ids,
            [{"state": "posted", "amount_total": 10000.0, "amount_residual": 0.0}],
        )

    def test_fully_paid_it_passes(self):
        transaction = self.pay(self.waits, 45000.0)
        self.assertConfirmed(self.waits)
        self.assertFalse(self.hold_of(self.waits))
        self.assertKept(transaction, 45000.0)

    def test_a_second_payment_lets_it_pass(self):
        # 45 000 - 9 000 - 8 000 = 28 000: what is free
        self.pay(self.waits, 9000.0)
        self.pay(self.waits, 8000.0)
        self.assertConfirmed(self.waits)
        self.assertEqual(self.hold_of(self.waits).state, "obsolete")
        self.assertFalse(self.waits.activity_ids)

    def test_a_second_payment_may_be_too_little(self):
        # 45 000 - 9 000 - 7 999 - 28 000 = 1
        self.pay(self.waits, 9000.0)
        second = self.pay(self.waits, 7999.0)
        self.assertEqual(self.waits.state, "sent")
        self.assertEqual(len(self.hold_of(self.waits)), 1)
        self.assertKept(second, 7999.0)

    def test_failed_it_stays_a_quotation(self):
        self.pay(self.waits, 9000.0, state="error")
        self.assertEqual(self.waits.state, "sent")
        self.assertFalse(self.hold_of(self.waits))

    # === AUTHORISED === #

    def test_authorised_is_not_received(self):
        self.authorise_only()
        self.pay(self.waits, 45000.0)
        self.assertWaits(self.waits)
        self.assertNeutral(self.read_page(self.waits.get_portal_url()))

    def test_captured_it_passes(self):
        self.authorise_only()
        transaction = self.pay(self.waits, 45000.0)
        capture = transaction._capture()
        self.run_payment_cron()
        self.assertConfirmed(self.waits)
        self.assertKept(capture, 45000.0)
        self.assertEqual(self.hold_of(self.waits).state, "obsolete")

    def test_voided_it_goes_on_waiting(self):
        self.authorise_only()
        self.pay(self.waits, 45000.0)._void()
        self.run_payment_cron()
        self.assertWaits(self.waits)

    def test_captured_in_part_only_this_part_counts(self):
        # 45 000 - 20 000 captured - 28 000 = -3 000: fits; 16 999 captured: 1 too much
        self.authorise_only()
        transaction = self.pay(self.waits, 45000.0)
        transaction._capture(16999.0)
        transaction._void(28001.0)
        self.run_payment_cron()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(self.waits.state, "sent")
        self.assertEqual(self.waits._credit_received(), 16999.0)

    def test_captured_in_part_it_may_pass(self):
        # 45 000 - 17 000 = 28 000
        self.authorise_only()
        transaction = self.pay(self.waits, 45000.0)
        transaction._capture(17000.0)
        transaction._void(28000.0)
        self.run_payment_cron()
        self.assertConfirmed(self.waits)

    def test_captured_money_counts_once(self):
        """Booked with the capture, it lowers the buyer's debt, not the order again."""
        self.authorise_only()
        self.pay(self.waits, 45000.0)._capture()
        self.run_payment_cron()
        # 102 000 + 45 000 ordered - 45 000 received
        exposure = self.buyer.with_company(self.company).credit_exposure
        self.assertEqual(exposure, 102000.0)

    # === REFUNDED === #

    def test_refunded_it_is_not_paid(self):
        # all of it was paid, all of it given back: confirmed anew it needs credit
        self.pay(self.waits, 45000.0)._refund()
        self.run_payment_cron()
        self.assertEqual(self.waits.state, "sale")
        self.waits.action_cancel()
        self.waits.action_draft()
        with self.assertRaises(RedirectWarning):
            self.waits.with_user(self.seller).action_confirm()

    def test_refunded_in_part_the_rest_counts(self):
        # 45 000 - (9 000 - 4 000) - 28 000 = 12 000
        self.pay(self.waits, 9000.0)._refund(4000.0)
        self.run_payment_cron()
        self.assertEqual(self.waits._credit_received(), 5000.0)

    # === AGAIN AND AGAIN === #

    def test_post_processed_again_nothing_happens_twice(self):
        transaction = self.pay(self.waits, 9000.0)
        notes = self.waits.message_ids.filtered("is_internal")
        transaction.is_post_processed = False
        self.run_payment_cron()
        self.assertWaits(self.waits, missing=8000.0)
        self.assertTold(self.waits)
        self.assertKept(transaction, 9000.0)
        self.assertEqual(self.waits.message_ids.filtered("is_internal"), notes)

    def test_confirmed_by_the_cron(self):
        """The customer's browser never comes back."""
        self.provider_says(self.begin_payment(self.fits, 5600.0))
        self.run_payment_cron()
        self.assertConfirmed(self.fits)

    def test_waits_by_the_cron(self):
        transaction = self.begin_payment(self.waits, 9000.0)
        self.provider_says(transaction)
        self.run_payment_cron()
        self.assertWaits(self.waits, missing=8000.0)
        self.assertKept(transaction, 9000.0)

    @mute_logger(
        "odoo.addons.payment.controllers.post_processing", "odoo.http", "odoo.sql_db"
    )
    def test_what_dies_is_done_by_the_cron(self):
        transaction = self.begin_payment(self.waits, 9000.0)
        self.provider_says(transaction)
        create_payment = type(transaction)._create_payment
        with (
            patch.object(type(transaction), "_create_payment", side_effect=ValueError),
            self.assertRaises(JsonRpcException),
        ):
            self.come_back()
        self.assertEqual(type(transaction)._create_payment, create_payment)
        self.env.invalidate_all()
        self.assertFalse(transaction.is_post_processed)
        self.run_payment_cron()
        self.assertWaits(self.waits, missing=8000.0)
        self.assertKept(transaction, 9000.0)

    @mute_logger("odoo.http")
    def test_a_lost_race_is_tried_again(self):
        """Another order of the buyer is confirmed at the same time."""
        transaction = self.begin_payment(self.waits, 9000.0)
        self.provider_says(transaction)
        clearances = type(self.env["credit.insurance.clearance"])
        with (
            patch.object(clearances, "_get_cleared", side_effect=SerializationFailure),
            self.assertRaises(JsonRpcException),
        ):
            self.come_back()
        self.come_back()
        self.assertWaits(self.waits, missing=8000.0)
        self.assertKept(transaction, 9000.0)
