from odoo import api, models
from odoo.tools import ormcache

#: terms that count from, or to, the end of a month
MONTH_END = (
    "days_after_end_of_month",
    "days_after_end_of_next_month",
    "days_end_of_month_on_the",
)


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    def _credit_longest_days(self, day):
        """Return after how many days the last instalment of an invoice is due.

        :param day: the invoice date
        """
        if not self:
            return 0
        self.ensure_one()
        return self._credit_longest_days_cached(day)

    def _credit_law_warning(self, company, buyer, day, document=None):
        """Say that the law forbids these terms, False where it does not.

        :param buyer: commercial partner; private persons fall under other laws
        :param day: the invoice date
        :param document: the order or invoice, which may name a law
        """
        rules = self.env["credit.followup.late.payment.rule"]
        lowest = rules._lowest_ceiling(day)
        days = self._credit_longest_days(day)
        if lowest is None or days <= lowest or not buyer:
            return False
        if buyer._credit_kind() == "private":
            return False
        # till sales and transfers name no law
        names_law = document and hasattr(document, "_credit_chosen_law")
        chosen = document._credit_chosen_law() if names_law else False
        ceiling = rules._terms_ceiling(company, buyer, day, chosen)
        if self._credit_keeps(ceiling, day):
            return False
        return rules._explain_terms(ceiling, days)

    @ormcache("self.id", "ceiling", "day")
    def _credit_keeps(self, ceiling, day):
        """Whether every instalment falls due within a ceiling."""
        # sudo: the answer is cached for all, whoever asks first
        return all(
            ceiling.allows(day, line._get_due_date(day), line.delay_type in MONTH_END)
            for line in self.sudo().line_ids
        )

    @ormcache("self.id", "day")
    def _credit_longest_days_cached(self, day):
        # sudo: as above
        due = [line._get_due_date(day) for line in self.sudo().line_ids]
        return (max(due) - day).days if due else 0


class AccountPaymentTermLine(models.Model):
    _inherit = "account.payment.term.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        lines = super().create(vals_list)
        self._forget_longest_days()
        return lines

    def write(self, vals):
        # EXTENDS 'account'
        result = super().write(vals)
        self._forget_longest_days()
        return result

    def unlink(self):
        # EXTENDS 'account'
        result = super().unlink()
        self._forget_longest_days()
        return result

    def _forget_longest_days(self):
        # where nothing is checked nothing is cached: Odoo runs as it always did
        if self.env["res.company"]._credit_check_modes():
            self.env.registry.clear_cache()
