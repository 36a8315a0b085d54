from odoo import api, fields, models
from odoo.tools import SQL

from ..models.decision.check.credit_finding import FINDING_CODES
from ..models.empty_list import empty_list

BATCH = 500  # orders checked in one go: it bounds the memory
ORDER_STATES = [("quotation", "Quotation"), ("confirmed", "Confirmed")]


class CreditInsuranceObservationEnd(models.TransientModel):
    """What would be held if the observation of a policy ended now.

    A policy starts in observation: all is computed, nothing held, until a manager has
    seen what would be held (DESIGN 4, *Installing changes nothing*). Confirmed orders
    stay confirmed and cleared; they are listed because their growth, and what is still
    to be delivered of them, would be held.
    """

    _name = "credit.insurance.observation.end"
    _description = "End of a Policy's Observation"

    policy_id = fields.Many2one(
        "credit.insurance.policy", required=True, ondelete="cascade", readonly=True
    )
    line_ids = fields.One2many(
        "credit.insurance.observation.end.line", "review_id", readonly=True
    )
    checked_count = fields.Integer("Orders Checked", readonly=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    quotation_count = fields.Integer("Quotations", compute="_compute_totals")
    quotation_total = fields.Monetary("Quotations Worth", compute="_compute_totals")
    confirmed_count = fields.Integer("Confirmed Orders", compute="_compute_totals")
    confirmed_total = fields.Monetary(
        "Confirmed Orders Worth", compute="_compute_totals"
    )
    checked_text = fields.Char(compute="_compute_texts")
    quotation_text = fields.Char(compute="_compute_texts")
    confirmed_text = fields.Char(compute="_compute_texts")

    @api.depends("line_ids.policy_amount", "line_ids.order_state")
    def _compute_totals(self):
        rows = self.env["credit.insurance.observation.end.line"]._read_group(
            [("review_id", "in", self.ids)],
            ["review_id", "order_state"],
            ["__count", "policy_amount:sum"],
        )
        found = {(review, state): figures for review, state, *figures in rows}
        for review in self:
            for state, _label in ORDER_STATES:
                count, total = found.get((review, state), (0, 0.0))
                review[f"{state}_count"], review[f"{state}_total"] = count, total

    @api.depends("checked_count", "quotation_count", "confirmed_count")
    def _compute_texts(self):
        for review in self:
            money = review.currency_id.format
            review.checked_text = self.env._(
                "Open orders that were checked: %s.", review.checked_count
            )
            review.quotation_text = self.env._(
                "Quotations that could not be confirmed without a release: %(count)s, "
                "worth %(total)s.",
                count=review.quotation_count,
                total=money(review.quotation_total),
            )
            review.confirmed_text = self.env._(
                "Confirmed orders that exceed what their buyers may use: %(count)s, "
                "worth %(total)s. They stay confirmed, but could not grow, and what is "
                "still to be delivered of them is not covered.",
                count=review.confirmed_count,
                total=money(review.confirmed_total),
            )

    # === ACTIONS === #

    def action_open_lines(self):
        """Open the whole list: to sort, group and export it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Would Be Held: %s", self.policy_id.display_name),
            "res_model": "credit.insurance.observation.end.line",
            "view_mode": "list",
            "domain": [("review_id", "=", self.id)],
            "help": empty_list(
                self.env._("No order would be held"),
                self.env._(
                    "All open orders that the policy insures fit in their buyers' "
                    "credit: close this list and end the observation."
                ),
            ),
        }

    def action_confirm(self):
        """End the observation; the policy checks that a manager does."""
        self.ensure_one()
        self.policy_id.action_end_observation()
        return {"type": "ir.actions.act_window_close"}

    # === REVIEW === #

    def _review(self):
        """List the orders that would be held, a batch of orders at a time.

        :raise AccessError: for who may not end the observation
        """
        self.ensure_one()
        self.policy_id._check_may_end_observation()
        order_ids = self._get_order_ids()
        self.checked_count = len(order_ids)
        # sudo: every order is checked, not only those that the manager may read
        orders = self.env["sale.order"].sudo()
        checks = self.env["credit.insurance.check"]
        modes = self.env["res.company"]._credit_check_modes()
        for start in range(0, len(order_ids), BATCH):
            batch = orders.browse(order_ids[start : start + BATCH])
            lines = [
                self._prepare_line(order, found, held_by)
                for order, found in checks._assess_each(batch).items()
                if (held_by := self._held_by(found, modes))
            ]
            self.line_ids.create(lines)

    def _get_order_ids(self):
        """Return open quotations and confirmed orders with something to deliver.

        Of all companies that the policy insures.
        """
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id
                  FROM sale_order o
                 WHERE o.company_id = ANY(%s)
                   AND (o.state IN ('draft', 'sent') OR (o.state = 'sale' AND EXISTS (
                        SELECT FROM sale_order_line l
                         WHERE l.order_id = o.id AND l.display_type IS NULL
                           AND l.is_downpayment IS NOT TRUE
                           AND COALESCE(l.qty_delivered, 0) < l.product_uom_qty)))
                 ORDER BY o.id
                """,
                self.policy_id.company_ids.ids,
            )
        )
        return [order_id for (order_id,) in rows]

    def _held_by(self, found, modes):
        """Return the findings that hold the order once the observation is over.

        Of the policy's own buyers; of those outside every policy too where all the
        other policies of the company hold orders already. What is held today (sanctions
        are) is not listed.
        """
        case = found.case
        mode = modes.get(case.order.company_id.id)
        if found.blocking or not mode:
            return []
        if case.position.policy:
            if case.position.policy != self.policy_id:
                return []
        elif not mode.observation:
            return []
        return [
            finding for finding in found.findings if finding.rule_severity == "block"
        ]

    def _prepare_line(self, order, found, held_by):
        case = found.case
        return {
            "review_id": self.id,
            "order_id": order.id,
            "order_state": "confirmed" if order.state == "sale" else "quotation",
            "partner_id": case.debtor.id,
            "salesperson_id": order.user_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "amount": order.amount_total,
            "policy_amount": order.currency_id._convert(
                order.amount_total,
                self.policy_id.currency_id,
                order.company_id,
                case.position.day,
            ),
            "limit_currency_id": case.currency.id,
            "missing_amount": max(finding.amount for finding in held_by),
            "code": held_by[0].code,
            "message": " ".join(finding.message for finding in held_by),
        }


class CreditInsuranceObservationEndLine(models.TransientModel):
    _name = "credit.insurance.observation.end.line"
    _description = "Order That Would Be Held"
    _order = "missing_amount desc, id"

    review_id = fields.Many2one(
        "credit.insurance.observation.end",
        required=True,
        index=True,
        ondelete="cascade",
    )
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    order_state = fields.Selection(ORDER_STATES, string="Status")
    partner_id = fields.Many2one("res.partner", "Buyer", ondelete="cascade")
    salesperson_id = fields.Many2one("res.users", "Salesperson", ondelete="cascade")
    company_id = fields.Many2one("res.company", ondelete="cascade")
    currency_id = fields.Many2one("res.currency", ondelete="cascade")
    amount = fields.Monetary("Order Total")
    policy_currency_id = fields.Many2one(
        related="review_id.policy_id.currency_id", string="Policy Currency"
    )
    policy_amount = fields.Monetary(
        "In the Policy's Currency", currency_field="policy_currency_id"
    )
    limit_currency_id = fields.Many2one("res.currency", ondelete="cascade")
    missing_amount = fields.Monetary("Missing", currency_field="limit_currency_id")
    code = fields.Selection(FINDING_CODES, "Cause")
    message = fields.Char("Why")
