from typing import Any, NamedTuple

from odoo import api, models

from ..groups import ADMIN_GROUP, CONTROLLER_GROUP, MANAGER_GROUP
from .credit_insurance_hold import ACTIVITY_DECIDE
from .reader_language import env_for


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
        """Give those who decide an activity on each request."""
        for hold, (first, further, able) in self._deciders().items():
            hold._ask_to_decide(first | further)
            if further:
                hold._say_who_stands_in(further)
            if not able:
                hold._tell_administrators()

    def _deciders(self):
        """Return {hold: :class:`Deciders`}, in queries that do not grow with the holds.

        Nobody who asked for it or has signed it. Managers stand in where none of the
        others may release it.
        """
        companies = self.company_id
        controllers = {each: self._controllers_of(each) for each in companies}
        managers = {each: self._members(MANAGER_GROUP, each) for each in companies}
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
    def _controllers_of(self, company):
        """Return whose task credit is in a company: its controller, or all of them."""
        company = company.sudo()  # sudo: settings of a company in view
        named = company.credit_controller_id.filtered("active")
        return named or self._members(CONTROLLER_GROUP, company)

    @api.model
    def _members(self, group, company):
        """Return the people of the company who are in a group."""
        # sudo: whoever asks, these are told
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _ask_to_decide(self, users):
        """Give each of these users an activity, in their language."""
        self.ensure_one()
        for user in users:
            self.activity_schedule(
                ACTIVITY_DECIDE,
                user_id=user.id,
                summary=self._decision_summary(env_for(self, user)),
            )

    def _decision_summary(self, env):
        if self.first_signed_by:
            return env._("Second signature asked for: %s", self.name)
        return env._("Release asked for: %s", self.name)

    def _say_who_stands_in(self, users):
        """Note on the hold that others than the usual ones were told, and why."""
        self.message_post(
            body=env_for(self, users)._(
                "Nobody else may decide on this release: %(users)s was told.",
                users=", ".join(users.mapped("name")),
            ),
            subtype_xmlid="mail.mt_note",
        )

    def _tell_administrators(self):
        """Tell who can give somebody the right to decide: a note that reaches them.

        They may have no right to read the holds, so they get no activity. Of several
        holds of a company one note, on the first, speaks of all.
        """
        admins = self._members(ADMIN_GROUP, self.company_id)
        self[0].message_post(
            body=env_for(self[0], admins)._(
                "%(order)s waits for a release, and nobody but who asked may decide on "
                "it: give somebody else the right of a credit manager.",
                order=", ".join(self.mapped("name")),
            ),
            partner_ids=admins.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
