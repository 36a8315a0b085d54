import logging

from odoo import SUPERUSER_ID, Command, api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...reader_language import env_for
from ..background_flow import background_flow
from ..hold.hold_kinds import ACTIVITY_TOLD
from ..wrapped_method import wrap

_logger = logging.getLogger(__name__)

# Dialogues that make an order and confirm it at once: refused, it would be lost.
CREATED_FOR = {"create_for_task_id", "create_for_employee_mapping"}


class SaleOrder(models.Model):
    """Orders that customers confirm, and those that others confirm for them.

    Nobody is there to read a refusal: a customer signs or pays, a webhook, a cash
    register or a nightly job goes on. Nothing raises; what is not covered waits as
    ``sent`` on hold, the team is told, and once it is released or credit is available
    the confirmation and its mail follow by themselves (DESIGN 4, *Outside*).
    """

    _inherit = "sale.order"

    def _register_hook(self):
        # EXTENDS 'base'
        super()._register_hook()
        # Outermost: add-ons that take loyalty points, seats or booths in their own
        # action_confirm, or invoice a free order in _validate_order, must not see the
        # orders that wait.
        orders = self.env.registry["sale.order"]
        wrap(orders, "action_confirm", _confirm_the_ready)
        wrap(orders, "_validate_order", _validate_the_ready)

    # === CONFIRMATION === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        # EXTENDS 'mail': an alias may say that what comes by mail is confirmed. Nobody
        # reads a refusal, and the customer's mail would be lost
        values = dict(custom_values or {})
        if (
            values.get("state") != "sale"
            or not self.env["res.company"]._credit_check_modes()
        ):
            return super().message_new(msg_dict, custom_values)
        order = super().message_new(msg_dict, {**values, "state": "draft"})
        # sudo: the gateway acts, whoever the mail says it is from
        order.sudo().action_confirm()
        return order

    def _credit_ready_orders(self):
        """Put on hold what may not be confirmed; return the rest of the orders.

        An employee who confirms is refused by the gate instead, and reads why.
        """
        checked_companies = self.env["res.company"]._credit_check_modes()
        if not checked_companies or self._is_refusable():
            return self
        # waiting changes the orders too: who may not confirm them cannot hold them up
        self.check_access("write")
        # sudo: customers and their payments know nothing of credit
        orders = self.sudo().filtered(
            lambda order: order.state in ("draft", "sent")
            and order.company_id.id in checked_companies
        )
        if not orders:
            return self
        accepted = {order.id: order.amount_total for order in orders}
        orders._settle_rewards()
        orders._settle_credit_fields()
        # writes the anchors: the gate will find what is found here
        cleared = self.env["credit.insurance.clearance"]._get_cleared(orders)
        assessments = self.env["credit.insurance.check"]._assess(
            orders, cleared=cleared, actor=self._acting_employee()
        )
        waiting = {
            order: found for order, found in assessments.items() if not found.passes
        }
        orders._wait_for_credit(waiting, self._asking_employee(), accepted)
        waiting_ids = {order.id for order in waiting}
        return self.filtered(lambda order: order.id not in waiting_ids)

    def _settle_rewards(self):
        """Look at rewards once more, as Odoo does in the midst of a confirmation.

        What has ended meanwhile takes nothing off any more: it is the total without it
        that passes or waits. Rewards whose points are spent are left to Odoo, which
        confirms no such order.
        """
        if "coupon_point_ids" not in self._fields:
            return
        for order in self.filtered("order_line.reward_id"):
            cards = order.applied_coupon_ids | order.coupon_point_ids.coupon_id
            cards |= order.order_line.coupon_id
            if all(order._get_real_points_for_coupon(card) >= 0 for card in cards):
                order._update_programs_and_rewards()

    def _is_refusable(self):
        """Whether an employee acts, who would read why an order is refused."""
        made_for = CREATED_FOR & self.env.context.keys()
        return self._is_employee_at_work() and not made_for

    def _is_employee_at_work(self):
        """Whether an employee acts, with no more rights than their own."""
        env = self.env
        return env.user._is_internal() and not env.su and not background_flow(env)

    def _asking_employee(self):
        """Return the employee who confirms, though not to be refused; else nobody.

        No customer has accepted anything then, and who asks cannot grant.
        """
        if self.env.su or background_flow(self.env):
            return self.env["res.users"]
        return self._acting_employee()

    def _acting_employee(self):
        """Return the employee at work, whatever rights the work is done with."""
        user = self.env.user
        is_employee = user.id != SUPERUSER_ID and user._is_internal()
        return user if is_employee else user.browse()

    def _wait_for_credit(self, assessments, asked_by, accepted):
        """Let these orders wait until credit control has decided.

        :param assessments: {order: :class:`Assessment`} of those refused
        :param asked_by: the employee who confirms, nobody where a customer does
        :param accepted: {order id: the total that the customer has seen}
        """
        if not assessments:
            return
        orders = self.browse([order.id for order in assessments])
        # an employee who signs or pays in the customer's place cannot grant it
        accepted_by = self._acting_employee()
        orders = orders.with_user(SUPERUSER_ID)  # not in the customer's name
        # a cart left as a draft would be offered back as abandoned
        drafts = orders.filtered(lambda order: order.state == "draft")
        drafts.with_context(tracking_disable=True).write({"state": "sent"})
        orders._assign_seller()
        # as the system: customers ask for nothing
        holds = self.env["credit.insurance.hold"].with_user(SUPERUSER_ID)
        by_id = {order.id: found for order, found in assessments.items()}
        if asked_by:
            holds._request(
                {order: by_id[order.id] for order in orders},
                "",
                requested_by=asked_by.id,
                confirmation_context=holds._get_confirmation_context(),
            )
            return
        waiting, news = holds._accept_waiting(orders, accepted_by, accepted)
        for order in orders - waiting:
            holds._request(
                {order: by_id[order.id]},
                "",
                requested_by=False,
                involved_ids=[Command.link(user.id) for user in accepted_by],
                **holds._prepare_acceptance(order, accepted),
            )
        for order in orders - waiting + news:
            order._tell_accepted(accepted_by)

    def _tell_accepted(self, accepted_by):
        """Tell the team that the customer, or who acted for them, has accepted."""
        if accepted_by:
            self._tell_team(
                lambda env: env._(
                    "Accepted in the customer's place by %(user)s, waiting for credit "
                    "control. It is confirmed by itself once it is released or credit "
                    "is available.",
                    user=accepted_by.name,
                )
            )
            return
        self._tell_team(
            lambda env: env._(
                "Accepted by the customer, waiting for credit control. It is "
                "confirmed by itself once it is released or credit is available."
            )
        )

    def _assign_seller(self):
        """Give carts the salesperson that the shop gives them when it confirms them."""
        if "website_id" in self._fields:
            self.filtered("website_id")._compute_user_id()

    def _tell_team(self, message):
        """Leave an internal note and an activity for who sells, or leads the team.

        :param message: function of an environment, what to say in its language
        """
        self.ensure_one()
        seller = self.user_id or self.team_id.user_id
        self.message_post(
            body=message(env_for(self, seller)), subtype_xmlid="mail.mt_note"
        )
        if seller.active and not seller.share:
            self.activity_schedule(
                ACTIVITY_TOLD,
                user_id=seller.id,
                summary=message(env_for(self, seller)),
            )

    def _confirm_accepted(self, context):
        """Confirm orders that were accepted, as they were to be confirmed then.

        What keeps one of them from being confirmed for another reason is told to who
        sells it; the decision on the hold stands.

        :param context: whether the customer gets a mail, ... (CONFIRMATION_KEYS)
        """
        # as the system: who decides on credit need not edit orders
        for order in self.with_user(SUPERUSER_ID).with_context(**context):
            try:
                with self.env.cr.savepoint():
                    order.with_company(order.company_id).action_confirm()
                if order.state == "sale":
                    order.activity_unlink([ACTIVITY_TOLD])  # there is nothing to do
                with self.env.cr.savepoint():
                    order.transaction_ids._credit_invoice_released()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except (UserError, RedirectWarning) as error:
                order._tell_not_confirmed(error.args[0])
            except Exception:
                # another add-on's fault undoes no decision of credit control
                _logger.exception("Order %s could not be confirmed", order.id)
                order._tell_failed()

    def _tell_not_confirmed(self, reason):
        """Tell the team what stands in the way of an order after a release."""
        confirmed = self.state == "sale"  # then it is an invoice that was not made
        self._tell_team(
            lambda env: reason
            if confirmed
            else env._(
                "Released by credit control, but it cannot be confirmed: %s", reason
            )
        )

    def _tell_failed(self):
        """Tell the team that something broke, and what to do; the log says what."""
        if self.state == "sale":
            self._tell_team(
                lambda env: env._(
                    "Released by credit control and confirmed, but no invoice could "
                    "be made of what is paid: make it by hand. If that fails too, "
                    "have your administrator look into the server's log."
                )
            )
            return
        self._tell_team(
            lambda env: env._(
                "Released by credit control, but it could not be confirmed because of "
                "an error: confirm it by hand. If that fails too, have your "
                "administrator look into the server's log."
            )
        )

    # === GROWTH === #

    def _hold_growth(self, assessments, cleared):
        """Open a hold for what a background flow enlarges; return these orders.

        What happens has happened: a bill is posted, goods are delivered. It counts as
        not allowed, and nothing more of the order is delivered until it is released.

        :param assessments: {order: :class:`Assessment`}
        :param cleared: {order id: :class:`Cleared`}
        """
        flow = background_flow(self.env)
        grown = {
            order: found
            for order, found in assessments.items()
            if flow and not found.passes and order._is_cleared(cleared)
        }
        if not grown:
            return self.browse()
        # as the system: nobody asks, the order has grown
        holds = self.env["credit.insurance.hold"].with_user(SUPERUSER_ID)
        for order in holds._request_growth(grown, flow, self._acting_employee()):
            order._tell_team(
                lambda env: env._(
                    "The order has grown beyond the buyer's credit. Nothing more of it "
                    "is delivered until credit control releases it."
                )
            )
        return self.browse([order.id for order in grown])

    def _suspend_growth(self):
        """Note what these orders have grown to in the background, allowed or not."""
        self.env["credit.insurance.clearance"]._suspend(
            {order: order._credit_measures() for order in self}
        )

    def _check_credit_delivered_more(self):
        """Check confirmed orders of which more was delivered than ordered.

        Their clearance says nothing of it: the engine counts the larger of ordered and
        delivered. A total that somebody has raised in the same breath is no part of
        what happened in the background: the gate has still to see it.
        """
        self.env["credit.insurance.anchor"]._bump(self._credit_debtor())
        cleared = self.env["credit.insurance.clearance"]._get_cleared(self)
        assessments = self.env["credit.insurance.check"]._assess(self, cleared=cleared)
        self._hold_growth(assessments, cleared)

    def _is_cleared(self, cleared):
        """Whether the order was cleared for this very debtor, company and currency."""
        return cleared[self.id].parties == self._credit_parties()

    def _clear_again(self):
        """Clear confirmed orders whose growth or change was released."""
        orders = self.filtered(lambda order: order.state == "sale")
        if orders:
            cleared = self.env["credit.insurance.clearance"]._get_cleared(orders)
            orders._check_credit_of(cleared)


def _confirm_the_ready(confirm):
    def action_confirm(self, *args, **kwargs):
        ready = self._credit_ready_orders()
        if self and not ready:
            return True
        return confirm(ready, *args, **kwargs)

    return action_confirm


def _validate_the_ready(validate):
    def _validate_order(self):
        # what it hands to action_confirm, so that the mail follows a release too
        ready = self & self.with_context(send_email=True)._credit_ready_orders()
        return validate(ready) if ready else None

    return _validate_order
