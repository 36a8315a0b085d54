"""Changes of the contract that the cached facts of the position depend on."""

from odoo import api, models

COMPANY_FACTS = {
    "currency_id",
    "country_id",
    "partner_id",
    "credit_count_draft_invoices",
    "credit_cover_warning_days",
    "credit_order_horizon_days",
}


class CachedByPosition(models.AbstractModel):
    _name = "credit.insurance.position.cached"
    _description = "Cached by the Credit Position"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class CreditInsurancePolicy(models.Model):
    _name = "credit.insurance.policy"
    _inherit = ["credit.insurance.policy", "credit.insurance.position.cached"]


class CreditInsurancePolicyPercentage(models.Model):
    _name = "credit.insurance.policy.percentage"
    _inherit = [
        "credit.insurance.policy.percentage",
        "credit.insurance.position.cached",
    ]


class CreditInsurancePolicyCountryTerm(models.Model):
    _name = "credit.insurance.policy.country.term"
    _inherit = [
        "credit.insurance.policy.country.term",
        "credit.insurance.position.cached",
    ]


class CreditInsurancePolicyYear(models.Model):
    _name = "credit.insurance.policy.year"
    _inherit = ["credit.insurance.policy.year", "credit.insurance.position.cached"]


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "credit.insurance.position.cached"]


class ResCurrency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "credit.insurance.position.cached"]


class ResCurrencyRate(models.Model):
    _name = "res.currency.rate"
    _inherit = ["res.currency.rate", "credit.insurance.position.cached"]


class AccountAccount(models.Model):
    _inherit = "account.account"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        accounts = super().create(vals_list)
        if "asset_receivable" in accounts.mapped("account_type"):
            self.env.registry.clear_cache()
        return accounts

    def write(self, vals):
        # EXTENDS 'account'
        if "account_type" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        # EXTENDS 'base'
        if vals.keys() & COMPANY_FACTS:
            self.env.registry.clear_cache()
        return super().write(vals)
