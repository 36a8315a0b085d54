from odoo import api, fields, models

from ..groups import CREDIT_GROUP

PARTY_KINDS = [
    ("company", "Company"),
    ("public", "Public Buyer"),
    ("private", "Private Person"),
    ("related", "Related Company"),
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_party_kind = fields.Selection(
        PARTY_KINDS,
        string="Kind of Debtor",
        copy=False,  # who copies a partner need not be allowed to write it
        groups="export_credit_insurance.group_credit_user",
        help="Policies often leave out public buyers, private persons and companies "
        "of the same group. Empty: a company, or a private person "
        "where the contact is an individual.",
    )
    credit_insolvency_ids = fields.One2many(
        "credit.insurance.insolvency",
        "partner_id",
        string="Insolvency Proceedings",
        groups="export_credit_insurance.group_credit_user",
    )
    credit_adverse_info_ids = fields.One2many(
        "credit.insurance.adverse.info",
        "partner_id",
        string="Adverse Information",
        groups="export_credit_insurance.group_credit_user",
    )
    credit_stop_ids = fields.One2many(
        "credit.insurance.stop",
        "partner_id",
        string="Cover Stops",
        groups="export_credit_insurance.group_credit_user",
    )

    def action_credit_payment_experience(self):
        """Open how the buyer paid, month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_payment_experience_action"
        )
        buyer = self.commercial_partner_id
        return action | {"domain": [("partner_id", "=", buyer.id)]}

    def action_record_payment_experience(self):
        """Record now how the buyer paid, instead of waiting for the next month."""
        self.ensure_one()
        Experience = self.env["credit.insurance.payment.experience"]
        self.env["credit.insurance.buyer.rating"].check_access("create")
        # sudo: rows are the server's, so that nobody invents any
        Experience.sudo()._record_now(self.commercial_partner_id, self.env.company)
        return self.action_credit_payment_experience()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        return super().create([self._without_commercial(vals) for vals in vals_list])

    def write(self, vals):
        # EXTENDS 'base'
        return super().write(self._without_commercial(vals))

    def _without_commercial(self, vals):
        """Leave out whose debts a contact's are: Odoo computes it from its company.

        It is stored, so that anybody with write access could overwrite it.
        """
        if self.env.su or "commercial_partner_id" not in vals:
            return vals
        return {
            name: value
            for name, value in vals.items()
            if name != "commercial_partner_id"
        }

    def _commercial_fields(self):
        # EXTENDS 'base': who imports contacts copies what they may read; Odoo itself
        # copies as superuser
        names = super()._commercial_fields()
        if self.env.su or self.env.user.has_group(CREDIT_GROUP):
            names = [*names, "credit_party_kind"]
        return names
