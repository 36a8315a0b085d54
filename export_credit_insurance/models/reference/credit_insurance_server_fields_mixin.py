from odoo import api, models
from odoo.exceptions import AccessError


class CreditInsuranceServerFieldsMixin(models.AbstractModel):
    """Records with fields that the buttons and the engine alone write.

    How to use: a model that inherits this sets :attr:`_server_fields` and says in
    :meth:`_server_refusal` what is said to whoever writes one of them. Defaults of the
    caller's context or of the database decide no more than values do: such a field has
    the model's own default, whoever creates.
    """

    _name = "credit.insurance.server.fields.mixin"
    _description = "With Fields of the Server"

    #: written by the buttons and the engine alone
    _server_fields = frozenset()

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base'
        given = super().default_get([f for f in fields if f not in self._server_fields])
        own = {
            name: default(self)
            for name in self._server_fields.intersection(fields)
            if (default := self._fields[name].default)
        }
        return {**given, **self._convert_to_write(own)}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_server_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_server_fields(vals)
        return super().write(vals)

    def _check_server_fields(self, vals):
        """Check that nobody writes what the server writes.

        :raise AccessError: saying who does
        """
        if self._server_fields & vals.keys() and not self.env.su:
            raise AccessError(self._server_refusal())

    def _server_refusal(self):
        """Return what is said to who writes a field of the server."""
        raise NotImplementedError
