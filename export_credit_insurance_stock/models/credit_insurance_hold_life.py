from odoo import api, models

from .credit_insurance_hold import ACTIVITY_TOLD


class CreditInsuranceHold(models.Model):
    """How holds of deliveries end without a decision."""

    _inherit = "credit.insurance.hold"

    @api.model
    def _settle_delivered(self, pickings):
        """Close the requests of transfers that are done, and the reminders of them."""
        holds = self._of_pickings(pickings, ("open", "released", "refused"))
        if not holds:
            return
        done = holds.filtered(lambda hold: hold.picking_id.state == "done")
        done.filtered(lambda hold: hold.state == "open")._set_obsolete(
            lambda env: env._("The delivery passed without a release."), tell=False
        )
        # sudo: the reminder may be another's
        done.picking_id.sudo().activity_unlink([ACTIVITY_TOLD])

    @api.model
    def _settle_undelivered(self, pickings):
        """Close requests and releases of cancelled transfers: they serve nothing."""
        holds = self._of_pickings(pickings, ("open", "released"))
        holds.filtered(lambda hold: hold.picking_id.state == "cancel")._set_obsolete(
            lambda env: env._("The delivery was cancelled."), tell=False
        )

    @api.model
    def _of_pickings(self, pickings, states):
        """Return the holds of these transfers, as superuser."""
        return self.sudo().search(
            [("picking_id", "in", pickings.ids), ("state", "in", states)]
        )

    def _refresh(self):
        # EXTENDS 'export_credit_insurance'
        deliveries = self.filtered(lambda hold: hold.kind == "delivery")
        deliveries._refresh_deliveries()
        return super(CreditInsuranceHold, self - deliveries)._refresh()

    def _refresh_deliveries(self):
        """Close those of these requests whose delivery could leave today."""
        gone = self.filtered(
            lambda hold: not hold.picking_id
            or hold.picking_id.state in ("done", "cancel")
            or hold.order_id.state == "cancel"
        )
        gone._set_obsolete(
            lambda env: env._("Nothing is left to be delivered."), tell=False
        )
        waiting = self - gone
        deliveries = waiting.picking_id._credit_deliveries()
        checks = self.env["credit.insurance.check"]
        found = checks._assess_deliveries(deliveries) if deliveries else {}
        passing = waiting.filtered(
            lambda hold: (key := (hold.order_id.id, hold.picking_id.id)) not in found
            or not found[key].blocking
        )
        passing._set_obsolete(
            lambda env: env._(
                "Credit is available again: the delivery can be validated."
            )
        )
