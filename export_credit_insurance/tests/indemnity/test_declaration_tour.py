from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from .declaration_common import DeclarationCommon


@tagged("post_install", "-at_install")
class TestDeclarationTour(DeclarationCommon, HttpCase):
    """The quarter's declaration in a real browser; days are relative to the real today.

    2 000 in the EU and 100 to a ministry when it was drafted, 500 more since.
    """

    today = fields.Date.today()

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today and in the quarters before
        dates = {
            "date_start": cls.today - timedelta(days=300),
            "date_end": cls.today + timedelta(days=60),
        }
        return super().make_policy(company, **dates, **values)

    def invoice(self, buyer, amount):
        due = self.day + timedelta(days=60)
        return self.make_invoice(buyer, amount, self.day, due)

    def test_a_controller_sends_the_quarter(self):
        controller = new_test_user(
            self.env,
            "tour-declaring",
            "export_credit_insurance.group_credit_controller",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        _first, self.day = self.policy._last_period_ended(self.today)
        ministry = self.make_buyer("Tour Ministry", credit_party_kind="public")
        self.invoice(self.german, 2000.0)
        self.invoice(ministry, 100.0)
        draft = self.declarations._prepare_ended(self.policy, self.company)
        self.invoice(self.german, 500.0)
        self.start_tour(
            "/odoo/credit-declarations",
            "credit_declaration_sent",
            login=controller.login,
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            draft,
            [
                {
                    "state": "declared",
                    "sent_by": controller.id,
                    "base_amount": 2500.0,
                    "excluded_amount": 100.0,
                }
            ],
        )
