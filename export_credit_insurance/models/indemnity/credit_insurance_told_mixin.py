from odoo import fields, models


class CreditInsuranceToldMixin(models.AbstractModel):
    """What the insurer is told under a policy: drafted, told once, never changed.

    How to use: a model that inherits this has a ``state`` that begins with *draft* and
    sets :attr:`_content` and :attr:`_server_fields`; it says in
    :meth:`_server_refusal` and :meth:`_check_draft` what people may not do.
    """

    _name = "credit.insurance.told.mixin"
    _description = "Told to the Insurer"
    _inherit = "credit.insurance.server.fields.mixin"

    #: what the insurer was told: chosen in a draft, never changed afterwards
    _content = frozenset()

    name = fields.Char(
        string="Number", readonly=True, copy=False, help="Given when it is told."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, index=True, ondelete="restrict"
    )

    def _number_or_draft(self):
        """Return the number, of a draft that it is one, in the reader's language."""
        return self.name or self.env._("Draft")

    def write(self, vals):
        """What was told stays as it was told, whoever writes."""
        self._check_server_fields(vals)
        if self._content & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Check that all of them are drafts.

        :raise UserError: saying what to do instead
        """
        raise NotImplementedError
