from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import CreditInsuranceCommon

REF = "export_credit_insurance."


@tagged("post_install", "-at_install")
class TestClaimTour(CreditInsuranceCommon, HttpCase):
    """A controller takes a claim from the notice to the entries, in a real browser.

    Days are relative to the real today: a browser's clock cannot be frozen. BETA owes
    120 000, its limit is 100 000: × 90 % = 90 000, less the deductible of 1 000 and the
    first loss of 10 000 the insurer pays 79 000 (DOMAIN 1.13). Not paid: 20 000 above
    the limit, 10 000 of own share, 1 000 and 10 000.

    84 days after the due date the loss was yesterday's. 30 000 come in, at costs of
    3 000:
    27 000 × 100 / 120 × 90 % = 20 250 are the insurer's, 6 750 are kept (1.14).
    """

    today = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")
        day = cls.today - timedelta(days=200)
        cls.make_limit(cls.beta, 100000.0, date_from=str(day))
        cls.late = cls.make_invoice(
            cls.beta,
            120000.0,
            cls.today - timedelta(days=120),
            cls.today - timedelta(days=85),
        )
        cls.insurer.partner_id = cls.make_buyer("Atlas", country="fr")
        kinds = {
            "receivable": "asset_current",
            "income": "income_other",
            "insurer_share": "liability_current",
        }
        accounts = cls.env["account.account"].create(
            [
                {
                    "name": role,
                    "code": f"CL{number:04d}",
                    "account_type": kind,
                    "reconcile": kind == "asset_current",
                    "company_ids": [Command.set(cls.company.ids)],
                }
                for number, (role, kind) in enumerate(kinds.items())
            ]
        )
        for role, account in zip(kinds, accounts, strict=True):
            cls.company[f"credit_claim_{role}_account_id"] = account
        cls.controller = new_test_user(
            cls.env,
            "tour-claims",
            REF + "group_credit_controller",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.make_notice()

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today, the loss was yesterday
        dates = {
            "date_start": cls.today - timedelta(days=200),
            "date_end": cls.today + timedelta(days=100),
        }
        terms = {
            "notification_days": 30,
            "collection_days": 45,
            "waiting_days": 84,
            "waiting_base": "due_date",
        }
        policy = super().make_policy(company, **dates, **terms, **values)
        policy.year_ids.premium_amount = 18500.0
        return policy

    @classmethod
    def make_notice(cls):
        notice = cls.env["credit.insurance.overdue.notice"].create(
            {
                "company_id": cls.company.id,
                "policy_id": cls.policy.id,
                "partner_id": cls.beta.id,
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": line.id,
                            "due_date": line.date_maturity,
                        }
                    )
                    for line in cls.late.line_ids.filtered("date_maturity")
                ],
            }
        )
        notice.with_user(cls.controller).action_send()

    def test_filed_paid_shared_entered(self):
        self.start_tour(
            "/odoo/credit-overdue-notices", "credit_claim_paid", login="tour-claims"
        )
        claim = self.env["credit.insurance.claim"].search(
            [("partner_id", "=", self.beta.id)]
        )
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "paid",
                    "admitted_amount": 79000.0,
                    "paid_amount": 79000.0,
                    "paid_on": self.today,
                    "filed_by": self.controller.id,
                    "loss_date": self.today - timedelta(days=1),
                }
            ],
        )
        self.assertEqual(claim.line_ids.move_id, self.late)
        self.assertRecordValues(
            claim.recovery_ids,
            [{"state": "declared", "insurer_amount": 20250.0, "own_amount": 6750.0}],
        )
        amounts = {entry.event: entry.amount for entry in claim.entry_ids}
        self.assertEqual(amounts, {"admitted": 79000.0, "recovery": 20250.0})
        self.assertEqual(set(claim.entry_ids.move_id.mapped("state")), {"draft"})
