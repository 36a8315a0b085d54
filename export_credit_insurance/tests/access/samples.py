"""Users of every role, and a record of every model to try each access on."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user

from ..decision.common import DecisionCommon
from .collection_samples import CollectionSamples
from .decision_samples import DecisionSamples
from .exchange_samples import ExchangeSamples

ADDON = "export_credit_insurance"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


def models_of_addon(env):
    """The models that this add-on defines, but not the abstract ones."""
    return {
        name
        for name, model in env.registry.items()
        if model._original_module == ADDON and not model._abstract
    }


def fields_on_core_models(env):
    """Pairs of a core model and a field that this add-on puts on it.

    Fields that come through delegation (partners' on users) included.
    """
    return [
        (name, field)
        for name, model in env.registry.items()
        if model._original_module != ADDON and not model._abstract
        for field in model._fields.values()
        if ADDON in field._modules
    ]


@freeze_time("2026-10-01 12:00:00")
class AccessCommon(DecisionSamples, CollectionSamples, ExchangeSamples, DecisionCommon):
    """One user per role, and a sample of every model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.make_user("portal", "base.group_portal", **company),
            "salesperson": cls.make_user(
                "seller", "sales_team.group_sale_salesman", **company
            ),
            "accountant": cls.make_user(
                "accountant", "account.group_account_manager", **company
            ),
        }
        for name in ("user", "followup", "controller", "manager"):
            group = f"{ADDON}.group_credit_{name}"
            cls.users[name] = cls.make_user(name, group, **company)
        # out of reach: rows of the margin until cover stops, and no stop
        cls.policy.stop_min_amount = 1000000000.0
        cls.counter = 0
        cls.zones = cls.env["credit.insurance.zone"].search([])
        cls.countries = cls.env["res.country"].search([])
        cls.source = cls.env["credit.insurance.rating.source"].create(
            {
                "name": "Barometer",
                "code": "barometer",
                "criterion": "country",
                "scale": "grade",
                "grade_ids": [Command.create({"code": "1", "rank": 1, "score": 90.0})],
            }
        )
        cls.grade = cls.source.grade_ids
        cls.sector_grade = cls.env.ref(
            f"{ADDON}.credit_insurance_rating_grade_own_sector_high"
        )
        cls.own_order = cls.make_order(
            cls.alfa, 1000.0, confirm=False, user_id=cls.users["salesperson"].id
        )
        cls.edition = cls.env["credit.insurance.rating.edition"]
        cls.trial = cls.env["credit.insurance.grid.trial"]
        cls.rating_import = cls.env["credit.insurance.rating.import"]
        # what dialogues are about; empty until made
        cls.limit = cls.env["credit.insurance.limit"]
        cls.hold = cls.env["credit.insurance.hold"]
        cls.review = cls.env["credit.insurance.review"]
        cls.request = cls.env["credit.insurance.hold.request"]
        cls.observation_end = cls.env["credit.insurance.observation.end"]
        # what follow-up hangs together by; empty until made
        cls.plan = cls.env["credit.followup.plan"]
        cls.step = cls.env["credit.followup.step"]
        cls.followup_run = cls.env["credit.followup.run"]
        cls.reminder = cls.env["credit.followup.reminder"]
        cls.promise = cls.env["credit.followup.promise"]
        cls.reference_rate = cls.env["credit.followup.reference.rate"]
        cls.law = cls.env["credit.followup.late.payment.rule"]
        cls.disputed = cls.env["account.move"]
        cls.limit_profile = cls.env["credit.insurance.limit.profile"]
        cls.limit_import = cls.env["credit.insurance.limit.import"]
        cls.advice = cls.env["credit.insurance.advice"]
        cls.deadline_reminder = cls.env["credit.insurance.deadline.reminder"]
        cls.notice = cls.env["credit.insurance.overdue.notice"]
        cls.claim = cls.env["credit.insurance.claim"]
        cls.declaration = cls.env["credit.insurance.declaration"]
        cls.declaration_group = cls.env["credit.insurance.declaration.group"]
        cls.insolvency = cls.env["credit.insurance.insolvency"]
        cls.stress_test = cls.env["credit.insurance.stress.test"]
        cls.buyer_group = cls.env["credit.insurance.buyer.group"]
        cls.edition = cls.make_sample("credit.insurance.rating.edition")
        cls.trial = cls.make_sample("credit.insurance.grid.trial")
        cls.rating_import = cls.make_sample("credit.insurance.rating.import")
        cls.limit = cls.make_sample("credit.insurance.limit")
        cls.hold = cls.make_sample("credit.insurance.hold")
        cls.observation_end = cls.make_sample("credit.insurance.observation.end")
        cls.review = cls.make_sample("credit.insurance.review")
        cls.plan = cls.make_sample("credit.followup.plan")
        cls.step = cls.make_sample("credit.followup.step")
        cls.followup_run = cls.make_sample("credit.followup.run")
        cls.reminder = cls.make_sample("credit.followup.reminder")
        cls.promise = cls.make_sample("credit.followup.promise")
        cls.reference_rate = cls.make_sample("credit.followup.reference.rate")
        cls.law = cls.make_sample("credit.followup.late.payment.rule")
        cls.advice = cls.make_sample("credit.insurance.advice")
        cls.stress_test = cls.make_sample("credit.insurance.stress.test")
        cls.limit_profile = cls.make_sample("credit.insurance.limit.profile")
        cls.limit_import = cls.make_sample("credit.insurance.limit.import")
        cls.disputed = cls.make_invoice(cls.make_buyer("DISPUTER"), 1000.0)
        cls.deadline_reminder = cls.make_sample("credit.insurance.deadline.reminder")
        cls.notice = cls.make_sample("credit.insurance.overdue.notice")
        cls.buyer_group = cls.make_sample("credit.insurance.buyer.group")
        cls.make_sample("credit.insurance.buyer.group.member")
        cls.claim = cls.make_sample("credit.insurance.claim")
        cls.declaration = cls.make_sample("credit.insurance.declaration")
        cls.declaration_group = cls.make_sample("credit.insurance.declaration.group")
        cls.insolvency = cls.insolvency.create(
            {
                "partner_id": cls.make_buyer("INSOLVENT").id,
                "judgment_date": "2026-09-01",
            }
        )

    @classmethod
    def make_user(cls, name, groups, **values):
        return new_test_user(cls.env, f"access-{name}", groups, **values)

    @contextmanager
    def undone(self):
        """Roll back what is done within, the caches too."""
        savepoint = self.cr.savepoint()
        try:
            yield
        finally:
            self.env.invalidate_all(flush=False)
            savepoint.close(rollback=True)

    def outcome(self, action):
        """Return "ok", "access" where the user may not, or what else stopped it.

        Nothing of the action stays.
        """
        with self.undone():
            try:
                action()
                self.env.flush_all()
            except AccessError:
                return "access"
            except UserError as error:
                return f"{type(error).__name__}: {error}"
        return "ok"

    # === SAMPLES === #

    @classmethod
    def sample(cls, model):
        """Values of a new record of this model, and a change that its rules allow."""
        cls.counter += 1
        rooms = (
            cls._reference,
            cls._ledger,
            cls._indemnity,
            cls._contract,
            cls._decision,
            cls._collection,
            cls._overview,
            cls._exchange,
        )
        for room in rooms:
            if model in (samples := room(model, f"A{cls.counter}")):
                return samples[model]
        # a model that is read only, over the engine
        return {"partner_id": cls.alfa.id}, {"partner_id": cls.alfa.id}

    @classmethod
    def make_sample(cls, model, user=None):
        values = cls.sample(model)[0]
        return (
            cls.env[model].with_user(user or cls.env.user).sudo(not user).create(values)
        )

    @classmethod
    def _reference(cls, model, code):
        source = {"source_id": cls.source.id}
        country = {"country_id": cls.countries[cls.counter % len(cls.countries)].id}
        buyer = {"partner_id": cls.alfa.id}
        day = cls.today - timedelta(days=cls.counter)
        named = {"name": code, "code": code}
        agency = cls.env.ref(f"{ADDON}.credit_insurance_rating_source_creditsafe")
        return {
            "credit.insurance.zone": (named, {"transport_days": 9}),
            "credit.insurance.band": (
                {**named, "score_min": 0.0, "score_max": 1.0, "active": False},
                {"color": 3},
            ),
            "credit.insurance.rating.source": (
                {**named, "criterion": "agency", "scale": "number"},
                {"website": "https://example.com"},
            ),
            "credit.insurance.rating.grade": (
                {**source, "code": code, "rank": 99, "score": 50.0},
                {"name": "Good"},
            ),
            "credit.insurance.rating.edition": (
                {**source, "name": code, "date": "2025-01-01"},
                {"citation": "Page 1"},
            ),
            "credit.insurance.rating.import": (
                {**source, "file": b"YQ=="},
                {"name": "2026"},
            ),
            "credit.insurance.country.rating": (
                {
                    **source,
                    **country,
                    "grade_id": cls.grade.id,
                    "date": "2025-01-01",
                },
                {"edition_id": cls.edition.id},
            ),
            "credit.insurance.country.event": (
                {
                    "name": code,
                    "country_ids": [Command.set([country["country_id"]])],
                    "source": "Press",
                },
                {"source": "Law"},
            ),
            "credit.insurance.buyer.rating": (
                {**buyer, "source_id": agency.id, "value": 50.0, "date": day},
                {"note": "Phone"},
            ),
            "credit.insurance.insolvency.task.rule": (
                {"name": code, **country, "months": 1, "source": "Law"},
                {"days": 1},
            ),
            "credit.insurance.sector.rating": (
                {
                    "industry_id": cls.env.ref("base.res_partner_industry_A").id,
                    "source_id": cls.sector_grade.source_id.id,
                    "grade_id": cls.sector_grade.id,
                    "date": day,
                },
                {"note": "Phone"},
            ),
            "credit.insurance.rating.import.line": (
                {"import_id": cls.rating_import.id, "name": "Brazil"},
                {"name": "Chile"},
            ),
            "credit.insurance.grid.trial": (
                {"weight_country": 10.0},
                {"weight_country": 20.0},
            ),
            "credit.insurance.grid.trial.line": (
                {"trial_id": cls.trial.id, "count": 1},
                {"count": 2},
            ),
        }

    @classmethod
    def _sold(cls, model, code):
        """An invoice to sell: each is sold once."""
        if model != "credit.insurance.assignment":
            return False
        return cls.make_invoice(cls.make_buyer(f"Sold {code}"), 10.0).id

    @classmethod
    def _ledger(cls, model, code):
        buyer = {"partner_id": cls.alfa.id}
        return {
            "credit.insurance.stop": (
                {**buyer, "policy_id": cls.policy.id, "date_from": "2026-09-01"},
                {"note": "Phone"},
            ),
            "credit.insurance.insolvency": (
                {**buyer, "judgment_date": "2026-09-01"},
                {"court": "Lyon"},
            ),
            "credit.insurance.adverse.info": (
                {**buyer, "source": code, "learned_on": "2026-09-01"},
                {"note": "Phone"},
            ),
            "credit.insurance.extension": (
                {
                    "move_line_id": cls.disputed.line_ids.filtered("date_maturity").id,
                    "extension_until": "2027-03-01",
                    "agreement_ref": code,
                },
                {"note": "By phone first"},
            ),
            "credit.insurance.assignment": (
                {
                    "move_id": cls._sold(model, code),
                    "factor_id": cls.alfa.id,
                    "recourse": "with",
                },
                {"reference": "B-7"},
            ),
            "credit.insurance.assignment.wizard": (
                {"factor_id": cls.alfa.id},
                {"reference": "B-8"},
            ),
            "credit.insurance.onboarding": ({}, {"number": "P-9"}),
            "credit.insurance.payment.experience": (
                {
                    **buyer,
                    "company_id": cls.company.id,
                    "date": cls.today - timedelta(days=cls.counter),
                    "score": 80.0,
                },
                {"score": 90.0},
            ),
        }

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

    @classmethod
    def _contract(cls, model, code):
        policy = {"policy_id": cls.policy.id}
        buyer = {"partner_id": cls.alfa.id}
        day = cls.today + timedelta(days=cls.counter)
        year = {"date_from": day + timedelta(days=3650)}
        year["date_to"] = year["date_from"]
        country = {"country_id": cls.countries[cls.counter % len(cls.countries)].id}
        group = {"group_id": cls.buyer_group.id}
        is_member = model == "credit.insurance.buyer.group.member"
        member = cls.make_buyer(code) if is_member else cls.alfa
        return {
            "credit.insurance.buyer.group": ({"name": code}, {"note": "Registers"}),
            "credit.insurance.buyer.group.member": (
                {**group, "partner_id": member.id, "date_from": "2026-01-01"},
                {"date_to": "2027-01-01"},
            ),
            "credit.insurance.buyer.group.ceiling": (
                {
                    **group,
                    "company_id": cls.company.id,
                    "amount": 1000.0,
                    "currency_id": cls.euro.id,
                    "reason": "Decided in May",
                },
                {"amount": 2000.0},
            ),
            "credit.insurance.insurer": (
                {"name": code, "code": code},
                {"website": "https://example.com"},
            ),
            "credit.insurance.policy": (
                {
                    "name": code,
                    "number": code,
                    "insurer_id": cls.insurer.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "currency_id": cls.euro.id,
                    "date_start": "2026-01-01",
                },
                {"dcl_amount": 20000.0},
            ),
            "credit.insurance.policy.year": (
                {**policy, **year},
                {"premium_amount": 1.0},
            ),
            "credit.insurance.policy.fee": (
                {**policy, "amount": 30.0},
                {"amount": 31.0},
            ),
            "credit.insurance.policy.percentage": (
                {**policy, **country, "percentage": 85.0},
                {"percentage": 80.0},
            ),
            "credit.insurance.policy.country.term": (
                {**policy, **country},
                {"max_payment_days": 90},
            ),
            "credit.insurance.limit": (
                {**policy, **buyer, "requested_amount": 1000.0},
                {"requested_amount": 2000.0},
            ),
            "credit.insurance.limit.decision": (
                {"limit_id": cls.limit.id},
                {"reason": "Letter"},
            ),
            "credit.insurance.security": (
                {
                    **buyer,
                    "name": code,
                    "company_id": cls.company.id,
                    "currency_id": cls.euro.id,
                    "amount": 1000.0,
                    "date_to": "2027-06-30",
                },
                {"note": "Original at the bank"},
            ),
            "credit.insurance.own.risk": (
                {
                    **buyer,
                    "company_id": cls.company.id,
                    "amount": 1000.0,
                    "date_from": day,
                    "date_to": day,
                    "reason": "Known for long",
                },
                {"date_to": day},
            ),
        }

    @classmethod
    def _overview(cls, model, code):
        advice = {"advice_id": cls.advice.id}
        return {
            "credit.insurance.exposure.snapshot": (
                {
                    "company_id": cls.company.id,
                    "date": cls.today,
                    "recorded_on": cls.today,
                    "buyer_ref": cls.counter,
                    "partner_id": cls.alfa.id,
                    "currency_id": cls.euro.id,
                    "exposure": 1.0,
                },
                {"exposure": 2.0},
            ),
            "credit.insurance.advice": (
                {"company_id": cls.company.id},
                {"long_term_turnover": 6.0},
            ),
            "credit.insurance.advice.line": (
                {**advice, "kind": "global", "verdict": "possible"},
                {"reason": "Spread"},
            ),
            "credit.insurance.advice.gap": (
                {**advice, "country_id": cls.countries[0].id},
                {"reason": "War"},
            ),
            "credit.insurance.default.cost": (
                {"partner_id": cls.alfa.id, "company_id": cls.company.id},
                {"note": "Phone"},
            ),
            "credit.insurance.exposure.report": (
                {"date": cls.today, "company_id": cls.company.id},
                {"audience": "banker"},
            ),
            "credit.insurance.stress.test": (
                {"insurer_id": cls.insurer.id},
                {"remaining": 0.2},
            ),
            "credit.insurance.stress.test.line": (
                {"test_id": cls.stress_test.id, "partner_id": cls.alfa.id},
                {"exposure": 1.0},
            ),
            **cls._limit_import(model, code),
            "credit.insurance.default.assumption": (
                {
                    "zone_id": cls.make_sample("credit.insurance.zone").id
                    if model == "credit.insurance.default.assumption"
                    else False,
                    "company_id": cls.company.id,
                },
                {"margin": 0.2},
            ),
            "credit.insurance.advice.threshold": (
                {"name": code, "code": code, "value": 1.0},
                {"company_value": 2.0},
            ),
        }

    @classmethod
    def _limit_import(cls, model, code):
        profile = {"profile_id": cls.limit_profile.id}
        of_import = {"import_id": cls.limit_import.id}
        return {
            "credit.insurance.limit.profile": ({"name": code}, {"sequence": 3}),
            "credit.insurance.limit.profile.column": (
                {
                    "profile_id": cls.make_sample("credit.insurance.limit.profile").id
                    if model == "credit.insurance.limit.profile.column"
                    else False,
                    "name": code,
                    "field": "reason",
                },
                {"name": "Comment"},
            ),
            "credit.insurance.limit.profile.word": (
                {**profile, "word": code, "meaning": "decision:2"},
                {"word": "ok"},
            ),
            "credit.insurance.limit.import": (
                {**profile, "file": "YQ==", "company_id": cls.company.id},
                {"received_on": cls.today},
            ),
            "credit.insurance.limit.import.line": (
                {**of_import, "name": code},
                {"is_set_aside": True},
            ),
            "credit.insurance.limit.import.progress": (
                {
                    "import_id": cls.make_sample("credit.insurance.limit.import").id
                    if model == "credit.insurance.limit.import.progress"
                    else False,
                },
                {"done": 1},
            ),
            "credit.insurance.limit.import.effect": (
                {**of_import, "partner_id": cls.alfa.id},
                {"lost": 1.0},
            ),
        }
