"""Samples of the models of the room *indemnity*, see :mod:`.samples`."""

from datetime import timedelta


class IndemnitySamples:
    """What the records are made of, for :class:`~.samples.AccessCommon`."""

    @classmethod
    def _claim_of(cls, model, code):
        """A claim for the rows that are tried; only a filed one recovers."""
        is_recovery = model == "credit.insurance.recovery"
        if not is_recovery and not model.startswith("credit.insurance.claim."):
            return False
        values = {
            "state": "filed" if is_recovery else "draft",
            "company_id": cls.company.id,
            "policy_id": cls.policy.id,
            "partner_id": cls.make_buyer(f"Claimed {code}").id,
        }
        return cls.env["credit.insurance.claim"].sudo().create(values).id

    @classmethod
    def _indemnity(cls, model, code):
        lines = cls.disputed.line_ids.filtered("date_maturity")
        debtor = lines.partner_id
        if cls.notice and model == "credit.insurance.overdue.notice":
            debtor = cls.make_buyer(f"Notified {code}")
        if cls.notice and model == "credit.insurance.overdue.notice.line":
            lines = cls.make_invoice(debtor, 10.0).line_ids.filtered("date_maturity")
        if cls.claim and model == "credit.insurance.claim.line":
            lines = cls.make_invoice(debtor, 10.0).line_ids.filtered("date_maturity")
        is_reminder = model == "credit.insurance.deadline.reminder"
        reminded = cls.make_buyer(f"Reminded {code}") if is_reminder else cls.alfa
        is_line = model == "credit.insurance.declaration.line"
        declared = cls.make_invoice(debtor, 1.0) if is_line else cls.disputed
        policy = cls.policy
        if model == "credit.insurance.declaration":  # one of its days a policy
            policy = cls.make_policy(
                name=code, number=code, kind="country", sequence=999
            )
        return {
            "credit.insurance.declaration": (
                {
                    "company_id": cls.company.id,
                    "policy_id": policy.id,
                    "date_from": "2026-07-01",
                    "date_to": "2026-09-30",
                },
                {"note": "Phone"},
            ),
            "credit.insurance.declaration.group": (
                {"declaration_id": cls.declaration.id, "kind": "eu"},
                {"rate": 0.3},
            ),
            "credit.insurance.declaration.line": (
                {
                    "declaration_id": cls.declaration.id,
                    "group_id": cls.declaration_group.id,
                    "move_id": declared.id,
                },
                {"amount": 1.0},
            ),
            "credit.insurance.evidence.job": (
                {
                    "partner_id": cls.alfa.id,
                    "company_id": cls.company.id,
                    "user_id": cls.env.user.id,
                },
                {"done": 1},
            ),
            "credit.insurance.declaration.override": (
                {
                    "policy_id": cls.declaration.policy_id.id,
                    "move_id": cls.disputed.id,
                    "note": code,
                },
                {"note": "Phone"},
            ),
            "credit.insurance.deadline": ({}, {"open_amount": 1.0}),
            "credit.insurance.claim.entry": (
                {
                    "claim_id": cls._claim_of(model, code),
                    "event": "admitted",
                    "date": cls.today,
                    "move_id": cls.disputed.id,
                },
                {"date": "2026-12-01"},
            ),
            "credit.insurance.claim.closing": (
                {"claim_id": cls._claim_of(model, code)},
                {"with_provision": False},
            ),
            "credit.insurance.evidence": (
                {"move_id": cls.disputed.id, "kind": "order", "file": "UERG"},
                {"note": "Original by post"},
            ),
            "credit.insurance.insolvency.task": (
                {
                    "insolvency_id": cls.insolvency.id,
                    "company_id": cls.company.id,
                    "name": code,
                    "deadline": "2026-12-01",
                },
                {"note": "Phone"},
            ),
            "credit.insurance.overdue.notice": (
                {
                    "company_id": cls.company.id,
                    "policy_id": cls.policy.id,
                    "partner_id": debtor.id,
                },
                {"note": "Phone"},
            ),
            "credit.insurance.overdue.notice.line": (
                {
                    "notice_id": cls.notice.id,
                    "move_line_id": lines.id,
                    "due_date": "2026-12-01",
                },
                {"due_date": "2026-12-02"},
            ),
            "credit.insurance.claim": (
                {
                    "company_id": cls.company.id,
                    "policy_id": cls.policy.id,
                    "partner_id": debtor.id,
                },
                {"note": "Phone"},
            ),
            "credit.insurance.claim.line": (
                {"claim_id": cls.claim.id, "move_line_id": lines.id},
                {"claim_id": cls.claim.id},
            ),
            "credit.insurance.recovery": (
                {
                    "claim_id": cls._claim_of(model, code),
                    "date": "2026-12-01",
                    "gross_amount": 100.0,
                },
                {"costs": 10.0},
            ),
            "credit.insurance.deadline.reminder": (
                {
                    "company_id": cls.company.id,
                    "policy_id": cls.policy.id,
                    "partner_id": reminded.id,
                    "kind": "notice",
                },
                {"kind": "stop"},
            ),
            "credit.insurance.deadline.reminder.line": (
                {
                    "reminder_id": cls.deadline_reminder.id,
                    "move_line_id": lines.id,
                    "urgency": "soon",
                    "deadline": cls.today + timedelta(days=cls.counter),
                },
                {"urgency": "urgent"},
            ),
        }
