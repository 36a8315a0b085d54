from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user

from ..common import CreditInsuranceCommon


class DashboardBrowserCommon(CreditInsuranceCommon, HttpCase):
    """Two buyers as a browser meets them: days are relative to the real today.

    | buyer | country | exposure | limit | covered 90 % | beyond | own risk |
    | ALFA  | Brazil  | 120 000  | 100 000 | 90 000 | 20 000 | 10 000 |
    | BETA  | Germany |  30 000  |  50 000 | 27 000 |      0 |  3 000 |
    | total |         | 150 000  |         | 117 000 (78 %) | 20 000 | 13 000 |
    """

    today = fields.Date.today()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.kind = "buyer"
        cls.beta = cls.make_buyer("BETA", "de")
        start = cls.today - timedelta(days=90)
        for buyer, limit, amount in (
            (cls.alfa, 100000.0, 120000.0),
            (cls.beta, 50000.0, 30000.0),
        ):
            cls.make_limit(buyer, limit, start)
            day = cls.today - timedelta(days=20)
            cls.make_invoice(buyer, amount, day, cls.today + timedelta(days=40))
        cls.director = new_test_user(
            cls.env,
            "tour-director",
            "export_credit_insurance.group_credit_manager"
            ",account.group_account_readonly",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    @classmethod
    def make_policy(cls, company=None, **values):
        # EXTENDS 'export_credit_insurance': in force today
        dates = {
            "date_start": cls.today - timedelta(days=100),
            "date_end": cls.today + timedelta(days=100),
        }
        return super().make_policy(company, **dates, **values)
