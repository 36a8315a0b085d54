from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.export_credit_insurance.models.decision.hold.hold_kinds import (
    STOPPING_KINDS,
)
from odoo.addons.export_credit_insurance.models.empty_list import empty_list

# What the warehouse reads of holds: no reason, no figure.
SHOWN_STATES = [
    ("open", "On Credit Hold"),
    ("released", "Released by Credit"),
    ("refused", "Release Refused"),
]
SHOWN = [state for state, _label in SHOWN_STATES]
UNDONE = ("draft", "waiting", "confirmed", "assigned")


class StockPicking(models.Model):
    """Whether a delivery is on hold, and asking that it may leave all the same."""

    _inherit = "stock.picking"

    credit_hold_ids = fields.One2many(
        "credit.insurance.hold",
        "picking_id",
        string="Credit Holds",
        groups="export_credit_insurance.group_credit_user",
    )
    credit_hold_state = fields.Selection(
        SHOWN_STATES,
        string="Credit",
        compute="_compute_credit_hold_state",
        compute_sudo=True,
        search="_search_credit_hold_state",
        groups="base.group_user",
        help="Whether the delivery, or its whole order, waits for credit control.",
    )

    # === COMPUTE === #

    @api.depends("credit_hold_ids.state", "sale_id.credit_hold_ids.state", "state")
    def _compute_credit_hold_state(self):
        self.credit_hold_state = False
        if not self.env["res.company"]._credit_check_modes():
            return
        holds = self.env["credit.insurance.hold"].search_fetch(
            self._credit_hold_domain(self._origin.ids, self.sale_id._origin.ids),
            ["picking_id", "order_id", "state", "kind"],
            order="id",
        )
        own, stops = {}, {}
        for hold in holds:
            if hold.kind == "delivery":
                own[hold.picking_id.id] = hold.state
            else:
                stops[hold.order_id.id] = hold.state
        for picking in self:
            state = own.get(picking._origin.id)
            if picking._is_credit_undone():
                state = stops.get(picking.sale_id.id) or state
            picking.credit_hold_state = state

    @api.model
    def _credit_hold_domain(self, picking_ids, order_ids):
        """Return the domain of the holds that these transfers show."""
        return Domain("state", "in", SHOWN) & (
            Domain("picking_id", "in", picking_ids)
            | Domain(
                [
                    ("order_id", "in", order_ids),
                    ("kind", "in", STOPPING_KINDS),
                    ("state", "!=", "released"),
                ]
            )
        )

    def _is_credit_undone(self):
        """Whether goods have still to leave for a customer with this transfer."""
        return self.state in UNDONE and self.location_dest_id.usage == "customer"

    def _search_credit_hold_state(self, operator, value):
        self._check_field_access(self._fields["credit_hold_state"], "read")
        if operator != "in":
            return NotImplemented
        self.env["credit.insurance.hold"].flush_model(
            ["picking_id", "order_id", "state", "kind"]
        )
        states = [state for state in value if state]
        found = Domain("id", "in", SQL("(%s)", self._credit_hold_query(states)))
        if False in value:
            every = self._credit_hold_query(SHOWN)
            found |= Domain("id", "not in", SQL("(%s)", every))
        return found

    @api.model
    def _credit_hold_query(self, states):
        """Return the query of the transfers that show one of these states.

        It says which are on hold and nothing of the holds, which the warehouse may not
        read: the latest of the transfer, and before it what stops the whole order of
        one that has still to leave.
        """
        return SQL(
            """
            SELECT id FROM (
                SELECT picking.id, (ARRAY_AGG(hold.state ORDER BY
                           hold.kind = 'delivery', hold.id DESC))[1] AS state
                  FROM credit_insurance_hold hold
                  JOIN stock_picking picking ON picking.id = hold.picking_id
                       OR hold.kind = ANY(%(stopping)s) AND hold.state <> 'released'
                          AND picking.sale_id = hold.order_id
                          AND picking.state = ANY(%(undone)s)
                          AND picking.location_dest_id IN (
                              SELECT id FROM stock_location WHERE usage = 'customer')
                 WHERE hold.state = ANY(%(shown)s)
                 GROUP BY picking.id
            ) latest WHERE state = ANY(%(states)s)
            """,
            stopping=list(STOPPING_KINDS),
            undone=list(UNDONE),
            shown=SHOWN,
            states=states,
        )

    # === ACTIONS === #

    def action_request_credit_release(self, reason=None):
        """Ask credit control to let these deliveries leave.

        Runs in its own request: the refusal itself stores nothing.

        :param reason: why they should leave, for who decides
        :raise UserError: where nothing stands against them that a release could help
        """
        self.check_access("write")
        deliveries = self._credit_deliveries()
        found = self.env["credit.insurance.check"]._assess_deliveries(deliveries)
        held = [
            each
            for each in deliveries
            if found[each.key].blocking and not found[each.key].released
        ]
        if not held:
            raise UserError(
                self.env._(
                    "No release of %(deliveries)s is needed, or credit control has its "
                    "order to decide on already.",
                    deliveries=", ".join(self.mapped("name")),
                )
            )
        self.env["credit.insurance.hold"]._request_deliveries(held, found, reason or "")
        return True

    def action_open_credit_hold(self):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Holds"),
            "res_model": "credit.insurance.hold",
            "view_mode": "list,form",
            "domain": self._credit_hold_domain(self.ids, self.sale_id.ids),
            "help": empty_list(
                self.env._("No credit hold to show"),
                self.env._(
                    "Those of this delivery and its order belong to a company that is "
                    "not chosen at the top of the page."
                ),
            ),
        }
        if (
            len(holds := self.env["credit.insurance.hold"].search(action["domain"]))
            == 1
        ):
            action |= {"view_mode": "form", "res_id": holds.id}
        return action

    # === MESSAGES === #

    def _credit_latest_hold(self):
        """Return the latest hold of this transfer, as superuser: to show its state."""
        holds = self.sudo().credit_hold_ids
        return holds.sorted("id")[-1:]

    def _credit_waiting_hold(self):
        """Return what waits for a decision, of this transfer or of its whole order."""
        own = self._credit_latest_hold()
        if own.state == "open":
            return own
        # sudo: see _credit_latest_hold
        holds = self.env["credit.insurance.hold"].sudo()._get_stops(self.sudo().sale_id)
        return (
            own.browse()
            .union(*holds.values())
            .filtered(lambda hold: hold.state == "open")
        )

    def _credit_is_waiting(self):
        """Whether all of it waits already: there is nothing more to ask for."""
        own = self._credit_latest_hold()
        if own.state != "open":
            return bool(self._credit_waiting_hold())
        value = sum(delivery.value for delivery in self._credit_deliveries())
        return own._reaches_order(self.sale_id, value)

    def _credit_request_text(self):
        """Say who asked for a release, when, and who is to decide on it."""
        return self._credit_latest_hold()._waiting_text()

    def _credit_decision_text(self, is_insider):
        """Say that a release was refused; why, to those who may know it."""
        hold = self._credit_latest_hold()
        if hold.state != "refused":
            return ""
        if not is_insider:
            return self.env._("A release was refused.")
        return self.env._("A release was refused: %(reason)s", reason=hold.reason)

    def _note_credit_request(self, reason):
        """Leave internal notes: no follower outside the company reads them."""
        body = self.env._("Credit release asked for: %s", reason)
        if not reason:
            body = self.env._("Credit release asked for.")
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    # === BACKORDERS === #

    def _credit_backordered(self):
        """Return this transfer and those that it is a backorder of, as superuser."""
        chain = picking = self.sudo()
        while picking := picking.backorder_id - chain:
            chain |= picking
        return chain
