from odoo import api, fields, models

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
    credit_stop_ids = fields.One2many(
        "credit.insurance.stop",
        "partner_id",
        string="Cover Stops",
        groups="export_credit_insurance.group_credit_user",
    )

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
        # EXTENDS 'base'
        return [*super()._commercial_fields(), "credit_party_kind"]
