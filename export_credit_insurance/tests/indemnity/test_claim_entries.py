from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .claim_entries_common import ClaimEntriesCommon


@tagged("post_install", "-at_install")
class TestClaimEntries(ClaimEntriesCommon):
    """The entries of a claim: drafts, exact to the cent, one per event."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.first.line_ids.filtered("date_maturity").account_id

    def test_what_is_admitted_is_to_be_received(self):
        entry = self.prepared()["admitted"]
        self.assertEntry(entry, ("receivable", 79000.0), ("income", -79000.0))
        self.assertEqual(
            entry.sudo().move_id.line_ids.partner_id, self.insurer.partner_id
        )
        self.assertEqual(entry.state, "draft")
        self.assertEqual(entry.amount, 79000.0)

    def test_nothing_before_it_is_admitted(self):
        claim = self.make_other(state="waiting")
        with self.assertRaises(UserError):
            claim.action_prepare_entries()

    def make_other(self, amount=1000.0, **values):
        return self.make_claim(self.make_invoice(self.beta, amount), **values)

    def test_reversed_by_the_accountant(self):
        """It may be prepared anew; after a refusal nothing is reversed again."""
        move = self.prepared()["admitted"].sudo().move_id
        move.action_post()
        move._reverse_moves([{"date": move.date}], cancel=True)
        again = self.prepared()
        self.assertEqual(set(again), {"admitted"})
        move = again["admitted"].sudo().move_id
        move.action_post()
        move._reverse_moves([{"date": move.date}], cancel=True)
        self.claim.sudo().state = "refused"
        with self.assertRaises(UserError):
            self.claim.action_prepare_entries()

    def test_paid_as_admitted_settles_the_receivable(self):
        """Nothing to enter: the bank statement is matched with the first entry."""
        self.prepared()
        self.claim.sudo().write({"state": "paid", "paid_amount": 79000.0})
        with self.assertRaises(UserError):
            self.claim.action_prepare_entries()

    def test_paid_less_than_admitted(self):
        self.prepared()
        self.claim.sudo().write({"state": "paid", "paid_amount": 78500.5})
        # 78 500.50 − 79 000
        self.assertEntry(
            self.prepared()["paid"], ("receivable", -499.5), ("income", 499.5)
        )

    def test_a_loss_payee_has_the_money(self):
        """The buyer's bank before the policy's; the receivable is settled by it."""
        bank, other = self.make_buyer("Bank"), self.make_buyer("Other bank")
        self.policy.loss_payee_id = other
        self.assertEqual(self.claim.loss_payee_id, other)
        self.beta.credit_loss_payee_id = bank
        self.claim.invalidate_recordset()
        self.assertEqual(self.claim.loss_payee_id, bank)
        admitted = self.prepared()["admitted"].sudo().move_id
        self.assertIn("payable to Bank", admitted.line_ids[0].name)
        self.claim.sudo().write({"state": "paid", "paid_amount": 79000.0})
        entry = self.prepared()["paid"]
        self.assertEntry(entry, ("payee", 79000.0), ("receivable", -79000.0))
        partners = {
            line.account_id: line.partner_id for line in entry.sudo().move_id.line_ids
        }
        self.assertEqual(partners[self.accounts["payee"]], bank)
        self.assertEqual(partners[self.accounts["receivable"]], self.insurer.partner_id)

    def test_closing(self):
        """Doubtful with VAT; provided for 140 000 − 79 000 = 61 000 without."""
        entries = self.close_books()
        self.assertEntry(
            entries["doubtful"],
            ("doubtful", 120000.0),
            ("doubtful", 48000.0),
            (self.customer, -120000.0),
            (self.customer, -48000.0),
        )
        self.assertEntry(
            entries["provision"],
            ("allowance_expense", 61000.0),
            ("allowance", -61000.0),
        )

    def test_the_next_closing_changes_the_allowance(self):
        """24 000 received (20 000 ex tax): 120 000 − 79 000 = 41 000; then refused."""
        self.close_books()
        self._register_payment(self.first, amount=24000.0)
        later = self.close_books("2026-12-16")
        self.assertEqual(set(later), {"provision"})
        self.assertEntry(
            later["provision"], ("allowance_income", -20000.0), ("allowance", 20000.0)
        )
        with self.assertRaises(UserError):
            self.close_books("2026-12-17")
        self.claim.sudo().state = "refused"
        # all of 120 000 ex tax: 79 000 more
        self.assertEntry(
            self.close_books("2026-12-17")["provision"],
            ("allowance_expense", 79000.0),
            ("allowance", -79000.0),
        )

    def test_expected_indemnity_before_it_is_admitted(self):
        """100 000 ex tax within the limit × 90 % = 90 000: 10 000 provided for."""
        buyer = self.make_buyer("GAMMA")
        self.make_limit(buyer, 100000.0)
        invoice = self.make_invoice(buyer, 100000.0, day="2026-03-01", due="2026-04-30")
        claim = self.make_claim(invoice, state="waiting", expected_amount=90000.0)
        self.assertEntry(
            self.close_books(claim=claim, with_doubtful=False)["provision"],
            ("allowance_expense", 10000.0),
            ("allowance", -10000.0),
        )

    def test_written_off_at_close(self):
        """168 000 off the books: own share 61 000, indemnified 79 000, VAT 28 000."""
        self.prepared()
        self.claim.sudo().write({"state": "closed", "paid_amount": 79000.0})
        self.assertEntry(
            self.prepared()["write_off"],
            (self.customer, -120000.0),
            (self.customer, -48000.0),
            ("loss", 61000.0),
            ("loss", 79000.0),
            ("loss", 28000.0),
        )

    def test_vat_taken_back_and_allowance_released(self):
        """After a closing the debt stands in doubtful debts, and is moved back."""
        self.company.credit_claim_vat = "relief"
        self.close_books()
        self.claim.sudo().write({"state": "closed", "paid_amount": 79000.0})
        self.assertEntry(
            self.prepared()["write_off"],
            ("doubtful", -120000.0),
            ("doubtful", -48000.0),
            (self.customer, 120000.0),
            (self.customer, 48000.0),
            (self.customer, -120000.0),
            (self.customer, -48000.0),
            ("loss", 61000.0),
            ("loss", 79000.0),
            ("vat", 28000.0),
            ("allowance", 61000.0),
            ("allowance_income", -61000.0),
        )

    def test_insurers_part_of_a_recovery(self):
        """DOMAIN 1.14: 17 357.14 of 27 000 are the insurer's."""
        self.prepared()
        recovery = self.env["credit.insurance.recovery"].create(
            {
                "claim_id": self.claim.id,
                "date": "2026-12-15",
                "gross_amount": 30000.0,
                "costs": 3000.0,
            }
        )
        with self.assertRaises(UserError):  # it may still change
            self.claim.action_prepare_entries()
        recovery.sudo().write({"state": "declared", "insurer_amount": 17357.14})
        entry = self.prepared()["recovery"]
        self.assertEntry(entry, ("income", 17357.14), ("insurer_share", -17357.14))
        self.assertEqual(entry.recovery_id, recovery)

    def test_books_in_euro_and_a_debt_in_dollars(self):
        """11 000 USD booked at 1.10 as 10 000 EUR, whatever the rate is later."""
        self.set_rate(self.dollar, 1.1)
        invoice = self.make_invoice(
            self.beta, 11000.0, day="2026-03-01", currency_id=self.dollar.id
        )
        self.set_rate(self.dollar, 1.25, day="2026-12-01")
        claim = self.make_claim(invoice, admitted_amount=7000.0)
        entries = self.close_books(claim=claim)
        self.assertEntry(
            entries["doubtful"],
            ("doubtful", 10000.0, 11000.0),
            (self.customer, -10000.0, -11000.0),
        )
        self.assertEntry(
            entries["provision"],
            ("allowance_expense", 3000.0),
            ("allowance", -3000.0),
        )
        claim.sudo().write({"state": "closed", "paid_amount": 7000.0})
        self.assertEntry(
            self.prepared(claim)["write_off"],
            ("doubtful", -10000.0, -11000.0),
            (self.customer, 10000.0, 11000.0),
            (self.customer, -10000.0, -11000.0),
            ("loss", 3000.0),
            ("loss", 7000.0),
            ("allowance", 3000.0),
            ("allowance_income", -3000.0),
        )

    def test_a_policy_in_dollars(self):
        """10 000 USD admitted at 1.25 are 8 000 EUR."""
        self.set_rate(self.dollar, 1.25)
        policy = self.make_policy(name="USD", currency_id=self.dollar.id)
        claim = self.make_other(policy=policy, admitted_amount=10000.0)
        self.assertEntry(
            self.prepared(claim)["admitted"],
            ("receivable", 8000.0, 10000.0),
            ("income", -8000.0, -10000.0),
        )

    def test_never_twice(self):
        self.prepared()
        with self.assertRaises(UserError):
            self.claim.action_prepare_entries()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.claim._prepare_entry("admitted")

    def test_the_same_closing_once(self):
        self.close_books(with_doubtful=False)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.claim._prepare_entry("provision", self.claim.entry_ids.date)

    def test_deleted_or_cancelled_it_is_prepared_anew(self):
        self.prepared()["admitted"].sudo().move_id.unlink()
        self.assertFalse(self.claim.entry_ids)
        entry = self.prepared()["admitted"]
        entry.sudo().move_id.button_cancel()
        again = self.prepared()["admitted"]
        self.assertEqual(self.claim.entry_ids, entry + again)
        self.assertEqual((entry + again).mapped("state"), ["cancel", "draft"])

    def test_a_closed_period(self):
        self.company.fiscalyear_lock_date = "2026-09-30"
        with self.assertRaises(UserError) as raised:
            self.close_books("2026-09-30")
        self.assertIn("closed period", str(raised.exception))
        self.close_books("2026-10-01")

    def test_a_missing_account_names_its_setting(self):
        self.company.credit_claim_allowance_account_id = False
        with self.assertRaises(UserError) as raised:
            self.close_books(with_doubtful=False)
        self.assertIn("Allowance for Doubtful Debts", str(raised.exception))

    def test_accounts_of_the_french_chart(self):
        """416 of the chart stands in where none is chosen, in France alone."""
        self.company.credit_claim_doubtful_account_id = False
        account = self.env["account.account"].create(
            {
                "name": "Clients douteux",
                "code": "416000",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        self.assertEqual(self.company._claim_account("doubtful"), account)
        self.company.account_fiscal_country_id = self.env.ref("base.be")
        with self.assertRaises(UserError):
            self.company._claim_account("doubtful")

    def test_exposure_is_not_moved_by_the_entries(self):
        """168 000 owed and 90 000 covered until it is written off."""
        day = "2026-12-15"

        def owed():
            self.env.invalidate_all()
            covered = sum(
                row["covered_amount"] for row in self.get_cover(self.beta, day)
            )
            return self.get_position(self.beta, day).exposure, float(covered)

        before = owed()
        self.assertEqual(before[0], 168000.0)
        entries = [*self.prepared().values(), *self.close_books().values()]
        for entry in entries:
            entry.sudo().move_id.action_post()
        self.assertEqual(owed(), before)
        self.claim.sudo().write({"state": "closed", "paid_amount": 79000.0})
        self.prepared()["write_off"].sudo().move_id.action_post()
        self.assertEqual(owed(), (0.0, 0.0))
        # all of it matches: nothing is left on the customer
        moves = self.first + self.second + self.claim.sudo().entry_ids.move_id
        lines = moves.line_ids.filtered(lambda line: line.account_id == self.customer)
        lines.reconcile()
        self.assertEqual(set(lines.mapped("amount_residual")), {0.0})
        self.assertEqual(owed(), (0.0, 0.0))

    def test_money_between_closing_and_write_off(self):
        """24 000 of 168 000 came in: 144 000 off, doubtful debts are back at 0."""
        self.close_books(with_provision=False)
        self._register_payment(self.first, amount=24000.0)
        self.claim.sudo().write({"state": "closed", "paid_amount": 79000.0})
        entry = self.prepared()["write_off"]
        # ex tax 120 000, VAT 24 000; 120 000 - 79 000 = 41 000
        self.assertEntry(
            entry,
            ("doubtful", -120000.0),
            ("doubtful", -48000.0),
            (self.customer, 120000.0),
            (self.customer, 48000.0),
            (self.customer, -96000.0),
            (self.customer, -48000.0),
            ("loss", 41000.0),
            ("loss", 79000.0),
            ("loss", 24000.0),
        )

    def test_written_off_without_a_closing(self):
        """The entry's credit takes the debt off the exposure, matched or not."""
        self.claim.sudo().write({"state": "closed", "paid_amount": 79000.0})
        self.prepared()["write_off"].sudo().move_id.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.get_position(self.beta, "2026-12-15").exposure, 0.0)

    def test_sold_without_recourse_it_is_not_claimed(self):
        """Neither claimed once it is sold, nor sold while it is claimed."""
        sale = {
            "factor_id": self.make_buyer("Factor").id,
            "recourse": "without",
            "date": "2026-12-01",
        }
        sales = self.env["credit.insurance.assignment"]
        with self.assertRaises(ValidationError):
            sales.create({**sale, "move_id": self.first.id})
        sales.create({**sale, "move_id": self.first.id, "recourse": "with"})
        sold = self.make_invoice(self.beta, 1000.0)
        sales.create({**sale, "move_id": sold.id})
        with self.assertRaises(ValidationError):
            self.make_claim(sold)

    def test_only_controllers_prepare(self):
        user = new_test_user(
            self.env,
            "claim_entries_user",
            "export_credit_insurance.group_credit_user,account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.claim.with_user(user).action_prepare_entries()
        with self.assertRaises(AccessError):
            self.env["credit.insurance.claim.entry"].with_user(self.controller).create(
                {"claim_id": self.claim.id, "event": "paid", "date": "2026-12-15"}
            )
