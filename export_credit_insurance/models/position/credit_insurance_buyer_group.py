from odoo import api, fields, models

from ..groups import CREDIT_GROUP

JOINT_FIELDS = {
    "credit_group_exposure": "exposure",
    "credit_group_headroom": "headroom",
    "credit_group_ceiling": "ceiling",
    "credit_group_ceiling_currency_id": "ceiling_currency_id",
    "credit_group_has_ceiling": "has_ceiling",
}


class CreditInsuranceBuyerGroup(models.Model):
    """The group's own figures, read from its row of the joint exposure."""

    _inherit = "credit.insurance.buyer.group"

    company_currency_id = fields.Many2one(
        "res.currency", compute="_compute_joint_exposure"
    )
    exposure = fields.Monetary(
        string="Joint Exposure",
        compute="_compute_joint_exposure",
        currency_field="company_currency_id",
    )
    headroom = fields.Monetary(
        string="Left of the Ceiling",
        compute="_compute_joint_exposure",
        currency_field="company_currency_id",
    )
    has_ceiling = fields.Boolean(compute="_compute_joint_exposure")

    @api.depends("member_ids", "ceiling_ids")
    @api.depends_context("company")
    def _compute_joint_exposure(self):
        rows = self.env["credit.insurance.group.exposure"].browse(self._origin.ids)
        found = {row.id: row for row in rows.exists()}
        for group in self:
            row = found.get(group._origin.id, rows.browse())
            group.company_currency_id = self.env.company.currency_id
            group.exposure = row.exposure
            group.headroom = row.headroom
            group.has_ceiling = row.has_ceiling


class CreditInsuranceBuyerGroupMember(models.Model):
    """Each member's own limit and exposure, beside the group's."""

    _inherit = "credit.insurance.buyer.group.member"

    insured_limit_currency_id = fields.Many2one(
        related="partner_id.insured_limit_currency_id", groups=CREDIT_GROUP
    )
    insured_limit = fields.Monetary(
        related="partner_id.insured_limit",
        currency_field="insured_limit_currency_id",
        groups=CREDIT_GROUP,
    )
    company_currency_id = fields.Many2one(related="partner_id.currency_id")
    credit_exposure = fields.Monetary(
        related="partner_id.credit_exposure",
        currency_field="company_currency_id",
        groups=CREDIT_GROUP,
    )
    credit_covered = fields.Monetary(
        related="partner_id.credit_covered",
        currency_field="company_currency_id",
        groups=CREDIT_GROUP,
    )


class ResPartner(models.Model):
    """The group a buyer belongs to, and what all of it owes."""

    _inherit = "res.partner"

    credit_group_id = fields.Many2one(
        "credit.insurance.buyer.group",
        string="Buyer Group",
        compute="_compute_credit_group",
        groups=CREDIT_GROUP,
    )
    credit_group_exposure = fields.Monetary(
        string="Joint Exposure", compute="_compute_credit_group", groups=CREDIT_GROUP
    )
    credit_group_ceiling_currency_id = fields.Many2one(
        "res.currency", compute="_compute_credit_group", groups=CREDIT_GROUP
    )
    credit_group_ceiling = fields.Monetary(
        string="Group Ceiling",
        compute="_compute_credit_group",
        currency_field="credit_group_ceiling_currency_id",
        groups=CREDIT_GROUP,
    )
    credit_group_has_ceiling = fields.Boolean(
        compute="_compute_credit_group", groups=CREDIT_GROUP
    )
    credit_group_headroom = fields.Monetary(
        string="Left of the Ceiling",
        compute="_compute_credit_group",
        groups=CREDIT_GROUP,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_group(self):
        """Read the groups' rows; none where nobody belongs to one."""
        groups = self.env["credit.insurance.buyer.group"]
        found = groups._groups_of(
            self.commercial_partner_id, self.env.company._credit_today()
        )
        joint = self.env["credit.insurance.group.exposure"]
        rows = {row.id: row for row in joint.browse(set(found.values()))}
        for partner in self:
            group_id = found.get(partner.commercial_partner_id._origin.id)
            row = rows.get(group_id, joint)
            partner.credit_group_id = groups.browse(group_id or ())
            for name, column in JOINT_FIELDS.items():
                partner[name] = row[column]
