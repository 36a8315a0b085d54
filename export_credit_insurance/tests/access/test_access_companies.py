from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .samples import AccessCommon, models_of_addon

# Kept by company, directly or through the policy, order or buyer they hang on.
OF_ONE_COMPANY = {
    "credit.insurance.policy",
    "credit.insurance.policy.year",
    "credit.insurance.policy.percentage",
    "credit.insurance.policy.country.term",
    "credit.insurance.limit",
    "credit.insurance.security",
    "credit.insurance.buyer.group.ceiling",
    "credit.insurance.own.risk",
    "credit.insurance.stop",
    "credit.insurance.check.rule",
    "credit.insurance.release.authority",
    "credit.insurance.clearance",
    "credit.insurance.payment.experience",
    "credit.insurance.extension",
    "credit.insurance.assignment",
    "credit.insurance.evidence",
    "credit.insurance.claim.entry",
    "credit.insurance.policy.fee",
    "credit.insurance.declaration",
    "credit.insurance.declaration.group",
    "credit.insurance.declaration.line",
    "credit.insurance.declaration.override",
    "credit.insurance.evidence.job",
    "credit.insurance.deadline",
    "credit.insurance.overdue.notice",
    "credit.insurance.overdue.notice.line",
    "credit.insurance.claim",
    "credit.insurance.claim.line",
    "credit.insurance.recovery",
    "credit.insurance.insolvency.task",
    "credit.insurance.stop.margin",
    "credit.insurance.deadline.reminder",
    "credit.insurance.deadline.reminder.line",
    "credit.insurance.limit.request",
    "credit.insurance.cut.notice",
    "credit.insurance.cut.notice.line",
    "credit.insurance.provider.account",
    "credit.insurance.provider.call",
    "credit.insurance.limit.use",
    "credit.insurance.ageing",
    "credit.insurance.advice",
    "credit.insurance.advice.line",
    "credit.insurance.advice.gap",
    "credit.insurance.default.cost",
    "credit.insurance.default.assumption",
    "credit.insurance.limit.import",
    "credit.insurance.limit.import.line",
    "credit.insurance.limit.import.effect",
    "credit.insurance.limit.import.progress",
    "credit.insurance.hold",
    "credit.insurance.hold.finding",
    "credit.insurance.review",
    "credit.insurance.review.line",
    "credit.insurance.buyer.review",
    "credit.insurance.buyer.review.reminder",
    "credit.insurance.band.move",
    "credit.insurance.exposure.snapshot",
    "credit.insurance.cover.line",
    "credit.insurance.cover.delivery",
    "credit.followup.plan",
    "credit.followup.step",
    "credit.followup.run",
    "credit.followup.reminder",
    "credit.followup.reminder.line",
    "credit.followup.promise",
    "credit.followup.promise.payment",
    "credit.followup.dispute",
    "credit.followup.receipt",
    "credit.followup.unknown.mail",
}
# Of buyers: shared unless the buyer belongs to one company.
OF_BUYERS = {
    "credit.insurance.insolvency",
    "credit.insurance.adverse.info",
    "credit.insurance.buyer.rating",
}
# The trade's knowledge, the same for all companies.
SHARED = {
    "credit.insurance.zone",
    "credit.insurance.band",
    "credit.insurance.rating.source",
    "credit.insurance.rating.grade",
    "credit.insurance.rating.edition",
    "credit.insurance.country.rating",
    "credit.insurance.country.event",
    "credit.insurance.sector.rating",
    "credit.insurance.advice.threshold",
    "credit.insurance.insurer",
    "credit.insurance.buyer.group",  # who owns whom, no amount in it
    "credit.insurance.buyer.group.member",
    "credit.insurance.group.exposure",  # a row of its own in each company
    "credit.insurance.insolvency.task.rule",
    # how an insurer writes its files, where it is said to be of no company
    "credit.insurance.limit.profile",
    "credit.insurance.limit.profile.column",
    "credit.insurance.limit.profile.word",
    "credit.followup.reference.rate",
    "credit.followup.reference.rate.value",
    "credit.followup.late.payment.rule",
    "credit.followup.late.payment.fee",
    "credit.insurance.anchor",  # no amount in it; one row for all companies
    "credit.followup.dispatch",  # a mail and a moment
    "credit.insurance.to.insure",  # the same rows, ranked
    "credit.insurance.grid.trial.move",  # of the trial in the context, one's own
    "credit.insurance.provider.secret",  # read by the server alone
    "credit.insurance.buyer.review.due",  # the same rows, dated
    "credit.insurance.exposure",  # a row of its own in each company, see below
    "credit.insurance.exposure.as.of",  # likewise
}


@tagged("post_install", "-at_install")
class TestAccessCompanies(AccessCommon):
    """The manager of another company is a stranger to this one's contracts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.other = cls.env["res.company"].create(
            {
                "name": "Other",
                "currency_id": cls.euro.id,
                "country_id": cls.company.country_id.id,
            }
        )
        group = (
            "export_credit_insurance.group_credit_manager,"
            "sales_team.group_sale_manager,account.group_account_manager"
        )
        only = {"company_id": cls.other.id, "company_ids": [(6, 0, cls.other.ids)]}
        cls.stranger = cls.make_user("stranger", group, **only)
        both = cls.company + cls.other
        cls.both = cls.make_user(
            "both", group, company_id=cls.company.id, company_ids=[(6, 0, both.ids)]
        )

    def test_every_model_is_listed(self):
        transient = {
            name for name in models_of_addon(self.env) if self.env[name]._transient
        }
        listed = OF_ONE_COMPANY | OF_BUYERS | SHARED
        self.assertEqual(models_of_addon(self.env) - transient, listed)

    def sample_of(self, model):
        if self.env[model]._auto:
            return self.make_sample(model)
        return self.env[model].search([("partner_id", "=", self.alfa.id)], limit=1)

    def test_rows_of_the_other_company_are_out_of_reach(self):
        for model in OF_ONE_COMPANY:
            record = self.sample_of(model)
            theirs = record.with_user(self.stranger).sudo(False)
            change = self.sample(model)[1]
            with self.subTest(model=model):
                self.assertTrue(record)
                self.assertFalse(theirs.search([("id", "in", record.ids)]))
                self.assertFalse(theirs.search_count([("id", "in", record.ids)]))
                if not record._auto:
                    continue  # rows are made for the active company: none is there
                for attempt in (
                    theirs.read,
                    lambda: theirs.write(change),  # noqa: B023
                    theirs.unlink,
                ):
                    self.assertEqual(self.outcome(attempt), "access")

    def test_nothing_is_created_for_the_other_company(self):
        writable = OF_ONE_COMPANY - {
            "credit.insurance.clearance",
            "credit.insurance.hold",
            "credit.insurance.hold.finding",
        }
        for model in writable:
            if not self.env[model]._auto:
                continue
            values = self.sample(model)[0]
            theirs = self.env[model].with_user(self.stranger)
            with self.subTest(model=model):
                # or a business rule that reads the policy stumbles first
                self.assertNotEqual(
                    self.outcome(lambda: theirs.create(values)),  # noqa: B023
                    "ok",
                )

    def test_no_call_switches_to_the_other_company(self):
        exposure = self.env["credit.insurance.exposure"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            exposure.with_company(self.company).search([])
        with self.assertRaises(AccessError):
            exposure.with_context(allowed_company_ids=self.company.ids).search([])

    def test_dialogues_show_nothing_of_the_other_company(self):
        limit = self.make_limit(self.alfa, 1000.0, kind="topup")
        for model, values in (
            (
                "credit.insurance.hold.decision",
                {"hold_id": self.hold.id, "decision": "release"},
            ),
            ("credit.insurance.limit.decision", {"limit_id": limit.id}),
        ):
            dialogue = self.env[model].with_user(self.stranger)
            with self.subTest(model=model), self.undone():
                with self.assertRaises(AccessError):
                    dialogue.create(values)

    def test_the_other_companys_limit_is_not_decided(self):
        with self.assertRaises(AccessError):
            self.limit.with_user(self.stranger)._record_decision("approved")
        with self.assertRaises(AccessError):
            self.hold.with_user(self.stranger)._refuse("No")

    def test_figures_are_those_of_the_active_company(self):
        """ALFA owes this company 102 000 and the other one nothing."""
        exposure = "credit_exposure"
        mine = self.alfa.with_user(self.both)
        self.assertEqual(mine.with_company(self.company)[exposure], 102000.0)
        self.assertEqual(mine.with_company(self.other)[exposure], 0.0)
        theirs = self.alfa.with_user(self.stranger)
        row = self.env["credit.insurance.exposure"].with_user(self.stranger)
        row = row.search([("partner_id", "=", self.alfa.id)])
        self.assertEqual(row.mapped("company_id"), self.other)
        self.assertEqual(row.mapped("exposure"), [0.0])
        self.assertEqual(theirs[exposure], 0.0)
        self.assertFalse(theirs.insured_limit)
        self.assertFalse(theirs.insured_limit_line_ids)
        self.assertEqual(theirs.credit_explanation()["exposure"], 0.0)

    def test_a_shared_policy_is_seen_from_both(self):
        self.policy.company_ids = [Command.link(self.other.id)]
        for model in (
            "credit.insurance.policy",
            "credit.insurance.policy.year",
            "credit.insurance.policy.percentage",
            "credit.insurance.policy.country.term",
            "credit.insurance.limit",
            "credit.insurance.stop",
        ):
            record = self.policy
            if model != self.policy._name:
                record = self.make_sample(model)
            for user in (self.users["manager"], self.stranger):
                with self.subTest(model=model, user=user.login):
                    self.assertTrue(record.with_user(user).sudo(False).read())

    def test_facts_of_a_companys_own_buyer_stay_there(self):
        for model in OF_BUYERS:
            record = self.make_sample(model)
            theirs = record.with_user(self.stranger).sudo(False)
            with self.subTest(model=model):
                self.assertTrue(theirs.read())
        own = self.make_buyer("OWN", company_id=self.company.id)
        for model in OF_BUYERS:
            values = {**self.sample(model)[0], "partner_id": own.id}
            record = self.env[model].create(values)
            theirs = record.with_user(self.stranger)
            with self.subTest(model=model):
                self.assertEqual(self.outcome(theirs.read), "access")

    def test_users_of_both_companies_see_both(self):
        for model in OF_ONE_COMPANY:
            record = self.sample_of(model).with_user(self.both).sudo(False)
            with self.subTest(model=model):
                self.assertTrue(record.read())
