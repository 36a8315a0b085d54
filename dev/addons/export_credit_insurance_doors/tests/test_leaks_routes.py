from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import limited_field_access_token

from .test_leaks import ADDONS, LeaksCommon

# What Odoo's chatter may ask of a document.
ASKED = (
    "activities",
    "attachments",
    "contact_fields",
    "display_name",
    "followers",
    "scheduledMessages",
    "suggestedRecipients",
)


@tagged("post_install", "-at_install")
class TestLeaksOfRoutes(LeaksCommon):
    """What Odoo's own routes answer a customer besides the portal's pages."""

    def ask_thread(self, record, asked, token=None):
        """Ask for a part of a document's thread; return all of the answer as text."""
        thread = {
            "thread_model": record._name,
            "thread_id": record.id,
            "request_list": [asked],
            "access_params": {"token": token} if token else {},
        }
        return self.ask("/mail/data", fetch_params=[["mail.thread", thread]])

    @mute_logger("odoo.http")
    def test_thread_with_the_token_of_a_link(self):
        """Odoo tells activities to whoever has the link: ours say that it waits."""
        self.visit()
        self.happen()
        for order in self.waits + self.grown:
            self.assertTrue(order.activity_ids)
            for asked in ASKED:
                with self.subTest(order=order.name, asked=asked):
                    answer = self.ask_thread(order, asked, order._portal_ensure_token())
                    self.assertNeutral(answer)
                    self.assertNotIn("mail.activity", answer)
        named = self.ask_thread(self.waits, "display_name", self.waits.access_token)
        self.assertIn(self.waits.name, named)

    @mute_logger("odoo.http")
    def test_thread_of_an_invoice(self):
        """Whatever the team has to do with an invoice, with its link."""
        self.product.invoice_policy = "order"
        self.log_in()
        self.happen()
        invoice = self.grown._create_invoices()
        invoice.action_post()
        invoice.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.controller.id,
            summary="Tell the insurer",
        )
        self.visit()
        answer = self.ask_thread(invoice, "activities", invoice._portal_ensure_token())
        self.assertNeutral(answer)
        self.assertNotIn("mail.activity", answer)

    @mute_logger("odoo.http")
    def test_thread_of_the_logged_in(self):
        self.log_in()
        self.happen()
        for record in (self.waits, self.grown, self.contact, self.buyer):
            for asked in ASKED:
                with self.subTest(record=record.display_name, asked=asked):
                    self.assertNeutral(self.ask_thread(record, asked))

    def test_employees_read_the_activities(self):
        self.visit()
        self.happen()
        self.authenticate("doors-sam", "doors-sam")
        self.assertIn("credit control", self.ask_thread(self.waits, "activities"))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb")
    def test_reports(self):
        """Papers of ours are printed for no customer who knows their addresses."""
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "export\\_credit\\_insurance%")]
        )
        self.assertGreater(len(reports), 5)
        self.log_in()
        self.happen()
        for report in reports:
            for record in (self.buyer, self.waits, self.hold_of(self.waits)):
                url = f"/report/html/{report.report_name}/{record.id}"
                with self.subTest(url=url):
                    response = self.url_open(url)
                    self.assertIn(response.status_code, (403, 404, 500))

    @mute_logger("odoo.http")
    def test_routes_of_ours(self):
        """The papers of an insurer, and a report of the exposure: there are none."""
        for login in (self.log_in, self.visit):
            login()
            for url in ("/credit/evidence_pack/1", "/credit/exposure_report/1"):
                response = self.url_open(url, allow_redirects=False)
                self.assertIn(response.status_code, (303, 404))

    def test_names_of_pictures(self):
        """An author's picture comes with a token: its name may be any field's value."""
        self.visit()
        self.happen()
        self.assertEqual(self.contact.cover_state, "warning")
        for record, picture in (
            (self.contact, "avatar_128"),
            (self.waits, "signature"),
        ):
            token = limited_field_access_token(record, picture, scope="binary")
            url = f"/web/image/{record._name}/{record.id}/{picture}"
            params = {"access_token": token}
            name = self.url_open(url, params=params).headers["Content-Disposition"]
            texts = [
                field.name
                for field in record._fields.values()
                if set(field._modules)
                and set(field._modules) <= set(ADDONS)
                and field.type in ("char", "text", "html", "selection")
            ]
            self.assertTrue(texts)
            for text in texts:
                with self.subTest(field=f"{record._name}.{text}"):
                    answer = self.url_open(
                        url, params={**params, "filename_field": text}
                    )
                    self.assertEqual(answer.headers["Content-Disposition"], name)

    def test_source_of_the_pages(self):
        """Not a word of ours in what the browser does not show, either."""
        self.log_in()
        self.happen()
        for url in (
            "/my",
            "/my/account",
            "/my/statement",
            self.waits.get_portal_url(),
            self.grown.get_portal_url(),
        ):
            source = self.url_open(url).text
            for word in ("credit_", "insur", "POL-26", "Atlas", "exposure", "Carl"):
                with self.subTest(url=url, word=word):
                    self.assertNotIn(word, source)

    def test_list_of_applications(self):
        """The page that names what a website runs on, for visitors and customers."""
        for login in (self.visit, self.log_in):
            login()
            page = self.read_page("/website/info")
            self.assertIn("Sales", page)
            self.assertNeutral(page)
        self.authenticate("doors-carl", "doors-carl")
        self.assertIn("Export Credit Insurance", self.url_open("/website/info").text)
