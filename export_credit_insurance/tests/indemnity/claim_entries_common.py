from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from ..position.position_common import PositionCommon

ROLES = {
    "receivable": "asset_current",
    "income": "income_other",
    "doubtful": "asset_current",
    "allowance": "asset_current",
    "allowance_expense": "expense",
    "allowance_income": "income_other",
    "loss": "expense",
    "vat": "liability_current",
    "insurer_share": "liability_current",
    "payee": "asset_current",
}


class ClaimEntriesCommon(PositionCommon):
    """BETA of DOMAIN 1.13: 140 000 ex VAT, of which the insurer pays 79 000.

    Two invoices with 20 % VAT: 100 000 and 40 000, 168 000 with it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-12-15 09:00:00"))
        cls.beta = cls.make_buyer("BETA")
        cls.make_limit(cls.beta, 100000.0)
        cls.insurer.partner_id = cls.make_buyer("Atlas", country="fr")
        tax = cls.make_tax()
        cls.first = cls.make_invoice(
            cls.beta, 100000.0, day="2026-03-01", due="2026-04-30", taxes=tax
        )
        cls.second = cls.make_invoice(
            cls.beta, 40000.0, day="2026-03-10", due="2026-05-09", taxes=tax
        )
        cls.accounts = {
            role: cls.env["account.account"].create(
                {
                    "name": role,
                    "code": f"CL{number:04d}",
                    "account_type": kind,
                    "reconcile": kind == "asset_current",
                    "company_ids": [Command.set(cls.company.ids)],
                }
            )
            for number, (role, kind) in enumerate(ROLES.items())
        }
        cls.company.write(
            {
                f"credit_claim_{role}_account_id": account.id
                for role, account in cls.accounts.items()
            }
        )
        cls.controller = new_test_user(
            cls.env,
            "claim_entries_controller",
            groups="export_credit_insurance.group_credit_controller",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.claim = cls.make_claim(cls.first + cls.second)

    @classmethod
    def make_claim(cls, moves, policy=None, state="admitted", **amounts):
        amounts = amounts or {"admitted_amount": 79000.0}
        claim = cls.env["credit.insurance.claim"].create(
            {
                "company_id": cls.company.id,
                "policy_id": (policy or cls.policy).id,
                "partner_id": moves.commercial_partner_id.id,
                "line_ids": [
                    Command.create({"move_line_id": line.id})
                    for line in moves.line_ids.filtered("date_maturity")
                ],
            }
        )
        claim.sudo().write({"state": state, "name": "CLM/1", **amounts})
        return claim.with_user(cls.controller)

    def prepared(self, claim=None):
        """What pressing the button prepares, {event: entry}."""
        claim = claim or self.claim
        before = claim.entry_ids
        claim.action_prepare_entries()
        return {each.event: each for each in claim.entry_ids - before}

    def close_books(self, day="2026-12-15", claim=None, **choice):
        """What a closing prepares, {event: entry}."""
        claim = claim or self.claim
        before = claim.entry_ids
        dialogue = self.env["credit.insurance.claim.closing"].with_user(self.controller)
        dialogue.create({"claim_id": claim.id, "date": day, **choice}).action_prepare()
        return {each.event: each for each in claim.entry_ids - before}

    def assertEntry(self, entry, *expected):
        """(role or account, balance, and in another currency the amount) per line."""
        move = entry.sudo().move_id
        self.assertEqual(move.state, "draft")
        self.assertEqual(move.company_id, self.company)
        roles = {account: role for role, account in self.accounts.items()}
        found = [
            (
                roles.get(line.account_id, line.account_id),
                line.balance,
                *(
                    [line.amount_currency]
                    if line.currency_id != self.company.currency_id
                    else []
                ),
            )
            for line in move.line_ids
        ]
        self.assertEqual(sorted(map(str, found)), sorted(map(str, expected)))
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, 2)
