from odoo import api, fields, models
from odoo.tools import SQL

from ...contract.shared_numbers import sharing_buyers
from ...job import attempt
from ...reader_language import env_for
from ..check.credit_finding import Wanted
from .hold_kinds import ACTIVITY_DECIDE, ACTIVITY_TOLD, STOPPING_KINDS

REFRESH_CRON = "export_credit_insurance.ir_cron_refresh_credit_holds"


class CreditInsuranceHold(models.Model):
    """How holds end without a decision, and who reads of it."""

    _inherit = "credit.insurance.hold"

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
        """Close the requests and stops of orders that passed without a release."""
        if not orders:
            return
        # sudo: who confirms need not read holds, which the server alone closes
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "!=", "delivery"),
                *self._closable_domain(),
            ]
        ).filtered(lambda hold: not hold._asks_for_more())._set_obsolete(
            lambda env: env._("The order passed without a release."), tell=False
        )

    def _asks_for_more(self):
        """Whether a confirmed order shall become larger still than it is by now."""
        return bool(self.wanted) and (
            self.currency_id.compare_amounts(
                self.amount, self.order_id._credit_to_release()
            )
            > 0
        )

    @api.model
    def _settle_shrunk(self, orders):
        """Close the holds of orders that are back within what was allowed."""
        if not orders:
            return
        # sudo: who lowers the order need not read holds
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "=", "growth"),
                ("state", "in", ("open", "refused")),
            ]
        )._set_obsolete(
            lambda env: env._("The order is back within what was allowed."), tell=False
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
        # sudo: who cancels need not read holds
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("state", "in", ("open", "released")),
            ]
        )._set_obsolete(lambda env: env._("The order was cancelled."), tell=False)

    @api.model
    def _cron_refresh_holds(self, batch_size=200):
        """Close requests that no longer apply because cover came back.

        One batch of orders is checked in a constant number of queries, then committed;
        where one of them fails, its batch is done hold by hold.
        """

        def refresh(some):
            some._which_wait()._refresh()

        holds = self.search(self._closable_domain(), order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(holds))
        for start in range(0, len(holds), batch_size):
            batch = holds[start : start + batch_size]
            if attempt(self.env, refresh, batch) is None:
                for hold in batch:
                    attempt(self.env, refresh, hold)
                    self.env["ir.cron"]._commit_progress()
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                break

    @api.model
    def _closable_domain(self):
        """Find the holds that end once credit is available again.

        Open requests, and what stops an order although somebody refused to release it.
        """
        return [
            "|",
            ("state", "=", "open"),
            "&",
            ("state", "=", "refused"),
            ("kind", "in", STOPPING_KINDS),
        ]

    @api.model
    def _closable_condition(self):
        """Return the same as SQL, of a row of holds."""
        return SQL(
            "(state = 'open' OR (state = 'refused' AND kind = ANY(%s)))",
            list(STOPPING_KINDS),
        )

    def _which_wait(self):
        """Return the holds that nobody has decided on or deleted meanwhile."""
        return self.exists().filtered_domain(self._closable_domain())

    def _refresh(self):
        """Close those of these holds that are no longer needed today."""
        passing = self._which_pass()
        quotations = passing.filtered(lambda hold: hold.order_id.state != "sale")
        quotations._set_obsolete(
            lambda env: env._("Credit is available again: the order can be confirmed.")
        )
        stops = passing.filtered(lambda hold: hold.kind in STOPPING_KINDS) - quotations
        stops._set_obsolete(
            lambda env: env._("Credit is available again: the order may be delivered.")
        )
        (passing - quotations - stops)._set_obsolete(
            lambda env: env._("Credit is available again: the order can be changed.")
        )
        gone = self.filtered(lambda hold: hold.order_id.state == "cancel")
        gone._set_obsolete(lambda env: env._("The order was cancelled."), tell=False)

    def _which_pass(self):
        """Return the holds whose order passes the full check today.

        Quotations, and what has happened already (growth, a change of buyer, lost
        cover), are checked as they are; a change of a confirmed order as it was asked
        for. Holds of deliveries are not looked at: they go by what is delivered.
        """
        confirmed = self.filtered(lambda hold: hold.order_id.state == "sale")
        as_they_are = self.filtered(
            lambda hold: hold.order_id.state in ("draft", "sent")
            and hold.kind != "delivery"
        ) | confirmed.filtered(lambda hold: hold.kind in STOPPING_KINDS)
        changes = confirmed.filtered(lambda hold: hold.kind == "order" and hold.wanted)
        wanted = {
            hold.order_id: Wanted.from_json(self.env, hold.wanted) for hold in changes
        }
        blocked = self._which_blocked(as_they_are.order_id)
        blocked_changes = self._which_blocked(changes.order_id, wanted)
        return as_they_are.filtered(
            lambda hold: hold.order_id not in blocked
        ) | changes.filtered(lambda hold: hold.order_id not in blocked_changes)

    @api.model
    def _which_blocked(self, orders, wanted=None):
        """Return the orders that the check refuses today, each as if it were alone."""
        on = orders.company_id._credit_checks_on()
        checked = orders.filtered(lambda order: order.company_id in on)
        assessments = self.env["credit.insurance.check"]._assess_each(checked, wanted)
        return checked.filtered(lambda order: assessments[order].blocking)

    # === WAKING UP === #

    @api.model
    def _cover_may_be_back(self, partners):
        """Have open holds looked at soon: something happened to these buyers.

        Money came in, the insurer or the seller accepts more. Asked in the midst of
        bookkeeping, so it costs nothing where no company is checked, and one look
        where no such buyer has an open hold. Buyers that share a limit wake each
        other.

        :param partners: buyers or their contacts
        """
        if not partners or not self.env["res.company"]._credit_check_modes():
            return
        # sudo: whoever books a receipt need not read buyers or holds
        buyers = partners.sudo().commercial_partner_id
        self.flush_model(["partner_id", "state", "kind"])
        self.env["credit.insurance.limit"].flush_model(
            ["partner_id", "insurer_id", "insurer_buyer_ref"]
        )
        [(found,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM credit_insurance_hold
                     WHERE %s AND partner_id IN (%s)
                )
                """,
                self._closable_condition(),
                sharing_buyers(SQL("SELECT unnest(%s::int[])", buyers.ids)),
            )
        )
        if found:
            self.env.ref(REFRESH_CRON)._trigger()

    # === MESSAGES === #

    def _close_activities(self):
        self.activity_unlink([ACTIVITY_DECIDE])

    def _readers(self):
        """Return who is told what was decided: who sells, then who asked."""
        order = self.sudo().order_id  # sudo: a controller need not read orders
        seller = order.user_id or order.team_id.user_id
        return seller | self.sudo().requested_by

    def _document(self):
        """Return the document that is held, where whoever waits for it looks."""
        self.ensure_one()
        return self.order_id

    def _told_activity(self):
        """Return the kind of activity that tells of the decision on the document."""
        return ACTIVITY_TOLD

    def _tell_salesperson(self, message):
        """Leave an internal note on the order, an activity for who sells and who asked.

        Never a message that followers who are customers would receive (DESIGN 7).
        Each reads it in their own language, the note in the salesperson's.

        :param message: function of an environment, what to say in its language
        """
        for hold in self:
            document = hold._document().sudo()  # a controller need not edit it
            readers = hold._readers()
            document.message_post(
                body=message(env_for(hold, readers)), subtype_xmlid="mail.mt_note"
            )
            for user in readers:
                if user.active and not user.share:
                    document.activity_schedule(
                        hold._told_activity(),
                        user_id=user.id,
                        summary=message(env_for(hold, user)),
                    )
