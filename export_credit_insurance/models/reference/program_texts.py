from odoo import api, models
from odoo.tools import ormcache

OURS = "export_credit_insurance"


def reads_texts(env):
    """Whether the texts of the program are for who asks: an employee, or the server."""
    return env.su or env.user._is_internal()


def _is_ours(model):
    return model._original_module.startswith(OURS)


class Base(models.AbstractModel):
    """What fields of ours are called, and what for, is no customer's to read.

    Odoo describes the fields of any model to whoever is logged in, past the rights on
    the model, and their names and help past the groups of the fields.
    """

    _inherit = "base"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base'; read() asks it without attributes, and checks the rights
        is_asked = attributes is None or attributes
        if is_asked and _is_ours(self) and not reads_texts(self.env):
            return {}
        return super().fields_get(allfields, attributes)

    @api.model
    def get_views(self, views, options=None):
        # EXTENDS 'base': it names all models of a form, past the groups of its parts
        result = super().get_views(views, options)
        if not reads_texts(self.env):
            for name in [*result["models"]]:
                if _is_ours(self.env[name]):
                    del result["models"][name]
        return result


class IrModelFields(models.Model):
    _inherit = "ir.model.fields"

    @api.model
    def get_field_string(self, model_name):
        # EXTENDS 'base'
        return self._without_ours(model_name, super().get_field_string(model_name))

    @api.model
    def get_field_help(self, model_name):
        # EXTENDS 'base'
        return self._without_ours(model_name, super().get_field_help(model_name))

    @api.model
    def get_field_selection(self, model_name, field_name):
        # EXTENDS 'base'
        known = super().get_field_selection(model_name, field_name)
        return known if self._without_ours(model_name, {field_name: known}) else []

    @api.model
    def _without_ours(self, model_name, by_name):
        """Return what is known of a model's fields, without ours where it matters."""
        if reads_texts(self.env) or not (ours := self._our_field_names(model_name)):
            return by_name
        return {name: value for name, value in by_name.items() if name not in ours}

    @api.model
    @ormcache("model_name")
    def _our_field_names(self, model_name):
        """Return the names of the fields that the add-ons brought along on a model."""
        fields = self.env[model_name]._fields if model_name in self.env else {}
        return frozenset(
            name
            for name, field in fields.items()
            # of users: those of their contact
            if (field.base_field._module or "").startswith(OURS)
        )


class IrActionsActions(models.Model):
    """Whoever is logged in may load any action by its number: not ours.

    Odoo looks first of what type it is, among all of them.
    """

    _inherit = "ir.actions.actions"

    def read(self, fields=None, load="_classic_read"):
        # EXTENDS 'base'
        actions = self
        # sudo hides nothing here: it is with all rights that Odoo loads them
        if self._name == "ir.actions.actions" and not self.env.user._is_internal():
            actions = self - self._of_ours()
        return super(IrActionsActions, actions).read(fields, load)

    def _of_ours(self):
        """Return those of these actions that the add-ons brought along."""
        # sudo: whoever asks reads no technical names
        data = self.env["ir.model.data"].sudo()
        known = data.search_fetch(
            [
                ("module", "=like", f"{OURS}%"),
                ("model", "=like", "ir.actions.%"),
                ("res_id", "in", self.ids),
            ],
            ["res_id"],
        )
        return self.browse(known.mapped("res_id"))
