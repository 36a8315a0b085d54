from odoo import api, models

from .credit_insurance_hold import ACTIVITY_DECIDE, CONTROLLER_GROUP, MANAGER_GROUP
from .reader_language import env_for

ADMIN_GROUP = "base.group_system"


class CreditInsuranceHold(models.Model):
    """Who is told that there is something to decide.

    The controller of the company, or all of them; where none of them may release the
    hold, the managers too; where nobody is left but who asks, the administrators, who
    can give somebody the right.
    """

    _inherit = "credit.insurance.hold"

    def _tell_controllers(self):
        """Give those who decide an activity on each request."""
        for hold in self:
            first, further = hold._deciders()
            told = first | further
            hold._ask_to_decide(told)
            if further:
                hold._say_who_stands_in(further)
            if not any(hold._which_may_release(user) for user in told):
                hold._tell_administrators()

    def _deciders(self):
        """Return who decides on this hold: (whose task it is, who stands in).

        Nobody who asked for it or has signed it. Managers stand in where none of the
        others may release it.
        """
        self.ensure_one()
        first = self._controllers_of(self.company_id) - self._signed_out()
        further = self.env["res.users"]
        if not any(self._which_may_release(user) for user in first):
            managers = self._members(MANAGER_GROUP, self.company_id)
            further = managers - self._signed_out() - first
        return first, further

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

        They may have no right to read the hold, so they get no activity.
        """
        admins = self._members(ADMIN_GROUP, self.company_id)
        self.message_post(
            body=env_for(self, admins)._(
                "%(order)s waits for a release, and nobody but who asked may decide on "
                "it: give somebody else the right of a credit manager.",
                order=self.name,
            ),
            partner_ids=admins.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
