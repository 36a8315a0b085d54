from odoo import api, fields, models

from ..models.decision.hold.credit_request import CHANGED_RELATIONS


class CreditInsuranceHoldRequest(models.TransientModel):
    """Ask credit control to let orders go, with a word why."""

    _name = "credit.insurance.hold.request"
    _description = "Request for Credit Release"

    line_ids = fields.One2many("credit.insurance.hold.request.line", "request_id")
    reason = fields.Text(
        string="Why should it go?",
        required=True,
        help="Credit control reads this: a payment announced, a security on its way, "
        "what the customer said.",
    )
    is_waiting = fields.Boolean(
        compute="_compute_status", help="All of it was asked for already."
    )
    has_changes = fields.Boolean(
        compute="_compute_has_changes", help="Something else than a total is asked for."
    )
    status = fields.Html(
        compute="_compute_status",
        sanitize=False,
        help="Where the requests stand that wait for a decision.",
    )

    @api.depends("line_ids.order_id", "line_ids.amount", "line_ids.changes")
    def _compute_status(self):
        for request in self:
            lines = request.line_ids
            # nothing is told of orders that the user may not read
            orders = lines.order_id._origin._filtered_access("read")
            waiting = orders.sudo().credit_hold_id.filtered(
                lambda hold: hold.state == "open"
            )
            request.status = waiting._request_status()
            request.is_waiting = bool(lines) and all(
                line._is_waiting(waiting) for line in lines
            )

    @api.depends("line_ids.change_text")
    def _compute_has_changes(self):
        for request in self:
            request.has_changes = any(request.line_ids.mapped("change_text"))

    @api.model
    def default_get(self, fields_list):
        # EXTENDS 'base': the orders at hand, with the totals that were refused
        defaults = super().default_get(fields_list)
        if "line_ids" in fields_list and self.env.context.get("active_ids"):
            orders = self.env["sale.order"].browse(self.env.context["active_ids"])
            wanted, changes = orders._credit_read_request(
                self.env.context.get("credit_requested_amounts"),
                self.env.context.get("credit_requested_changes"),
            )
            defaults["line_ids"] = [
                fields.Command.create(
                    {
                        "order_id": order.id,
                        "amount": max(wanted.get(order.id, 0.0), order.amount_total),
                        "changes": changes.get(order.id, False),
                    }
                )
                for order in orders.exists()
            ]
        return defaults

    def action_send(self):
        """Send the request; say so without leaving the order, which shows it."""
        self.ensure_one()
        orders = self.line_ids.order_id
        orders.action_request_credit_release(
            reason=self.reason,
            amounts={line.order_id.id: line.amount for line in self.line_ids},
            changes={line.order_id.id: line.changes or {} for line in self.line_ids},
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Release of %(orders)s asked for. You will be told what was "
                    "decided.",
                    orders=", ".join(orders.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class CreditInsuranceHoldRequestLine(models.TransientModel):
    _name = "credit.insurance.hold.request.line"
    _description = "Order of a Request for Credit Release"

    request_id = fields.Many2one(
        "credit.insurance.hold.request", required=True, ondelete="cascade"
    )
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    # not as superuser: nothing is told of orders that the user may not read
    partner_id = fields.Many2one(
        related="order_id.partner_invoice_id", related_sudo=False
    )
    currency_id = fields.Many2one(related="order_id.currency_id", related_sudo=False)
    amount = fields.Monetary(
        string="Total Asked For",
        help="The largest total, tax included, that the order shall reach.",
    )
    changes = fields.Json(
        help="What else of a confirmed order shall change: addresses, payment terms."
    )
    change_text = fields.Char(string="Change", compute="_compute_change_text")

    @api.depends("changes", "order_id")
    def _compute_change_text(self):
        orders = self.env["sale.order"]
        for line in self:
            texts = []
            _amounts, changes = orders._credit_read_request({}, {0: line.changes})
            changes = changes[0]
            for name in CHANGED_RELATIONS:
                if name in changes:
                    field = orders._fields[name]
                    chosen = self.env[field.comodel_name].browse(changes[name] or ())
                    chosen = chosen.exists()
                    if chosen == line.order_id[name]:
                        continue  # a quotation has it already
                    label = field._description_string(self.env)
                    value = chosen.display_name or self.env._("none")
                    texts.append(
                        self.env._("%(label)s: %(value)s", label=label, value=value)
                    )
            if growth := changes.get("growth"):
                texts.append(
                    self.env._(
                        "Delivered or invoiced lines give way to others: %s more",
                        line.currency_id.format(growth),
                    )
                )
            line.change_text = ", ".join(texts)

    def _is_waiting(self, holds):
        """Whether one of these holds has it to decide on as it is."""
        order = self.order_id._origin
        hold = holds.filtered(lambda hold: hold.order_id == order)
        return (
            bool(hold) and not self.changes and hold._reaches_order(order, self.amount)
        )

    @api.constrains("order_id")
    def _check_order_access(self):
        """A request shows no order that its user may not read."""
        self.sudo(False).order_id.check_access("read")  # constraints run as superuser
