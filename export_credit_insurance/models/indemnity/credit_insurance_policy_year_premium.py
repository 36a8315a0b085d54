from odoo import api, fields, models
from odoo.tools import SQL

from .premium import Premium


class CreditInsurancePolicyYear(models.Model):
    """What was declared of the year, what it costs so far, and what was expected."""

    _inherit = "credit.insurance.policy.year"

    declaration_ids = fields.One2many("credit.insurance.declaration", "year_id")
    declaration_group_ids = fields.One2many(
        "credit.insurance.declaration.group", "year_id"
    )
    premium_by_hand = fields.Boolean(
        string="Premium by Hand",
        help="Declarations do not change the premium of the year.",
    )
    declared_premium = fields.Monetary(
        compute="_compute_declared_premium",
        help="Declared turnover times rates, before minimum, bonus and fees.",
    )
    premium_to_date = fields.Monetary(
        string="Premium to Date",
        compute="_compute_premium_to_date",
        help="What was declared, and what was invoiced since at the year's rates.",
    )
    provisional_to_date = fields.Monetary(
        string="Provisional to Date",
        compute="_compute_premium_to_date",
        help="The larger of the year's minimum and its premium by hand, for the days "
        "that have passed.",
    )

    @api.depends(
        "declaration_group_ids.premium_amount",
        "declaration_group_ids.declaration_id.state",
    )
    def _compute_declared_premium(self):
        """Sum up what was declared of the year, by later ones too, of every company."""
        # sudo: the contract's figures, also those of a company not in view
        sums = dict(
            self.env["credit.insurance.declaration.group"]
            .sudo()
            ._read_group(
                [
                    ("year_id", "in", self.ids),
                    ("declaration_id.state", "!=", "draft"),
                ],
                ["year_id"],
                ["premium_amount:sum"],
            )
        )
        for year in self:
            year.declared_premium = sums.get(year, 0.0)

    def _compute_premium_to_date(self):
        """Estimate the premium of the days that have passed, pro rata (DOMAIN 1.12).

        It reads all invoices of the insured companies: it stands on the year's own
        page alone, which is opened for it.
        """
        for year in self:
            today = self.env.company._credit_today()
            days = (year.date_to - year.date_from).days + 1
            passed = min(max((today - year.date_from).days + 1, 0), days)
            expected = year.minimum_premium
            if year.premium_by_hand:
                expected = max(expected, year.premium_amount)
            year.provisional_to_date = year.currency_id.round(expected * passed / days)
            running = passed > 0
            year.premium_to_date = year.currency_id.round(
                year.declared_premium
                + (year._premium_running(min(today, year.date_to)) if running else 0)
            )

    def _premium_running(self, today):
        """Return what was invoiced and not declared so far, times the rates."""
        self.ensure_one()
        policy, year = self.policy_id, self._origin
        if (
            not year
            or policy.declaration_basis != "turnover"
            or policy.state != "active"
        ):
            return 0.0
        # sudo: companies of the contract that are not in view, and the books
        declarations = self.env["credit.insurance.declaration"].sudo()
        return sum(
            declarations._undeclared_premium(year, company, today)
            for company in policy.sudo().company_ids
        )

    def action_open_premium(self):
        """Work out the year's premium to date, and show it."""
        self.ensure_one()
        view = self.env.ref(
            "export_credit_insurance.credit_insurance_policy_year_view_form_premium"
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Premium to Date"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def _take_declared_premium(self):
        """Let the year's premium be what was declared, at least the minimum.

        Maximum liability follows it (DOMAIN 1.11). A premium by hand stays.
        """
        for year in self.filtered(lambda each: not each.premium_by_hand):
            year.premium_amount = year._premium_of(year.declared_premium).amount

    def _premium_of(self, declared, **costs):
        """Return the :class:`~.premium.Premium` of what was declared of the year."""
        return Premium(
            declared=declared,
            minimum=self.minimum_premium,
            bonus_malus_pct=self.bonus_malus_pct,
            rounded=self.currency_id.round,
            **costs,
        )

    def _write_first(self):
        """Write the rows before what was declared of the year is read.

        Of two companies that declare at once the second one starts anew, and sees what
        the first one declared. A lock alone would not do: it lets the second one go on
        with what it had seen.
        """
        for year_id in sorted(self.ids):
            self.env.cr.execute(
                SQL(
                    "UPDATE credit_insurance_policy_year SET write_date = write_date"
                    " WHERE id = %s",
                    year_id,
                ),
                log_exceptions=False,  # losing the race is no error: it is replayed
            )
