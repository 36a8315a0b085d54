from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaim(ClaimCommon):
    """From the draft to the money: never twice, and as it was filed."""

    # === PREPARE === #

    def test_preparing_again_fills_the_same_draft(self):
        claim = self.prepare()
        claim.line_ids[0].unlink()
        self.assertEqual(self.prepare(), claim)
        self.assertEqual(claim.line_ids.move_id, self.first | self.second | self.third)
        self.assertFalse(self.prepare())

    def test_only_what_is_overdue(self):
        """Due on 10 June it is not late yet; what is not insured at all is left out."""
        self.make_debt(self.beta, 300.0, due="2026-06-10")
        self.make_debt(self.beta, 400.0, day="2025-11-01", due="2026-01-01")
        self.assertEqual(self.prepare().net_amount, 140000.0)

    def test_from_the_buyer(self):
        action = self.beta.with_user(self.controller).action_prepare_credit_claims()
        claim = self.claims.browse(action["res_id"])
        self.assertEqual(claim.partner_id, self.beta)
        self.assertEqual(self.beta.with_user(self.controller).credit_claim_count, 1)
        with self.assertRaises(UserError):
            self.beta.with_user(self.controller).action_prepare_credit_claims()

    def test_from_a_notice(self):
        """A notice of the first invoice alone; not before it was sent."""
        notice = self.env["credit.insurance.overdue.notice"].create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
            }
        )
        for invoice in (self.first, self.second):
            notice.line_ids.create(
                {
                    "notice_id": notice.id,
                    "move_line_id": invoice.line_ids.filtered("date_maturity").id,
                    "due_date": "2026-04-02",
                }
            )
        notice = notice.with_user(self.controller)
        with self.assertRaises(UserError):
            notice.action_prepare_claim()
        notice.action_send()
        # what was paid since is not claimed
        self._register_payment(self.second)
        claim = self.claims.browse(notice.action_prepare_claim()["res_id"])
        self.assertEqual(claim.notice_id, notice)
        self.assertEqual(claim.line_ids.move_id, self.first)
        self.assertEqual(notice.claim_count, 1)
        self.assertEqual(notice.action_open_claims()["res_id"], claim.id)

    def test_a_draft_is_live(self):
        """Half of the first invoice is paid: 100 000 + 20 000 − 50 000 = 70 000."""
        claim = self.prepare()
        self._register_payment(self.first, amount=50000.0)
        self.make_debt(self.beta, 100.0)
        claim.action_refresh()
        self.assertEqual(claim.base_amount, 70100.0)
        self.assertEqual(len(claim.line_ids), 4)
        self._register_payment(self.first, amount=50000.0)
        claim.action_refresh()
        self.assertNotIn(self.first, claim.line_ids.move_id)
        self.policy.deductible = 2000.0
        # 20 100 × 90 % = 18 090 − 2 000 − 10 000
        self.assertEqual(claim.expected_amount, 6090.0)

    def test_a_receipt_not_matched_settles_the_oldest(self):
        """30 000 lower the first invoice: 70 000 + 20 000 = 90 000, × 90 % = 81 000,
        − 1 000 − 10 000."""
        self.make_receipt(self.beta, 30000.0, day="2026-05-01")
        claim = self.prepare()
        self.assertEqual(claim.net_amount, 110000.0)
        self.assertEqual(claim.base_amount, 90000.0)
        self.assertEqual(claim.expected_amount, 70000.0)

    def test_tax_is_an_own_loss(self):
        """12 000 with 20 % of tax: 10 000 × 90 % = 9 000 − 1 000, first loss 8 000;
        2 000 of tax apart."""
        buyer = self.make_buyer("TAXED")
        self.make_limit(buyer, 50000.0)
        self.make_debt(buyer, 10000.0, taxes=self.make_tax())
        claim = self.prepare(buyer)
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    "gross_amount": 12000.0,
                    "tax_amount": 2000.0,
                    "net_amount": 10000.0,
                    "eligible_amount": 10000.0,
                    "ineligible_amount": 0.0,
                }
            ],
        )
        self.assertUnpaid(
            claim, coinsurance=1000.0, deductible=1000.0, first_loss=8000.0, vat=2000.0
        )
        self.policy.cover_tax_basis = "tax_included"
        claim.action_refresh()
        self.assertEqual((claim.net_amount, claim.tax_amount), (12000.0, 0.0))
        # 10 800 − 1 000 = 9 800, the first loss takes it
        self.assertUnpaid(
            claim, coinsurance=1200.0, deductible=1000.0, first_loss=9800.0
        )

    def test_rows_add_up_with_odd_cents(self):
        """1/3 of tax shares, a dispute with tax, a security: to the cent."""
        self.policy.year_ids.aggregate_first_loss = 100.0
        buyer = self.make_buyer("ODD")
        self.make_limit(buyer, 777.77)
        for number in range(3):
            invoice = self.make_debt(
                buyer, 333.33 + number / 100, taxes=self.make_tax(19.6 + number)
            )
            invoice.credit_dispute_amount = 11.11 * number
        self.policy.deductible = 33.33
        claim = self.prepare(buyer)
        rows = claim._get_unpaid()
        total = sum(row["amount"] for row in rows) + claim.expected_amount
        self.assertAlmostEqual(total, claim.gross_amount, 2)
        self.assertAlmostEqual(
            claim.gross_amount, sum(claim.line_ids.move_id.mapped("amount_total")), 2
        )
        self.assertIn("dispute", [row["code"] for row in rows])

    def test_by_hand_and_recoveries_on_the_form(self):
        """A claim begun on the form is filled by its button."""
        with Form(self.claims) as form:
            form.partner_id = self.beta
            form.policy_id = self.policy
        claim = form.record
        claim.action_refresh()
        self.assertEqual(claim.expected_amount, 79000.0)
        claim.action_file()
        with Form(claim) as form, form.recovery_ids.new() as recovery:
            recovery.date = date(2026, 12, 15)
            recovery.gross_amount = 30000.0
            recovery.costs = 3000.0
        self.assertEqual(claim.recovery_ids.insurer_amount, 17357.14)

    def test_another_currency(self):
        """110 000 USD at 1.10 are 100 000 EUR: 90 000 − 1 000 − 10 000 = 79 000."""
        self.set_rate(self.dollar, 1.1)
        buyer = self.make_buyer("DOLLARS")
        self.make_limit(buyer, 100000.0)
        self.make_debt(buyer, 110000.0, currency_id=self.dollar.id)
        claim = self.prepare(buyer)
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    "document_amount": 110000.0,
                    "document_currency_id": self.dollar.id,
                    "gross_amount": 100000.0,
                    "base_amount": 100000.0,
                }
            ],
        )
        self.assertEqual(claim.expected_amount, 79000.0)

    def test_a_policy_in_dollars(self):
        """The figures are in its currency: 11 000 EUR are 12 100 USD of debt."""
        self.set_rate(self.dollar, 1.1)
        policy = self.make_policy(
            name="POL-US",
            sequence=1,
            currency_id=self.dollar.id,
            deductible=100.0,
            aggregate_first_loss=0.0,
        )
        buyer = self.make_buyer("DOLLARS")
        self.make_limit(buyer, 50000.0, policy=policy)
        self.make_debt(buyer, 11000.0)
        claim = self.prepare(buyer)
        self.assertEqual(claim.currency_id, self.dollar)
        self.assertEqual(claim.net_amount, 12100.0)
        # 12 100 × 90 % = 10 890 − 100
        self.assertEqual(claim.expected_amount, 10790.0)

    def test_unnamed_buyer(self):
        """A validated discretionary limit of 10 000 at 70 %: 7 000 − 1 000, which the
        first loss takes."""
        buyer = self.make_buyer("UNNAMED")
        self.make_limit(buyer, 10000.0, kind="discretionary")
        self.make_debt(buyer, 12000.0)
        claim = self.prepare(buyer)
        self.assertEqual(claim.line_ids.insured_pct, 70.0)
        self.assertUnpaid(
            claim,
            over_limit=2000.0,
            coinsurance=3000.0,
            deductible=1000.0,
            first_loss=6000.0,
        )

    # === ONCE, AND AS IT WAS FILED === #

    def test_an_instalment_is_claimed_once(self):
        claim = self.file()
        self.assertFalse(self.prepare())
        second = self.claims.create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "partner_id": self.beta.id,
            }
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            second.line_ids.create(
                {
                    "claim_id": second.id,
                    "move_line_id": claim.line_ids[0].move_line_id.id,
                }
            )
            self.env.flush_all()

    def test_a_refused_claim_may_be_claimed_anew(self):
        claim = self.file()
        self.assertEqual(self.first.credit_claim_id, claim)
        with self.assertRaises(UserError):
            claim.action_refuse()
        claim.refusal_reason = "Notified too late."
        claim.action_refuse()
        anew = self.prepare()
        self.assertEqual(anew.line_ids.move_id, claim.line_ids.move_id)
        self.assertEqual(self.first.credit_claim_id, anew)
        anew.unlink()
        self.assertEqual(self.first.credit_claim_id, claim)

    def test_what_was_filed_stays(self):
        claim = self.file()
        self.assertTrue(claim.name.startswith("CLM/2026/"))
        self.assertEqual(claim.filed_by, self.controller)
        self.assertEqual(claim.expected_amount, 79000.0)
        rows = claim._get_unpaid()
        self.policy.write({"deductible": 5000.0, "insured_pct_named": 50.0})
        self.policy.year_ids.aggregate_first_loss = 0.0
        self.second.credit_dispute_amount = 0.0
        self._register_payment(self.first, amount=50000.0)
        self.env.invalidate_all()
        self.assertEqual(claim.expected_amount, 79000.0)
        self.assertEqual(claim.net_amount, 140000.0)
        self.assertEqual(claim._get_unpaid(), rows)
        for change in (
            lambda: claim.write({"cause": "political"}),
            lambda: claim.write({"partner_id": self.alfa.id}),
            lambda: claim.line_ids[0].unlink(),
            lambda: claim.line_ids[0].write({"move_line_id": False}),
            claim.action_refresh,
            claim.action_file,
            claim.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_from_filing_to_closing(self):
        claim = self.file()
        claim.action_wait()
        claim.action_admit()
        self.assertEqual(claim.admitted_amount, 79000.0)
        claim.action_pay()
        self.assertEqual(claim.paid_amount, 79000.0)
        self.assertEqual(claim.paid_on, date(2026, 6, 10))
        with self.assertRaises(UserError):
            claim.action_admit()
        claim.action_close()
        self.assertEqual(claim.state, "closed")
        self.assertEqual(self.policy.year_ids.liability_claimed, 79000.0)

    def test_the_buyer_paid_after_all(self):
        claim = self.file()
        self.assertEqual(self.policy.year_ids.first_loss_claimed, 10000.0)
        claim.action_close()
        self.assertEqual(self.policy.year_ids.first_loss_claimed, 0.0)
        self.assertEqual(self.policy.year_ids.liability_claimed, 0.0)

    def test_buttons_alone_write_state_and_figures(self):
        claim = self.prepare()
        for values in (
            {"state": "paid"},
            {"name": "CLM/1"},
            {"expected_amount": 1.0},
            {"first_loss_counted": 0.0},
            {"policy_year_id": False},
            {"unpaid_rows": []},
        ):
            with self.assertRaises(AccessError):
                claim.write(values)
            with self.assertRaises(AccessError):
                self.claims.create(
                    {
                        "policy_id": self.policy.id,
                        "partner_id": self.alfa.id,
                        **values,
                    }
                )
        with self.assertRaises(AccessError):
            claim.line_ids[0].base_amount = 1.0
        with self.assertRaises(AccessError):
            self.first.write({"credit_claim_id": False})

    def test_an_empty_claim_is_not_filed(self):
        claim = self.prepare()
        claim.line_ids.unlink()
        with self.assertRaises(UserError):
            claim.action_file()

    def test_only_instalments_of_the_buyer(self):
        claim = self.prepare()
        invoice = self.make_debt(self.alfa, 100.0)
        with self.assertRaises(ValidationError):
            claim.line_ids.create(
                {
                    "claim_id": claim.id,
                    "move_line_id": invoice.line_ids.filtered("date_maturity").id,
                }
            )

    def test_a_line_added_by_hand_is_computed(self):
        """Not overdue yet, but given up: it takes its place in the allocation."""
        invoice = self.make_debt(self.beta, 500.0, day="2026-01-10", due="2026-07-01")
        claim = self.prepare()
        line = claim.line_ids.create(
            {
                "claim_id": claim.id,
                "move_line_id": invoice.line_ids.filtered("date_maturity").id,
            }
        )
        self.assertEqual(line.base_amount, 500.0)
        self.assertEqual(claim.base_amount, 100000.0)

    def test_who_may(self):
        """Users read, controllers work; nobody without a credit group sees any."""
        claim = self.prepare()
        user = new_test_user(
            self.env,
            "claim_user",
            groups="export_credit_insurance.group_credit_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.assertEqual(claim.with_user(user).expected_amount, 79000.0)
        with self.assertRaises(AccessError):
            claim.with_user(user).action_file()
        seller = new_test_user(
            self.env,
            "claim_seller",
            groups="sales_team.group_sale_salesman,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            claim.with_user(seller).read(["state"])
        with self.assertRaises(AccessError):
            self.first.with_user(seller).read(["credit_claim_id"])

    def test_an_invoice_drawn_up_anew_leaves_the_draft(self):
        claim = self.prepare()
        self.third.button_draft()
        self.third.unlink()
        self.assertEqual(claim.line_ids.move_id, self.first | self.second)

    def test_queries_do_not_depend_on_the_buyers(self):
        """One or fifty buyers: the same reads, and one insert more per hundred."""
        buyers = self.env["res.partner"]
        for number in range(51):
            buyer = self.make_buyer(f"B{number}")
            self.make_limit(buyer, 10000.0)
            self.make_debt(buyer, 1000.0 + number)
            buyers |= buyer
        counts = []
        for some in (buyers[:1], buyers[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claims = self.prepare(some)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(claims), len(some))
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
