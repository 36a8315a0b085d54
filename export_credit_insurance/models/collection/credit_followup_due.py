from datetime import timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, split_every

from ..job import attempt
from ..position.open_items import OPEN_ITEM
from .credit_followup_plan_choice import BUYER_FIELDS
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
        buyers.fetch(BUYER_FIELDS)
        places = buyers._credit_places(company)
        choices = self.env["credit.followup.plan"]._get_plans(buyers, company, places)
        plans = self._plans_of(choices)
        calendar = _Calendar(self.env, places, plans, day)
        cover = self._cover(buyers, company, day)
        cuts = self._cuts(buyers, company, day) if cover else {}
        query = DueQuery(
            company,
            day,
            self._buyer_rows(choices, places, cuts, calendar),
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
        self._flush_sources()
        by_id = {partner.id: items for partner, items in found.items()}
        rows = self.env.execute_query(question.query.query())
        for item in question.calendar.on_working_days(map(DueItem._make, rows)):
            by_id[item.partner_id].append(item)
        return found

    @api.model
    def _get_buyer_ids(self, company):
        """Return the ids of all buyers that owe the company anything, in order."""
        self._flush_sources()
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
    def _flush_sources(self):
        self.env["credit.insurance.position"]._flush_sources()
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
    def _buyer_rows(self, choices, places, cuts, calendar):
        """Return the rows of buyers alike, of which a run has few."""
        alike = {}  # {(plan id, country id, zone id, day of a cut): ids of buyers}
        for buyer, choice in choices.items():
            buyer_id = buyer.id
            cut_on = cuts.get(buyer) if cuts else None
            key = (choice.plan.id, *places[buyer_id], cut_on)
            alike.setdefault(key, []).append(buyer_id)
        return [
            self._buyer_row(buyer_ids, *key, calendar)
            for key, buyer_ids in alike.items()
        ]

    @api.model
    def _buyer_row(self, buyer_ids, plan_id, country_id, zone_id, cut_on, calendar):
        """What the query must know of buyers alike, see :class:`~.due_query.DueQuery`.

        :param cut_on: first day of a lower limit, if the insurer has cut theirs
        """
        # sudo: as in _plans_of
        plan = self.env["credit.followup.plan"].sudo().browse(plan_id)
        rest_day = calendar.rest_day(country_id)
        return {
            "partner_ids": buyer_ids,
            "plan_id": plan.id or None,
            "rest_day": rest_day,
            "last_day": rest_day - calendar.waiting(zone_id),
            "accelerate_days": plan.accelerate_days,
            "cut_on": cut_on,
            "in_event": bool(plan.event_kind),
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
    """Working days of the buyers' countries, each worked out once.

    :param places: {buyer id: (country id, zone id)}
    """

    def __init__(self, env, places, plans, day):
        self.country_ids = {key: country_id for key, (country_id, _) in places.items()}
        self.countries = _by_id(env["res.country"], set(self.country_ids.values()))
        # sudo: a zone's days are the same for all, whoever asks
        self.zones = _by_id(
            env["credit.insurance.zone"].sudo(),
            {zone_id for _country_id, zone_id in places.values()},
        )
        self.fixed = {step.id for step in plans.step_ids if step.base == "mep_end"}
        self.day = day
        self.next_days = {}  # {country id: {day: day}}

    def rest_day(self, country_id):
        """Return the last day up to today on which people work there."""
        return self.countries[country_id]._last_working_day(self.day)

    def waiting(self, zone_id):
        """Return how long follow-up waits for a zone's transport and administration."""
        return timedelta(days=self.zones[zone_id]._followup_days())

    def on_working_days(self, items):
        """Yield the items, the next day of each on its buyer's next working day."""
        for item in items:
            day = item.next_day
            if day is None:
                yield item
                continue
            if item.is_accelerated:
                day = self.day
            elif item.next_step_id not in self.fixed:
                country_id = self.country_ids[item.partner_id]
                known = self.next_days.setdefault(country_id, {})
                if day not in known:
                    known[day] = self.countries[country_id]._next_working_day(day)
                day = known[day]
            yield item if day == item.next_day else item._replace(next_day=day)


def _by_id(model, ids):
    """Return {id: record}, read together; False is no record."""
    records = model.browse(filter(None, ids))
    return {False: model.browse(), **{record.id: record for record in records}}
