from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ...models.collection.late_claims import LateClaims
from .common import FollowupCommon

LETTER = "export_credit_insurance.credit_followup_letter"


@tagged("post_install", "-at_install")
class TestLetter(FollowupCommon):
    """Letters as they are posted: whom they address, what they say, who signs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(cls.today)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.notice = cls.make_step(
            30,
            is_formal_notice=True,
            subject="Notice",
            body="<p>{{ company }}, {{ company_address }}</p><div>{{ items }}</div>"
            "<p>{{ previous_reminders }}</p><p>{{ deadline }}</p><p>{{ signer }}</p>",
            deadline_days=14,
            sole_trader_days=30,
            show_interest=True,
            show_fees=True,
        )
        cls.late = cls.make_invoice(cls.alfa, 1000.0, "2026-06-01", "2026-07-01")
        cls.company.partner_id.write(
            {"street": "18 rue des Forges", "zip": "69007", "city": "Lyon"}
        )
        cls.alfa.write({"street": "Avenida 1", "city": "São Paulo"})

    def letter(self, reminder):
        """The letter's HTML, as the printer gets it."""
        report = self.env["ir.actions.report"].with_context(lang=reminder.lang)
        return report._render_qweb_html(LETTER, reminder.ids)[0].decode()

    def words(self, reminder):
        return html2plaintext(self.letter(reminder))

    # === ADDRESS AND FORM === #

    def test_buyer_is_named_once_above_the_letter(self):
        contact = self.env["res.partner"].create(
            {"name": "Maria Souza", "parent_id": self.alfa.id, "type": "invoice"}
        )
        reminder = self.prepare().reminder_ids
        self.assertEqual(reminder.contact_id, contact)
        above = self.words(reminder).split("Notice")[0]
        self.assertEqual(above.count("ALFA"), 1)
        self.assertEqual(above.count("Maria Souza"), 1)
        # the contact has no address: the buyer's stands there
        self.assertEqual(above.count("Avenida 1"), 1)

    def test_company_address_keeps_its_lines(self):
        letter = self.letter(self.prepare().reminder_ids)
        self.assertIn("18 rue des Forges<br/>", letter.replace("<br>", "<br/>"))

    def test_address_in_a_subject_stays_on_one_line(self):
        self.notice.subject = "{{ company_address }}"
        subject = self.prepare().reminder_ids.preview_subject
        self.assertIn("18 rue des Forges, ", subject)
        self.assertNotIn("\n", subject)

    def test_signer_stands_once(self):
        """In the words where they name who signs, else below them."""
        self.controller.name = "Anne O'Neil"
        reminder = self.prepare().reminder_ids
        reminder.with_user(self.controller).action_approve()
        self.assertEqual(self.words(reminder).count("Anne O'Neil"), 1)
        self.notice.body = "<p>Pay.</p>"
        self.assertEqual(self.words(reminder).count("Anne O'Neil"), 1)

    def test_formal_notices_go_by_registered_letter(self):
        mention = "By registered letter"
        self.assertIn(mention, self.words(self.prepare().reminder_ids))
        self.notice.is_formal_notice = False
        self.notice.send_letter = True
        self.env["credit.followup.run"].search([]).unlink()
        self.assertNotIn(mention, self.words(self.prepare().reminder_ids))

    def test_a_formal_notice_is_ticked_as_a_letter(self):
        self.assertTrue(self.notice.send_letter)
        plain = self.make_step(10)
        self.assertFalse(plain.send_letter)
        plain.is_formal_notice = True
        self.assertTrue(plain.send_letter)

    def test_signature_stays_with_the_last_paragraphs(self):
        """No page of a formal notice holds a blank signature alone."""
        self.notice.body = (
            "<p>You owe us.</p><p>{{ items }}</p><p>We shall sue.</p>"
            "<p>Yours &lt;truly&gt;<br/>{{ signer }}</p>"
        )
        page = html.fromstring(self.letter(self.prepare().reminder_ids))
        (block,) = page.xpath(
            "//div[contains(@style, 'page-break-inside: avoid')][.//div='Signature']"
        )
        words = html2plaintext(html.tostring(block, encoding="unicode"))
        self.assertIn("We shall sue.", words)
        self.assertIn("Yours <truly>", words)
        self.assertNotIn("You owe us.", words)
        self.assertEqual(page.text_content().count("We shall sue."), 1)
        self.notice.body = "<p>Pay.</p><p>Now.</p>"
        letter = self.words(self.env["credit.followup.reminder"].search([])[:1])
        self.assertEqual(letter.count("Now."), 1)

    def test_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.alfa.lang = "ar_001"
        letter = self.letter(self.prepare().reminder_ids)
        self.assertIn('dir="rtl"', letter)
        self.assertIn("margin-left: 58%; text-align: right", letter)

    def test_letterhead_grows_with_the_company_details(self):
        """38 mm and 6 for each line, of three lines at least."""
        self.company.company_details = "<p>One</p>"
        self.assertEqual(self.company._credit_letterhead_height(), 38 + 3 * 6)
        self.company.company_details = "A<br/>B<br/>C<br/>D<br/>E"
        self.assertEqual(self.company._credit_letterhead_height(), 38 + 5 * 6)
        letter = self.letter(self.prepare().reminder_ids)
        self.assertIn('data-report-margin-top="68"', letter)

    def test_earlier_reminders_in_a_row_as_the_language_does(self):
        """Two steps sent: joined by a word in French, not by a semicolon."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alfa.lang = "fr_FR"
        for days in (1, 5):
            self.take(self.late, self.make_step(days), day="2026-08-01")
        self.notice.sequence = 100
        body = html2plaintext(self.prepare().reminder_ids.preview_body)
        self.assertIn("Step 1 (01/08/2026) et Step 5 (01/08/2026)", body)

    def test_proof_of_dispatch(self):
        """Recorded once the letter has left; all else stays as it was sent."""
        reminder = self.take(self.late, self.notice)
        mine = reminder.with_user(self.accountant)
        mine.write({"dispatched_on": "2026-10-02", "dispatch_reference": "RR123FR"})
        self.assertEqual(reminder.dispatch_reference, "RR123FR")
        with self.assertRaises(UserError):
            mine.write({"delivered_on": "2026-10-05", "user_id": self.accountant.id})
        with self.assertRaises(AccessError):
            mine.write({"delivered_on": "2026-10-05", "amount_due": 1.0})

    # === A DEBT THAT IS DUE === #

    def test_notice_lists_what_is_due_alone(self):
        """The instalment of 1 December is told of by the step before its due date, in
        another reminder."""
        self.make_step(-90, sequence=1)
        soon = self.make_invoice(self.alfa, 500.0, due="2026-12-01")
        reminder = self.prepare().reminder_ids
        self.assertEqual(reminder.line_ids.move_id, self.late)
        reminder.sudo().line_ids.state = "taken"
        self.assertEqual(self.prepare().reminder_ids.line_ids.move_id, soon)

    def test_step_chosen_by_hand(self):
        """A reminder made a notice mentions what the notice mentions.

        1 000 from 2 July to 1 October 2026 is 92 days at 2.40 + 10 = 12.40 % (ECB on
        1 July 2026): 1 000 x 0.1240 x 92 / 365 = 31.25, and 40.00.
        """
        first = self.make_step(1, sequence=200)
        soon = self.make_invoice(self.alfa, 500.0, due="2026-09-30")
        self.notice.active = False
        reminder = self.prepare(user=self.accountant).reminder_ids
        self.assertEqual(reminder.step_id, first)
        self.assertEqual(reminder.interest_amount, 0.0)
        self.notice.active = True
        soon.line_ids.no_followup = False
        with Form(reminder.with_user(self.accountant)) as form:
            form.step_id = self.notice
        line = reminder.line_ids.filtered(lambda line: line.move_id == self.late)
        self.assertEqual((line.interest_amount, line.fee_amount), (31.25, 40.0))

    def test_what_is_not_due_cannot_be_taken_back_in(self):
        self.notice.active = False
        self.make_step(1, sequence=200)
        self.make_step(-90, sequence=1)
        soon = self.make_invoice(self.alfa, 500.0, due="2026-12-01")
        reminder = self.prepare(user=self.accountant).reminder_ids
        self.assertEqual(reminder.line_ids.move_id, self.late | soon)
        self.notice.active = True
        reminder.with_user(self.accountant).step_id = self.notice
        early = reminder.line_ids.filtered(lambda line: line.move_id == soon)
        self.assertEqual(early.state, "dropped")
        with self.assertRaises(UserError):
            early.with_user(self.accountant).action_include()
        self.assertEqual(early.state, "dropped")

    def test_nothing_due_nothing_noticed(self):
        """Only what is not due: no instalment is left for a notice."""
        self.late.button_draft()
        self.late.button_cancel()
        self.make_step(-90, sequence=1)
        self.make_invoice(self.alfa, 500.0, due="2026-12-01")
        reminder = self.prepare(user=self.accountant).reminder_ids
        reminder.with_user(self.accountant).step_id = self.notice
        self.assertEqual(reminder.state, "skipped")

    # === SOLE TRADERS === #

    def test_sole_traders_have_thirty_days(self):
        """14 days from 1 October are 15 October; 30 days are 31 October."""
        reminder = self.prepare().reminder_ids
        self.assertIn("10/15/2026", self.words(reminder))
        self.alfa.credit_sole_trader = True
        self.assertIn("10/31/2026", self.words(reminder))

    def test_delivered_letter_before_claim(self):
        for zone in ("other_stable", "rest_of_world"):
            notice = self.env.ref(
                f"export_credit_insurance.credit_followup_step_{zone}_notice"
            )
            self.assertEqual((notice.deadline_days, notice.sole_trader_days), (14, 30))

    def test_notice_says_what_it_lacks(self):
        """The buyer is not named in these words; a reminder need not name anybody."""
        self.assertEqual(self.notice.notice_missing, "name of the customer")
        self.notice.is_formal_notice = False
        self.assertFalse(self.notice.notice_missing)

    def test_sixty_invoices(self):
        """No row is torn by a page, no total repeated on each."""
        for number in range(60):
            self.make_invoice(self.alfa, 100.0 + number, "2026-06-01", "2026-07-01")
        letter = self.letter(self.prepare().reminder_ids)
        self.assertGreaterEqual(letter.count("page-break-inside: avoid"), 61)
        self.assertNotIn("<tfoot", letter)


@tagged("post_install", "-at_install")
class TestPaidLate(FollowupCommon):
    """Interest on what was paid late of an instalment (DOMAIN 3.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.make_step(30, show_interest=True, show_fees=True)
        cls.day = "2025-09-29"
        cls.invoice = cls.make_invoice(
            cls.alfa, 20000.0, day="2025-07-01", due="2025-07-31"
        )

    def match(self, amount, day, refund=False):
        if refund:
            move = self.make_invoice(
                self.alfa, amount, day=day, due=day, move_type="out_refund"
            )
        else:
            move = self.make_receipt(self.alfa, amount, day=day)
        (move | self.invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()

    def interest(self):
        return self.prepare(day=self.day).reminder_ids.interest_amount

    def test_part_paid_late(self):
        """8 000 paid on 30 August, 30 days late: 8 000 x 12.15 % x 30 / 365 = 79.89;
        12 000 still open after 60 days: 12 000 x 12.15 % x 60 / 365 = 239.67.
        Together 319.56."""
        self.match(8000.0, "2025-08-30")
        self.assertEqual(self.interest(), 319.56)

    def test_part_paid_in_time(self):
        """8 000 paid on the due date owe nothing: 239.67."""
        self.match(8000.0, "2025-07-31")
        self.assertEqual(self.interest(), 239.67)

    def test_credited_part(self):
        """What was credited was never owed: 239.67."""
        self.match(8000.0, "2025-08-30", refund=True)
        self.assertEqual(self.interest(), 239.67)

    def test_two_late_payments(self):
        """5 000 after 10 days: 5 000 x 12.15 % x 10 / 365 = 16.64; 5 000 after 40 days:
        66.58; 10 000 after 60 days: 199.73. Together 282.95."""
        self.match(5000.0, "2025-08-10")
        self.match(5000.0, "2025-09-09")
        self.assertEqual(self.interest(), 282.95)

    def test_sole_traders_are_businesses(self):
        """A person who trades owes what a business owes: 399.45."""
        self.alfa.credit_party_kind = "private"
        self.assertEqual(self.interest(), 0.0)
        self.env["credit.followup.run"].search([]).unlink()
        self.alfa.credit_sole_trader = True
        self.assertEqual(self.interest(), 399.45)

    def test_queries(self):
        """As many for fifty late instalments as for one."""
        counts = []
        for number in (0, 0, 49):
            for _index in range(number):
                self.make_invoice(self.alfa, 1000.0, day="2025-07-01", due="2025-07-31")
            day = date(2025, 9, 29)
            items = self.due._get_items(self.alfa, self.company, day)[self.alfa]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            LateClaims(self.env, self.company, day, items).of(items, self.step)
            counts.append((len(items), self.cr.sql_log_count - before))
        (one, few), (fifty, many) = counts[1:]  # the first time filled the caches
        self.assertEqual((one, fifty), (1, 50))
        self.assertEqual(few, many)
