from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CreditInsuranceBuyerMixin(models.AbstractModel):
    """What is agreed on one buyer: a legal person, never one of its contacts."""

    _name = "credit.insurance.buyer.mixin"
    _description = "Agreement on a Buyer"

    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="['|', ('parent_id', '=', False), ('is_company', '=', True)]",
    )

    @api.constrains("partner_id")
    def _check_legal_person(self):
        for record in self:
            buyer = record.partner_id.commercial_partner_id
            if buyer != record.partner_id:
                raise ValidationError(
                    record._contact_refusal(
                        contact=record.partner_id.display_name,
                        company=buyer.display_name,
                    )
                )

    def _contact_refusal(self, **names):
        """Say why a contact is refused, and which company to choose.

        :param names: ``contact`` and its ``company``
        """
        raise NotImplementedError
