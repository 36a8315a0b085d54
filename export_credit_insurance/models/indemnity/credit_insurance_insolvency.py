from odoo import api, fields, models

DAY_FIELDS = {"publication_date", "judgment_date"}


class CreditInsuranceInsolvency(models.Model):
    """An insolvency opens what is to be done about it, and is told to insurers."""

    _inherit = "credit.insurance.insolvency"

    task_ids = fields.One2many("credit.insurance.insolvency.task", "insolvency_id")
    open_task_count = fields.Integer(compute="_compute_open_task_count")

    @api.depends("task_ids.state")
    def _compute_open_task_count(self):
        for insolvency in self:
            insolvency.open_task_count = len(
                insolvency.task_ids.filtered(lambda task: task.state == "open")
            )

    @api.model_create_multi
    def create(self, vals_list):
        insolvencies = super().create(vals_list)
        insolvencies.filtered(lambda each: not each.date_end)._open_tasks()
        return insolvencies

    def write(self, vals):
        result = super().write(vals)
        if DAY_FIELDS & vals.keys():
            # sudo: those of all creditors
            self.sudo().task_ids._date_activities()
        return result

    def action_open_tasks(self):
        """Open what the law asks for in the creditors' companies, what is missing."""
        self.check_access("write")
        self._open_tasks()
        return True

    def _open_tasks(self):
        """Open the tasks of the rules of the buyers' countries, once each.

        One set per company that the buyer owes anything, else for the active one.
        """
        rules = self.env["credit.insurance.insolvency.task.rule"]
        creditors = self._creditors()
        known = {
            (task.insolvency_id, task.company_id, task.rule_id)
            for task in self.sudo().task_ids  # sudo: of all companies
        }
        values = []
        for insolvency in self:
            country = insolvency.partner_id.country_id
            for company in creditors[insolvency] if country else ():
                found = rules._rules_for(
                    country, company.country_id, insolvency.judgment_date
                )
                values += [
                    {
                        "insolvency_id": insolvency.id,
                        "company_id": company.id,
                        "rule_id": rule.id,
                        "name": rule.name,
                        "source": rule.source,
                    }
                    for rule in found
                    if (insolvency, company, rule) not in known
                ]
        # sudo: of all companies that the buyer owes, whoever records it
        tasks = self.env["credit.insurance.insolvency.task"].sudo().create(values)
        tasks._name_in_every_language()

    def _creditors(self):
        """Return {insolvency: companies that its buyer owes, or the active one}."""
        # sudo: which companies, whoever records the insolvency
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ],
                ["partner_id", "company_id"],
            )
        )
        owed = {}
        for partner, company in groups:
            buyer = partner.commercial_partner_id
            owed[buyer.id] = owed.get(buyer.id, company) | company
        return {
            insolvency: owed.get(insolvency.partner_id.id, self.env.company)
            for insolvency in self
        }

    def action_prepare_notices(self):
        """Draft the notices of all that is open with these buyers, and open them."""
        return self.env["credit.insurance.overdue.notice"]._prepare_of_buyers(
            self.partner_id, "insolvency"
        )
