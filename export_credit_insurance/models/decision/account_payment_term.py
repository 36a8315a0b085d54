from odoo import api, models
from odoo.tools import ormcache


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

    @ormcache("self.id", "day")
    def _credit_longest_days_cached(self, day):
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
