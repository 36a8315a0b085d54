from odoo import Command, api
from odoo.tests import tagged

from ..race_common import RaceCommon

YEARS = (2020, 2021, 2022, 2023, 2024)


class IndemnityRaceCommon(RaceCommon):
    """Invoices of the main company, and a policy year of its own for each trial."""

    PAIRS = 1
    ROUNDS = len(YEARS)

    @classmethod
    def prepare_more(cls, env):
        company = env["res.company"].browse(cls.company_ids[0])
        account = env["account.account"].create(
            [
                {
                    "name": f"Race {kind}",
                    "code": f"RACE{number}",
                    "account_type": kind,
                    "reconcile": kind == "asset_receivable",
                    "company_ids": [Command.set(company.ids)],
                }
                for number, kind in enumerate(("income", "asset_receivable"))
            ]
        )
        journal = env["account.journal"].create(
            {
                "name": "Race Sales",
                "code": "RACE",
                "type": "sale",
                "company_id": company.id,
                "default_account_id": account[0].id,
            }
        )
        cls.account_ids, cls.journal_id = account.ids, journal.id
        policy = env["credit.insurance.policy"].browse(cls.policy_id)
        policy.write(
            {"claim_year_base": "shipment", "deductible": 0.0, "claim_threshold": 0.0}
        )
        policy.year_ids.write(
            {
                "minimum_premium": 150.0,
                "premium_amount": 150.0,
                "rate_other": 10.0,
                "aggregate_first_loss": 1000.0,
                "insured_pct_named": 90.0,
            }
        )
        cls.years_left = list(YEARS)

    @classmethod
    def remove_documents(cls, env, orders):
        own = [("policy_id", "=", cls.policy_id)]
        for model in ("credit.insurance.claim", "credit.insurance.declaration"):
            records = env[model].search(own)
            table = records._table
            # what was filed or declared stays, but for the end of a test
            env.cr.execute(
                f"UPDATE {table} SET state = 'draft' WHERE policy_id = %s",
                [cls.policy_id],
            )
            env.invalidate_all(flush=False)
            records.unlink()
        # what was billed without an order is listed
        lines = env["credit.insurance.review.line"].search(
            [("partner_id", "in", cls.partner_ids)]
        )
        lines.review_id.unlink()
        moves = env["account.move"].search([("journal_id", "=", cls.journal_id)])
        moves.button_draft()
        moves.with_context(force_delete=True).unlink()
        env.flush_all()

    @classmethod
    def remove_rest(cls, env):
        env["res.partner"].browse(cls.partner_ids).write(
            {"property_account_receivable_id": False}
        )
        env["account.journal"].browse(cls.journal_id).unlink()
        env["account.account"].browse(cls.account_ids).unlink()

    def make_invoice(self, env, partner, day):
        """An invoice of 1 000, due at once."""
        income_id, receivable_id = self.account_ids
        partner.property_account_receivable_id = receivable_id
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.journal_id,
                "partner_id": partner.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Race",
                            "quantity": 1,
                            "price_unit": 1000.0,
                            "account_id": income_id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def act(self, record_id, user_id, start, outcomes):
        """Two threads may act on one record: their outcomes are told apart."""
        own = {}
        result = super().act(record_id, user_id, start, own)
        outcomes.setdefault(record_id, []).append(str(own[record_id]))
        return result


@tagged("post_install", "-at_install")
class TestRaceDeclare(IndemnityRaceCommon):
    """Two declarations of one policy year at the same moment: the year has both.

    Each of them is 1 000 at 10 % = 100, below the minimum of 150 which is the year's
    premium already: neither alone changes it. Both are 200. Where the premium is
    entered by hand the year itself stays as it is, but the second one says what the
    first one declared.
    """

    @classmethod
    def prepare_more(cls, env):
        result = super().prepare_more(env)
        policy = env["credit.insurance.policy"].browse(cls.policy_id)
        by_hand = policy.year_ids.filtered(lambda year: year.date_from.year % 2)
        by_hand.premium_by_hand = True
        return result

    def make_pair(self, env):
        year = self.years_left.pop()
        drafts = env["credit.insurance.declaration"]
        for first, last in (("01-01", "03-31"), ("04-01", "06-30")):
            partner, _limit = self.make_buyer(env)
            self.make_invoice(env, partner, f"{year}-{last}")
            drafts += drafts.create(
                {
                    "policy_id": self.policy_id,
                    "company_id": self.company_ids[0],
                    "date_from": f"{year}-{first}",
                    "date_to": f"{year}-{last}",
                }
            )
        drafts.action_bring_up_to_date()
        return drafts.ids

    def prepare_act(self, env, record_id, user_id):
        declaration = env["credit.insurance.declaration"].browse(record_id)
        return declaration.with_user(user_id).action_declare

    def read_outcome(self, env, record_id):
        return "declared"

    def test_the_year_has_both(self):
        results = self.run_trials(self.make_pair, api.SUPERUSER_ID)
        self.assertEqual(results, [[["declared"], ["declared"]]] * len(YEARS))
        with self.environment() as env:
            declarations = env["credit.insurance.declaration"].search(
                [("policy_id", "=", self.policy_id)]
            )
            self.assertEqual(set(declarations.mapped("premium_amount")), {100.0})
            for year, own in declarations.grouped("year_id").items():
                self.assertEqual(sorted(own.mapped("premium_before")), [0.0, 100.0])
                premium = 150.0 if year.premium_by_hand else 200.0
                self.assertEqual(year.premium_amount, premium)


class FileRaceCommon(IndemnityRaceCommon):
    """Claims of 1 000 at 90 % = 900; the first loss of each year is 1 000."""

    def make_claims(self, env, number):
        year = self.years_left.pop()
        buyers = env["res.partner"]
        for _buyer in range(number):
            partner, _limit = self.make_buyer(env)
            self.make_invoice(env, partner, f"{year}-03-31")
            buyers += partner
        company = env["res.company"].browse(self.company_ids[0])
        claims = env["credit.insurance.claim"]._prepare(buyers, company)
        self.assertEqual(claims.mapped("covered_amount"), [900.0] * number)
        return claims.ids

    def prepare_act(self, env, record_id, user_id):
        claim = env["credit.insurance.claim"].browse(record_id)
        return claim.with_user(user_id).action_file

    def read_outcome(self, env, record_id):
        return "filed"

    def find_claims(self, env):
        return env["credit.insurance.claim"].search(
            [("policy_id", "=", self.policy_id)]
        )


@tagged("post_install", "-at_install")
class TestRaceFirstLoss(FileRaceCommon):
    """Two claims filed at once share a first loss.

    Whichever comes first is paid nothing, the other 900 - 100 = 800.
    """

    def test_the_second_sees_what_the_first_used(self):
        results = self.run_trials(
            lambda env: self.make_claims(env, 2), api.SUPERUSER_ID
        )
        self.assertEqual(results, [[["filed"], ["filed"]]] * len(YEARS))
        with self.environment() as env:
            by_year = self.find_claims(env).grouped("policy_year_id")
            self.assertEqual(len(by_year), len(YEARS))
            for year, own in by_year.items():
                self.assertEqual(sorted(own.mapped("expected_amount")), [0.0, 800.0])
                self.assertEqual(
                    sorted(own.mapped("first_loss_counted")), [100.0, 900.0]
                )
                self.assertEqual(year.first_loss_claimed, 1000.0)
                self.assertEqual(year.liability_claimed, 800.0)


@tagged("post_install", "-at_install")
class TestRaceFileTwice(FileRaceCommon):
    """Two people file the same claim: one number, counted once."""

    def test_one_claim_is_filed_once(self):
        results = self.run_trials(
            lambda env: self.make_claims(env, 1) * 2, api.SUPERUSER_ID
        )
        for outcomes, _same in results:
            self.assertEqual(outcomes.count("filed"), 1, outcomes)
            self.assertEqual(len(outcomes), 2)
        with self.environment() as env:
            claims = self.find_claims(env)
            self.assertEqual(claims.mapped("first_loss_counted"), [900.0] * len(YEARS))
            self.assertEqual(len(set(claims.mapped("name"))), len(YEARS))
