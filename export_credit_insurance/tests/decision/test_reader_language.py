from freezegun import freeze_time

from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ...models.reader_language import env_for_all
from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestReaderLanguage(DecisionCommon):
    """A French salesperson, an English controller: each reads their own language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.make_alfa_debt()
        cls.salesman.lang = "fr_FR"
        cls.controller.lang = "en_US"
        cls.company.credit_controller_id = cls.controller

    def as_reader(self, record, user):
        """The record as a request of this user has it."""
        return record.with_user(user).with_context(lang=user.lang)

    def ask(self, user=None):
        """A request of this user for Sam's order of 45 000; 28 000 are left."""
        order = self.as_reader(self.make_quotation(45000.0), user or self.salesman)
        return order, self.ask_release(order)

    def last_note(self, order):
        return html2plaintext(order.sudo().message_ids[0].body)

    def activity_of(self, record, user):
        return record.sudo().activity_ids.filtered(lambda a: a.user_id == user)

    def decide(self, hold, **values):
        decisions = self.as_reader(
            self.env["credit.insurance.hold.decision"], self.controller
        )
        decisions.create({"hold_id": hold.id, **values}).action_confirm()

    def test_readers_of_two_languages_read_that_of_their_company(self):
        self.company.partner_id.lang = "fr_FR"
        company, both = self.company, self.controller | self.salesman
        for users in (both, both[::-1]):
            self.assertEqual(env_for_all(company, users, company).lang, "fr_FR")
        company.partner_id.lang = "en_US"
        for users in (both, both[::-1]):
            self.assertEqual(env_for_all(company, users, company).lang, "en_US")
        self.salesman.lang = "en_US"
        company.partner_id.lang = "fr_FR"
        self.assertEqual(env_for_all(company, both, company).lang, "en_US")

    def test_controller_is_asked_in_english(self):
        order, hold = self.ask()
        self.assertEqual(
            self.activity_of(hold, self.controller).summary,
            f"Release asked for: {order.name}",
        )
        self.assertIn("déblocage", self.last_note(order).lower())

    def test_french_controller_is_asked_in_french(self):
        self.controller.lang = "fr_FR"
        self.salesman.lang = "en_US"
        _order, hold = self.ask()
        self.assertIn(
            "déblocage", self.activity_of(hold, self.controller).summary.lower()
        )

    def test_release_is_told_in_french(self):
        # 45 000 until 31 October 2026: 30 days from 1 October
        order, hold = self.ask()
        self.decide(hold, decision="release", reason="Good customer")
        summary = self.activity_of(order, self.salesman).summary
        for text in (summary, self.last_note(order)):
            self.assertIn("31/10/2026", text)
            self.assertIn("45 000,00 €", text.replace("\N{NO-BREAK SPACE}", " "))
            self.assertNotIn("released", text)

    def test_refusal_is_told_in_french(self):
        order, hold = self.ask()
        self.decide(hold, decision="refuse", reason="Pays late")
        for text in (
            self.activity_of(order, self.salesman).summary,
            self.last_note(order),
        ):
            self.assertIn("refus", text)
            self.assertIn("Pays late", text)
            self.assertNotIn("was refused", text)

    def test_each_reads_his_own(self):
        """Uma asks for Sam's order: his activity and the note are French, hers not."""
        self.user.lang = "en_US"
        order, hold = self.ask(self.user)
        self.assertIn("déblocage", self.last_note(order).lower())
        self.decide(hold, decision="release", reason="Good customer")
        self.assertIn("31/10/2026", self.activity_of(order, self.salesman).summary)
        hers = self.activity_of(order, self.user).summary
        self.assertIn("Order released up to", hers)
        self.assertIn("10/31/2026", hers)
        self.assertIn("31/10/2026", self.last_note(order))

    def test_the_nightly_job_writes_french_too(self):
        # 17 000 received: 45 000 are left, as much as the order needs
        order, hold = self.ask()
        self.make_receipt(self.alfa, 17000.0, day="2026-10-01")
        with self.enter_registry_test_mode():
            self.env.ref(
                "export_credit_insurance.ir_cron_refresh_credit_holds"
            ).with_context(lang=False).method_direct_trigger()
        self.assertEqual(hold.state, "obsolete")
        for text in (
            self.activity_of(order, self.salesman).summary,
            self.last_note(order),
            hold.reason,
        ):
            self.assertNotIn("available again", text)
            self.assertIn("commande", text)

    def test_refusal_and_banner_write_dates_as_their_reader_does(self):
        order, hold = self.ask()
        # the database's clock is not the frozen one
        self.env.cr.execute(
            "UPDATE credit_insurance_hold SET create_date = %s WHERE id = %s",
            ["2026-10-01 12:00:00", hold.id],
        )
        hold.invalidate_recordset(["create_date"])
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        self.assertIn("01/10/2026", refusal.exception.args[0])
        summary = self.as_reader(order, self.salesman).credit_check_summary
        self.assertIn("01/10/2026", summary)
        self.controller.lang = "en_US"
        self.assertIn(
            "10/01/2026", self.as_reader(order, self.controller).credit_check_summary
        )

    def findings_as_read_by(self, hold, lang):
        """What the page of a hold says: (message, cure) of its gravest finding."""
        self.env.invalidate_all()
        finding = hold.with_user(self.controller).with_context(lang=lang).finding_ids[0]
        spaces = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\u202f"), " ")
        return finding.message.translate(spaces), finding.cure.translate(spaces)

    def test_kept_findings_are_in_the_readers_language(self):
        """Asked for in French, decided on in English, and the other way round."""
        for asker, lang in ((self.salesman, "fr_FR"), (self.user, "en_US")):
            asker.lang = lang
            _order, hold = self.ask(asker)
            message, cure = self.findings_as_read_by(hold, "fr_FR")
            self.assertIn("17 000,00 €", message)
            self.assertNotIn("left of a limit", message)
            self.assertIn("paiement d", cure)
            message, cure = self.findings_as_read_by(hold, "en_US")
            self.assertIn("€17,000.00", message.replace("17,000.00 €", "€17,000.00"))
            self.assertIn("left of a limit", message)
            self.assertIn("prepayment", cure)

    def test_findings_of_a_renewed_request_are_too(self):
        order, _hold = self.ask()
        self.set_amount(order.sudo(), 46000.0)
        hold = self.ask_release(order)
        self.assertIn("18 000,00", self.findings_as_read_by(hold, "fr_FR")[0])
        self.assertIn("18,000.00", self.findings_as_read_by(hold, "en_US")[0])

    def test_names_of_countries_are_too(self):
        self.env.ref("base.br").with_context(lang="fr_FR").name = "Brésil"
        self.make_event("sanctioned")
        order = self.as_reader(self.make_quotation(1000.0), self.salesman)
        hold = self.ask_release(order)
        self.assertIn("Brésil", self.findings_as_read_by(hold, "fr_FR")[0])
        self.assertIn("Brazil", self.findings_as_read_by(hold, "en_US")[0])

    def test_languages_cost_queries_once_for_all_orders(self):
        def count(number):
            orders = self.env["sale.order"].union(
                *(self.make_quotation(45000.0) for _each in range(number))
            )
            found = self.env["credit.insurance.check"].sudo()._assess(orders.sudo())
            holds = self.env["credit.insurance.hold"].sudo()._request(found, "")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            holds._say_findings(found)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(10), count(1) + 1)

    def test_clearance_and_findings_write_dates_as_their_reader_does(self):
        small = self.as_reader(self.make_quotation(1000.0), self.salesman)
        small.action_confirm()
        self.assertIn("01/10/2026", small.credit_check_summary)
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-09-20", "cause": "insurer"}
        )
        order = self.make_quotation(1000.0, user=self.user)
        self.user.lang = "fr_FR"
        self.assertIn(
            "20/09/2026", self.as_reader(order, self.user).credit_check_summary
        )
        self.user.lang = "en_US"
        self.assertIn(
            "09/20/2026", self.as_reader(order, self.user).credit_check_summary
        )
