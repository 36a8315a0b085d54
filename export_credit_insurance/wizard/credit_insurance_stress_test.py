from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.contract.credit_insurance_limit import GRANTED_STATES
from ..models.position.position_scenario import Scenario

KINDS = [
    ("country", "Countries go off cover"),
    ("insurer", "An insurer withdraws"),
    ("limit", "Limits are reduced"),
]
#: more buyers than these are looked for among all
ASKED_AT_MOST = 5000


class CreditInsuranceStressTest(models.TransientModel):
    """What would become uncovered if a country, an insurer or limits were lost.

    The engine of exposure and cover works it out twice, once with the hypothesis laid
    over its inputs. What was shipped before the day keeps its cover (run-off, DOMAIN
    1.5); what is ordered and not delivered is covered only once it is shipped, so it
    loses what the new limits do not take. No limit, event or order changes.
    """

    _name = "credit.insurance.stress.test"
    _description = "Stress Test of the Cover"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, "What If", required=True, default="insurer")
    date = fields.Date(
        "From This Day",
        required=True,
        default=lambda self: self.env.company._credit_today() + timedelta(days=1),
        help="Shipments before this day keep their cover. What is ordered and not"
        " delivered counts as shipped on it.",
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    insurer_id = fields.Many2one(
        "credit.insurance.insurer", default=lambda self: self._default_insurer()
    )
    policy_id = fields.Many2one("credit.insurance.policy")
    zone_id = fields.Many2one("credit.insurance.zone")
    limit_id = fields.Many2one(
        "credit.insurance.limit",
        "Limit",
        domain=[("state", "in", GRANTED_STATES)],
    )
    remaining = fields.Float(
        "Remains",
        default=0.5,
        help="What is left of each limit: 50 % when limits are halved.",
    )
    line_ids = fields.One2many("credit.insurance.stress.test.line", "test_id", "Buyers")
    is_worked_out = fields.Boolean(readonly=True)
    covered_now = fields.Monetary("Shipped, Covered Now", compute="_compute_totals")
    covered_then = fields.Monetary("Shipped, Covered Then", compute="_compute_totals")
    order_now = fields.Monetary("On Order, Insurable Now", compute="_compute_totals")
    order_then = fields.Monetary("On Order, Insurable Then", compute="_compute_totals")
    lost = fields.Monetary("Newly Uncovered", compute="_compute_totals")
    buyer_count = fields.Integer("Buyers Concerned", compute="_compute_totals")

    @api.model
    def _default_insurer(self):
        """Return the insurer of the company's first active policy.

        Of one that insures all its buyers, where there is one.
        """
        policies = self.env["credit.insurance.policy"].search(
            [
                ("state", "=", "active"),
                ("company_ids", "in", self.env.company.ids),
            ]
        )
        whole = policies.filtered(lambda policy: policy.kind == "global")
        return (whole or policies)[:1].insurer_id

    def _compute_display_name(self):
        # EXTENDS 'base'
        for test in self:
            test.display_name = self.env._("Stress Test")

    @api.depends("line_ids.lost", "line_ids.covered_now", "line_ids.order_now")
    def _compute_totals(self):
        for test in self:
            lines = test.line_ids
            for name in (
                "covered_now",
                "covered_then",
                "order_now",
                "order_then",
                "lost",
            ):
                test[name] = sum(lines.mapped(name))
            test.buyer_count = len(lines)

    @api.constrains("remaining")
    def _check_remaining(self):
        for test in self:
            if not 0 <= test.remaining <= 1:
                raise ValidationError(
                    self.env._(
                        "What remains of the limits is a share between 0 % and 100 %."
                    )
                )

    @api.onchange("kind", "date", "country_ids", "insurer_id", "remaining")
    @api.onchange("policy_id", "zone_id", "limit_id")
    def _onchange_hypothesis(self):
        self.line_ids = [Command.clear()]
        self.is_worked_out = False

    # === ACTIONS === #

    def action_work_out(self):
        """List the buyers that the hypothesis concerns, the greatest loss first.

        :raise UserError: where the hypothesis says too little, or no limit is in force
        """
        self.ensure_one()
        self.check_access("write")
        company, scenario = self.company_id, self._scenario()
        position = self.env["credit.insurance.position"].with_company(company)
        concerned = self._concerned_buyers(scenario)
        # nobody else can lose: not asked about where they are few among many
        asked = concerned if len(concerned) <= ASKED_AT_MOST else None
        now = position._get_cover_under(Scenario(self.date), company, partners=asked)
        then = position._get_cover_under(scenario, company, partners=asked)
        values = self._prepare_lines(now, then, set(concerned.ids))
        buyers = self.env["res.partner"].browse(row["partner_id"] for row in values)
        exposures = position._get_exposure(buyers, company)
        for buyer, row in zip(buyers, values, strict=True):
            row["exposure"] = float(exposures[buyer].get("exposure", 0))
            row["country_id"] = buyer.country_id.id
        self.write(
            {
                "is_worked_out": True,
                "line_ids": [
                    Command.clear(),
                    *(Command.create(row) for row in values),
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stress Test"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_lines(self):
        """Open the buyers as a list that sorts, groups, pivots and exports."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_stress_test_line_action"
        )
        return action | {"domain": [("test_id", "=", self.id)]}

    def action_print(self):
        """Print the test."""
        return self.env.ref(
            "export_credit_insurance.credit_insurance_stress_test_action_report"
        ).report_action(self)

    # === HELPERS === #

    def _scenario(self):
        """Return the hypothesis as the engine takes it."""
        if self.kind == "country":
            if not self.country_ids:
                raise UserError(self.env._("Choose the countries that go off cover."))
            countries = tuple(sorted(self.country_ids.ids))
            return Scenario(self.date, off_cover_country_ids=countries)
        limits = self._concerned_limits()
        factor = 0.0 if self.kind == "insurer" else self.remaining
        return Scenario(self.date, limit_ids=tuple(limits.ids), limit_factor=factor)

    def _concerned_limits(self):
        """Return the limits granted that the hypothesis changes."""
        if self.kind == "insurer":
            if not self.insurer_id:
                raise UserError(self.env._("Choose the insurer that withdraws."))
            domain = [("policy_id.insurer_id", "=", self.insurer_id.id)]
        elif self.limit_id:
            domain = [("id", "=", self.limit_id.id)]
        elif self.policy_id or self.zone_id:
            domain = []
            if self.policy_id:
                domain.append(("policy_id", "=", self.policy_id.id))
            if self.zone_id:
                domain.append(("partner_id.credit_zone_id", "=", self.zone_id.id))
        else:
            raise UserError(
                self.env._("Choose a limit, a policy or a zone whose limits fall.")
            )
        limits = (
            self.env["credit.insurance.limit"]
            .with_company(self.company_id)
            .search(
                [
                    *domain,
                    ("state", "in", GRANTED_STATES),
                    ("policy_id.company_ids", "in", self.company_id.ids),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", self.date),
                ]
            )
        )
        if not limits:
            raise UserError(
                self.env._(
                    "No limit of this choice is in force from %(day)s on, so nothing"
                    " would be lost.",
                    day=fields.Date.to_string(self.date),
                )
            )
        return limits

    def _prepare_lines(self, now, then, concerned):
        """Return the values of the lines: who loses, or is kept by the run-off.

        :param concerned: ids of the buyers that the hypothesis is about
        """
        found = {}
        for (partner_id, order_id), (_amount, covered) in now.items():
            row = found.setdefault(partner_id, _empty_row(partner_id))
            left = then.get((partner_id, order_id), (0.0, 0.0))[1]
            if order_id is None:
                row["covered_now"], row["covered_then"] = covered, left
                continue
            row["order_now"] += covered
            row["order_then"] += left
            if self.currency_id.compare_amounts(covered, left) > 0:
                row["order_ids"][0][2].append(order_id)
        for row in found.values():
            kept = row["covered_then"] + row["order_then"]
            row["lost"] = self.currency_id.round(
                row["covered_now"] + row["order_now"] - kept
            )
            row["order_count"] = len(row["order_ids"][0][2])
        kept = (
            row
            for partner_id, row in found.items()
            if row["lost"] or (row["covered_now"] and partner_id in concerned)
        )
        return sorted(kept, key=lambda row: (-row["lost"], -row["covered_now"]))

    def _concerned_buyers(self, scenario):
        """Return the buyers that the hypothesis is about."""
        if scenario.limit_ids:
            limits = self.env["credit.insurance.limit"].browse(scenario.limit_ids)
            return limits.partner_id
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search(
            [
                ("country_id", "in", list(scenario.off_cover_country_ids)),
                "|",
                ("parent_id", "=", False),
                ("is_company", "=", True),
            ]
        )


def _empty_row(partner_id):
    return {
        "partner_id": partner_id,
        "covered_now": 0.0,
        "covered_then": 0.0,
        "order_now": 0.0,
        "order_then": 0.0,
        "order_ids": [Command.set([])],
    }
