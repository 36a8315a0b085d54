from odoo import api, fields, models

from .credit_insurance_hold import ACTIVITY_DECIDE, ACTIVITY_TOLD, STOPPING_KINDS
from .reader_language import env_for


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
        self.sudo().search(
            [
                ("order_id", "in", orders.ids),
                ("kind", "!=", "delivery"),
                "|",
                ("state", "=", "open"),
                "&",
                ("state", "=", "refused"),
                ("kind", "in", STOPPING_KINDS),
            ]
        )._set_obsolete(
            lambda env: env._("The order passed without a release."), tell=False
        )

    @api.model
    def _settle_shrunk(self, orders):
        """Close the holds of orders that are back within what was allowed."""
        if not orders:
            return
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
