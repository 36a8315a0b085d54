from odoo import models

#: decisions of the insurer that leave less room for orders in progress
CUTS = ("reduced", "cancelled")


class CreditInsuranceLimit(models.Model):
    """What is decided on a limit closes the request for it, and tells who asked.

    A cut by the insurer lists the binding orders in progress, to be declared to it.
    """

    _inherit = "credit.insurance.limit"

    def _store(self, vals):
        # EXTENDS: every request, answer and withdrawal is stored by this method
        result = super()._store(vals)
        if "state" in vals:
            self.env["credit.insurance.limit.request"]._close_by(self)
        return result

    def _record_decision(self, decision, **values):
        # EXTENDS: every decision of an insurer goes through this method
        line = super()._record_decision(decision, **values)
        by_insurer = values.get("cancelled_by", "insurer") == "insurer"
        if decision in CUTS and by_insurer:
            self.env["credit.insurance.cut.notice"]._list_orders(self, line)
        return line

    # === ACTIONS === #

    def action_ask_increase(self):
        """Draft requests for more than these limits."""
        return self._ask_change("increase")

    def action_ask_reduction(self):
        """Draft requests for less: what is not used costs fees."""
        return self._ask_change("reduce")

    def action_ask_prolongation(self):
        """Draft requests for a later end."""
        return self._ask_change("prolong")

    def action_ask_cancellation(self):
        """Draft requests to cancel; they stay in force until the insurer agreed."""
        return self._ask_change("cancel")

    def _ask_change(self, request_type):
        self.check_access("read")
        requests = self.env["credit.insurance.limit.request"]
        return requests._open(requests._propose_changes(self, request_type))
