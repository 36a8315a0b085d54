"""Users of every role, and a record of every model to try each access on."""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user

from ..decision.common import DecisionCommon
from .collection_samples import CollectionSamples
from .contract_samples import ContractSamples
from .decision_samples import DecisionSamples
from .exchange_samples import ExchangeSamples
from .indemnity_samples import IndemnitySamples
from .overview_samples import OverviewSamples

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
class AccessCommon(
    ContractSamples,
    DecisionSamples,
    CollectionSamples,
    IndemnitySamples,
    ExchangeSamples,
    OverviewSamples,
    DecisionCommon,
):
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
