from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...reader_language import env_for
from ..check.credit_finding import Wanted
from ..hold.credit_request import read_amounts, read_changes
from ..hold.hold_kinds import HOLD_STATES


class SaleOrder(models.Model):
    """Asking that an order may go although the check refuses it."""

    _inherit = "sale.order"

    credit_hold_ids = fields.One2many(
        "credit.insurance.hold",
        "order_id",
        string="Credit Holds",
        groups="export_credit_insurance.group_credit_user",
    )
    credit_hold_id = fields.Many2one(
        "credit.insurance.hold",
        string="Credit Hold",
        compute="_compute_credit_hold_id",
        compute_sudo=True,
        search="_search_credit_hold_id",
        groups="base.group_user",
        help="The latest request for release of this order.",
    )
    credit_hold_state = fields.Selection(
        HOLD_STATES,
        compute="_compute_credit_hold_id",
        compute_sudo=True,
        search="_search_credit_hold_state",
        groups="base.group_user",
    )

    # === COMPUTE === #

    @api.depends("credit_hold_ids.state")
    def _compute_credit_hold_id(self):
        self.credit_hold_id = self.credit_hold_state = False
        orders = self._origin
        if not orders or not self.env["res.company"]._credit_check_modes():
            return
        holds = self.env["credit.insurance.hold"]
        holds.flush_model(["order_id", "kind"])
        self.env.cr.execute(
            'SELECT order_id, max(id) FROM "credit_insurance_hold"'
            " WHERE order_id = ANY(%s) AND kind <> 'delivery' GROUP BY order_id",
            [orders.ids],
        )
        latest = dict(self.env.cr.fetchall())
        if not latest:
            return
        holds = holds.browse(latest.values())
        holds.fetch(["order_id", "state", "name"])
        for order in self:
            if hold_id := latest.get(order._origin.id):
                order.credit_hold_id = hold = holds.browse(hold_id)
                order.credit_hold_state = hold.state

    def _search_credit_hold_id(self, operator, value):
        self._check_field_access(self._fields["credit_hold_id"], "read")
        if operator != "in":
            return NotImplemented
        return self._credit_hold_domain("id", value)

    def _search_credit_hold_state(self, operator, value):
        self._check_field_access(self._fields["credit_hold_state"], "read")
        if operator != "in":
            return NotImplemented
        return self._credit_hold_domain("state", value)

    @api.model
    def _credit_hold_domain(self, column, values):
        """Find the orders whose latest hold has one of these values.

        It says which orders are on hold and nothing of the holds, which a salesperson
        may not read.
        """
        self.env["credit.insurance.hold"].flush_model(["order_id", "state", "kind"])
        latest = SQL(
            """
            SELECT order_id FROM (
                SELECT DISTINCT ON (order_id) order_id, id, state
                  FROM credit_insurance_hold
                 WHERE kind <> 'delivery'
                 ORDER BY order_id, id DESC
            ) latest
            """
        )
        found = Domain(
            "id",
            "in",
            SQL(
                "(%s WHERE %s = ANY(%s))",
                latest,
                SQL.identifier("latest", column),
                [value for value in values if value],
            ),
        )
        if False in values:
            found |= Domain("id", "not in", SQL("(%s)", latest))
        return found

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided_credit(self):
        """Keep orders on which credit control has decided: the decision goes with it.

        :raise UserError: naming them
        """
        if not self.env["res.company"]._credit_check_modes():
            return
        # sudo: who deletes a quotation need not read its holds
        decided = self.sudo().credit_hold_ids.filtered(
            lambda hold: hold.decided_by or hold.first_signed_by
        )
        if decided:
            raise UserError(
                self.env._(
                    "%(orders)s: credit control has decided on its release, and the "
                    "decision is kept. Cancel the order instead of deleting it.",
                    orders=", ".join(decided.order_id.mapped("name")),
                )
            )

    # === ACTIONS === #

    def action_request_credit_release(self, reason=None, amounts=None, changes=None):
        """Ask credit control to let these orders go.

        Runs in its own request: the refusal itself stores nothing.

        :param reason: why the order should go, for who decides
        :param amounts: {order id: total asked for} where an order shall grow
        :param changes: {order id: changes asked for} where a confirmed order shall
            change otherwise: ``partner_shipping_id``, ``partner_invoice_id``,
            ``payment_term_id``, ``growth`` (of what is neither delivered nor invoiced)
        :raise UserError: where nothing stands against the orders
        """
        self.check_access("write")
        wanted = self._credit_wanted(amounts or {}, changes or {})
        self._check_credit_release_possible()
        # sudo: the check reads the whole position, the request says only what it found
        assessments = self.env["credit.insurance.check"]._assess(
            self.sudo(),
            together=False,
            wanted=wanted,
            paid=self.sudo()._credit_paid_orders(wanted),  # sudo: as above
            actor=self._acting_employee(),
        )
        held = {
            order.sudo(False): found
            for order, found in assessments.items()
            if not found.passes
        }
        if not held:
            raise UserError(
                self.env._(
                    "No credit finding blocks %(orders)s: confirm without a release.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        self.env["credit.insurance.hold"]._request(
            held,
            reason or "",
            {order: asked.total for order, asked in wanted.items()},
            wanted=wanted,
        )
        for order in held:
            order._note_credit_request(reason)
        return True

    def _credit_wanted(self, amounts, changes):
        """Return {order as superuser: :class:`Wanted`} of a request's values.

        :raise AccessError: for addresses that the user may not read
        """
        amounts, changes = self._credit_read_request(amounts, changes)
        wanted = {}
        for order in self.filtered(lambda o: o.id in {*amounts, *changes}):
            change = changes.get(order.id, {})
            partners = {
                name: self.env["res.partner"].browse(change[name])
                for name in ("partner_shipping_id", "partner_invoice_id")
                if change.get(name)
            }
            for partner in partners.values():
                partner.check_access("read")
            term = None
            if "payment_term_id" in change:
                # sudo: the request repeats what was refused, readable or not
                term = self.env["account.payment.term"].sudo()
                term = term.browse(change["payment_term_id"] or ()).exists()
            wanted[order.sudo()] = Wanted(
                total=amounts.get(order.id),
                growth=change.get("growth", 0.0),
                delivery=partners.get("partner_shipping_id"),
                invoice=partners.get("partner_invoice_id"),
                payment_term=term,
            )
        return wanted

    @api.model
    def _credit_read_request(self, amounts, changes):
        """Return amounts and changes by id of their order, as numbers.

        :raise UserError: where a client sent something else
        """
        try:
            return read_amounts(amounts), read_changes(changes)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._(
                    "The amounts or changes of this request cannot be read. Open the "
                    "order and ask for its release from there."
                )
            ) from error

    def _check_credit_release_possible(self):
        if not self:
            raise UserError(self.env._("Choose the orders that should be released."))
        if cancelled := self.filtered(lambda order: order.state == "cancel"):
            raise UserError(
                self.env._(
                    "%(orders)s: a cancelled order cannot be released.",
                    orders=", ".join(cancelled.mapped("name")),
                )
            )
        if self.company_id - self.company_id._credit_checks_on():
            raise UserError(
                self.env._("Orders of this company are not checked: confirm them.")
            )

    def _note_credit_request(self, reason):
        """Leave an internal note: no follower outside the company reads it.

        In the salesperson's language, whoever asks.
        """
        env = env_for(self, self.sudo().user_id)  # sudo: a colleague's language
        body = env._("Credit release asked for.")
        if reason:
            body = env._("Credit release asked for: %s", reason)
        self.message_post(body=body, subtype_xmlid="mail.mt_note")

    def action_open_credit_hold(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Hold"),
            "res_model": "credit.insurance.hold",
            "res_id": self.credit_hold_id.id,
            "view_mode": "form",
        }
