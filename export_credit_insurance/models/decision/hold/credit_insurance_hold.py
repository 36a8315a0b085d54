from odoo import api, fields, models

from ..background_flow import BACKGROUND_FLOWS
from ..check.credit_finding import (
    FINDING_CODES,
    SANCTION_CODE,
    SHORT_CODES,
    UNINSURED_CODES,
)
from .hold_kinds import HOLD_KINDS, HOLD_STATES, RELEASE_KINDS, STOPPING_KINDS


class CreditInsuranceHold(models.Model):
    """A request to let an order go although the check refuses it, and the decision.

    Nobody has the right to write it: requests come from
    ``sale.order.action_request_credit_release`` and from what happens without an
    employee to refuse it to (a customer's acceptance, growth in the background, a buyer
    that changes, cover that is lost), decisions from :meth:`_release` and
    :meth:`_refuse`, which check the acting user and then write as superuser. So state,
    amounts and author cannot be forged. A release is a commercial decision: it never
    creates cover (DESIGN 4).
    """

    _name = "credit.insurance.hold"
    _description = "Credit Hold"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    salesperson_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    kind = fields.Selection(
        HOLD_KINDS,
        required=True,
        default="order",
        readonly=True,
        index=True,
        help="Order Confirmation: nothing has happened yet. The others have happened "
        "already: until they are released, nothing more of the order is delivered.",
    )
    accepted_by_customer = fields.Boolean(
        readonly=True,
        help="The customer has signed or paid: the order is confirmed by itself, and "
        "the customer told, as soon as it is released or credit is available.",
    )
    accepted_amount = fields.Monetary(
        "Accepted Total",
        readonly=True,
        help="The total that the customer has accepted: an order that was changed "
        "since is not confirmed by itself.",
    )
    confirmation_context = fields.Json(
        readonly=True,
        help="How the order was to be confirmed when it was accepted.",
    )
    growth_flow = fields.Selection(
        BACKGROUND_FLOWS,
        string="Grown By",
        readonly=True,
        help="What enlarged the order without asking.",
    )
    state = fields.Selection(
        HOLD_STATES,
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    finding_ids = fields.One2many(
        "credit.insurance.hold.finding",
        "hold_id",
        string="Findings",
        readonly=True,
        help="Why the check refuses the order, with the cure of each.",
    )
    main_code = fields.Selection(
        FINDING_CODES, string="Main Finding", readonly=True, help="The gravest one."
    )
    has_sanction = fields.Boolean(compute="_compute_has_sanction")
    sanctioned_country_ids = fields.Many2many(
        "res.country",
        "credit_insurance_hold_country_rel",
        "hold_id",
        "country_id",
        string="Sanctioned Countries",
        readonly=True,
        help="A release holds for these countries only.",
    )

    # snapshot: what the request was decided on
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        "Requested",
        readonly=True,
        help="The order's total that is asked to go, tax included.",
    )
    policy_id = fields.Many2one(
        "credit.insurance.policy", ondelete="set null", readonly=True
    )
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    limit_amount = fields.Monetary(
        "Limit",
        currency_field="limit_currency_id",
        readonly=True,
        help="The insured limit in force when the release was asked for.",
    )
    exposure = fields.Monetary(
        "Exposure Before",
        currency_field="limit_currency_id",
        readonly=True,
        help="What the buyer owed and had on order, without this order.",
    )
    headroom_before = fields.Monetary(
        currency_field="limit_currency_id",
        readonly=True,
        help="What was left of limit, securities and own risk before this order.",
    )
    order_amount = fields.Monetary(
        "Order Adds",
        currency_field="limit_currency_id",
        readonly=True,
        help="What this order adds to the exposure.",
    )
    missing_amount = fields.Monetary(
        "Missing",
        currency_field="limit_currency_id",
        readonly=True,
        help="By how much the order exceeds what is left.",
    )
    insured_amount = fields.Monetary(
        "Within the Limit",
        currency_field="limit_currency_id",
        readonly=True,
        help="The part of the order that the limit covers once shipped.",
    )
    secured_amount = fields.Monetary(
        "Secured",
        currency_field="limit_currency_id",
        readonly=True,
        help="What letters of credit and guarantees stand for.",
    )
    own_risk_amount = fields.Monetary(
        "At Our Own Risk",
        currency_field="limit_currency_id",
        readonly=True,
        help="The part that no insurer pays if the buyer does not.",
    )

    # request
    requested_by = fields.Many2one("res.users", readonly=True)
    requested_on = fields.Datetime(
        string="Asked On", readonly=True, required=True, default=fields.Datetime.now
    )
    request_reason = fields.Text(readonly=True)
    wanted = fields.Json(
        string="Change Asked For",
        readonly=True,
        help="What a confirmed order shall become, for the check to be repeated.",
    )

    # decision
    release_kind = fields.Selection(
        RELEASE_KINDS,
        readonly=True,
        tracking=True,
        help="On what the release rests. A release never creates cover.",
    )
    release_amount = fields.Monetary(
        readonly=True,
        tracking=True,
        help="The order's largest total, tax included, that may be confirmed.",
    )
    release_until = fields.Date(
        readonly=True,
        tracking=True,
        help="After this day the order is checked again.",
    )
    agreement_ref = fields.Char(
        "Insurer's Reference",
        readonly=True,
        help="Number of the insurer's written agreement.",
    )
    legal_basis = fields.Char(
        readonly=True,
        help="Only with sanctions: the exemption or licence that allows the delivery.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", readonly=True, bypass_search_access=True
    )
    reason = fields.Text("Reason of the Decision", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, tracking=True)
    decided_on = fields.Datetime(readonly=True)

    _one_open_per_order = models.UniqueIndex(
        "(order_id, kind) WHERE state = 'open' AND kind <> 'delivery'",
        "A release has been asked for already: wait for the decision.",
    )
    _released_idx = models.Index("(order_id) WHERE state = 'released'")
    _stopping_idx = models.Index(
        "(order_id) WHERE kind IN ('growth', 'buyer', 'review')"
        " AND state IN ('open', 'refused')"
    )

    # === COMPUTE === #

    @api.depends("order_id.name")
    def _compute_name(self):
        for hold in self:
            hold.name = hold.order_id.name

    @api.depends("finding_ids.code")
    def _compute_has_sanction(self):
        for hold in self:
            hold.has_sanction = SANCTION_CODE in hold.finding_ids.mapped("code")

    # === ACTIONS === #

    def action_release(self):
        """Open the dialogue that releases this order."""
        self._check_not_signed()
        return self._open_decision("release", self.env._("Release Order"))

    def action_refuse(self):
        """Open the dialogue that refuses this order."""
        return self._open_decision("refuse", self.env._("Refuse Release"))

    def _open_decision(self, decision, title):
        self.ensure_one()
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "credit.insurance.hold.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_id": self.id, "default_decision": decision},
        }

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    # === GATE === #

    @api.model
    def _get_releases(self, orders):
        """Return {order: its latest release}."""
        # sudo: the gate asks for salespeople who may not read holds
        holds = self.sudo().search(
            [
                ("order_id", "in", orders._origin.ids),
                ("state", "=", "released"),
                ("kind", "!=", "delivery"),
            ],
            order="id",
        )
        latest = {hold.order_id: hold for hold in holds}
        return {
            order: latest[order._origin] for order in orders if order._origin in latest
        }

    @api.model
    def _get_stops(self, orders):
        """Return {order: holds that stop what is still to be delivered of it}.

        What grew, changed its buyer or lost its cover is not allowed until it is
        released; a refusal keeps it stopped.
        """
        # sudo: whoever delivers may not read holds
        holds = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "in", STOPPING_KINDS),
                ("state", "in", ("open", "refused")),
            ],
            order="id",
        )
        return dict(holds.grouped("order_id"))

    def _covers(self, case, findings):
        """Whether this release lets the order pass.

        It holds for one debtor, company and currency, up to its amount and day, for
        the findings that it was asked for, and for sanctions only if it says on which
        legal basis, against the countries that it was asked for.
        """
        self.ensure_one()
        order = case.order
        today = self.env["credit.insurance.position"]._today(order.company_id)
        sanctioned = self.env["res.country"]
        if any(finding.code == SANCTION_CODE for finding in findings):
            sanctioned = self.env["credit.insurance.check"]._sanctioned_countries(case)
        return (
            self.state == "released"
            and self.partner_id.id == order._credit_debtor().id
            and self.company_id.id == order.company_id.id
            and self.currency_id.id == order.currency_id.id
            and order.currency_id.compare_amounts(
                self.confirmable_amount, self._amount_to_release(case)
            )
            >= 0
            and bool(self.release_until)
            and today <= self.release_until
            and (not sanctioned or bool(self.legal_basis))
            and sanctioned <= self.sanctioned_country_ids
            and self._answers(findings)
        )

    def _amount_to_release(self, case):
        """Return what the release has to reach, in the order's currency."""
        return case.order._credit_to_release() + self._used_up(case)

    def _answers(self, findings):
        """Whether who released it knew of these findings.

        A lack of credit is one thing, whatever its reason; who let an order go of
        which nothing was insured has accepted that lack too.
        """
        known = set(self.finding_ids.mapped("code"))
        if known & {*SHORT_CODES, *UNINSURED_CODES}:
            known.update(SHORT_CODES)
        return all(finding.code in known for finding in findings)

    def _used_up(self, case):
        """Return what of this release went with goods taken out of the order since."""
        row = case.cleared
        return row.settled_since_release if row and row.hold_id == self.id else 0.0
