from odoo import api, models
from odoo.tools import SQL, format_date

from .plan_choice import PlanChoice

CHOICE_REASONS = [
    ("event", "Country Event"),
    ("explicit", "Chosen by Hand"),
    ("zone", "Zone"),
    ("band", "Risk Band"),
    ("tag", "Buyer Tag"),
    ("general", "General Plan"),
    ("default", "Default Plan"),
    ("none", "No Plan"),
]
#: what is read of every buyer: reading one field alone would read all its kind
BUYER_FIELDS = [
    "commercial_partner_id",
    "country_id",
    "credit_zone_override_id",
    "credit_followup_plan_id",
]


class CreditFollowupPlan(models.Model):
    """Which plan a buyer has, and why."""

    _inherit = "credit.followup.plan"

    @api.model
    def _get_plans(self, partners, company, places=None):
        """Return the plan of each buyer, {partner: :class:`PlanChoice`}.

        While an event of its kind is in force in the buyer's country: the plan made for
        it. Otherwise the plan chosen by hand, else by zone, band, buyer tag, else a
        general one, else the default (DESIGN 4, *Follow-up*). A plan that asks for
        several things fits only where all of them hold, and counts by the first one.
        Constant queries, each only if some plan asks for what it reads.

        :param partners: buyers (commercial partners)
        :param company: the company they owe
        :param places: their countries and zones, see ``res.partner._credit_places``,
            where the caller has read them
        """
        # sudo: the scenario is the same, whoever looks at the buyer
        plans = self.sudo().search([("company_id", "in", (company.id, False))])
        buyers = partners.sudo().with_company(company)
        buyers.fetch(BUYER_FIELDS)
        if places is None:
            places = buyers._credit_places(company)
        facts = _BuyerFacts(plans, buyers, company, places)
        ranked = sorted(
            plans.filtered(lambda plan: not plan.is_default),
            key=lambda plan: (plan._rank(), plan.sequence, plan.id),
        )
        ranked += plans.filtered("is_default")
        during = [plan for plan in ranked if plan.event_kind]
        ranked = [plan for plan in ranked if not plan.event_kind]
        return {
            partner: self._choose(buyer, during, ranked, facts)
            for partner, buyer in zip(partners, buyers, strict=True)
        }

    def _rank(self):
        """Return how early this plan is tried: by what it asks for first."""
        self.ensure_one()
        return 0 if self.zone_ids else 1 if self.band_ids else 2 if self.tag_ids else 3

    def _choice_reason(self):
        self.ensure_one()
        if self.is_default:
            return "default"
        return ("zone", "band", "tag", "general")[self._rank()]

    @api.model
    def _choose(self, buyer, during, ranked, facts):
        choice = self._choose_ordinary(buyer, ranked, facts)
        if not facts.has_events:
            return choice
        for plan in during:
            event = facts.event(plan, buyer)
            if event and facts.fits(plan, buyer):
                return PlanChoice(plan.sudo(False), "event", event, choice.plan)
        return choice

    @api.model
    def _choose_ordinary(self, buyer, ranked, facts):
        explicit = buyer.credit_followup_plan_id
        if explicit and explicit in ranked:
            return PlanChoice(explicit.sudo(False), "explicit")
        for plan in facts.of_zone(buyer, ranked):
            if facts.fits(plan, buyer):
                return facts.choices[plan.id]
        return PlanChoice(self.browse(), "none")

    @api.model
    def _explain_choice(self, choice, partner):
        """Say in the reader's language why a buyer has this plan."""
        # sudo: the names of the criteria, for whoever may see the buyer's plan
        plan, buyer = choice.plan.sudo(), partner.sudo()
        if choice.event:
            return self._explain_event(choice, buyer)
        texts = {
            "explicit": self.env._("Chosen by hand for this buyer"),
            "zone": self.env._("For zone %(zone)s", zone=buyer.credit_zone_id.name),
            "band": self.env._(
                "For risk band %(band)s", band=", ".join(plan.band_ids.mapped("name"))
            ),
            "tag": self.env._(
                "For buyers tagged %(tag)s", tag=", ".join(plan.tag_ids.mapped("name"))
            ),
            "general": self.env._("The first plan that fits"),
            "default": self.env._("The default plan: no other one fits"),
            "none": self.env._("No plan fits: this buyer is not followed up"),
        }
        return texts[choice.reason]

    @api.model
    def _explain_event(self, choice, buyer):
        # sudo: as above
        values = {
            "country": buyer.country_id.name,
            "event": choice.event.name,
            "day": format_date(self.env, choice.event.date_from),
            "plan": choice.otherwise.sudo().name,
        }
        if not choice.otherwise:
            return self.env._(
                "%(country)s: %(event)s, in force since %(day)s. No plan fits "
                "afterwards.",
                **values,
            )
        return self.env._(
            "%(country)s: %(event)s, in force since %(day)s. Afterwards again: "
            "%(plan)s",
            **values,
        )


class _BuyerFacts:
    """What the plans ask about a set of buyers, read in constant queries."""

    def __init__(self, plans, buyers, company, places):
        self.env = plans.env
        self.company = company
        self.day = company._credit_today()
        position = self.env["credit.insurance.position"]
        self.owed, self.positions, self.bands = {}, {}, {}
        if any(plans.mapped("minimum_amount")):
            self.owed = position._get_exposure(buyers, company, self.day)
        if any(plan.insured != "any" for plan in plans):
            self.positions = position._get_credit_position(buyers, company, self.day)
        if plans.band_ids:
            self.bands = self._read_bands(buyers)
        self.events = {}
        if kinds := set(plans.mapped("event_kind")) - {False}:
            self.events = self.env["credit.insurance.country.event"]._in_force(
                buyers.country_id, self.day, self.day, kinds
            )
        self.has_events = any(self.events.values())
        self.zones = {key: zone_id for key, (_country_id, zone_id) in places.items()}
        self.plans_of_zone = {}
        # read once: each buyer is tried against several plans
        self.asked = {
            plan.id: (
                set(plan.zone_ids.ids),
                set(plan.band_ids.ids),
                set(self._with_children(plan.tag_ids).ids),
                plan.insured != "any",
                bool(plan.minimum_amount),
            )
            for plan in plans
        }
        self.choices = {
            plan.id: PlanChoice(plan.sudo(False), plan._choice_reason())
            for plan in plans
        }

    def _read_bands(self, buyers):
        """Return {buyer id: band id}.

        Natural persons have none here: their score is personal data, and alone
        decides on nothing (DESIGN 7).
        """
        band = self.env["credit.insurance.band"]
        self.env["res.partner"].flush_model(["is_company", "country_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, band_id FROM %s AS band WHERE id = ANY(%s)",
                    band._by_buyer_sql(self.company, sees_persons=False),
                    buyers.ids,
                )
            )
        )

    def _with_children(self, tags):
        return tags and tags.search([("id", "child_of", tags.ids)])

    def event(self, plan, buyer):
        """The event during which a plan takes the place of the others, if any."""
        found = self.events.get(buyer.country_id)
        return found and found.filtered(lambda e: e.kind == plan.event_kind)[:1]

    def of_zone(self, buyer, ranked):
        """Those of the ranked plans that do not ask for another zone."""
        zone_id = self.zones[buyer.id]
        if zone_id not in self.plans_of_zone:
            self.plans_of_zone[zone_id] = [
                plan
                for plan in ranked
                if not (zones := self.asked[plan.id][0]) or zone_id in zones
            ]
        return self.plans_of_zone[zone_id]

    def fits(self, plan, buyer):
        """Whether all that the plan asks for holds."""
        zones, bands, tags, by_cover, by_amount = self.asked[plan.id]
        return (
            (not zones or self.zones[buyer.id] in zones)
            and (not bands or self.bands.get(buyer.id) in bands)
            and (not tags or not tags.isdisjoint(buyer.category_id.ids))
            and (not by_cover or self._fits_insured(plan, buyer))
            and (not by_amount or self._fits_amount(plan, buyer))
        )

    def _fits_insured(self, plan, buyer):
        is_insured = self.positions[buyer].cover_state != "not_insured"
        return is_insured == (plan.insured == "insured")

    def _fits_amount(self, plan, buyer):
        owed = float(self.owed[buyer].get("receivable") or 0.0)
        converted = self.company.currency_id._convert(
            owed, plan.currency_id, self.company, self.day
        )
        return plan.currency_id.compare_amounts(converted, plan.minimum_amount) >= 0
