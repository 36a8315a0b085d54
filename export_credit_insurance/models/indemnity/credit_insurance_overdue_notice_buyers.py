from odoo import api, models
from odoo.exceptions import UserError


class CreditInsuranceOverdueNotice(models.Model):
    """Notices about buyers: to every insurer that covers them, open debts or not."""

    _inherit = "credit.insurance.overdue.notice"

    @api.model
    def _prepare_of_buyers(self, buyers, kind):
        """Draft what is to be told of buyers, in the active company; open it.

        :raise UserError: if no insurer is concerned
        """
        company = self.env.company
        keys = self._concerned(buyers, company)
        if kind == "adverse":
            keys &= self._untold(buyers, company)
        notices = self._prepare(keys, company, kind) if keys else self
        if not notices:
            raise UserError(
                self.env._(
                    "Nothing to tell: no policy of %(company)s insures an open invoice "
                    "of %(buyers)s or grants a limit, or its insurer was told.",
                    company=company.name,
                    buyers=", ".join(buyers.mapped("display_name")),
                )
            )
        return notices._action_open()

    @api.model
    def _untold(self, buyers, company):
        """Return the (policy id, partner id) with information not told yet."""
        infos = self.env["credit.insurance.adverse.info"].search(
            [("partner_id", "in", buyers.ids), ("date_end", "=", False)]
        )
        told = self._told_information(infos)
        policies = self.env["credit.insurance.policy"].search(
            [("company_ids", "in", company.id), ("state", "in", ("active", "closed"))]
        )
        return {
            (policy.id, info.partner_id.id)
            for policy in policies
            for info in infos
            if (policy, company, info) not in told
        }

    @api.model
    def _concerned(self, buyers, company):
        """Return the (policy id, partner id) that insure or could insure anything.

        A policy with an open invoice, or with a limit in force.
        """
        deadlines = self.env["credit.insurance.deadline"]
        keys = set(deadlines._get_to_notify(company, buyers, "adverse"))
        limits = self.env["credit.insurance.limit"]
        # sudo: which policies, whoever prepares the notice
        in_force = limits.sudo()._in_force(buyers, company._credit_today(), company)
        for buyer, granted in in_force.items():
            keys |= {
                (policy.id, buyer.id)
                for policy, limit in granted.items()
                if limit.amount
            }
        return keys
