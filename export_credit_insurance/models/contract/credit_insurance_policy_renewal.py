from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..groups import MANAGER_GROUP
from ..job import do_each

#: what a policy year takes over from the policy
YEAR_TERMS = ("minimum_premium", "aggregate_first_loss", "max_liability_multiple")


class CreditInsurancePolicy(models.Model):
    """Life of a policy: draft, active (first in observation), renewed, closed."""

    _inherit = "credit.insurance.policy"

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        """Create as draft, then let a wanted state go through its transition."""
        wanted = [(v.get("state"), v.get("observation")) for v in vals_list]
        policies = super().create(
            [dict(vals, state="draft", observation=False) for vals in vals_list]
        )
        for policy, (state, observation) in zip(policies, wanted, strict=True):
            if state == "closed":
                policy._write_state({"renewal": "none"})
            if state in ("active", "closed"):
                policy._activate()
            if state == "active" and observation is False:
                policy._end_observation()
            if state == "closed":
                policy._close(policy.date_end)
        return policies

    def write(self, vals):
        """Let a change of state go through its transition."""
        vals = dict(vals)
        state = vals.pop("state", None)
        observation = vals.pop("observation", None) if state == "active" else None
        if vals.get("renewal") == "none":
            # Terms that began before the notice stay covered to their end.
            self._renew()
        if {"number", "insurer_id"} & vals.keys():
            for policy in self.filtered(lambda policy: policy.state == "active"):
                policy._check_number(vals.get("insurer_id"), vals.get("number"))
        if "currency_id" in vals:
            self._check_currency_change(vals["currency_id"])
        following = self._years_that_follow(vals)
        result = super().write(vals) if vals else True
        for (name, value), years in following.items():
            # those that the same save gives a value of their own keep it
            years.filtered(lambda year, n=name, v=value: year[n] == v).write(
                {name: vals[name]}
            )
        if state == "active":
            self._activate()
            if observation is False:
                self._end_observation()
        elif state == "closed":
            self._close(vals.get("date_end"))
        elif state == "draft":
            self._check_draft()
        return result

    def _years_that_follow(self, vals):
        """Return the years for which what is written on their policy is agreed, too.

        Those not over yet that say what the policy said, or 0: amounts entered once
        the policy is in force, after the set-up for example, are its year's. A year
        with terms of its own keeps them (DOMAIN 1.11).

        :return: ``{(name of the term, value before): years}``
        """
        found = defaultdict(self.year_ids.browse)
        names = [name for name in YEAR_TERMS if name in vals]
        if not names:
            return found
        ongoing = self.year_ids.filtered(
            lambda year: year.date_to >= year.policy_id._credit_today()
        )
        for year in ongoing:
            for name in names:
                if year[name] in (0, year.policy_id[name]):
                    found[name, year[name]] |= year
        return found

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()

    def _check_currency_change(self, currency_id):
        """Keep the currency of contracts: their amounts and limits are in it."""
        changing = self.filtered(lambda policy: policy.currency_id.id != currency_id)
        for policy in changing:
            # sudo: limits that the acting user may not read count as well
            if policy.state != "draft" or policy.sudo().limit_ids:
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is in %(currency)s and stays so: its terms "
                        "and limits are agreed in that currency. For another currency "
                        "create a new policy.",
                        policy=policy.display_name,
                        currency=policy.currency_id.name,
                    )
                )

    def _check_draft(self):
        for policy in self:
            if policy.state != "draft":
                raise UserError(
                    self.env._(
                        "Policy %(policy)s has been active: its history stays. "
                        "Close it instead.",
                        policy=policy.display_name,
                    )
                )

    def _write_state(self, vals):
        """Write a transition: ``write`` itself never sets a state."""
        return super().write(vals)

    # === ACTIONS ===

    def action_activate(self):
        self._activate()
        return True

    def action_end_observation(self):
        self._end_observation()
        return True

    def action_close(self):
        self._close()
        return True

    def action_open_limits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_limit_action"
        )
        action["domain"] = [("policy_id", "=", self.id)]
        action["context"] = {"default_policy_id": self.id}
        return action

    # === BUSINESS ===

    def _activate(self):
        """Put draft policies into force, in observation, with their years so far."""
        for policy in self:
            if policy.state == "active":
                continue
            if policy.state == "closed":
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is closed. Duplicate it to start a new one.",
                        policy=policy.display_name,
                    )
                )
            if policy.kind == "single" and not policy.order_ids:
                raise UserError(
                    self.env._(
                        "Policy %(policy)s insures a single transaction but names no "
                        "order. Add the orders it serves.",
                        policy=policy.display_name,
                    )
                )
            policy._check_number()
            policy._write_state({"state": "active", "observation": True})
            policy._add_years(policy._credit_today())

    def _check_number(self, insurer_id=None, number=None):
        """Refuse a second active policy of one insurer under one number.

        Before the database does, whose message names neither.
        """
        self.ensure_one()
        insurer = self.insurer_id.browse(insurer_id) or self.insurer_id
        number = number or self.number
        # sudo: the other policy may be another company's
        twin = self.sudo().search(
            [
                ("state", "=", "active"),
                ("insurer_id", "=", insurer.id),
                ("number", "=", number),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if twin:
            raise ValidationError(
                self.env._(
                    "%(insurer)s already has an active policy with number %(number)s. "
                    "Close it first or correct the number.",
                    insurer=insurer.name,
                    number=number,
                )
            )

    def _end_observation(self):
        """Start holding orders: a decision of a manager."""
        self._check_may_end_observation()
        for policy in self:
            if policy.state != "active":
                raise UserError(
                    self.env._(
                        "Policy %(policy)s is not active: there is no observation to "
                        "end.",
                        policy=policy.display_name,
                    )
                )
        self._write_state({"observation": False})

    def _check_may_end_observation(self):
        """Check that a manager ends it who sees all the orders that may be held.

        :raise AccessError: for others, and for who is not in all insured companies
        """
        user = self.env.user
        if self.env.su:
            return
        if not user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "Only a manager of credit insurance ends the observation of a "
                    "policy."
                )
            )
        # sudo: names of companies that the user is not in
        if unseen := self.sudo().company_ids - user.company_ids:
            raise AccessError(
                self.env._(
                    "The policy also insures %(companies)s, whose orders would be held "
                    "without your seeing them: have a manager who works for all its "
                    "companies end the observation.",
                    companies=", ".join(unseen.mapped("name")),
                )
            )

    def _close(self, date_end=None):
        """End active policies on a day, by default today; past days stay covered."""
        for policy in self:
            if policy.state == "closed":
                continue
            if policy.state == "draft":
                raise UserError(
                    self.env._(
                        "Policy %(policy)s was never active. Delete it instead.",
                        policy=policy.display_name,
                    )
                )
            end = fields.Date.to_date(date_end)
            if not end:
                end = policy._credit_today()
                if policy.renewal == "none":
                    end = min(end, policy.date_end)
            policy._write_state(
                {
                    "state": "closed",
                    "renewal": "none",
                    "date_end": max(end, policy.date_start),
                    "observation": False,
                }
            )

    def _credit_today(self):
        """Return what day it is where the policy insures, by its first company.

        Without one: that of the user's company.
        """
        companies = self.sudo().company_ids  # sudo: whoever asks, the same company
        return (companies[:1] or self.env.company)._credit_today()

    def _renew(self, day=None):
        """Renew tacitly every active term that ended before a day, by default today."""
        for policy in self:
            if policy.state == "active" and policy.renewal == "tacit":
                policy._add_years(day or policy._credit_today())

    def _add_years(self, day, moves_term=True):
        """Add the missing policy years, up to the one that contains a day.

        A year starts on the anniversary and takes over the terms of the previous
        one; nothing starts after the end of a policy that does not renew.

        :param moves_term: False for years to come: the term, and with it the day by
            which to give notice, stays
        """
        self.ensure_one()
        last = self.year_ids.sorted("date_from")[-1:]
        start = last.date_to + relativedelta(days=1) if last else self.date_start
        vals_list = []
        tacit = self.renewal == "tacit"
        while not (last or vals_list) or start <= (
            day if tacit else min(day, self.date_end)
        ):
            end = start + relativedelta(years=1, days=-1)
            if start <= self.date_end < end:
                end = self.date_end
            vals_list.append(self._prepare_year_values(last, start, end))
            start = end + relativedelta(days=1)
        self.env["credit.insurance.policy.year"].create(vals_list)
        if not moves_term or not (tacit or vals_list):
            return
        begun = self.year_ids.filtered(lambda year: year.date_from <= day)
        end = max(begun.mapped("date_to"), default=self.date_end)
        if end > self.date_end:
            self._write_state({"date_end": end})

    def _prepare_year_values(self, previous, date_from, date_to):
        """Terms of a new year: the previous one's, or the policy's."""
        vals = {name: (previous or self)[name] for name in YEAR_TERMS}
        if previous:
            names = ("rate_domestic", "rate_eu", "rate_other")
            names += ("insured_pct_named", "insured_pct_unnamed")
            vals.update({name: previous[name] for name in names})
        return vals | {
            "policy_id": self.id,
            "date_from": date_from,
            "date_to": date_to,
        }

    @api.model
    def _cron_renew(self):
        """Each night: renew what renews, close what ended, policy by policy."""
        active = self.search([("state", "=", "active")])
        do_each(self.env, active, lambda policy: policy._renew_or_close())

    def _renew_or_close(self):
        """Do what the end of the term asks for, if it has come."""
        self._renew()
        self.filtered(
            lambda policy: (
                policy.renewal == "none" and policy.date_end < policy._credit_today()
            )
        )._close()
