import re

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import RedirectWarning
from odoo.tests import tagged
from odoo.tools import format_date

from .common import DecisionCommon

SECRETS = ("Atlas", "POL-26", "insure", "policy", "limit", "stopped", "off cover")
EXCEEDED = re.compile(r"Authorised credit exceeded by \D*([\d,.]+\d)")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestPublicCredit(DecisionCommon):
    """What people without a credit group are told: one figure, and what helps.

    BETA: a limit of 50 000, 10 000 of it used by a confirmed order.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 50000.0)
        cls.make_order(cls.beta, 10000.0)

    def make_term(self, days):
        return self.env["account.payment.term"].create(
            {
                "name": f"{days} days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100.0, "nb_days": days}
                    )
                ],
            }
        )

    def stop_cover(self):
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.beta.id, "date_from": "2026-09-15", "cause": "insurer"}
        )

    def refusal_of(self, order):
        with self.assertRaises(RedirectWarning) as refusal:
            order.action_confirm()
        return refusal.exception.args[0]

    def assertAgree(self, quotation, exceeded, **figures):
        """The sentence, the refusal, the gauge and the field say the same."""
        gauge = quotation.credit_gauge
        for text in (quotation.credit_check_summary, self.refusal_of(quotation)):
            (said,) = EXCEEDED.findall(text)
            self.assertEqual(float(said.replace(",", "")), exceeded)
            for secret in SECRETS:
                self.assertNotIn(secret, text)
        self.assertEqual(gauge["headroom_after"], -exceeded)
        self.assertEqual(
            gauge["limit"],
            gauge["used_before"] + gauge["order"] + gauge["headroom_after"],
        )
        self.assertEqual((gauge["secured"], gauge["own_risk"]), (0.0, 0.0))
        self.assertEqual({name: gauge[name] for name in figures}, figures)

    # ------------------------------------------------------ gauge and sentence

    def test_over_the_limit(self):
        # 50 000 - 10 000 - 53 000 = -13 000
        order = self.make_quotation(53000.0, self.beta)
        self.assertAgree(order, 13000.0, limit=50000.0, used_before=10000.0)
        self.assertEqual(order.credit_headroom_after, -13000.0)

    def test_stopped_cover_leaves_no_authorised_credit(self):
        # 40 000 are left of the limit, none of which may be used: 10 000 are, 13 000
        # come on top
        self.stop_cover()
        order = self.make_quotation(13000.0, self.beta)
        self.assertAgree(
            order, 13000.0, limit=10000.0, used_before=10000.0, order=13000.0
        )
        self.assertEqual(order.credit_headroom_after, -13000.0)

    def test_people_with_a_credit_group_see_the_limit(self):
        # 50 000 - 10 000 - 13 000 = 27 000
        self.stop_cover()
        order = self.make_quotation(13000.0, self.beta, user=self.user)
        self.assertIn("has been stopped", order.credit_check_summary)
        self.assertEqual(order.credit_gauge["limit"], 50000.0)
        self.assertEqual(order.credit_gauge["headroom_after"], 27000.0)
        self.assertEqual(order.credit_headroom_after, 27000.0)

    def test_country_off_cover(self):
        self.make_event("off_cover")
        order = self.make_quotation(13000.0, self.beta)
        self.assertAgree(order, 13000.0, limit=10000.0)

    def test_overdue_debt_is_not_told(self):
        # 2 000 overdue bar the whole order of 3 000: no more and no less is said
        self.make_invoice(self.beta, 2000.0, day="2026-08-01", due="2026-09-11")
        self.set_rule("overdue", "block")
        order = self.make_quotation(3000.0, self.beta)
        self.assertAgree(order, 3000.0, limit=12000.0, used_before=12000.0)

    def test_observation_says_and_shows_the_same(self):
        self.policy.sudo()._write_state({"observation": True})
        self.stop_cover()
        order = self.make_quotation(13000.0, self.beta)
        self.assertIn("exceeded by 13,000.00", order.credit_check_summary)
        self.assertIn("can be confirmed", order.credit_check_summary)
        self.assertEqual(order.credit_gauge["headroom_after"], -13000.0)

    def test_limit_in_another_currency(self):
        # 2 dollars for a euro: 13 000 euros are 26 000 dollars
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": self.dollar.id,
                "company_id": self.company.id,
                "rate": 2.0,
            }
        )
        policy = self.make_policy(name="POL-27", sequence=1, currency_id=self.dollar.id)
        self.make_limit(self.beta, 90000.0, policy=policy, date_from="2026-10-01")
        self.stop_cover()
        order = self.make_quotation(13000.0, self.beta)
        self.assertAgree(order, 26000.0, currency_id=self.dollar.id, order=26000.0)
        self.assertEqual(order.credit_headroom_after, -13000.0)

    def test_what_is_tolerated_is_authorised(self):
        # 10 % of 50 000 more: 43 000 fit although only 40 000 are left
        self.set_rule("over_limit", tolerance_pct=10.0)
        order = self.make_quotation(43000.0, self.beta)
        self.assertIn("Within the authorised credit", order.credit_check_summary)
        self.assertEqual(order.credit_gauge["headroom_after"], 0.0)
        self.assertEqual(order.credit_gauge["limit"], 53000.0)
        self.assertEqual(order.credit_headroom_after, 0.0)

    def test_no_gauge_where_no_credit_is_spoken_of(self):
        self.policy.country_term_ids = [
            Command.create(
                {"country_id": self.env.ref("base.br").id, "cover_status": "covered"}
            )
        ]
        self.policy.kind = "country"
        order = self.make_quotation(3000.0, self.make_buyer("Lyon SA", country="fr"))
        self.assertFalse(order.credit_check_summary)
        self.assertFalse(order.credit_gauge)

    # ------------------------------------------------------------ what helps

    def test_shorter_terms_help(self):
        order = self.make_quotation(
            13000.0, self.beta, payment_term_id=self.make_term(200).id
        )
        self.assertAgree(order, 13000.0, limit=10000.0)
        cure = (
            "Agree on payment within 180 days, ask for a release, or agree on "
            "prepayment."
        )
        self.assertIn(cure, order.credit_check_summary)
        self.assertIn(cure, self.refusal_of(order))
        order.payment_term_id = self.make_term(180)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_shorter_terms_alone_do_not_help(self):
        # 50 000 - 10 000 - 53 000 = -13 000, and with these terms none of it fits
        order = self.make_quotation(
            53000.0, self.beta, payment_term_id=self.make_term(200).id
        )
        self.assertAgree(order, 53000.0)
        self.assertNotIn("Agree on payment within", order.credit_check_summary)
        self.assertIn("may be 180 days at most", order.credit_check_summary)

    def test_terms_of_the_buyers_own_limit(self):
        gamma = self.make_buyer("GAMMA")
        self.make_limit(gamma, 50000.0, max_payment_days=60)
        order = self.make_quotation(
            13000.0, gamma, payment_term_id=self.make_term(90).id
        )
        self.assertIn("Agree on payment within 60 days", order.credit_check_summary)

    # ------------------------------------------------------ a release was asked for

    def test_banner_says_that_a_release_was_asked_for(self):
        order = self.make_quotation(53000.0, self.beta)
        self.assertIn("Ask for a release", order.credit_check_summary)
        hold = self.ask_release(order)
        day = format_date(order.env, hold.requested_on)
        deciders = hold._who_decides()
        self.assertIn("Carl", deciders)
        asked = f"A release was asked for on {day} by Sam, to be decided by {deciders}."
        for text in (order.credit_check_summary, self.refusal_of(order)):
            self.assertEqual(text.count(asked), 1)
            self.assertNotIn("Ask for a release", text)
        self.assertAgree(order, 13000.0)
        insider = order.with_user(self.user)
        self.assertEqual(insider.credit_check_summary.count(asked), 1)
        self.assertIn("higher limit", insider.credit_check_summary)

    def test_banner_after_a_refusal(self):
        order = self.make_quotation(53000.0, self.beta)
        self.ask_release(order).with_user(self.controller)._refuse("Pays late")
        self.assertIn("A release was refused: Pays late", order.credit_check_summary)
        self.assertNotIn("to be decided", order.credit_check_summary)
