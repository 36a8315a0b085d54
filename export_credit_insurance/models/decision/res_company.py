from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import ormcache

from ..groups import (
    ADMIN_GROUP,
    CONTROLLER_GROUP,
    CREDIT_GROUP,
    MANAGER_GROUP,
    SETTINGS,
)


class CheckMode(NamedTuple):
    """How the orders of a company are checked."""

    observation: bool  # every policy of the company is only being observed
    whole_turnover: bool  # a policy insures all buyers but those it leaves out
    single_transactions: bool  # a policy serves only the orders it names
    expiring_days: int  # orders warn whose buyer's limit ends within these
    insured_until: date | None = None  # the last day of the last policy, if it ends


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_check_enabled = fields.Boolean(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Check Orders Without a Policy",
        help="Check orders against own-risk limits although no policy insures this "
        "company. With an active policy orders are checked in any case.",
    )
    credit_lapsed_on = fields.Date(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Insured Until",
        help="The last policy of this company ended on this day, and none follows. "
        "Orders of whom it insured are checked as before, so they need a release, "
        "until a policy is active or this day is emptied.",
    )
    credit_controller_id = fields.Many2one(
        "res.users",
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Credit Controller",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Is told of every request for release. Empty: all credit controllers.",
    )
    credit_controller_ceiling = fields.Monetary(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Controller's Ceiling",
        default=50000.0,
        help="Releases and own risk above this amount need a credit manager. 0: all of "
        "them do.",
    )
    credit_release_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Release Valid For (days)",
        default=30,
        help="Proposed when an order is released.",
    )
    credit_release_deviation_pct = fields.Float(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Deviation From a Release (%)",
        help="By how much the total of an order may exceed what it was released for "
        "without another release. Never where sanctions are in force.",
    )
    credit_reminder_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Remind of Requests After (days)",
        default=2,
        help="Who could decide on a request for release is reminded of it after so "
        "many days. 0: never.",
    )
    credit_escalation_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Tell Managers of Requests After (days)",
        default=5,
        help="Credit managers are told of a request for release that nobody has "
        "decided on for so many days. 0: never.",
    )
    credit_expiry_notice_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Notice Before a Release Expires (days)",
        default=3,
        help="The salesperson is told so many days before a release expires unused. 0: "
        "only once it has.",
    )
    credit_release_max_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Longest Release (days)",
        default=180,
        help="No release is valid for longer than so many days. 0: any.",
    )
    credit_limit_expiring_days = fields.Integer(
        groups=CREDIT_GROUP,
        prefetch=SETTINGS,
        string="Warn Before a Limit Expires (days)",
        default=30,
        help="Orders of buyers whose limit ends within these days warn.",
    )

    _credit_controller_ceiling_positive = models.Constraint(
        "CHECK (credit_controller_ceiling >= 0)",
        "The controller's ceiling cannot be negative: use 0 to let a manager decide.",
    )
    _credit_release_days_positive = models.Constraint(
        "CHECK (credit_release_days >= 0 AND credit_release_max_days >= 0"
        " AND credit_limit_expiring_days >= 0)",
        "Days of a release and before a limit expires cannot be negative.",
    )
    _credit_reminders_positive = models.Constraint(
        "CHECK (credit_reminder_days >= 0 AND credit_escalation_days >= 0"
        " AND credit_expiry_notice_days >= 0)",
        "Days before a reminder cannot be negative: 0 sends none.",
    )
    _credit_release_deviation_is_a_share = models.Constraint(
        "CHECK (credit_release_deviation_pct >= 0"
        " AND credit_release_deviation_pct <= 100)",
        "The deviation from a release is a percentage between 0 and 100.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        companies = super().create(vals_list)
        if any(
            vals.get("credit_check_enabled") or vals.get("credit_lapsed_on")
            for vals in vals_list
        ):
            self._refresh_credit_checks()
        return companies

    def write(self, vals):
        # EXTENDS 'base'
        result = super().write(vals)
        if {"credit_check_enabled", "credit_lapsed_on"} & vals.keys():
            self._refresh_credit_checks()
        elif "credit_limit_expiring_days" in vals:
            self.env.registry.clear_cache("stable")
        return result

    # === WHOM TO TELL === #

    def _credit_controllers(self):
        """Return whose task credit is here: the controller, or all of them."""
        company = self.sudo()  # sudo: settings of a company in view
        named = company.credit_controller_id.filtered("active")
        return named or self._credit_members(CONTROLLER_GROUP)

    def _credit_members(self, group):
        """Return the people of the company who are in a group."""
        self.ensure_one()
        # sudo: whoever asks, these are told
        users = self.env.ref(group).sudo().all_user_ids
        return users.filtered(
            lambda user: user.active and not user.share and self in user.company_ids
        )

    def _credit_people(self, with_managers=False):
        """Return who is told what is to be done about credit.

        Whose task credit is; where there is nobody, the managers, else the
        administrators.

        :param with_managers: the managers in any case, as of what is late
        """
        managers = self._credit_members(MANAGER_GROUP)
        people = self._credit_controllers() or managers
        people = people or self._credit_members(ADMIN_GROUP)
        return people | managers if with_managers else people

    # === CHECKED COMPANIES === #

    def _credit_checks_on(self):
        """Return the companies of self whose orders are checked.

        The gate's first line: no query where nothing is insured (DESIGN 4,
        *Installing changes nothing*).
        """
        modes = self._credit_check_modes()
        return self.filtered(lambda company: company.id in modes)

    @api.model
    @ormcache(cache="stable")
    def _credit_check_modes(self):
        """Return {id of a company whose orders are checked: :class:`CheckMode`}."""
        # sudo: whoever confirms an order, the policies of all companies decide
        companies = self.sudo().search(
            [
                "|",
                ("credit_check_enabled", "=", True),
                ("credit_lapsed_on", "!=", False),
            ]
        )
        # sudo: as above
        policies = self.env["credit.insurance.policy"].sudo()
        active = policies.search([("state", "=", "active")])
        modes = {}
        for company in companies | active.company_ids:
            own = active.filtered(lambda policy: company in policy.company_ids)  # noqa: B023
            modes[company.id] = CheckMode(
                observation=bool(own) and all(own.mapped("observation")),
                whole_turnover="global" in own.mapped("kind"),
                single_transactions="single" in own.mapped("kind"),
                expiring_days=company.credit_limit_expiring_days,
                insured_until=own._last_insured_day()
                if own
                else company.credit_lapsed_on or None,
            )
        return modes

    @api.model
    def _refresh_credit_checks(self):
        """Reread the flag; where checks have just begun, take stock of the orders."""
        self.env["sale.order"].flush_model()  # what came before is not checked
        before = self._credit_check_modes().keys()
        self.env.registry.clear_cache("stable")
        begun = self._credit_check_modes().keys() - before
        if begun:
            self.env["credit.insurance.clearance"]._take_stock(self.browse(begun))
