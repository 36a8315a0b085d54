from odoo import api, fields, models
from odoo.exceptions import AccessError


class CreditInsuranceToldMixin(models.AbstractModel):
    """What the insurer is told under a policy: drafted, told once, never changed.

    How to use: a model that inherits this has a ``state`` that begins with *draft* and
    sets :attr:`_server_fields` and :attr:`_content`; it says in
    :meth:`_server_refusal` and :meth:`_check_draft` what people may not do.
    """

    _name = "credit.insurance.told.mixin"
    _description = "Told to the Insurer"

    #: written by the buttons and the engine alone
    _server_fields = frozenset()
    #: what the insurer was told: chosen in a draft, never changed afterwards
    _content = frozenset()

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env._("Draft"),
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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_server_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """What was told stays as it was told, whoever writes."""
        self._check_server_fields(vals)
        if self._content & vals.keys():
            self._check_draft()
        return super().write(vals)

    def _check_server_fields(self, vals):
        if self._server_fields & vals.keys() and not self.env.su:
            raise AccessError(self._server_refusal())

    def _server_refusal(self):
        """Return what is said to who writes a field of the server."""
        raise NotImplementedError

    def _check_draft(self):
        """Check that all of them are drafts.

        :raise UserError: saying what to do instead
        """
        raise NotImplementedError
