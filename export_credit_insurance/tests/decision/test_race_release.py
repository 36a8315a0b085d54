import threading

from odoo.exceptions import AccessError
from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged

from ..race_common import RaceCommon

TRIALS = 6


@tagged("post_install", "-at_install")
class TestRaceRelease(RaceCommon):
    """Two releases at the same moment that only together exceed a bound of own risk.

    The bound is 1 500 and each order of 1 000 is all at our own risk: nobody has a
    limit. Exactly one of two may be released; the other is refused once it is replayed.
    """

    @classmethod
    def prepare_more(cls, env):
        cls.make_product(env)
        cls.company_id = cls.company_ids[0]
        group = "export_credit_insurance.group_credit_controller"
        row = env["credit.insurance.release.authority"].create(
            {"group_id": env.ref(group).id}
        )
        cls.row_id = row.id
        cls.controller_ids = [
            new_test_user(
                env,
                f"race-controller-{number}",
                group,
                company_id=cls.company_id,
                company_ids=[(6, 0, [cls.company_id])],
            ).id
            for number in range(2 * TRIALS)
        ]

    @classmethod
    def remove_documents(cls, env, orders):
        env["credit.insurance.hold"].search([("order_id", "in", orders.ids)]).unlink()

    @classmethod
    def remove_rest(cls, env):
        cls.remove_product(env)
        env["credit.insurance.release.authority"].browse(cls.row_id).unlink()
        users = env["res.users"].browse(cls.controller_ids)
        people = users.partner_id
        users.unlink()
        people.unlink()

    def set_bounds(self, **bounds):
        with self.environment() as env:
            row = env["credit.insurance.release.authority"].browse(self.row_id)
            row.write({"own_risk_buyer": 0.0, "own_risk_month": 0.0, **bounds})
            env.cr.commit()
        self.registry.signal_changes()

    def make_holds(self, buyers):
        """Two orders of 1 000 that wait for a release, of one buyer or of two."""
        with self.environment() as env:
            partners = [self.make_partner(env) for _number in range(buyers)]
            orders = env["sale.order"].concat(
                *(
                    self.make_order(env, partner, self.company_id, self.product_id)
                    for partner in (partners[0], partners[-1])
                )
            )
            orders.action_request_credit_release("Race")
            holds = env["credit.insurance.hold"].search(
                [("order_id", "in", orders.ids)]
            )
            env.cr.commit()
            self.assertEqual(holds.mapped("own_risk_amount"), [1000.0, 1000.0])
            return holds.ids

    def release(self, hold_id, user_id, start, outcomes):
        """Release as a request does, replayed on serialization failure."""
        waited = []
        with self.environment() as env:

            def work():
                env.cr.execute("SELECT 1")  # the transaction's snapshot is taken here
                if not waited:
                    waited.append(True)
                    start.wait(timeout=60)
                decisions = env["credit.insurance.hold.decision"].with_user(user_id)
                decisions.create(
                    {"hold_id": hold_id, "decision": "release", "reason": "Race"}
                ).action_confirm()

            try:
                retrying(work, env)
                outcomes.append("released")
            except AccessError:
                env.cr.rollback()
                outcomes.append("refused")
            except Exception as error:
                env.cr.rollback()
                outcomes.append(repr(error))

    def race(self, hold_ids, user_ids):
        """Return the outcomes of two releases that begin together."""
        outcomes, start = [], threading.Barrier(2)
        threads = [
            threading.Thread(
                target=self.release, args=(hold_id, user_id, start, outcomes)
            )
            for hold_id, user_id in zip(hold_ids, user_ids, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        return sorted(outcomes)

    def test_two_people_on_one_buyer(self):
        self.set_bounds(own_risk_buyer=1500.0)
        pair = self.controller_ids[:2]
        for _trial in range(TRIALS):
            outcomes = self.race(self.make_holds(buyers=1), pair)
            self.assertEqual(outcomes, ["refused", "released"])

    def test_one_person_on_two_buyers(self):
        """A month's bound: the same person in two windows."""
        self.set_bounds(own_risk_month=1500.0)
        for user_id in self.controller_ids[TRIALS:]:
            outcomes = self.race(self.make_holds(buyers=2), [user_id, user_id])
            self.assertEqual(outcomes, ["refused", "released"])

    def test_within_the_bound_both_pass(self):
        self.set_bounds(own_risk_buyer=2000.0)
        outcomes = self.race(self.make_holds(buyers=1), self.controller_ids[:2])
        self.assertEqual(outcomes, ["released", "released"])
