from odoo import Command
from odoo.tests import new_test_user

from ..common import CreditInsuranceCommon


class DeclarationCommon(CreditInsuranceCommon):
    """POL-26 declared by quarter: rates 0.15 / 0.20 / 0.45 %, minimum 15 000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.year_ids.minimum_premium = 15000.0
        cls.year = cls.policy.year_ids
        cls.declarations = cls.env["credit.insurance.declaration"]
        cls.domestic = cls.make_buyer("DURAND", country="fr")
        cls.german = cls.make_buyer("EBERT", country="de")

    @classmethod
    def make_declaration(cls, first="2026-07-01", last="2026-09-30", **values):
        draft = cls.declarations.create(
            {
                "policy_id": cls.policy.id,
                "company_id": cls.company.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )
        draft.action_bring_up_to_date()
        return draft

    @classmethod
    def declare(cls, *period, **values):
        declaration = cls.make_declaration(*period, **values)
        declaration.action_declare()
        return declaration

    @classmethod
    def make_refund(cls, partner, amount, day, origin=None, **values):
        return cls.make_invoice(
            partner,
            amount,
            day,
            move_type="out_refund",
            reversed_entry_id=origin and origin.id,
            **values,
        )

    @classmethod
    def make_letter_of_credit(cls, buyer, amount, **values):
        return cls.env["credit.insurance.security"].create(
            {
                "name": "LC-1",
                "kind": "lc_confirmed",
                "partner_id": buyer.id,
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
                "amount": amount,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "is_general": True,
                "state": "active",
                **values,
            }
        )

    @classmethod
    def make_tax(cls, rate=20.0):
        return cls.env["account.tax"].create(
            {
                "name": f"VAT {rate}",
                "amount": rate,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
                "country_id": cls.company.account_fiscal_country_id.id,
            }
        )

    def line_of(self, declaration, move):
        return declaration.line_ids.filtered(lambda line: line.move_id == move)

    def reason_of(self, declaration, move):
        line = self.line_of(declaration, move)
        return line.exclusion_reason, line.excluded_amount

    @classmethod
    def set_rates(cls, **rates):
        """Dollars per euro, by day: ``d2026_07_01=1.25``."""
        cls.dollar.rate_ids.unlink()
        cls.dollar.write(
            {
                "rate_ids": [
                    Command.create(
                        {
                            "name": name[1:].replace("_", "-"),
                            "rate": rate,
                            "company_id": cls.company.id,
                        }
                    )
                    for name, rate in rates.items()
                ]
            }
        )

    @classmethod
    def make_controller(cls):
        """Somebody who declares, in the company of the policy."""
        return new_test_user(
            cls.env,
            "declaring",
            "base.group_user,export_credit_insurance.group_credit_controller",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
