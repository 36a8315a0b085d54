from odoo.tests import tagged

from .samples import OPERATIONS, AccessCommon, models_of_addon

# What credit users, controllers and managers may do: read, write, create, unlink.
# Everybody else may do nothing, but for EMPLOYEES.
RIGHTS = {
    # reference
    "credit.insurance.zone": ("r", "r", "rwcu"),
    "credit.insurance.band": ("r", "r", "rwcu"),
    "credit.insurance.rating.source": ("r", "r", "rwcu"),
    "credit.insurance.rating.grade": ("r", "r", "rwcu"),
    "credit.insurance.rating.edition": ("r", "rwc", "rwcu"),
    "credit.insurance.rating.import": ("", "rwcu", "rwcu"),
    "credit.insurance.rating.import.line": ("", "rwcu", "rwcu"),
    "credit.insurance.country.rating": ("r", "rwc", "rwcu"),
    "credit.insurance.country.event": ("r", "rwc", "rwcu"),
    "credit.insurance.buyer.rating": ("r", "rwc", "rwcu"),
    "credit.insurance.sector.rating": ("r", "rwc", "rwcu"),
    "credit.insurance.grid.trial": ("", "", "rwc"),
    "credit.insurance.grid.trial.line": ("", "", "rwcu"),
    "credit.insurance.grid.trial.move": ("", "", "r"),
    "credit.followup.reference.rate": ("r", "rwc", "rwcu"),
    "credit.followup.reference.rate.value": ("r", "rwc", "rwcu"),
    "credit.followup.late.payment.rule": ("r", "r", "rwcu"),
    "credit.followup.late.payment.fee": ("r", "r", "rwcu"),
    "credit.insurance.insolvency.task.rule": ("r", "r", "rwcu"),
    # ledger
    "credit.insurance.adverse.info": ("r", "rwc", "rwcu"),
    "credit.insurance.stop": ("r", "rwc", "rwc"),
    "credit.insurance.insolvency": ("r", "rwc", "rwcu"),
    "credit.insurance.extension": ("r", "rwc", "rwcu"),
    "credit.insurance.assignment": ("r", "rwc", "rwcu"),
    "credit.insurance.assignment.wizard": ("", "rwc", "rwc"),
    "credit.insurance.payment.experience": ("r", "r", "r"),
    # contract
    "credit.insurance.insurer": ("r", "r", "rwcu"),
    "credit.insurance.policy": ("r", "r", "rwcu"),
    "credit.insurance.policy.year": ("r", "r", "rwcu"),
    "credit.insurance.policy.fee": ("r", "r", "rwcu"),
    "credit.insurance.policy.percentage": ("r", "r", "rwcu"),
    "credit.insurance.policy.country.term": ("r", "r", "rwcu"),
    "credit.insurance.limit": ("rwc", "rwcu", "rwcu"),
    "credit.insurance.limit.decision": ("", "rwcu", "rwcu"),
    "credit.insurance.security": ("r", "rwcu", "rwcu"),
    "credit.insurance.own.risk": ("r", "rwcu", "rwcu"),
    "credit.insurance.buyer.group": ("r", "r", "rwc"),
    "credit.insurance.buyer.group.member": ("r", "r", "rwc"),
    "credit.insurance.buyer.group.ceiling": ("r", "r", "rc"),
    # position
    "credit.insurance.group.exposure": ("r", "r", "r"),
    "credit.insurance.exposure": ("r", "r", "r"),
    "credit.insurance.exposure.snapshot": ("r", "r", "r"),
    "credit.insurance.to.insure": ("r", "r", "r"),
    "credit.insurance.cover.line": ("r", "r", "r"),
    "credit.insurance.cover.delivery": ("r", "r", "r"),
    "credit.insurance.stop.margin": ("r", "r", "r"),
    # decision: what the check and the decisions write, nobody may
    "credit.insurance.anchor": ("", "", "r"),
    "credit.insurance.check.rule": ("r", "r", "rwcu"),
    "credit.insurance.release.authority": ("r", "r", "rwcu"),
    "credit.insurance.observation.end": ("", "", "rwc"),
    "credit.insurance.observation.end.line": ("", "", "rwc"),
    "credit.insurance.clearance": ("r", "r", "r"),
    "credit.insurance.hold": ("r", "r", "r"),
    "credit.insurance.hold.finding": ("r", "r", "r"),
    "credit.insurance.review": ("r", "r", "r"),
    "credit.insurance.review.line": ("r", "r", "r"),
    "credit.insurance.buyer.review": ("r", "rc", "rc"),
    "credit.insurance.buyer.review.due": ("r", "r", "r"),
    "credit.insurance.buyer.review.reminder": ("r", "r", "r"),
    "credit.insurance.band.move": ("r", "r", "r"),
    "credit.insurance.hold.decision": ("", "rwc", "rwc"),
    "credit.insurance.hold.request": ("rwc", "rwc", "rwc"),
    "credit.insurance.hold.request.line": ("rwcu", "rwcu", "rwcu"),
    # indemnity
    "credit.insurance.insolvency.task": ("r", "rwcu", "rwcu"),
    "credit.insurance.overdue.notice": ("r", "rwcu", "rwcu"),
    "credit.insurance.overdue.notice.line": ("r", "rwcu", "rwcu"),
    "credit.insurance.evidence": ("r", "rwcu", "rwcu"),
    "credit.insurance.claim.entry": ("r", "r", "r"),
    "credit.insurance.claim.closing": ("", "rwc", "rwc"),
    "credit.insurance.claim": ("r", "rwcu", "rwcu"),
    "credit.insurance.claim.line": ("r", "rwcu", "rwcu"),
    "credit.insurance.recovery": ("r", "rwcu", "rwcu"),
    "credit.insurance.declaration": ("r", "rwcu", "rwcu"),
    "credit.insurance.declaration.group": ("r", "r", "r"),
    "credit.insurance.declaration.line": ("r", "r", "r"),
    "credit.insurance.declaration.override": ("r", "rc", "rc"),
    "credit.insurance.evidence.job": ("", "r", "r"),
    "credit.insurance.deadline": ("r", "r", "r"),
    "credit.insurance.deadline.reminder": ("r", "r", "r"),
    "credit.insurance.deadline.reminder.line": ("r", "r", "r"),
    # exchange; nobody reads a secret, managers of the system enter accounts
    "credit.insurance.limit.request": ("rwc", "rwcu", "rwcu"),
    "credit.insurance.cut.notice": ("r", "rw", "rw"),
    "credit.insurance.cut.notice.line": ("r", "r", "r"),
    "credit.insurance.provider.account": ("", "", "r"),
    "credit.insurance.provider.secret": ("", "", ""),
    "credit.insurance.provider.call": ("r", "r", "r"),
    # overview
    "credit.insurance.onboarding": ("", "", "rwc"),
    "credit.insurance.limit.use": ("r", "r", "r"),
    "credit.insurance.advice": ("", "", "rwcu"),
    "credit.insurance.advice.line": ("", "", "rwcu"),
    "credit.insurance.advice.gap": ("", "", "rwcu"),
    "credit.insurance.advice.threshold": ("", "", "rw"),
    "credit.insurance.default.cost": ("", "rwcu", "rwcu"),
    "credit.insurance.default.assumption": ("", "r", "rwcu"),
    "credit.insurance.exposure.as.of": ("r", "r", "r"),
    "credit.insurance.ageing": ("r", "r", "r"),
    "credit.insurance.exposure.report": ("rwcu", "rwcu", "rwcu"),
    "credit.insurance.stress.test": ("", "rwcu", "rwcu"),
    "credit.insurance.stress.test.line": ("", "rwcu", "rwcu"),
    "credit.insurance.limit.profile": ("r", "r", "rwcu"),
    "credit.insurance.limit.profile.column": ("r", "r", "rwcu"),
    "credit.insurance.limit.profile.word": ("r", "r", "rwcu"),
    "credit.insurance.limit.import": ("r", "rwcu", "rwcu"),
    "credit.insurance.limit.import.line": ("r", "rw", "rw"),
    "credit.insurance.limit.import.effect": ("r", "r", "r"),
    "credit.insurance.limit.import.progress": ("r", "r", "r"),
    # collection: what runs write, nobody may but for a reminder's step and contact
    "credit.followup.plan": ("r", "r", "rwcu"),
    "credit.followup.step": ("r", "r", "rwcu"),
    "credit.followup.run": ("r", "rwcu", "rwcu"),
    "credit.followup.reminder": ("r", "rw", "rw"),
    "credit.followup.reminder.line": ("r", "r", "r"),
    "credit.followup.promise": ("r", "rwc", "rwc"),
    "credit.followup.promise.payment": ("r", "rwcu", "rwcu"),
    "credit.followup.dispute": ("r", "rwc", "rwc"),
    "credit.followup.receipt": ("r", "r", "r"),
    "credit.followup.unknown.mail": ("r", "r", "r"),
    "credit.followup.preview": ("rwcu", "rwcu", "rwcu"),
    "credit.followup.dispatch": ("", "", "r"),
}
# Accountants may do in follow-up what controllers may, elsewhere what users may.
FOLLOWUP = {
    "credit.followup.run",
    "credit.followup.reminder",
    "credit.followup.promise",
    "credit.followup.promise.payment",
    "credit.followup.dispute",
}
# Whoever sells may ask for a release.
EMPLOYEES = {
    "credit.insurance.hold.request": "rwc",
    "credit.insurance.hold.request.line": "rwcu",
}
ROLES = ("user", "controller", "manager")


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessCommon):
    """Every role tries every operation on every model, through the ORM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()

    def expected(self, role, model):
        if role == "followup":
            role = "controller" if model in FOLLOWUP else "user"
        if role in ROLES:
            return RIGHTS[model][ROLES.index(role)]
        if role in ("public", "portal"):
            return ""
        return EMPLOYEES.get(model, "")

    def test_every_model_is_listed(self):
        self.assertEqual(models_of_addon(self.env), set(RIGHTS))

    def test_matrix(self):
        for role in self.users:
            for model in RIGHTS:
                with self.subTest(role=role, model=model), self.undone():
                    expected = self.expected(role, model)
                    self.assertEqual(self.attempt(role, model), expected)

    def attempt(self, role, model):
        """The letters of the operations that succeed; an error other than a lack of
        rights fails the test."""
        user = self.users[role]
        record = self.find_sample(
            model, user if "c" in self.expected(role, model) else None
        )
        values, change = self.sample(model)
        mine = record.with_user(user).sudo(False)
        actions = {
            "r": lambda: mine.read(),
            "w": lambda: mine.write(change),
            "c": lambda: mine.create(values),
            "u": lambda: mine.unlink(),
        }
        done = ""
        for letter, action in actions.items():
            outcome = self.outcome(action)
            self.assertIn(outcome, ("ok", "access"), OPERATIONS[letter])
            self.assertEqual(
                mine.has_access(OPERATIONS[letter]), outcome == "ok", OPERATIONS[letter]
            )
            done += letter if outcome == "ok" else ""
        return done

    def find_grid_move(self):
        """ALFA in a manager's trial where its country, all that rates it, counts 0."""
        manager = self.env(user=self.users["manager"])
        trial = manager["credit.insurance.grid.trial"].create({"weight_country": 0.0})
        moves = manager["credit.insurance.grid.trial.move"].with_context(
            credit_grid_trial_id=trial.id
        )
        return moves.search([("partner_id", "=", self.alfa.id)])[0]

    def find_sample(self, model, user):
        """A record that exists; of the user's own making, if it is a dialogue's."""
        if model == "credit.insurance.group.exposure":
            return self.env[model].sudo().search([])[0]
        if model == "credit.insurance.grid.trial.move":
            return self.find_grid_move()
        if not self.env.registry[model]._auto:
            found = self.env[model].sudo().search([("partner_id", "=", self.alfa.id)])
            return found[0]
        transient = self.env.registry[model]._transient
        if model == "credit.insurance.observation.end.line":
            review = "credit.insurance.observation.end"
            type(self).observation_end = self.make_sample(review, user)
        if model == "credit.insurance.hold.request.line":
            type(self).request = self.make_sample("credit.insurance.hold.request", user)
        return self.make_sample(model, user if transient else None)
