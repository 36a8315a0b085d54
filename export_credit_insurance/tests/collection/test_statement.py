import doctest

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from ...models.collection import statement
from .common import FollowupCommon
from .test_scenarios import FORBIDDEN, LANGUAGES

REPORT = "export_credit_insurance.credit_statement"
#: besides insurers and cover: what a seller thinks of its customers
CREDIT = r"insur|\bcover|\blimit|\brisk|exposure|headroom|\bband\b"


@tagged("post_install", "-at_install")
class TestStatement(FollowupCommon):
    """The statement of account: open items as the buyer may read them.

    On 1 October 2026, in euro: 1 000 due on 1 December; 600 due on 20 September, 11
    days late, 100 of it disputed; 400 due on 1 July, 92 days late; 150 received, 50
    credited.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.soon = cls.make_invoice(cls.alfa, 1000.0, due="2026-12-01", ref="PO-1")
        cls.late = cls.make_invoice(cls.alfa, 600.0, due="2026-09-20")
        cls.late.credit_dispute_amount = 100.0
        cls.old = cls.make_invoice(cls.alfa, 400.0, day="2026-06-01", due="2026-07-01")
        cls.receipt = cls.make_receipt(cls.alfa, 150.0)
        cls.credit_note = cls.make_invoice(
            cls.alfa, 50.0, due="2026-09-01", move_type="out_refund"
        )

    def statements(self, partner=None, user=None):
        partner = partner or self.alfa
        found = partner.with_user(user or self.env.user)._get_statements(
            self.company, self.today
        )
        return found[partner]

    def html(self, lang="en_US"):
        self.alfa.lang = lang
        report = self.env["ir.actions.report"]
        return report._render_qweb_html(REPORT, self.alfa.ids)[0].decode()

    # === FIGURES === #

    def test_balance(self):
        """1 000 + 600 + 400 = 2 000 open, 1 000 overdue; less 200: 1 800 to pay."""
        (euro,) = self.statements()
        self.assertEqual(euro.currency, self.euro)
        self.assertEqual((euro.owed, euro.overdue), (2000.0, 1000.0))
        self.assertEqual((euro.unallocated, euro.balance), (-200.0, 1800.0))

    def test_lines(self):
        (euro,) = self.statements()
        found = {line.move: line for line in euro.lines}
        self.assertEqual(
            {move: line.kind for move, line in found.items()},
            {
                self.soon: "invoice",
                self.late: "invoice",
                self.old: "invoice",
                self.receipt: "payment",
                self.credit_note: "credit_note",
            },
        )
        self.assertEqual(found[self.late].days_late, 11)
        self.assertEqual(found[self.late].disputed, 100.0)
        self.assertEqual(found[self.old].days_late, 92)
        self.assertEqual(found[self.receipt].amount, -150.0)

    def test_ages(self):
        """Of open invoices alone; they sum up to what is owed."""
        (euro,) = self.statements()
        self.assertEqual(
            euro.ages,
            {
                "not_due": 1000.0,
                "to_30": 600.0,
                "to_60": 0.0,
                "to_90": 0.0,
                "over_90": 400.0,
            },
        )
        self.assertEqual(sum(euro.ages.values()), euro.owed)

    def test_currencies_apart(self):
        self.make_invoice(self.alfa, 300.0, currency_id=self.dollar.id)
        found = {s.currency: s.balance for s in self.statements()}
        self.assertEqual(found, {self.euro: 1800.0, self.dollar: 300.0})

    def test_part_payments_lower_the_invoice(self):
        """150 of the receipt on the invoice of 400: 250 open, nothing more to match."""
        (self.receipt | self.old).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        (euro,) = self.statements()
        self.assertEqual(euro.ages["over_90"], 250.0)
        self.assertEqual((euro.unallocated, euro.balance), (-50.0, 1800.0))

    def test_contacts_belong_to_the_entity(self):
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.alfa.id}
        )
        self.make_invoice(branch, 70.0)
        self.assertEqual(self.statements()[0].balance, 1870.0)

    def test_ages_in_docstrings(self):
        result = doctest.testmod(statement)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_queries(self):
        """As many for fifty buyers as for one."""
        buyers = self.alfa
        for number in range(49):
            buyer = self.make_buyer(f"Buyer {number}")
            self.make_invoice(buyer, 100.0)
            buyers |= buyer
        counts = []
        for some in (self.alfa, buyers):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("commercial_partner_id.country_id")
            before = self.cr.sql_log_count
            some._get_statements(self.company, self.today)
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    # === PAPER === #

    def test_paper(self):
        words = html2plaintext(self.html())
        for text in ("Statement of account", "PO-1", "1,000.00", "Balance to pay"):
            self.assertIn(text, words)
        self.assertIn("1,800.00", words)
        self.assertIn("100.00\xa0€ disputed", words.replace(" €", "\xa0€"))
        self.assertIn("Credit note, not allocated", words)
        self.assertIn("Payment, not allocated", words)

    def test_nothing_open(self):
        other = self.make_buyer("Quiet")
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html(REPORT, other.ids)[0].decode()
        self.assertIn("Nothing is open on your account.", html)

    def test_balance_in_favour(self):
        self.make_receipt(self.alfa, 5000.0)
        words = html2plaintext(self.html())
        self.assertIn("Balance in your favour", words)
        self.assertIn("3,200.00", words)  # 5 000 - 1 800

    def test_every_language(self):
        """In the buyer's own words, from its own side, and not a word of credit."""
        codes = list(LANGUAGES.values())
        for code in codes:
            self.env["res.lang"]._activate_lang(code)
        self.env["ir.module.module"]._load_module_terms(
            ["export_credit_insurance"], codes
        )
        titles = set()
        for language, code in LANGUAGES.items():
            with self.subTest(language=language):
                html = self.html(code)
                html = html[html.index('class="page"') :]
                words = html2plaintext(html).lower()
                for text in ("statement of account", "balance to pay", "days late"):
                    self.assertFalse(text in words, text)
                self.assertNotRegex(words, FORBIDDEN[language])
                self.assertEqual("text-align: right" in html, True)
                self.assertEqual('dir="rtl"' in html, language == "ar")
                titles.add(html.split("<h4>")[1].split("</h4>")[0])
        self.assertEqual(len(titles), len(LANGUAGES))

    def test_no_word_of_credit(self):
        """Neither in the words nor hidden in the page, with all of it at stake."""
        self.make_alfa_limits()
        self.assertTrue(self.alfa.insured_limit)
        html = self.html()
        page = html[html.index('class="page"') :].lower()
        self.assertNotRegex(html2plaintext(page), CREDIT)
        for secret in (self.insurer.name, self.policy.name, "130,000"):
            self.assertNotIn(secret.lower(), page)

    # === ACCESS === #

    def test_who_reads_it(self):
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        for group in (
            "export_credit_insurance.group_credit_user",
            "account.group_account_invoice",
            "account.group_account_readonly",
        ):
            user = new_test_user(self.env, group, group, **company)
            self.assertTrue(self.statements(user=user), group)
        employee = new_test_user(self.env, "employee", "base.group_user", **company)
        with self.assertRaises(AccessError):
            self.statements(user=employee)

    def test_customers_read_their_own_alone(self):
        contact = self.env["res.partner"].create(
            {"name": "Maria", "parent_id": self.alfa.id}
        )
        portal = new_test_user(self.env, "maria", "base.group_portal")
        portal.partner_id = contact
        self.assertEqual(self.statements(user=portal)[0].balance, 1800.0)
        other = self.make_buyer("Beta")
        self.make_invoice(other, 10.0)
        with self.assertRaises(AccessError):
            self.statements(other, portal)
        with self.assertRaises(AccessError):
            (self.alfa | other).with_user(portal)._get_statements(self.company)

    def test_report_is_guarded_itself(self):
        """Whoever renders the template by hand gets no further."""
        portal = new_test_user(self.env, "mallory", "base.group_portal")
        report = self.env["ir.actions.report"].with_user(portal).sudo()
        with self.assertRaises(AccessError):
            report.with_user(portal)._render_qweb_html(REPORT, self.alfa.ids)

    def test_button(self):
        action = self.alfa.with_user(self.accountant).action_credit_statement()
        self.assertEqual(action["report_name"], REPORT)
