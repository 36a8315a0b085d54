from odoo import api, models
from odoo.fields import Domain

OURS = "export_credit_insurance"


class IrModuleModule(models.Model):
    """What visitors are shown of the applications that a server runs.

    Odoo's page ``/website/info`` names each to anybody, with a line of what it does.
    That the seller is insured, and that orders are bounded by it, is no customer's
    matter.
    """

    _inherit = "ir.module.module"

    @api.model
    def _search(self, domain, *args, **kwargs):
        # EXTENDS 'base'
        domain = Domain(domain)
        if self._shows_applications(domain) and not self.env.user._is_internal():
            domain &= Domain("name", "not =like", f"{OURS}%")
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _shows_applications(self, domain):
        """Whether applications are looked for, as for a list of them."""
        return any(
            condition.field_expr == "application"
            for condition in domain.iter_conditions()
        )
