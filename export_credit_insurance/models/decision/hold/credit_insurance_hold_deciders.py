from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import format_date

from ...groups import ADMIN_GROUP, MANAGER_GROUP
from ...reader_language import env_for, env_for_all
from .hold_kinds import ACTIVITY_DECIDE


class Deciders(NamedTuple):
    """Who decides on a hold."""

    first: Any  # whose task it is
    further: Any  # who stands in, because none of them may release it
    able: Any  # which of all of them may


class CreditInsuranceHold(models.Model):
    """Who is told that there is something to decide.

    The controller of the company, or all of them; where none of them may release the
    hold, the managers too; where nobody is left but who asks, the administrators, who
    can give somebody the right.
    """

    _inherit = "credit.insurance.hold"

    def _tell_controllers(self):
        """Give those who decide an activity on each request, all of them in one go."""
        found = self._deciders()
        self._ask_to_decide(
            {hold: who.first | who.further for hold, who in found.items()}
        )
        for hold, who in found.items():
            if who.further:
                hold._say_who_stands_in(who.further)
        for holds in self.grouped("company_id").values():
            if stuck := holds.filtered(lambda hold: not found[hold].able):
                stuck._tell_administrators()

    def _deciders(self):
        """Return {hold: :class:`Deciders`}, in queries that do not grow with the holds.

        Nobody who asked for it or has signed it. Managers stand in where none of the
        others may release it.
        """
        companies = self.company_id
        controllers = {each: each._credit_controllers() for each in companies}
        managers = {each: each._credit_members(MANAGER_GROUP) for each in companies}
        first = {
            hold: controllers[hold.company_id] - hold._signed_out() for hold in self
        }
        able = self._able(first)
        stuck = self.filtered(lambda hold: not able[hold])
        further = {
            hold: managers[hold.company_id] - hold._signed_out() - first[hold]
            for hold in stuck
        }
        able |= stuck._able(further)
        nobody = self.env["res.users"]
        return {
            hold: Deciders(first[hold], further.get(hold, nobody), able[hold])
            for hold in self
        }

    def _able(self, candidates):
        """Return {hold: those of its candidates who may release it}.

        :param candidates: {hold: users}
        """
        able = dict.fromkeys(self, self.env["res.users"])
        for user in self.env["res.users"].union(*candidates.values()):
            holds = self.filtered(lambda hold, user=user: user in candidates[hold])
            for hold in holds._which_may_release(user):
                able[hold] |= user
        return able

    @api.model
    def _ask_to_decide(self, deciders):
        """Give each of these users an activity on each of their holds.

        In their language, and whatever the context of the request says: nobody is left
        out because whoever asks wants no activities.

        :param deciders: {hold: users}
        """
        kind = self.env.ref(ACTIVITY_DECIDE)
        model = self.env["ir.model"]._get(self._name)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": hold._decision_summary(env_for(hold, user)),
                    "automated": True,
                    "date_deadline": hold.company_id._credit_today(),
                    "res_model_id": model.id,
                    "res_id": hold.id,
                    "user_id": user.id,
                }
                for hold, users in deciders.items()
                for user in users
            ]
        )

    def _who_decides(self):
        """Name who has been asked to decide, for whoever waits for it."""
        self.ensure_one()
        kind = self.env.ref(ACTIVITY_DECIDE)
        # sudo: who waits may not read the hold; they learn names only
        asked = self.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        names = sorted(asked.user_id.mapped("name"))
        return ", ".join(names) or self.env._("credit control")

    def _waiting_text(self):
        """Say who asked, when, and who is to decide, while nobody has.

        Shown to whoever works on the document: no figure, no reason.
        """
        if self.state != "open":
            return ""
        day = format_date(self.env, self.requested_on)
        if self.requested_by:
            return self.env._(
                "A release was asked for on %(day)s by %(user)s, to be decided by "
                "%(deciders)s.",
                day=day,
                user=self.requested_by.name,
                deciders=self._who_decides(),
            )
        if self.accepted_by_customer:
            return self.env._(
                "The customer accepted on %(day)s: credit control decides, and the "
                "order is confirmed by itself once it may be.",
                day=day,
            )
        return self.env._(
            "On hold since %(day)s, to be decided by %(deciders)s.",
            day=day,
            deciders=self._who_decides(),
        )

    def _reaches(self, amount):
        """Whether it waits for a decision on as much: nothing more is to be asked.

        :param amount: in the order's currency
        """
        return (
            self.state == "open"
            and self.currency_id.compare_amounts(self.amount, amount) >= 0
        )

    def _reaches_order(self, order, amount):
        """Whether it waits for a decision on as much of the order as it is now.

        One on another buyer, company or currency could not be released.

        :param amount: in the order's currency
        """
        order = order.sudo()  # compares only
        parties = (order._credit_debtor(), order.company_id, order.currency_id)
        own = (self.partner_id, self.company_id, self.currency_id)
        return parties == own and self._reaches(amount)

    def _decision_summary(self, env):
        if self.first_signed_by:
            return env._("Second signature asked for: %s", self.name)
        return env._("Release asked for: %s", self.name)

    def _say_who_stands_in(self, users):
        """Note on the hold that others than the usual ones were told, and why."""
        self.message_post(
            body=env_for_all(self, users, self.company_id)._(
                "None of the usual controllers may decide on this release. Told in "
                "their place: %(users)s.",
                users=", ".join(users.mapped("name")),
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _tell_administrators(self):
        """Tell who can give somebody the right to decide: a note that reaches them.

        They may have no right to read the holds, so they get no activity. Of several
        holds of a company one note, on the first, speaks of all.
        """
        admins = self.company_id._credit_members(ADMIN_GROUP)
        self[0].message_post(
            body=env_for_all(self[0], admins, self.company_id)._(
                "Nobody but who asked may decide on the release of %(orders)s: give "
                "somebody else the right of a credit manager.",
                orders=", ".join(self.mapped("name")),
            ),
            partner_ids=admins.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
