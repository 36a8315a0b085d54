from odoo import SUPERUSER_ID, api, models

# What decides on credit, of records that who sells may make and whose fields Odoo's
# screens do not show. Activities in the archive are done: nobody would hear of them.
UNSAID = {
    ("mail.activity", "active"),
    ("sale.order", "transaction_ids"),
    ("sale.order.line", "invoice_lines"),
}
# What credit is judged by, and what is decided on it: whose names begin like these.
JUDGED = (
    "account.move",
    "account.partial.reconcile",
    "account.payment",
    "credit.",
    "mail.activity",
    "payment.transaction",
    "pos.",
    "res.partner",
    "sale.order",
    "stock.",
)


class IrDefault(models.Model):
    """What employees say by defaults of their own is no more than they may say.

    Everybody sets defaults for oneself, of any field of any model, and Odoo asks for
    them whenever somebody's work makes a record, also where it does so as superuser. A
    salesperson's own default would release the holds that they ask for, tick off what
    is listed, keep invoices out of the exposure or call payments received. So a default
    for one user, whoever set it, says what this user may fill in; those for everybody
    hold.
    """

    _inherit = "ir.default"

    @api.model
    def _get_model_defaults(self, model_name, condition=False):
        # EXTENDS 'base'
        defaults = super()._get_model_defaults(model_name, condition)
        if (
            not defaults
            or not model_name.startswith(JUDGED)
            or self.env.uid == SUPERUSER_ID
            or not self.env["res.company"]._credit_check_modes()
        ):
            return defaults
        refused = self._credit_refused_defaults(model_name, defaults)
        if not refused:
            return defaults
        # what administrators have set for everybody
        of_all = self.with_user(SUPERUSER_ID).with_company(self.env.company)
        of_all = of_all._get_model_defaults(model_name, condition)
        return {
            name: of_all.get(name, value) if name in refused else value
            for name, value in defaults.items()
            if name not in refused or name in of_all
        }

    @api.model
    def _credit_refused_defaults(self, model_name, names):
        """Return those of these fields that who is at work may not fill in.

        Of a record that they may not make, all of them.
        """
        model = self.env[model_name].sudo(False)  # with their own rights
        if not model.has_access("create"):
            return set(names)
        fields = {name: model._fields.get(name) for name in names}
        return {
            name
            for name, field in fields.items()
            if field
            and (
                field.readonly
                or (model_name, name) in UNSAID
                or not model._has_field_access(field, "write")
            )
        }
