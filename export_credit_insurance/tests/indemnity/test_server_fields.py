from datetime import date

from odoo.service.model import call_kw
from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install", "-at_install")
class TestServerFields(ClaimCommon):
    """What the server writes has no default of a caller's context or the database."""

    def make(self, name, values, /, **defaults):
        """What a controller's call from outside makes, context included."""
        context = {f"default_{field}": value for field, value in defaults.items()}
        model = self.env(user=self.controller)[name]
        ids = call_kw(model, "create", [[values]], {"context": context})
        return model.browse(ids)

    def told(self, **values):
        return {"company_id": self.company.id, "policy_id": self.policy.id, **values}

    def test_claim(self):
        claim = self.make(
            "credit.insurance.claim",
            self.told(partner_id=self.beta.id),
            state="paid",
            name="CLM/1",
            filed_on="2026-01-01",
            liability_counted=1000000.0,
            policy_year_id=False,
        )
        self.assertRecordValues(
            claim,
            [
                {
                    "state": "draft",
                    "name": False,
                    "filed_on": False,
                    "liability_counted": 0.0,
                    "policy_year_id": self.policy.year_ids.id,
                }
            ],
        )

    def test_notice(self):
        notice = self.make(
            "credit.insurance.overdue.notice",
            self.told(partner_id=self.beta.id),
            state="sent",
            sent_on="2026-04-01",
        )
        self.assertRecordValues(notice, [{"state": "draft", "sent_on": False}])

    def test_declaration(self):
        declaration = self.make(
            "credit.insurance.declaration",
            self.told(date_from="2026-01-01", date_to="2026-03-31"),
            state="declared",
            premium_amount=90000.0,
        )
        self.assertRecordValues(declaration, [{"state": "draft", "premium_amount": 0}])

    def test_override(self):
        override = self.make(
            "credit.insurance.declaration.override",
            {"policy_id": self.policy.id, "move_id": self.first.id, "note": "Letter"},
            author_id=self.env.ref("base.user_admin").id,
            date="2026-01-01",
            exclusion_reason="related",
        )
        self.assertRecordValues(
            override,
            [
                {
                    "author_id": self.controller.id,
                    "date": date(2026, 6, 10),
                    "exclusion_reason": False,
                }
            ],
        )

    def test_recovery(self):
        """As in DOMAIN 1.14: 27 000 x 100/140 x 90 % = 17 357.14 to the insurer."""
        claim = self.file()
        recovery = self.make(
            "credit.insurance.recovery",
            {
                "claim_id": claim.id,
                "date": "2026-12-15",
                "gross_amount": 30000.0,
                "costs": 3000.0,
            },
            state="declared",
            insurer_amount=1.0,
            is_before_loss=True,
        )
        self.assertRecordValues(
            recovery,
            [{"state": "draft", "insurer_amount": 17357.14, "is_before_loss": False}],
        )

    def test_task(self):
        insolvency = self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.beta.id, "judgment_date": "2026-05-20"}
        )
        task = self.make(
            "credit.insurance.insolvency.task",
            {
                "name": "Tell the trustee",
                "insolvency_id": insolvency.id,
                "company_id": self.company.id,
                "deadline": "2026-07-01",
            },
            state="done",
            done_on="2026-06-01",
        )
        self.assertRecordValues(task, [{"state": "open", "done_on": False}])

    def test_defaults_of_the_database(self):
        defaults = self.env["ir.default"]
        defaults.set("credit.insurance.claim", "state", "paid")
        defaults.set("credit.insurance.claim", "liability_counted", 1000000.0)
        claim = self.make("credit.insurance.claim", self.told(partner_id=self.beta.id))
        self.assertRecordValues(claim, [{"state": "draft", "liability_counted": 0.0}])
