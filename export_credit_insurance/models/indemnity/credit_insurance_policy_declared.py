from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditInsurancePolicy(models.Model):
    """The declarations of a policy, seen and made from its page."""

    _inherit = "credit.insurance.policy"

    declaration_count = fields.Integer(
        string="Declarations", compute="_compute_declaration_count"
    )

    @api.depends_context("allowed_company_ids")
    def _compute_declaration_count(self):
        counts = dict(
            self.env["credit.insurance.declaration"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.declaration_count = counts.get(policy, 0)

    def action_open_declarations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_declaration_action"
        )
        return {
            **action,
            "domain": [("policy_id", "=", self.id)],
            "context": {"default_policy_id": self.id},
        }

    def action_prepare_declaration(self):
        """Draft the declaration of the period that ended, and open it.

        :raise UserError: if there is none to make
        """
        self.ensure_one()
        declarations = self.env["credit.insurance.declaration"]
        draft = declarations._prepare_ended(self, self.env.company)
        if not draft:
            raise UserError(
                self.env._(
                    "No declaration of policy %(policy)s is missing: the last period "
                    "that ended has one, or the policy asks for none. For other days "
                    "make one in the list of declarations.",
                    policy=self.number,
                )
            )
        return draft._open()
