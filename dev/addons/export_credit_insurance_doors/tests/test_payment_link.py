from urllib.parse import parse_qs, urlsplit

from odoo.tests import tagged

from odoo.addons.payment.utils import generate_access_token

from .checked_common import ALFA, ANA
from .payment_common import PaymentDoors


@tagged("post_install", "-at_install")
class TestPaymentLink(PaymentDoors):
    """Money by a link that an employee sends: of an order, or of nothing at all.

    28 000 are free. Of a quotation of 45 000, a fifth (9 000) has to be paid to confirm
    it: then 45 000 - 9 000 - 28 000 = 8 000 are too much.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.make_quotation(
            45, require_signature=False, require_payment=True, prepayment_percent=0.2
        )

    def setUp(self):
        super().setUp()
        self.visit()

    def make_link(self, record, **values):
        """What the dialogue *Generate a Payment Link* shows; its parameters."""
        wizard = (
            self.env["payment.link.wizard"]
            .with_context(active_model=record._name, active_id=record.id)
            .create(values)
        )
        return wizard.link

    def test_link_of_a_quotation(self):
        link = self.make_link(self.order, amount=9000.0)
        parts = urlsplit(link)
        with self.mock_mail_gateway():
            page = self.read_page(parts.path, **_parameters(parts))
            self.pay(self.order, 9000.0)
        self.assertNeutral(page)
        self.assertWaits(self.order, missing=8000.0)
        self.assertTold(self.order)
        self.assertMailsNeutral(ALFA, ANA)

    def test_payment_of_nothing_in_particular(self):
        """/payment/pay: no order is named, none is confirmed; the money is kept."""
        currency = self.order.currency_id
        token = generate_access_token(self.buyer.id, 45000.0, currency.id, env=self.env)
        payment = {
            "amount": 45000.0,
            "currency_id": currency.id,
            "partner_id": self.buyer.id,
            "access_token": token,
        }
        page = self.read_page("/payment/pay", reference=self.order.name, **payment)
        self.assertNeutral(page)
        with self.mock_mail_gateway():
            transaction = self.begin_payment(
                self.order,
                route="/payment/transaction",
                landing_route="/payment/confirmation",
                reference_prefix=self.order.name,
                **payment,
            )
            self.provider_says(transaction)
            self.come_back()
        self.assertNeutral(self.read_page("/payment/status"))
        self.assertKept(transaction, 45000.0)
        self.assertEqual(self.order.state, "sent")
        self.assertFalse(self.hold_of(self.order))
        self.assertMailsNeutral(ALFA, ANA)

    def test_a_french_customer(self):
        """Page and mail in French say no word of credit either."""
        self.env["res.lang"]._activate_lang("fr_FR")
        modules = self.env["ir.module.module"].search([("state", "=", "installed")])
        modules._update_translations(["fr_FR"])
        (self.buyer + self.contact).lang = "fr_FR"
        with self.mock_mail_gateway():
            self.pay(self.order, 9000.0)
        self.assertWaits(self.order, missing=8000.0)
        (mail,) = self.assertMailsNeutral(ALFA, ANA)
        self.assertIn("paiement", mail.text)
        with self.mock_mail_gateway():
            self.release(self.order)
        self.assertConfirmed(self.order)
        (mail,) = self.assertMailsNeutral(ALFA, ANA)
        self.assertIn("commande", mail.text)


def _parameters(parts):
    """What stands behind the question mark of an address."""
    return {name: values[0] for name, values in parse_qs(parts.query).items()}
