from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import DecisionCommon

CONTROLLERS = "export_credit_insurance.group_credit_controller"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-15 12:00:00")
class TestOwnRiskBounds(DecisionCommon):
    """Many rows of own risk, each within a bound, do not exceed it together.

    ALFA has 28 000 left of 130 000: of a quotation of 45 000, 17 000 are at own risk;
    BETA and GAMMA have no limit.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_alfa_debt()
        cls.beta = cls.make_buyer("BETA")
        cls.gamma = cls.make_buyer("GAMMA")
        cls.bounds = cls.env["credit.insurance.release.authority"].create(
            {"group_id": cls.env.ref(CONTROLLERS).id}
        )

    def accept(self, amount, partner, user=None, **values):
        rows = self.env["credit.insurance.own.risk"].with_user(user or self.controller)
        return rows.create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "amount": amount,
                "reason": "Strategic customer",
                **values,
            }
        )

    def assertBeyond(self, action, *words):
        with self.assertRaises(AccessError) as caught, self.cr.savepoint():
            action()
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.env.invalidate_all()

    def ask(self, amount, partner=None):
        return self.ask_release(self.make_quotation(amount, partner))

    def test_the_month_of_one_person(self):
        """20 000 + 15 000.01 are more than 35 000, 20 000 + 15 000 are not."""
        self.bounds.own_risk_month = 35000.0
        self.accept(20000.0, self.beta)
        self.assertBeyond(
            lambda: self.accept(15000.01, self.gamma), "35,000.00", "20,000.00"
        )
        self.accept(15000.0, self.gamma)
        # each for what they sign
        self.accept(15000.0, self.alfa, self.manager)

    def test_the_next_month(self):
        self.bounds.own_risk_month = 35000.0
        self.accept(20000.0, self.beta)
        with freeze_time("2026-11-01 12:00:00"):
            self.accept(35000.0, self.gamma)

    def test_neither_dated_back_nor_ahead(self):
        """What counts is the day on which it was signed, which nobody writes."""
        self.bounds.own_risk_month = 35000.0
        row = self.accept(
            20000.0, self.beta, date_from="2026-01-01", signed_on="2026-01-01"
        )
        self.assertEqual(str(row.signed_on), "2026-10-15")
        self.assertBeyond(
            lambda: self.accept(20000.0, self.gamma, date_from="2026-12-01")
        )

    def test_rows_on_one_buyer_after_each_other(self):
        """Never both in force: 20 000, not 40 000."""
        self.bounds.own_risk_month = 35000.0
        self.accept(20000.0, self.beta, date_to="2026-10-31")
        self.accept(20000.0, self.beta, date_from="2026-11-01")

    def test_what_is_prolonged_counts(self):
        """Accepted by a manager, or last month: 20 000 + 20 000 of 35 000."""
        self.bounds.own_risk_month = 35000.0
        with freeze_time("2026-09-15 12:00:00"):
            mine = self.accept(20000.0, self.beta, date_to="2026-10-31")
            theirs = self.accept(
                20000.0, self.gamma, self.manager, date_to="2026-10-31"
            )
        mine.date_to = "2026-12-31"
        self.assertEqual(str(mine.prolonged_on), "2026-10-15")
        theirs = theirs.with_user(self.controller)
        self.assertBeyond(
            lambda: theirs.write({"date_to": "2026-12-31"}), "35,000.00", "20,000.00"
        )
        self.assertBeyond(lambda: self.accept(15000.01, self.alfa), "20,000.00")
        with freeze_time("2026-11-01 12:00:00"):
            theirs.date_to = "2026-12-31"

    def test_releases_of_the_month_count(self):
        """17 000 were released: 18 000 are left of 35 000."""
        self.bounds.own_risk_month = 35000.0
        self.release(self.ask(45000.0))
        self.assertBeyond(lambda: self.accept(18000.01, self.beta), "17,000.00")
        self.accept(18000.0, self.beta)

    def test_what_was_accepted_counts_against_releases(self):
        self.bounds.own_risk_month = 35000.0
        self.accept(20000.0, self.beta)
        hold = self.ask(45000.0)
        self.assertBeyond(lambda: self.release(hold), "20,000.00", "35,000.00")
        self.assertFalse(hold.with_user(self.controller).can_decide)
        self.release(hold, self.manager)

    def test_own_risk_on_one_buyer(self):
        """17 000 were released on ALFA, by whomever: 13 000 are left of 30 000."""
        self.bounds.own_risk_buyer = 30000.0
        self.release(self.ask(45000.0), self.manager)
        self.assertBeyond(
            lambda: self.accept(13000.01, self.alfa), "17,000.00", "30,000.00"
        )
        self.accept(13000.0, self.alfa)
        # another buyer has its own bound
        self.accept(30000.0, self.beta)

    def test_what_is_accepted_on_the_buyer_counts_against_releases(self):
        """On BETA 20 000 are accepted; of 31 000 all is at own risk."""
        self.bounds.own_risk_buyer = 50000.0
        self.accept(20000.0, self.beta, self.manager)
        hold = self.ask(31000.0, self.beta)
        self.assertEqual(hold.own_risk_amount, 31000.0)
        self.assertBeyond(lambda: self.release(hold), "20,000.00", "50,000.00")
        self.bounds.own_risk_buyer = 51000.0
        self.release(hold)

    def test_ended_rows_bind_no_more(self):
        self.bounds.own_risk_buyer = 50000.0
        self.accept(
            20000.0,
            self.beta,
            self.manager,
            date_from="2026-09-01",
            date_to="2026-10-14",
        )
        self.release(self.ask(31000.0, self.beta))
