from odoo import api, fields, models

from .credit_finding import FINDING_CODES, SANCTION_CODE
from .reader_language import env_for

HOLD_STATES = [
    ("open", "To Decide"),
    ("released", "Released"),
    ("refused", "Refused"),
    ("obsolete", "No Longer Needed"),
]
RELEASE_KINDS = [
    ("own_risk", "At Our Own Risk"),
    ("insurer_agreement", "Insurer's Agreement"),
    ("security", "Security Obtained"),
    ("payment_announced", "Payment Announced"),
]
CONTROLLER_GROUP = "export_credit_insurance.group_credit_controller"
ACTIVITY_DECIDE = "export_credit_insurance.mail_activity_type_credit_hold"
ACTIVITY_TOLD = "export_credit_insurance.mail_activity_type_credit_decision"


class CreditInsuranceHold(models.Model):
    """A request to let an order go although the check refuses it, and the decision.

    Nobody has the right to write it: requests come from
    ``sale.order.action_request_credit_release``, decisions from :meth:`_release` and
    :meth:`_refuse`, which check the acting user and then write as superuser. So state,
    amounts and author cannot be forged. A release is a commercial decision: it never
    creates cover (DESIGN 4).
    """

    _name = "credit.insurance.hold"
    _description = "Credit Hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    state = fields.Selection(
        HOLD_STATES,
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    finding_ids = fields.One2many(
        "credit.insurance.hold.finding", "hold_id", string="Findings", readonly=True
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
    amount = fields.Monetary("Requested", readonly=True)
    policy_id = fields.Many2one(
        "credit.insurance.policy", ondelete="set null", readonly=True
    )
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    limit_amount = fields.Monetary(
        "Limit", currency_field="limit_currency_id", readonly=True
    )
    exposure = fields.Monetary(
        "Exposure Before", currency_field="limit_currency_id", readonly=True
    )
    headroom_before = fields.Monetary(currency_field="limit_currency_id", readonly=True)
    order_amount = fields.Monetary(
        "Order Adds", currency_field="limit_currency_id", readonly=True
    )
    missing_amount = fields.Monetary(
        "Missing", currency_field="limit_currency_id", readonly=True
    )
    insured_amount = fields.Monetary(
        "Within the Limit", currency_field="limit_currency_id", readonly=True
    )
    secured_amount = fields.Monetary(
        "Secured",
        currency_field="limit_currency_id",
        readonly=True,
        help="What letters of credit and guarantees stand for.",
    )
    own_risk_amount = fields.Monetary(
        "At Our Own Risk", currency_field="limit_currency_id", readonly=True
    )

    # request
    requested_by = fields.Many2one("res.users", readonly=True)
    request_reason = fields.Text(readonly=True)

    # decision
    release_kind = fields.Selection(RELEASE_KINDS, readonly=True, tracking=True)
    release_amount = fields.Monetary(
        readonly=True,
        tracking=True,
        help="The order's largest total, tax included, that may be confirmed.",
    )
    release_until = fields.Date(readonly=True, tracking=True)
    agreement_ref = fields.Char("Insurer's Reference", readonly=True)
    legal_basis = fields.Char(readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", readonly=True, bypass_search_access=True
    )
    reason = fields.Text("Reason of the Decision", readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, tracking=True)
    decided_on = fields.Datetime(readonly=True)

    _one_open_per_order = models.UniqueIndex(
        "(order_id) WHERE state = 'open'",
        "A release has been asked for already: wait for the decision.",
    )
    _released_idx = models.Index("(order_id) WHERE state = 'released'")

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
            [("order_id", "in", orders._origin.ids), ("state", "=", "released")],
            order="id",
        )
        latest = {hold.order_id: hold for hold in holds}
        return {
            order: latest[order._origin.sudo()]
            for order in orders
            if order._origin.sudo() in latest
        }

    def _covers(self, case, findings):
        """Whether this release lets the order pass.

        It holds for one debtor, company and currency, up to its amount and day, and
        for sanctions only if it says on which legal basis, against the countries that
        it was asked for.
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
                self.release_amount, order.amount_total + self._used_up(case)
            )
            >= 0
            and bool(self.release_until)
            and today <= self.release_until
            and (not sanctioned or bool(self.legal_basis))
            and sanctioned <= self.sanctioned_country_ids
        )

    def _used_up(self, case):
        """Return what of this release went with goods taken out of the order since."""
        row = case.cleared
        return row.settled_since_release if row and row.hold_id == self.id else 0.0

    # === REQUEST === #

    @api.model
    def _request(self, assessments, reason, amounts=None):
        """Make a hold for each order, or renew the one that waits.

        :param assessments: {order: :class:`Assessment`}
        :param amounts: {order: total asked for}, the order's own if not given
        :return: the holds
        """
        amounts = amounts or {}
        orders = self.env["sale.order"].browse([order.id for order in assessments])
        waiting = self.sudo().search(
            [("order_id", "in", orders.ids), ("state", "=", "open")]
        )
        waiting._set_obsolete(
            lambda env: env._("Replaced by a newer request."), tell=False
        )
        waiting.flush_recordset(["state"])  # one open request per order
        # sudo: whoever may edit the order may ask; nobody may write holds
        holds = self.sudo().create(
            [
                self._prepare_hold(order, found, reason, amounts.get(order))
                for order, found in assessments.items()
            ]
        )
        holds._tell_controllers()
        return holds

    @api.model
    def _prepare_hold(self, order, found, reason, amount=None):
        case = found.case
        money = case.currency.round
        shares = found.shares
        return {
            "order_id": order.id,
            "partner_id": case.debtor.id,
            "company_id": order.company_id.id,
            "currency_id": order.currency_id.id,
            "amount": max(amount or 0.0, order.amount_total),
            "policy_id": case.position.policy.id,
            "limit_currency_id": case.currency.id,
            "limit_amount": money(case.position.limit),
            "exposure": money(case.exposure_before),
            "headroom_before": money(case.available),
            "order_amount": money(case.secured + case.added),
            "missing_amount": money(found.missing),
            "insured_amount": shares.within_limit,
            "secured_amount": shares.secured,
            "own_risk_amount": shares.own_risk,
            "requested_by": self.env.uid,
            "request_reason": reason,
            "main_code": found.blocking[0].code if found.blocking else None,
            "sanctioned_country_ids": [
                fields.Command.set(
                    self.env["credit.insurance.check"]._sanctioned_countries(case).ids
                )
            ],
            "finding_ids": [
                fields.Command.create(
                    {
                        "sequence": sequence,
                        "code": finding.code,
                        "severity": finding.rule_severity,
                        "amount": finding.amount,
                        "currency_id": finding.currency.id,
                        "message": finding.message,
                        "cure": finding.cure,
                    }
                )
                for sequence, finding in enumerate(found.findings)
            ],
        }

    def _tell_controllers(self):
        """Give the credit controllers an activity on each request."""
        group = self.env.ref(CONTROLLER_GROUP)
        for company, holds in self.grouped("company_id").items():
            users = company.credit_controller_id or group.all_user_ids.filtered(
                lambda user, company=company: user.active
                and not user.share
                and company in user.company_ids
            )
            for hold in holds:
                for user in users - hold.requested_by:
                    hold.activity_schedule(
                        ACTIVITY_DECIDE,
                        user_id=user.id,
                        summary=env_for(hold, user)._(
                            "Release asked for: %s", hold.name
                        ),
                    )

    # === LIFE CYCLE === #

    def _set_obsolete(self, reason, tell=True):
        """Close requests and releases that are no longer needed.

        :param reason: function of an environment, why in its language
        """
        if not self:
            return
        holds = self.sudo()  # see the class docstring
        for reader, group in holds.grouped(lambda hold: hold._readers()[:1]).items():
            group.write(
                {
                    "state": "obsolete",
                    "reason": reason(env_for(group, reader)),
                    "decided_on": fields.Datetime.now(),
                }
            )
        holds._close_activities()
        if tell:
            holds._tell_salesperson(reason)

    @api.model
    def _settle_confirmed(self, orders):
        """Close the open requests of orders that passed without a release."""
        if not orders:
            return
        self.sudo().search(
            [("order_id", "in", orders.ids), ("state", "=", "open")]
        )._set_obsolete(
            lambda env: env._("The order passed without a release."), tell=False
        )

    @api.model
    def _settle_released(self, orders):
        """Take the reminder to confirm off orders that were confirmed by a release."""
        if orders:
            # sudo: the reminder may be another's
            orders.sudo().activity_unlink([ACTIVITY_TOLD])

    @api.model
    def _settle_cancelled(self, orders):
        """Close requests and releases of cancelled orders: they cannot be reused."""
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "in", ("open", "released")),
            ]
        )._set_obsolete(lambda env: env._("The order was cancelled."), tell=False)

    def _cron_refresh_holds(self, batch_size=200):
        """Close requests that no longer apply because cover came back.

        One batch of orders is checked in a constant number of queries, then committed.
        """
        holds = self.search([("state", "=", "open")], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(holds))
        for start in range(0, len(holds), batch_size):
            batch = holds[start : start + batch_size].exists()
            batch.filtered(lambda hold: hold.state == "open")._refresh()
            if not self.env["ir.cron"]._commit_progress(min(batch_size, len(batch))):
                break

    def _refresh(self):
        """Close those of these requests whose order would pass today."""
        orders = self.order_id.filtered(lambda order: order.state in ("draft", "sent"))
        on = orders.company_id._credit_checks_on()
        checked = orders.filtered(lambda order: order.company_id in on)
        assessments = self.env["credit.insurance.check"]._assess(
            checked, together=False
        )
        passing = self.filtered(
            lambda hold: hold.order_id in orders
            and (
                hold.order_id not in checked or not assessments[hold.order_id].blocking
            )
        )
        passing._set_obsolete(
            lambda env: env._("Credit is available again: the order can be confirmed.")
        )
        gone = self.filtered(lambda hold: hold.order_id.state == "cancel")
        gone._set_obsolete(lambda env: env._("The order was cancelled."), tell=False)

    # === MESSAGES === #

    def _close_activities(self):
        self.activity_unlink([ACTIVITY_DECIDE])

    def _readers(self):
        """Return who is told what was decided: who sells, then who asked."""
        # sudo: a controller need not read orders, nor their users
        return self.sudo().order_id.user_id | self.sudo().requested_by

    def _tell_salesperson(self, message):
        """Leave an internal note on the order, an activity for who sells and who asked.

        Never a message that followers who are customers would receive (DESIGN 7).
        Each reads it in their own language, the note in the salesperson's.

        :param message: function of an environment, what to say in its language
        """
        for hold in self:
            order = hold.order_id.sudo()  # a controller need not edit orders
            readers = hold._readers()
            order.message_post(
                body=message(env_for(hold, readers)), subtype_xmlid="mail.mt_note"
            )
            for user in readers:
                if user.active and not user.share:
                    order.activity_schedule(
                        ACTIVITY_TOLD,
                        user_id=user.id,
                        summary=message(env_for(hold, user)),
                    )
