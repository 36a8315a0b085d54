from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..empty_list import empty_list
from .credit_insurance_dashboard import DEADLINE_DAYS

ADDON = "export_credit_insurance"
EXPOSURE = "credit.insurance.exposure"
SNAPSHOT = "credit.insurance.exposure.snapshot"
#: figures: the amount whose rows sum to them
SUMMED = {
    "exposure": "exposure",
    "covered": "covered",
    "own_risk": "own_risk_amount",
    "uncovered": "beyond_amount",
}
#: groups of buyers, and the field and parameter that names one
GROUPED = {"country": "country_id", "zone": "zone_id", "insurer": "insurer_id"}
#: figures of today: the list behind them
LISTED = {
    "limits_expiring": "credit.insurance.limit.use",
    "limits_near": "credit.insurance.limit.use",
    "limit": "credit.insurance.limit",
    "holds": "credit.insurance.hold",
    "deadlines": "credit.insurance.deadline",
    "deadline": "credit.insurance.deadline",
    "overdue": EXPOSURE,
    "step": "credit.followup.reminder.line",
}
#: models of lists: the action of the menu that bears the list's name
NAMED = {
    EXPOSURE: "credit_insurance_exposure_action",
    SNAPSHOT: "credit_insurance_exposure_snapshot_action",
    "credit.insurance.limit.use": "credit_insurance_limit_use_action",
    "credit.insurance.limit": "credit_insurance_limit_action",
    "credit.insurance.hold": "action_credit_insurance_hold_all",
    "credit.insurance.deadline": "credit_insurance_deadline_action",
    "credit.followup.reminder.line": "credit_followup_reminder_action",
}
#: single records, and the parameter that names them
RECORDS = {
    "buyer": ("res.partner", "partner_id"),
    "hold": ("credit.insurance.hold", "hold_id"),
    "policy": ("credit.insurance.policy", "policy_id"),
}
#: steps of the set-up: the action in which they are done
SETUP = {
    "setup_policy": "credit_insurance_policy_action",
    "setup_limits": "credit_insurance_limit_import_action",
    "setup_countries": "res_country_action",
    "setup_followup": "credit_followup_run_action",
    "setup_deciders": "credit_insurance_policy_action",
}


class CreditInsuranceDashboard(models.AbstractModel):
    """From each figure to the list that sums to it."""

    _inherit = "credit.insurance.dashboard"

    @api.model
    @api.readonly
    def get_action(self, key, params=None):
        """Return the action that shows what a figure is made of.

        :param key: key and
        :param params: parameters of the figure's ``open``
        :raise AccessError: as :meth:`get_dashboard`
        :raise UserError: for a key or parameters that are none
        """
        params = self._asked(params)
        key = key if isinstance(key, str) else ""
        board = self._of_company(params.get("company_id"))
        company = board.env.company
        if key == "setup_countries":
            action = board._unplaced_action()
        elif key in SETUP:
            action = board._for_xml_id(SETUP[key])
        elif key in RECORDS:
            action = board._record_action(key, params)
        elif key in SUMMED or key in GROUPED:
            action = board._buyers_action(key, params)
        elif key in LISTED:
            action = board._list_action(key, LISTED[key], params)
        else:
            raise UserError(
                self.env._("There is no list named %(key)s: reload the page.", key=key)
            )
        context = action.get("context") or {}
        if isinstance(context, str):  # as the actions of files have it
            actions = board.env["ir.actions.actions"]
            context = safe_eval(context, actions._get_eval_context())
        action["context"] = {**context, "allowed_company_ids": company.ids}
        return action

    @api.model
    def _for_xml_id(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(f"{ADDON}.{name}")

    @api.model
    def _record_action(self, key, params):
        model, name = RECORDS[key]
        record_id = self._asked_id(params.get(name))
        if not record_id:
            raise self._misunderstood()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "views": [(False, "form")],
            "context": {},
        }

    # === BUYERS === #

    @api.model
    def _buyers_action(self, key, params):
        """Return the buyers behind a figure, as they are or as they were recorded.

        Those that owe something, see :func:`~.dashboard_query.sums_of`.
        """
        company = self.env.company
        domain = Domain("company_id", "=", company.id) & Domain("exposure", ">", 0)
        day = self._asked_day(params.get("date"))
        if day:
            domain &= Domain("date", "=", day)
        if key in SUMMED:
            domain &= Domain(SUMMED[key], "!=", 0)
        else:
            name = GROUPED[key]
            domain &= Domain(name, "=", self._asked_id(params.get(name)) or False)
        return self._window(SNAPSHOT if day else EXPOSURE, domain)

    @api.model
    def _window(self, model, domain):
        """Return the lists over a model, with the columns that figures are sums of."""
        own = {
            EXPOSURE: "credit_insurance_exposure_view_list_split",
            "credit.followup.reminder.line": "credit_followup_reminder_line_view_list",
        }
        view = model in own and self.env.ref(f"{ADDON}.{own[model]}").id
        others = {EXPOSURE: ("pivot", "graph"), SNAPSHOT: ("pivot", "graph")}
        return {
            "type": "ir.actions.act_window",
            "name": self._for_xml_id(NAMED[model])["name"],
            "res_model": model,
            "views": [
                (view, "list"),
                *((False, mode) for mode in others.get(model, ())),
                *([(False, "form")] if model == "credit.insurance.hold" else []),
            ],
            "domain": list(domain),
            "context": {"create": False},
            "help": empty_list(
                self.env._("Nothing is behind this figure any more"),
                self.env._(
                    "It was paid, delivered, decided or cancelled since the page was "
                    "read. Go back to the dashboard: it reads the figures anew."
                ),
            ),
        }

    # === TODAY === #

    @api.model
    def _list_action(self, key, model, params):
        return self._window(model, self._list_domain(key, params))

    @api.model
    def _list_domain(self, key, params):
        """Return the domain of a list that a figure of today counts or sums."""
        company = self.env.company
        day = company._credit_today()
        first, last = self._effect_days(day)
        domains = {
            "limits_expiring": lambda: [
                ("limit_date_to", "<=", self._expiring_until(company, day))
            ],
            "limits_near": lambda: [("level", "in", ("third", "over"))],
            "limit": lambda: self._limit_domain(
                self._asked_id(params.get("partner_id"))
            ),
            "holds": lambda: self._holds_domain(company),
            "deadlines": lambda: [
                ("next_date", "<=", day + timedelta(days=DEADLINE_DAYS))
            ],
            "deadline": lambda: [("id", "=", self._asked_id(params.get("line_id")))],
            "overdue": lambda: [("overdue_amount", "!=", 0)],
            "step": lambda: [
                ("step_id", "in", self._asked_ids(params.get("step_ids"))),
                ("company_id", "=", company.id),
                ("state", "=", "taken"),
                ("move_line_id", "!=", False),
                ("date", ">=", first),
                ("date", "<=", last),
            ],
        }
        return Domain(domains[key]())

    @api.model
    def _asked_ids(self, values):
        """Return the ids that a client sent; errors as :meth:`_asked_id`."""
        if not isinstance(values, list):
            raise self._misunderstood()
        return [self._asked_id(value) for value in values]

    @api.model
    def _limit_domain(self, partner_id):
        """Return the lines of a buyer's limit, be they those of its number's others."""
        buyer = self.env["res.partner"].browse(partner_id)
        groups = self.env["credit.insurance.limit"]._groups_of(buyer)
        return [("partner_id", "in", groups.get(buyer, buyer).ids)]

    # === SET-UP === #

    @api.model
    def _unplaced_action(self):
        """Return the customers without a country, else the countries to check."""
        placeless, countries = self._countries_missing(self.env.company)
        if placeless:
            return self._placeless_action(self.env.company)
        action = self._for_xml_id(SETUP["setup_countries"])
        if countries:
            action["domain"] = [("id", "in", countries.ids)]
        return action

    @api.model
    def _placeless_action(self, company):
        """Return the list of a company's customers without a country."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers Without Country"),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("customer_rank", ">", 0),
                ("parent_id", "=", False),
                ("company_id", "in", (False, company.id)),
                ("country_id", "=", False),
            ],
            "help": empty_list(
                self.env._("Every customer has a country"),
                self.env._(
                    "Zone, country risk and cover follow from it. Go on with the next "
                    "step of the set-up."
                ),
            ),
        }
