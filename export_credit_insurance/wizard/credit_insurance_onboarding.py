from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..models.contract.credit_insurance_limit import GRANTED_STATES
from ..models.groups import CONTROLLER_GROUP, MANAGER_GROUP
from ..models.overview.credit_insurance_dashboard_setup import SETUP_STEPS

#: terms asked for here, under the names they have on the policy
TERMS = (
    "insurer_id",
    "number",
    "currency_id",
    "date_start",
    "insured_pct_named",
    "max_payment_days",
    "mep_days",
    "notification_days",
    "dcl_amount",
)
#: amounts of the policy that are not asked for: what nobody entered is not promised
UNKNOWN_AMOUNTS = (
    "claim_threshold",
    "deductible",
    "aggregate_first_loss",
    "max_liability_multiple",
    "minimum_premium",
)


class CreditInsuranceOnboarding(models.TransientModel):
    """The first set-up in five short steps, for who never saw credit insurance.

    Each step writes ordinary records through their own models, at once: it can be left
    at any step, and begins again at the first one that the data say is not done.
    """

    _name = "credit.insurance.onboarding"
    _description = "First Set-Up of Credit Insurance"

    step = fields.Selection(SETUP_STEPS, required=True, default="policy")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    # policy
    policy_id = fields.Many2one(
        "credit.insurance.policy", compute="_compute_done", compute_sudo=False
    )
    insurer_id = fields.Many2one("credit.insurance.insurer")
    number = fields.Char("Policy Number")
    currency_id = fields.Many2one("res.currency")
    date_start = fields.Date("Start Date")
    insured_pct_named = fields.Float("Insured Percentage")
    max_payment_days = fields.Integer("Maximum Payment Terms")
    mep_days = fields.Integer("Maximum Extension Period")
    notification_days = fields.Integer("Overdue Notice Within")
    dcl_amount = fields.Monetary("Discretionary Limit, at Most")
    is_activated = fields.Boolean("Put It into Force, Observing Only", default=True)

    # limits, countries, follow-up: what there is
    limit_count = fields.Integer("Limits", compute="_compute_done", compute_sudo=False)
    country_ids = fields.Many2many(
        "res.country",
        string="Countries Without Zone or Rating",
        compute="_compute_done",
        compute_sudo=False,
    )
    placeless_count = fields.Integer(
        "Customers Without Country", compute="_compute_done", compute_sudo=False
    )
    plan_count = fields.Integer("Plans", compute="_compute_done", compute_sudo=False)
    has_mail_server = fields.Boolean(compute="_compute_done", compute_sudo=False)

    # how follow-up goes, who decides
    holds_nothing = fields.Boolean(compute="_compute_done", compute_sudo=False)
    controller_ids = fields.Many2many(
        "res.users", string="Credit Controllers", compute="_compute_controllers"
    )
    can_appoint = fields.Boolean(compute="_compute_controllers")
    user_ids = fields.Many2many(
        "res.users",
        string="New Controllers",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', 'not in', controller_ids)]",
    )
    ceiling = fields.Monetary("Controller's Ceiling", currency_field="own_currency_id")
    own_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    is_daily = fields.Boolean("Follow-up Every Day")

    @api.model
    def default_get(self, names):
        """Propose the market's usual terms, and what the company has set already."""
        # EXTENDS 'base'
        policy = self.env["credit.insurance.policy"].default_get([*TERMS])
        company = self.env.company
        return {
            **policy,
            "ceiling": company.credit_controller_ceiling,
            "is_daily": company.credit_followup_daily,
            **super().default_get(names),
        }

    @api.depends("company_id")
    def _compute_done(self):
        """Read what is there already; the data say which steps are done."""
        dashboard = self.env["credit.insurance.dashboard"]
        for setup in self:
            own = [("company_ids", "in", setup.company_id.id)]
            policies = self.env["credit.insurance.policy"]
            setup.policy_id = policies.search(
                [*own, ("state", "!=", "closed")], limit=1
            )
            done = dashboard._setup_done(setup.company_id)
            setup.holds_nothing = done["policy"] and not done["deciders"]
            setup.limit_count = self.env["credit.insurance.limit"].search_count(
                [
                    ("policy_id.company_ids", "in", setup.company_id.id),
                    ("state", "in", GRANTED_STATES),
                ]
            )
            setup.placeless_count, setup.country_ids = dashboard._countries_missing(
                setup.company_id
            )
            plans = self.env["credit.followup.plan"]
            setup.plan_count = plans.search_count([])
            # who may not read them has somebody else to see to them
            servers = self.env["ir.mail_server"]
            setup.has_mail_server = not servers.has_access("read") or bool(
                servers.search_count([], limit=1)
            )

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_controllers(self):
        """Read who decides already, by this group or one that includes it."""
        can_appoint = self.env["res.users"].has_access("write")
        # sudo: who is in the group, for managers who set up no users
        users = self.env.ref(CONTROLLER_GROUP).sudo().all_user_ids
        for setup in self:
            setup.can_appoint = can_appoint
            setup.controller_ids = users.filtered(
                lambda user, company=setup.company_id: company in user.company_ids
            )

    # === GOING THROUGH IT === #

    @api.model
    def action_start(self):
        """Open the set-up at the first step that is not done."""
        setup = self.create({})
        done = self.env["credit.insurance.dashboard"]._setup_done(setup.company_id)
        names = [name for name, _label in SETUP_STEPS]
        setup.step = next((name for name in names if not done[name]), names[-1])
        return setup._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Set-Up"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_next(self):
        """Record what this step says, and go on to the next one."""
        self.ensure_one()
        getattr(self, f"_save_{self.step}", lambda: None)()
        return self._go(1) or {"type": "ir.actions.act_window_close"}

    def action_back(self):
        self.ensure_one()
        return self._go(-1) or self._open()

    def _go(self, by):
        names = [name for name, _label in SETUP_STEPS]
        place = names.index(self.step) + by
        if not 0 <= place < len(names):
            return None
        self.step = names[place]
        return self._open()

    # === WHAT THE STEPS RECORD === #

    def _save_policy(self):
        """Create the policy, once; afterwards it is changed on its own form."""
        if self.policy_id:
            return
        if not self.insurer_id or not self.number:
            raise UserError(
                self.env._(
                    "Choose the insurer and enter the number of the policy, as on its "
                    "schedule. Without a policy, close this window: nothing is checked."
                )
            )
        policy = self.env["credit.insurance.policy"].create(
            {
                "name": self.number,
                "company_ids": [Command.set(self.company_id.ids)],
                **dict.fromkeys(UNKNOWN_AMOUNTS, 0.0),
                **self._convert_to_write({name: self[name] for name in TERMS}),
            }
        )
        if self.is_activated:
            policy.action_activate()

    def _save_deciders(self):
        """Say up to which amount controllers decide, and appoint new ones.

        The right is given with the user's own rights: who may not change users leaves
        it to an administrator. It is taken back on the user's form.
        """
        self._company_to_set().credit_controller_ceiling = self.ceiling
        group = self.env.ref(CONTROLLER_GROUP)
        for user in self.user_ids - self.controller_ids:
            user.group_ids += group

    def _save_followup(self):
        self._company_to_set().credit_followup_daily = self.is_daily

    def _company_to_set(self):
        """Return the company, to write the settings that these steps ask for.

        :raise AccessError: for anybody but managers, and for companies not active
        """
        company = self.company_id
        is_manager = self.env.su or self.env.user.has_group(MANAGER_GROUP)
        if not is_manager or company not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Credit managers set up the companies they work in. Ask one of "
                    "%(company)s.",
                    company=company.sudo().name,  # sudo: its name alone
                )
            )
        # sudo: credit managers set these two without the rights to Odoo's settings
        return company.sudo()

    # === WHERE THE REST IS DONE === #

    def action_open_policy(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.insurance.policy",
            "res_id": self.policy_id.id,
            "views": [(False, "form")],
        }

    def action_open_countries(self):
        action = self._action("res_country_action")
        return {**action, "domain": [("id", "in", self.country_ids.ids)], "context": {}}

    def action_open_placeless(self):
        dashboard = self.env["credit.insurance.dashboard"]
        return dashboard._placeless_action(self.company_id)

    def action_import_limits(self):
        return self._action("credit_insurance_limit_import_action")

    def action_enter_limits(self):
        return self._action("credit_insurance_limit_action")

    def action_open_authorities(self):
        return self._action("action_credit_insurance_release_authority")

    def action_open_plans(self):
        return self._action("credit_followup_plan_action")

    def action_open_runs(self):
        return self._action("credit_followup_run_action")

    def _action(self, name):
        return self.env["ir.actions.actions"]._for_xml_id(
            f"export_credit_insurance.{name}"
        )
