from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CreditInsuranceBuyerGroupCeiling(models.Model):
    """A decision: so much may the members of a group owe a company together.

    The latest one whose day has come holds. Decisions are never rewritten.
    """

    _name = "credit.insurance.buyer.group.ceiling"
    _description = "Ceiling of a Group of Buyers"
    _order = "date_from desc, id desc"
    _rec_name = "group_id"

    group_id = fields.Many2one(
        "credit.insurance.buyer.group", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    amount = fields.Monetary(string="Ceiling", required=True, aggregator=None)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    author_id = fields.Many2one(
        "res.users",
        string="Decided By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    reason = fields.Text(required=True)

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)",
        "A ceiling cannot be negative: 0 means that nothing more may be owed.",
    )

    @api.constrains("date_from")
    def _check_date(self):
        for ceiling in self:
            if ceiling.date_from < ceiling.company_id._credit_today():
                raise ValidationError(
                    self.env._(
                        "The ceiling of %(group)s cannot be decided for days that are "
                        "past: let it begin today.",
                        group=ceiling.group_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Sign with the user who creates, whatever was sent."""
        ceilings = super().create(
            [dict(values, author_id=self.env.uid) for values in vals_list]
        )
        self.env.registry.clear_cache()
        return ceilings

    def write(self, vals):
        """Refuse to rewrite a decision."""
        if not vals:
            return super().write(vals)
        self.check_access("write")
        raise UserError(
            self.env._(
                "A ceiling that was decided on stays as it is: add another one with "
                "its own day."
            )
        )
