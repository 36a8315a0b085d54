from odoo import api, fields, models


class CreditInsuranceDeliveryRequest(models.TransientModel):
    """Ask credit control to let deliveries leave, with a word why."""

    _name = "credit.insurance.delivery.request"
    _description = "Request for Release of Deliveries"

    picking_ids = fields.Many2many(
        "stock.picking", string="Deliveries", required=True, readonly=True
    )
    reason = fields.Text(
        string="Why should it go?",
        required=True,
        help="Credit control reads this: a payment announced, a security on its way, "
        "what the customer said.",
    )

    is_waiting = fields.Boolean(
        compute="_compute_status", help="All of it was asked for already."
    )
    status = fields.Html(
        compute="_compute_status",
        sanitize=False,
        help="Where the requests stand that wait for a decision.",
    )

    @api.depends("picking_ids")
    def _compute_status(self):
        for request in self:
            # nothing is told of transfers that the user may not read
            pickings = request.picking_ids._origin._filtered_access("read")
            holds = self.env["credit.insurance.hold"].sudo()
            waiting = holds.union(*(each._credit_waiting_hold() for each in pickings))
            request.status = waiting._request_status()
            request.is_waiting = bool(pickings) and all(
                picking._credit_is_waiting() for picking in pickings
            )

    @api.model
    def default_get(self, fields_list):
        # EXTENDS 'base': the transfers at hand
        defaults = super().default_get(fields_list)
        if "picking_ids" in fields_list and self.env.context.get("active_ids"):
            pickings = self.env["stock.picking"].browse(self.env.context["active_ids"])
            defaults["picking_ids"] = [fields.Command.set(pickings.exists().ids)]
        return defaults

    @api.constrains("picking_ids")
    def _check_picking_access(self):
        """A request shows no transfer that its user may not read."""
        self.sudo(False).picking_ids.check_access("read")  # runs as superuser

    def action_send(self):
        """Send the request; say so without leaving the transfer, which shows it."""
        self.ensure_one()
        self.picking_ids.action_request_credit_release(reason=self.reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Release of %(deliveries)s asked for. You will be told what was "
                    "decided.",
                    deliveries=", ".join(self.picking_ids.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
