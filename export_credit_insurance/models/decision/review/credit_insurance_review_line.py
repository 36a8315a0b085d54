from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...groups import CONTROLLER_GROUP
from ..check.credit_finding import FINDING_CODES


class CreditInsuranceReviewLine(models.Model):
    """An open order that would not pass any more because of an event.

    A confirmed order is on hold until somebody decides; a quotation is only listed, its
    confirmation is refused anyway. What was sold on account at the till is gone: it is
    listed until somebody has decided what to do about it. The figures are those of the
    day.
    """

    _name = "credit.insurance.review.line"
    _description = "Order to Review"
    _order = "id desc"
    _rec_name = "order_id"

    review_id = fields.Many2one(
        "credit.insurance.review",
        string="Cause",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    cause = fields.Selection(related="review_id.cause", string="Kind of Cause")
    order_id = fields.Many2one(
        "sale.order", index=True, ondelete="cascade", readonly=True
    )
    receipt_ref = fields.Char(
        string="Document",
        readonly=True,
        help="The receipt of the till, or the transfer or invoice without an order.",
    )
    till_order_id = fields.Integer(readonly=True, help="Number of the till's order.")
    sold_by = fields.Many2one(
        "res.users",
        string="Done By",
        readonly=True,
        help="Who did it, at the till, in the warehouse or in the books, does not "
        "decide on it.",
    )
    involved_ids = fields.Many2many(
        "res.users",
        "credit_insurance_review_line_involved_rel",
        "line_id",
        "user_id",
        string="Involved Users",
        readonly=True,
        help="Who made the document, sells it or changed how it is paid does not "
        "decide on it either.",
    )
    stage = fields.Selection(
        [
            ("quotation", "Quotation"),
            ("confirmed", "Confirmed"),
            ("till", "Sold at the Till"),
            ("refund", "Given Back at the Till"),
            ("invoice", "Invoiced Without an Order"),
            ("taken_back", "Delivery Taken Back"),
            ("credited", "Delivered and Credited"),
            ("unchecked", "Not Checked"),
        ],
        required=True,
        readonly=True,
        help="When the event was looked at.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    salesperson_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    order_state = fields.Selection(related="order_id.state", string="Order Status")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    limit_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    undelivered_amount = fields.Monetary(
        "Not Delivered",
        readonly=True,
        help="What of the order is neither delivered, invoiced nor paid for.",
    )
    missing_amount = fields.Monetary(
        "Missing", currency_field="limit_currency_id", readonly=True
    )
    main_code = fields.Selection(FINDING_CODES, string="Main Finding", readonly=True)
    is_observed = fields.Boolean(
        string="Only Observed",
        readonly=True,
        help="Its policy is in observation: it would be held, and goes all the same.",
    )
    hold_id = fields.Many2one(
        "credit.insurance.hold",
        string="Hold",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="Empty: nothing is held, because it is a quotation or the policy is only "
        "being observed.",
    )
    hold_state = fields.Selection(related="hold_id.state", string="Decision")
    reviewed_by = fields.Many2one("res.users", readonly=True)
    reviewed_on = fields.Datetime(readonly=True)
    is_open = fields.Boolean(
        "To Review", compute="_compute_is_open", search="_search_is_open"
    )

    _till_order_unique = models.UniqueIndex(
        "(till_order_id, undelivered_amount) WHERE till_order_id > 0",
        "A sale at the till is listed once with the same amount.",
    )
    _of_one_document = models.Constraint(
        "CHECK ((order_id IS NULL) = (receipt_ref IS NOT NULL))",
        "A line is of an order or of another document.",
    )
    _order_unique = models.Constraint(
        "UNIQUE (review_id, order_id)", "An event lists an order only once."
    )

    # === COMPUTE === #

    @api.depends("order_id", "receipt_ref")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.order_id.display_name or line.receipt_ref

    @api.depends("reviewed_on", "stage", "order_state", "hold_state")
    def _compute_is_open(self):
        """What waits: a cancelled order does not, what has happened still does.

        Cancelling an order undoes no delivery.
        """
        facts = self.env["credit.insurance.review"]._fact_stages()
        for line in self:
            line.is_open = (
                not line.reviewed_on
                and (line.stage in facts or line.order_state != "cancel")
                and line.hold_state in (False, "open")
            )

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        opened = Domain(
            [
                ("reviewed_on", "=", False),
                "|",
                ("stage", "in", self.env["credit.insurance.review"]._fact_stages()),
                ("order_id.state", "!=", "cancel"),
                "|",
                ("hold_id", "=", False),
                ("hold_id.state", "=", "open"),
            ]
        )
        if set(value) == {True}:
            return opened
        return ~opened if set(value) == {False} else Domain.TRUE

    # === ACTIONS === #

    def action_reviewed(self):
        """Take these orders off the list: what they need has been done.

        What is on hold stays so: a hold is released or refused, not ticked off.

        :raise AccessError: for anybody but a credit controller, and for who sold it
        """
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller takes orders off the list.")
            )
        self.check_access("read")
        if own := self.filtered(lambda line: self.env.user in line._acted()):
            raise AccessError(
                self.env._(
                    "%(documents)s: you did it yourself. Somebody else has to decide "
                    "on it.",
                    documents=", ".join(own.mapped("display_name")),
                )
            )
        # sudo: nobody writes what an event has listed; the reviewer's name is added
        self.sudo().filtered(
            lambda line: line.is_open and line.hold_state != "open"
        ).write({"reviewed_by": self.env.uid, "reviewed_on": fields.Datetime.now()})
        return True

    def _acted(self):
        """Return who did this or had a part in it: nobody decides on what is his."""
        return self.sold_by | self.involved_ids

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def action_open_hold(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.hold",
            "res_id": self.hold_id.id,
            "view_mode": "form",
        }
