from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import html2plaintext

from .test_statement import CREDIT


@tagged("post_install", "-at_install")
class TestStatementPortal(HttpCase):
    """The statement on the customer portal, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.today = fields.Date.today()
        cls.product = cls.env["product.product"].create({"name": "Valves"})
        cls.receivable = cls.env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        cls.alfa = cls.make_buyer("Alfa Portal")
        cls.beta = cls.make_buyer("Beta Portal")
        cls.mine = cls.make_invoice(cls.alfa, 1234.56)
        cls.theirs = cls.make_invoice(cls.beta, 7654.32)
        cls.maria = cls.make_customer("maria-portal", cls.alfa)
        cls.boris = cls.make_customer("boris-portal", cls.beta)

    @classmethod
    def make_buyer(cls, name):
        return cls.env["res.partner"].create({"name": name, "is_company": True})

    @classmethod
    def make_customer(cls, login, buyer):
        user = new_test_user(cls.env, login, "base.group_portal")
        user.partner_id.write({"parent_id": buyer.id})
        return user

    @classmethod
    def make_invoice(cls, partner, amount):
        line = {
            "product_id": cls.product.id,
            "price_unit": amount,
            "tax_ids": [Command.clear()],
        }
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": cls.today,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        return invoice

    def page(self, login, path="/my/statement"):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_own_items(self):
        page = self.page("maria-portal").text
        self.assertIn("1,234.56", page)
        self.assertIn(self.mine.name, page)

    def test_not_another_customers(self):
        for login, own, other in (
            ("maria-portal", "1,234.56", "7,654.32"),
            ("boris-portal", "7,654.32", "1,234.56"),
        ):
            page = self.page(login).text
            self.assertIn(own, page)
            self.assertNotIn(other, page)

    def test_no_word_of_credit(self):
        page = html2plaintext(self.page("maria-portal").text).lower()
        self.assertNotRegex(page, CREDIT)

    def test_pdf_is_of_the_visitor_whatever_is_asked(self):
        """The address names a company only; a partner added to it changes nothing."""
        path = f"/my/statement/{self.company.id}?partner_id={self.beta.id}"
        answer = self.page("maria-portal", path)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Statement", answer.headers["Content-Disposition"])
        # in tests reports come as HTML
        self.assertIn("1,234.56", answer.text)
        self.assertNotIn("7,654.32", answer.text)

    def test_company_that_sells_nothing_here(self):
        other = self.env["res.company"].create({"name": "Other"})
        answer = self.page("maria-portal", f"/my/statement/{other.id}")
        self.assertTrue(answer.url.endswith("/my/statement"))

    def test_report_address(self):
        """The report's own address gives nothing away, nor the committee's sheet."""
        self.authenticate("maria-portal", "maria-portal")
        for name in ("credit_statement", "credit_sheet_report"):
            path = f"/report/html/export_credit_insurance.{name}/{self.beta.id}"
            answer = self.url_open(path)
            self.assertNotIn("7,654.32", answer.text)
            self.assertNotIn("1,234.56", answer.text)

    def test_nobody(self):
        answer = self.url_open("/my/statement", allow_redirects=False)
        self.assertIn(answer.status_code, (302, 303))

    def test_employees_have_no_page(self):
        new_test_user(self.env, "employee-portal", "base.group_user")
        answer = self.page("employee-portal")
        self.assertNotIn("1,234.56", answer.text)

    def test_home_counts(self):
        self.authenticate("maria-portal", "maria-portal")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["account_statement_count"]}
        )
        self.assertEqual(counters["account_statement_count"], 1)
        self.assertIn("/my/statement", self.url_open("/my").text)
