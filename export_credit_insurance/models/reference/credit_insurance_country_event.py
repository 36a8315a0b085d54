from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date, frozendict, ormcache

from ..groups import MANAGER_GROUP

EVENT_KINDS = [
    ("war", "War or civil war"),
    ("embargo", "Embargo"),
    ("targeted_measures", "Targeted measures"),
    ("transfer_block", "Transfer block"),
    ("border_closure", "Border closure"),
    ("devaluation", "Devaluation"),
    ("moratorium", "Moratorium"),
    ("downgrade", "Downgrade"),
    ("other", "Other"),
]
#: kinds that keep a solvent buyer from paying: political causes of loss (DOMAIN 1.15)
POLITICAL_KINDS = tuple(
    kind for kind, _label in EVENT_KINDS if kind not in ("downgrade", "other")
)
#: mildest to gravest: of several events of one day, the gravest counts
COVER_STATUSES = [
    ("restricted", "Restricted"),
    ("off_cover", "Off Cover"),
    ("sanctioned", "Sanctioned"),
]
STATUS_RANK = {"open": 0, "restricted": 1, "off_cover": 2, "sanctioned": 3}
#: what a kind of event does to cover unless people say otherwise
STATUS_BY_KIND = {
    "war": "off_cover",
    "embargo": "sanctioned",
    "targeted_measures": "restricted",
    "transfer_block": "off_cover",
    "border_closure": "off_cover",
    "devaluation": "off_cover",
    "moratorium": "off_cover",
    "downgrade": "restricted",
    "other": "restricted",
}
MAP_FIELDS = {"active", "country_ids", "date_from", "date_to", "cover_status"}
#: what says whom an event touches, when and how
FACT_FIELDS = MAP_FIELDS | {"kind"}


class CreditInsuranceCountryEvent(models.Model):
    """A sovereign event that stops or restricts cover for countries, from day one.

    The add-on is no sanctions screening and ships no list of sanctioned countries:
    people record events, with their source.
    """

    _name = "credit.insurance.country.event"
    _description = "Country Event"
    _inherit = ["credit.insurance.thread.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    country_ids = fields.Many2many(
        "res.country",
        "credit_insurance_country_event_country_rel",
        "event_id",
        "country_id",
        string="Countries",
        required=True,
    )
    kind = fields.Selection(
        EVENT_KINDS,
        required=True,
        default="other",
        tracking=True,
    )
    cover_status = fields.Selection(
        COVER_STATUSES,
        string="Effect on Cover",
        compute="_compute_cover_status",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        help="Restricted: cover on the insurer's conditions. Off cover: no cover for"
        " shipments from that day on. Sanctioned: no order without a manager's release"
        " on a legal basis.",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self.env.company._credit_today(),
        tracking=True,
    )
    date_to = fields.Date(
        string="Last Day", tracking=True, help="Empty as long as the event lasts."
    )
    rating_id = fields.Many2one(
        "credit.insurance.country.rating",
        string="Rating",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The rating whose grade has this effect on cover, where one has.",
    )
    source = fields.Char(required=True, help="Law, insurer's circular, press, ...")
    note = fields.Text()

    @api.depends("kind")
    def _compute_cover_status(self):
        for event in self:
            event.cover_status = STATUS_BY_KIND.get(event.kind, "restricted")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for event in self:
            if event.date_to and event.date_to < event.date_from:
                raise ValidationError(
                    self.env._(
                        "The dates of %(event)s are upside down: it ends on %(end)s,"
                        " before it begins on %(start)s.",
                        event=event.name,
                        end=format_date(self.env, event.date_to),
                        start=format_date(self.env, event.date_from),
                    )
                )

    @api.constrains("country_ids")
    def _check_countries(self):
        for event in self:
            if not event.country_ids:
                raise ValidationError(
                    self.env._(
                        "%(event)s touches no country: add at least one.",
                        event=event.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self._forget_periods()
        return events

    def write(self, vals):
        if FACT_FIELDS & vals.keys():
            self._check_sanctions_stay(vals)
        result = super().write(vals)
        if FACT_FIELDS & vals.keys():
            self._forget_periods()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sanctions_in_force(self):
        self._check_sanctions_stay({"active": False})

    def unlink(self):
        result = super().unlink()
        self._forget_periods()
        return result

    def _check_sanctions_stay(self, vals):
        """Leave sanctions to managers, and what has been in force as it was.

        Orders held for sanctions are released by a manager, on a legal basis: nobody
        else walks around that by changing the event. Of one that has been in force
        only the end may still be set, and no earlier than yesterday.

        :raise AccessError: for others than managers
        :raise UserError: where the past would be rewritten
        """
        sanctions = self.filtered(lambda event: event.cover_status == "sanctioned")
        if not sanctions or self.env.su:
            return
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._(
                    "Only a credit manager ends, changes or deletes sanctions that "
                    "are recorded: %(events)s.",
                    events=", ".join(sanctions.mapped("name")),
                )
            )
        today = self.env.company._credit_today()
        yesterday = today - timedelta(days=1)
        past = sanctions.filtered(lambda event: event.date_from <= today)
        end = fields.Date.to_date(vals.get("date_to"))
        for event in past:
            is_over = event.date_to and event.date_to < yesterday
            if {"date_to"} != FACT_FIELDS & vals.keys() or (
                is_over or (end and end < yesterday)
            ):
                raise UserError(
                    self.env._(
                        "%(event)s has been in force since %(day)s and stays as it "
                        "was: set its last day, to yesterday or later, and record what "
                        "follows as another event.",
                        event=event.name,
                        day=format_date(self.env, event.date_from),
                    )
                )

    @api.model
    def _periods(self, countries):
        """Return when and how events limit the cover of countries.

        :return: ``{country id: [(first day, last day or None, status, event id)]}``,
            by first day; a country without event is absent
        """
        everything = self._all_periods()
        return {
            country_id: list(everything[country_id])
            for country_id in countries.ids
            if country_id in everything
        }

    @api.model
    def _status(self, countries, day):
        """Return the gravest status of each country on ``day``.

        :return: ``{country: "open", "restricted", "off_cover" or "sanctioned"}``
        """
        everything = self._all_periods()
        return {
            country: max(
                (
                    status
                    for first, last, status, _event in everything.get(country.id, ())
                    if first <= day and (last is None or day <= last)
                ),
                key=STATUS_RANK.__getitem__,
                default="open",
            )
            for country in countries
        }

    @api.model
    def _in_force(self, countries, first_day, last_day, kinds):
        """Return the events of some kinds that touch each country in a span of days.

        One query and what reading the events takes, whatever the number of countries.

        :param kinds: those that count
        :return: ``{country: events}``, the latest first; all countries are in it
        """
        found = dict.fromkeys(countries, self.browse())
        # sudo: what happened to a country is no secret; callers decide what they show
        events = self.sudo().search(
            [
                ("country_ids", "in", countries.ids),
                ("kind", "in", list(kinds)),
                ("date_from", "<=", last_day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", first_day),
            ]
        )
        for event in events:
            for country in event.country_ids & countries:
                found[country] |= event
        return found

    @api.model
    def _sanctions_in_force(self, day):
        """Whether any country is under sanctions on ``day``."""
        return any(
            status == "sanctioned" and first <= day and (last is None or day <= last)
            for periods in self._all_periods().values()
            for first, last, status, _event in periods
        )

    @api.model
    @ormcache()
    def _all_periods(self):
        # sudo: the periods are the same for all users, as the cache they live in
        events = self.sudo().search([("active", "=", True)], order="date_from, id")
        periods = {}
        for event in events:
            period = (
                event.date_from,
                event.date_to or None,
                event.cover_status,
                event.id,
            )
            for country_id in event.country_ids.ids:
                periods.setdefault(country_id, []).append(period)
        return frozendict(
            {country_id: tuple(found) for country_id, found in periods.items()}
        )

    @api.model
    def _forget_periods(self):
        self.env.registry.clear_cache()
        self.env["res.country"].invalidate_model(["credit_status"], flush=False)
