from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, split_every

from ..job import attempt
from ..position.open_items import OPEN_ITEM
from .due_item import DueItem
from .due_query import DueQuery

#: buyers that are looked at together
BATCH = 500
#: exclusions under which a next day is still planned
WAITS = (None, "pending", "promise")
#: what the query reads besides the position's own fields
READ_FIELDS = {
    "account.move": ("partner_id", "payment_state", "credit_dispute_amount"),
    "account.move.line": ("no_followup", "amount_residual", "date_maturity"),
    "res.partner": ("lang", "commercial_partner_id"),
    "credit.followup.plan": ("event_kind",),
    "credit.followup.step": ("plan_id", "sequence", "hand_over"),
    "credit.followup.reminder.line": ("move_line_id", "step_id", "state", "date"),
    "credit.followup.promise": ("state", "move_line_ids"),
    "credit.insurance.stop": ("cause", "move_line_id", "date_from", "date_to"),
    "credit.insurance.insolvency": ("partner_id", "judgment_date", "date_end"),
}


class CreditFollowupDue(models.AbstractModel):
    """Which step is due today on each open instalment: the one engine of the room."""

    _name = "credit.followup.due"
    _description = "Follow-up Due"

    @api.model
    def _get_items(self, partners, company, day=None):
        """Return what follow-up sees of each buyer, {partner: [DueItem]}.

        Open instalments, those left alone included, and unallocated credits. Constant
        queries, whatever the number of buyers.

        :param partners: buyers (commercial partners)
        :param company: the company they owe
        :param day: the day that counts as today
        """
        return self._ask(self._question(partners, company, day))

    @api.model
    def _question(self, partners, company, day=None):
        """Return what is asked of these buyers: plans, steps and calendars are read.

        Sending asks twice, before and after steps are taken, which change none of them.
        """
        day = day or company._credit_today()
        # sudo: what is due does not depend on who asks; callers check what is shown
        buyers = partners.sudo()
        choices = self.env["credit.followup.plan"]._get_plans(buyers, company)
        plans = self._plans_of(choices)
        calendar = _Calendar(buyers, plans, day)
        cover = self._cover(buyers, company, day)
        cuts = self._cuts(buyers, company, day) if cover else {}
        paces = {p.id: (p.accelerate_days, bool(p.event_kind)) for p in plans}
        query = DueQuery(
            company,
            day,
            [
                self._buyer_row(
                    buyer, choices[buyer].plan.id, calendar, paces, cuts.get(buyer)
                )
                for buyer in buyers
            ],
            self._step_rows(plans),
            self._residues(company, day),
            cover,
        )
        return _Question(partners, query, calendar)

    @api.model
    def _ask(self, question):
        """Return {partner: [DueItem]} as it is now."""
        found = {partner: [] for partner in question.partners}
        if not found:
            return found
        self._flush()
        by_id = {partner.id: partner for partner in found}
        for row in self.env.execute_query(question.query.query()):
            item = DueItem(*row)
            found[by_id[item.partner_id]].append(question.calendar.on_working_day(item))
        return found

    @api.model
    def _get_buyer_ids(self, company):
        """Return the ids of all buyers that owe the company anything, in order."""
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT contact.commercial_partner_id
                  FROM account_move_line line
                  JOIN res_partner contact ON contact.id = line.partner_id
                 WHERE %s AND line.company_id = %s AND line.amount_residual_currency > 0
                 ORDER BY 1
                """,
                OPEN_ITEM,
                company.id,
            )
        )
        return [partner_id for (partner_id,) in rows]

    @api.model
    def _refresh_moves(self, partners, company):
        """Write the step reached and the day of the next one on the invoices.

        Of the earliest of an invoice's instalments; one UPDATE of those that changed.
        """
        self._refresh_moves_of(self._question(partners, company))

    @api.model
    def _refresh_moves_of(self, question):
        """The same, of the buyers of a question asked before."""
        rows = {}
        steps = self.env["credit.followup.step"].sudo()  # sudo: as in _get_items
        for items in self._ask(question).values():
            for item in items:
                if item.amount > 0:
                    rows.setdefault(item.move_id, []).append(item)
        values = []
        for move_id, items in rows.items():
            taken = [item.last_step_id for item in items if item.last_step_id]
            reached = steps.browse(taken).sorted(lambda s: (s.sequence, s.id))[-1:]
            days = [i.next_day for i in items if i.next_day and i.exclusion in WAITS]
            values.append((move_id, reached.id or None, min(days, default=None)))
        self._update_moves(values)

    @api.model
    def _update_moves(self, values):
        """Write rows (move id, step id, next day), with one statement."""
        if not values:
            return
        Move = self.env["account.move"]
        Move.flush_model(["credit_followup_step_id", "credit_followup_next_date"])
        moves, steps, days = zip(*values, strict=True)
        self.env.execute_query(
            SQL(
                """
                UPDATE account_move move
                   SET credit_followup_step_id = row.step_id,
                       credit_followup_next_date = row.day
                  FROM unnest(%s::int[], %s::int[], %s::date[])
                       AS row(move_id, step_id, day)
                 WHERE move.id = row.move_id
                   AND (move.credit_followup_step_id, move.credit_followup_next_date)
                       IS DISTINCT FROM (row.step_id, row.day)
             RETURNING move.id
                """,
                list(moves),
                list(steps),
                list(days),
            )
        )
        Move.browse(moves).invalidate_recordset(
            ["credit_followup_step_id", "credit_followup_next_date"], flush=False
        )

    @api.model
    def _cron_refresh_moves(self):
        """Bring the invoices' next days up to date each night: plans change."""
        # sudo: the job runs for all companies
        companies = self.env["res.company"].sudo()
        used = companies.browse(companies._followup_companies())
        commit = self.env["ir.cron"]._commit_progress
        for company in used:
            buyer_ids = self._get_buyer_ids(company)
            commit(remaining=len(buyer_ids))
            for batch in split_every(BATCH, buyer_ids):
                buyers = self.env["res.partner"].browse(batch)
                attempt(self.env, self._refresh_moves, buyers, company)
                if not commit(len(batch)):
                    return
                self.env.invalidate_all()

    @api.model
    def _flush(self):
        self.env["credit.insurance.position"]._flush()
        for model, names in READ_FIELDS.items():
            self.env[model].flush_model(names)

    @api.model
    def _plans_of(self, choices):
        plans = {choice.plan for choice in choices.values()}
        # sudo: the scenario is the same, whoever looks at the buyer
        return self.env["credit.followup.plan"].sudo().union(*plans)

    @api.model
    def _cuts(self, buyers, company, day):
        # sudo: as in _get_items
        return self.env["credit.insurance.limit"].sudo()._get_cuts(buyers, day, company)

    @api.model
    def _buyer_row(self, buyer, plan_id, calendar, paces, cut_on):
        """What the query must know of a buyer, see :class:`~.due_query.DueQuery`."""
        rest_day = calendar.rest_day(buyer.country_id)
        accelerate_days, in_event = paces.get(plan_id, (0, False))
        return {
            "partner_id": buyer.id,
            "plan_id": plan_id or None,
            "rest_day": rest_day,
            "last_day": rest_day - calendar.waiting(buyer.credit_zone_id),
            "accelerate_days": accelerate_days,
            "cut_on": cut_on,
            "in_event": in_event,
        }

    @api.model
    def _step_rows(self, plans):
        return [
            {
                "id": step.id,
                "plan_id": step.plan_id.id,
                "sequence": step.sequence,
                "days": step.days,
                "base": step.base,
                "hand_over": step.hand_over,
            }
            for step in plans.step_ids
        ]

    @api.model
    def _residues(self, company, day):
        """Return, in company currency, below which amounts nothing is chased.

        That of the policy of each debt, as for stops and notices. What no policy
        insures has that of the company's first one, and no residue without one.

        :return: ({policy id: amount}, the amount for other debts)
        """
        # sudo: a term of the policy, whoever prepares the run
        policies = (
            self.env["credit.insurance.policy"]
            .sudo()
            .search([("state", "=", "active"), ("company_ids", "in", company.id)])
        )
        amounts = {
            policy.id: policy.currency_id._convert(
                policy.residue_amount, company.currency_id, company, day
            )
            for policy in policies
        }
        first = policies.filtered(lambda policy: policy.kind != "single")[:1]
        return amounts, amounts.get(first.id, 0.0)

    @api.model
    def _cover(self, buyers, company, day):
        """Return the SQL of the buyers' allocation, None where nothing is insured."""
        position = self.env["credit.insurance.position"]
        if not position._facts(company.id, day).policy_ids:
            return None
        return position._query(company, day, buyers._origin).cover(0)


class _Question(NamedTuple):
    """What is asked of a set of buyers; see :meth:`CreditFollowupDue._question`."""

    partners: models.BaseModel
    query: DueQuery
    calendar: object


class _Calendar:
    """Working days of the buyers' countries, each worked out once."""

    def __init__(self, buyers, plans, day):
        self.countries = {buyer.id: buyer.country_id for buyer in buyers}
        self.fixed = {step.id for step in plans.step_ids if step.base == "mep_end"}
        self.day = day
        self.rest_days = {}  # {country id: day}
        self.next_days = {}  # {(country id, day): day}
        self.waits = {}  # {zone id: time}

    def rest_day(self, country):
        """Return the last day up to today on which people work there."""
        if country.id not in self.rest_days:
            self.rest_days[country.id] = country._last_working_day(self.day)
        return self.rest_days[country.id]

    def waiting(self, zone):
        """Return how long follow-up waits for a zone's transport and administration."""
        if zone.id not in self.waits:
            self.waits[zone.id] = timedelta(days=zone._followup_days())
        return self.waits[zone.id]

    def on_working_day(self, item):
        """Move the next day of an item to its buyer's next working day."""
        if item.next_day is None:
            return item
        day = item.next_day
        if item.next_step_id not in self.fixed:
            day = self._next_day(self.countries[item.partner_id], day)
        if item.is_accelerated:
            day = self.day
        return item if day == item.next_day else item._replace(next_day=day)

    def _next_day(self, country, day):
        key = (country.id, day)
        if key not in self.next_days:
            self.next_days[key] = country._next_working_day(day)
        return self.next_days[key]
