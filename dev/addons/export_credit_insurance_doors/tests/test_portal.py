from odoo.tests import tagged

from .checked_common import ALFA
from .http_common import HttpCommon


@tagged("post_install", "-at_install")
class TestPortal(HttpCommon):
    """A customer signs the quotation on its page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fits = cls.make_quotation(28, require_signature=True, require_payment=False)
        cls.waits = cls.make_quotation(
            45, require_signature=True, require_payment=False
        )

    def test_what_fits_is_confirmed(self):
        self.visit()
        with self.mock_mail_gateway():
            answer = self.sign(self.fits)
        self.assertConfirmed(self.fits)
        self.assertIn("has been confirmed", self.read_page(answer["redirect_url"]))
        confirmations = [
            mail for mail in self.mails_to(ALFA) if "Order" in mail.subject
        ]
        self.assertEqual(len(confirmations), 1)

    def test_what_does_not_fit_waits(self):
        # 102 000 + 45 000 - 130 000 = 17 000 too much
        self.visit()
        self.sign(self.waits)
        self.assertWaits(self.waits)
        self.assertTold(self.waits)
        self.assertEqual(self.waits.signed_by, "Ana")

    def test_customer_reads_nothing_of_it(self):
        self.visit()
        with self.mock_mail_gateway():
            answer = self.sign(self.waits)
        page = self.read_page(answer["redirect_url"])
        self.assertIn("We will confirm it shortly.", page)
        self.assertNeutral(page)
        self.assertMailsNeutral(ALFA)

    def test_logged_in_customer_waits_too(self):
        self.log_in()
        answer = self.sign(self.waits)
        self.assertWaits(self.waits)
        self.assertNeutral(self.read_page(answer["redirect_url"]))

    def test_signing_twice_changes_nothing(self):
        self.visit()
        self.sign(self.waits)
        self.assertIn("error", self.sign(self.waits))
        self.assertWaits(self.waits)

    def test_released_it_is_confirmed_once(self):
        self.visit()
        self.sign(self.waits)
        with self.mock_mail_gateway():
            self.release(self.waits)
        self.assertConfirmed(self.waits)
        (mail,) = self.assertMailsNeutral(ALFA)
        self.assertIn(self.waits.name, mail.subject)
