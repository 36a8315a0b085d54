from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..smtp_catcher import SmtpCatcher
from .common import SendingCommon

LETTER = "export_credit_insurance.credit_followup_letter"
STATEMENT = "export_credit_insurance.credit_statement_action"
# What one of Odoo's engines or Python's would work out: 7 times 191 is 1337.
NAMES = (
    "{{ 7*191 }}",
    "{{ object.env.user.login }} Ltd",
    "{{ company }} ||| {{ buyer }}",
    "${7*191}",
    "<t t-out='7*191'/>",
    "<p t-if='1'>#{7*191}</p>",
    "%(company)s %s %d",
    "{0.__class__} {company}",
    "<script>alert(1337)</script>",
    '"><img src=x onerror=alert(1)>',
    "\\N{DIGIT ONE}\\u0041",
)


@tagged("post_install", "-at_install")
class TestHostileNames(SendingCommon):
    """Names of buyers, contacts, products and references are text, wherever they go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third.write(
            {
                "send_letter": True,
                "subject": "{{ buyer }}: {{ total_due }}",
                "body": "<p>{{ contact }}, {{ buyer }}</p><div>{{ items }}</div>"
                "<p>{{ items_text }} {{ company }} {{ responsible }}</p>",
            }
        )

    def hostile(self, name):
        """A buyer of this name, with an invoice of this reference and product."""
        buyer = self.make_buyer(
            name, email="hostile@example.com", street=name, ref=name
        )
        self.env["res.partner"].create(
            {"name": name, "parent_id": buyer.id, "type": "invoice"}
        ).email = "hostile@example.com"
        product = self.product.copy({"name": name})
        invoice = self.overdue(days=40, buyer=buyer)
        invoice.invoice_line_ids.write({"name": name, "product_id": product.id})
        invoice.write({"ref": name, "payment_reference": name})
        return buyer

    def assertHarmless(self, name, html):
        """The name stands there as it was entered, and nothing came of it."""
        self.assertIn(" ".join(name.split()), " ".join(html2plaintext(html).split()))
        for worked_out in ("<script>alert", "<img src=x", "<t t-out"):
            self.assertNotIn(worked_out, html)
        if "1337" not in name:
            self.assertNotIn("1337", html)

    def test_mails_and_letters(self):
        for name in NAMES:
            with self.subTest(name):
                buyer = self.hostile(name)
                reminder = self.send(partner_ids=[(6, 0, buyer.ids)])
                self.assertEqual(reminder.state, "sent", reminder.failure_reason)
                message = reminder.sudo().mail_message_id
                self.assertIn(name, message.subject)
                self.assertNotIn(self.env.user.login, message.body)
                self.assertHarmless(name, message.body)
                self.assertHarmless(name, self.page(LETTER, reminder))
                preview = self.env["credit.followup.preview"].create(
                    {"step_id": self.third.id, "partner_id": buyer.id}
                )
                self.assertHarmless(name, preview.body)

    def page(self, report, record):
        return (
            self.env["ir.actions.report"]
            ._render_qweb_html(report, record.ids)[0]
            .decode()
        )

    def test_a_statement(self):
        for name in NAMES:
            with self.subTest(name):
                buyer = self.hostile(name)
                self.assertHarmless(name, self.page(STATEMENT, buyer))

    def test_a_head_of_one_s_own(self):
        """A name of several lines adds no head, no text and no addressee to a mail."""
        for end in ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x85"):
            name = f"Alfa{end}Bcc: thief@example.com{end}{end}Hello"
            with self.subTest(repr(end)), SmtpCatcher() as catcher:
                buyer = self.hostile(name)
                self.accountant.partner_id.name = f"Ann{end}Cc: thief@example.com"
                reminder = self.send(partner_ids=[(6, 0, buyer.ids)])
                self.leave(catcher)
                self.assertEqual(reminder.state, "sent", reminder.failure_reason)
                [mail] = catcher.caught
                message = mail.message
                self.assertEqual(mail.recipients, ("hostile@example.com",))
                self.assertIsNone(message["bcc"])
                self.assertIsNone(message["cc"])
                self.assertIn("Alfa", message["to"])
                self.assertIn("hostile@example.com", message["to"])
                self.assertIn("1,000.00", message["subject"])
                self.assertEqual(message.get_content_type(), "multipart/mixed")
