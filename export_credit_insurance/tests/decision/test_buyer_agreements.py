from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DecisionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestBuyerAgreements(DecisionCommon):
    """A legal person on whom something is agreed becomes nobody's contact.

    The insurer grants a limit to one legal person; what was shipped under it stays
    covered only as long as that person owes it (DOMAIN 1.5).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.make_buyer("GROUP")

    def assertStays(self, words):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.alfa.write({"is_company": False, "parent_id": self.group.id})
        message = str(caught.exception)
        for word in ("ALFA", "GROUP", words):
            self.assertIn(word, message)
        self.env.invalidate_all()
        self.assertEqual(self.alfa.commercial_partner_id, self.alfa)

    def become_contact(self):
        self.alfa.write({"is_company": False, "parent_id": self.group.id})
        self.assertEqual(self.alfa.commercial_partner_id, self.group)

    def test_nothing_agreed(self):
        self.become_contact()

    def test_limit_in_force(self):
        self.make_limit(self.alfa, 50000.0)
        self.assertStays("50,000.00")

    def test_limit_to_come(self):
        self.make_limit(self.alfa, 50000.0, date_from="2026-12-01")
        self.assertStays("POL-26")

    def test_limit_asked_for(self):
        self.env["credit.insurance.limit"].create(
            {
                "policy_id": self.policy.id,
                "partner_id": self.alfa.id,
                "requested_amount": 70000.0,
                "state": "requested",
            }
        )
        self.assertStays("70,000.00")

    def test_refused_limit_is_history(self):
        self.make_limit(self.alfa, 0.0, state="refused")
        self.become_contact()

    def test_ended_limit_while_something_is_owed(self):
        """Its invoice was shipped under the limit: it stays insured with ALFA only."""
        self.make_limit(self.alfa, 50000.0, date_to="2026-09-30", state="expired")
        self.make_invoice(self.alfa, 1000.0)
        self.assertStays("09/30/2026")

    def test_ended_limit_when_all_is_paid(self):
        self.make_limit(self.alfa, 50000.0, date_to="2026-09-30", state="expired")
        self.become_contact()

    def test_own_risk(self):
        self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": self.alfa.id,
                "amount": 3000.0,
                "date_from": "2026-01-01",
                "reason": "Known for long",
            }
        )
        self.assertStays("3,000.00")

    def test_security(self):
        self.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "partner_id": self.alfa.id,
                "amount": 3000.0,
                "date_to": "2026-12-31",
                "state": "active",
            }
        )
        self.assertStays("LC-1")

    def test_cover_stop(self):
        self.env["credit.insurance.stop"].create(
            {"partner_id": self.alfa.id, "date_from": "2026-09-01"}
        )
        self.assertStays("09/01/2026")

    def test_insolvency(self):
        self.env["credit.insurance.insolvency"].create(
            {"partner_id": self.alfa.id, "judgment_date": "2026-09-01"}
        )
        self.assertStays("09/01/2026")

    def test_adverse_information(self):
        self.env["credit.insurance.adverse.info"].create(
            {
                "partner_id": self.alfa.id,
                "learned_on": "2026-09-01",
                "source": "Our bank",
            }
        )
        self.assertStays("adverse information of 09/01/2026")

    def test_company_below_another_stays_a_buyer(self):
        """A group's structure changes nothing: ALFA remains a legal person."""
        self.make_limit(self.alfa, 50000.0)
        self.alfa.parent_id = self.group
        self.assertEqual(self.alfa.commercial_partner_id, self.alfa)

    def test_private_person_becomes_somebodys_contact(self):
        """The usual way it happens: a parent is set on a person with own risk."""
        person = self.env["res.partner"].create({"name": "Ann"})
        self.env["credit.insurance.own.risk"].create(
            {
                "partner_id": person.id,
                "amount": 3000.0,
                "date_from": "2026-01-01",
                "reason": "Known for long",
            }
        )
        with self.assertRaises(UserError):
            person.parent_id = self.group

    def test_unchecked_companies_are_left_alone(self):
        self.make_limit(self.alfa, 50000.0)
        self.policy.action_close()
        self.become_contact()
