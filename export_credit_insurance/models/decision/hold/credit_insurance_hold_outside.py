from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...reader_language import env_for
from .hold_kinds import STOPPING_KINDS

# What says how an order is confirmed: with a mail to the customer, or without the tasks
# of an order that was made for one.
CONFIRMATION_KEYS = ("send_email", "disable_project_task_generation")


class CreditInsuranceHold(models.Model):
    """Holds that no employee asked for, and what follows when they end."""

    _inherit = "credit.insurance.hold"

    caused_by = fields.Many2one(
        "res.users",
        string="Enlarged By",
        readonly=True,
        help="Whose work enlarged the order, by a delivery or a bill. As who asks "
        "cannot grant, neither can they.",
    )

    def _askers(self):
        # EXTENDS: who enlarged an order has asked for what it needs
        return super()._askers() | self.caused_by

    def _check_may_decide(self):
        # EXTENDS: as above
        if self.filtered(lambda hold: hold.caused_by == self.env.user):
            raise AccessError(
                self.env._(
                    "You enlarged this order yourself: somebody else has to decide "
                    "on it."
                )
            )
        return super()._check_may_decide()

    @api.model
    def _accept_waiting(self, orders, accepted_by, accepted):
        """Note on requests that wait already that the customer has accepted.

        :param accepted_by: the employee who did it in the customer's place, if any
        :param accepted: {order id: the total that the customer has seen}
        :return: the orders that need no new request, and those of them of which it
            was not known
        """
        # sudo: see the class docstring of the hold
        holds = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "=", "open"),
                ("kind", "=", "order"),
            ]
        )
        holds = holds.filtered(
            lambda hold: hold.currency_id == hold.order_id.currency_id
            and hold.currency_id.compare_amounts(
                hold.amount, hold.order_id._credit_to_release()
            )
            >= 0
        )
        news = holds.filtered(lambda hold: not hold.accepted_by_customer)
        for hold in holds:
            hold.write(
                {
                    **self._prepare_acceptance(hold.order_id, accepted),
                    "involved_ids": hold._involve([accepted_by]),
                }
            )
        news._tell_deciders_of_acceptance()
        return holds.order_id, news.order_id

    def _tell_deciders_of_acceptance(self):
        """Leave a note that reaches who decides: a customer waits for it now."""
        for hold, (first, further, _able) in self._deciders().items():
            users = first | further
            hold.message_post(
                body=env_for(self, users)._(
                    "The customer has accepted %(order)s and waits.", order=hold.name
                ),
                partner_ids=users.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def _prepare_acceptance(self, order, accepted):
        return {
            "accepted_by_customer": True,
            "accepted_amount": order.currency_id.round(accepted[order.id]),
            "confirmation_context": self._get_confirmation_context(),
        }

    def _get_carried_over(self):
        """Return {order id: what a newer request takes over}.

        That the customer has accepted, where the total is the same.
        """
        # EXTENDS: what an employee's request hands on
        kept = super()._get_carried_over()
        for order_id, acceptance in self._get_acceptances().items():
            kept[order_id] |= acceptance
        return kept

    def _involve(self, users=()):
        # EXTENDS: as the askers
        return super()._involve([*users, self.caused_by])

    def _get_acceptances(self):
        """Return {order id: the acceptance of a request of the same total}."""
        accepted = self.filtered(
            lambda hold: hold.accepted_by_customer
            and hold.currency_id == hold.order_id.currency_id
            and not hold.currency_id.compare_amounts(
                hold.accepted_amount, hold.order_id.amount_total
            )
        )
        return {
            hold.order_id.id: {
                "accepted_by_customer": True,
                "accepted_amount": hold.accepted_amount,
                "confirmation_context": hold.confirmation_context,
            }
            for hold in accepted
        }

    @api.model
    def _get_confirmation_context(self):
        """Return how the orders at hand were to be confirmed."""
        context = self.env.context
        return {key: True for key in CONFIRMATION_KEYS if context.get(key)}

    @api.model
    def _accepted_of_former_buyers(self, orders):
        """Return the requests for what customers accepted while another buyer owed it.

        :param orders: quotations that others owe by now
        """
        # sudo: who changes the buyer need not read holds
        holds = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "=", "open"),
                ("kind", "=", "order"),
            ]
        )
        acceptances = holds._get_acceptances()
        return holds.filtered(
            lambda hold: hold.order_id.id in acceptances
            and hold.partner_id != hold.order_id._credit_debtor()
        )

    def _go_on_with_new_buyers(self):
        """Confirm what was accepted, or have it wait for the credit of who owes it now.

        The contact of the shop has got its company: nobody accepts once more.
        """
        for hold in self:
            kept = hold._get_carried_over()[hold.order_id.id]
            hold.order_id._confirm_accepted(hold.confirmation_context or {})
            self.sudo().search(  # sudo: as above
                [
                    ("order_id", "=", hold.order_id.id),
                    ("state", "=", "open"),
                    ("kind", "=", "order"),
                ]
            ).write(kept)

    @api.model
    def _request_growth(self, assessments, flow, caused_by):
        """Make a hold for each order that grew; renew the one that waits, in silence.

        :param assessments: {order: :class:`Assessment`}
        :param flow: code of BACKGROUND_FLOWS
        :param caused_by: the employee whose work it is, if any
        :return: the orders that had no hold waiting for a decision
        """
        orders = self.env["sale.order"].browse([order.id for order in assessments])
        # sudo: the order grew by somebody's work who need not read holds
        holds = self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "in", ("open", "refused")),
                ("kind", "=", "growth"),
            ],
            order="id",
        )
        by_state = holds.grouped("state")
        waiting = {hold.order_id: hold for hold in by_state.get("open", ())}
        refused = {hold.order_id: hold for hold in by_state.get("refused", ())}
        new = {}
        growth = {"growth_flow": flow, "caused_by": caused_by.id}
        for order, found in assessments.items():
            if hold := waiting.get(order):
                hold.finding_ids.unlink()
                values = self._prepare_hold(order, found, hold.request_reason)
                involved = {"involved_ids": hold._involve()}
                hold.write({**values, **involved, "requested_by": False, **growth})
                hold._say_findings({order: found})
            elif not refused.get(order, self.browse())._stands_for(order):
                new[order] = found
        self._request(new, "", kind="growth", requested_by=False, **growth)
        return self.env["sale.order"].browse([order.id for order in new])

    def _stands_for(self, order):
        """Whether this hold speaks of all that the order has grown to."""
        return bool(self) and (
            self.currency_id.compare_amounts(self.amount, order._credit_to_release())
            >= 0
        )

    # === WHAT FOLLOWS === #

    def _release(self, vals):
        # EXTENDS: what waited for the release is done with it
        result = super()._release(vals)
        if self.state == "released":  # not where a second signature is awaited
            self.sudo()._carry_out()  # sudo: who decides need not edit orders
        return result

    def _carry_out(self):
        """Do what may be done now: clear what has grown, confirm what was accepted."""
        self.filtered(lambda hold: hold.kind in STOPPING_KINDS).order_id._clear_again()
        self._confirm_accepted_orders()

    def _refresh(self):
        # EXTENDS: the same where cover has come back
        result = super()._refresh()
        self.filtered(lambda hold: hold.state == "obsolete")._carry_out()
        return result

    def _confirm_accepted_orders(self):
        """Confirm what customers have accepted, or an employee's dialogue confirmed."""
        accepted = self.filtered(
            lambda hold: (hold.accepted_by_customer or hold.confirmation_context)
            and hold.order_id.state in ("draft", "sent")
        )
        same = accepted.filtered(
            lambda hold: hold.currency_id == hold.order_id.currency_id
            and not hold.currency_id.compare_amounts(*hold._confirmed_amounts())
        )
        for hold in same:
            hold.order_id._confirm_accepted(hold.confirmation_context or {})
        for order in (accepted - same).filtered("accepted_by_customer").order_id:
            order._tell_team(
                lambda env: env._(
                    "The customer accepted another total than the order has now: ask "
                    "for a new acceptance, or confirm it yourself."
                )
            )

    def _confirmed_amounts(self):
        """Return what was to be confirmed, and what the order comes to now."""
        if self.accepted_by_customer:
            return self.accepted_amount, self.order_id.amount_total
        return self.amount, self.order_id._credit_to_release()
