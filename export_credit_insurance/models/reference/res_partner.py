from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang
from odoo.tools.constants import PREFETCH_MAX

from ..groups import CONTROLLER_GROUP, CREDIT_GROUP
from .credit_score import (
    CreditScore,
    Criterion,
    confidence_level,
    criterion_score,
)
from .number_text import number_text
from .relation_search import searched_ids

SCORE_FIELDS = (
    "country_risk_score",
    "buyer_credit_score",
    "credit_grid_score",
    "credit_country_is_rated",
    "credit_buyer_is_rated",
    "credit_is_rated",
    "credit_band_id",
    "credit_score_detail",
    "credit_band_meaning",
    "credit_score_confidence",
)
#: what lists sort by, and the column of the grid's query it stands in
GRID_COLUMNS = {"credit_band_id": "band_id", "credit_grid_score": "score"}
JOINED_FIELDS = frozenset({"credit_zone_id", *GRID_COLUMNS})


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_zone_override_id = fields.Many2one(
        "credit.insurance.zone",
        string="Zone Chosen by Hand",
        index="btree_not_null",
        copy=False,  # who copies a partner need not be allowed to write it
        groups=CREDIT_GROUP,
        help="Instead of the zone of the buyer's country.",
    )
    credit_zone_id = fields.Many2one(
        "credit.insurance.zone",
        string="Credit Zone",
        compute="_compute_credit_zone_id",
        search="_search_credit_zone_id",
        groups=CREDIT_GROUP,
    )
    credit_governing_law_id = fields.Many2one(
        "res.country",
        string="Governing Law",
        copy=False,  # as above
        groups=CREDIT_GROUP,
        help="The country whose law the contracts with this buyer name. Empty: the "
        "seller's.",
    )
    credit_buyer_rating_ids = fields.One2many(
        "credit.insurance.buyer.rating",
        "partner_id",
        string="Buyer Ratings",
        groups=CREDIT_GROUP,
    )
    country_risk_score = fields.Float(
        compute="_compute_credit_scores",
        aggregator=None,
        groups=CREDIT_GROUP,
        help="0 worst .. 100 best, from the ratings of the buyer's country.",
    )
    buyer_credit_score = fields.Float(
        compute="_compute_credit_scores",
        aggregator=None,
        groups=CREDIT_GROUP,
        help="0 worst .. 100 best, from agencies' scores and payment behaviour.",
    )
    credit_grid_score = fields.Float(
        string="Risk Score",
        compute="_compute_credit_scores",
        aggregator=None,
        groups=CREDIT_GROUP,
        help="0 worst .. 100 best: country and buyer, weighted. It decides on the"
        " band.",
    )
    credit_band_id = fields.Many2one(
        "credit.insurance.band",
        string="Risk Band",
        compute="_compute_credit_scores",
        search="_search_credit_band_id",
        groups=CREDIT_GROUP,
    )
    credit_score_detail = fields.Text(
        string="Risk Score Explained",
        compute="_compute_credit_scores",
        groups=CREDIT_GROUP,
    )
    credit_score_confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        string="Confidence",
        compute="_compute_credit_scores",
        groups=CREDIT_GROUP,
        help="How much of the grid is known: criteria that nobody rated lower it by "
        "their weight, stale ratings and those of low reliability by half of it each. "
        "High from three quarters on, low below a half.",
    )

    # === Zone === #

    @api.depends(
        "commercial_partner_id.country_id",
        "commercial_partner_id.credit_zone_override_id",
    )
    @api.depends_context("company")
    def _compute_credit_zone_id(self):
        Zone = self.env["credit.insurance.zone"]
        places = self.commercial_partner_id._credit_places(self.env.company)
        for partner in self:
            _country_id, zone_id = places[partner.commercial_partner_id.id]
            partner.credit_zone_id = Zone.browse(zone_id)

    def _credit_places(self, company):
        """Return ``{partner id: (country id, zone id)}`` of commercial partners.

        A zone chosen by hand goes before that of the country, as ``company`` sees it.
        For thousands: of each partner nothing else is read, and nothing cached.
        """
        zones = self.env["credit.insurance.zone"]._zone_by_country(company)
        places = {}
        for partner in self:
            country_id = partner.country_id._origin.id
            chosen_id = partner.credit_zone_override_id.id
            places[partner.id] = (country_id, chosen_id or zones.get(country_id, False))
        return places

    def _search_credit_zone_id(self, operator, value):
        Zone = self.env["credit.insurance.zone"]
        zone_ids = searched_ids(Zone, operator, value)
        if zone_ids is None:
            return NotImplemented
        zone_by_country = Zone._zone_by_country(self.env.company)
        countries = [c for c, zone_id in zone_by_country.items() if zone_id in zone_ids]
        by_country = Domain("country_id", "in", countries)
        if False in zone_ids:
            by_country |= Domain("country_id", "not in", list(zone_by_country))
        by_hand = Domain("credit_zone_override_id", "in", list(zone_ids - {False}))
        without = Domain("credit_zone_override_id", "=", False)
        return Domain("commercial_partner_id", "any!", by_hand | without & by_country)

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base': lists sort and group by zone and band, and sort by score
        if query is None or field_expr not in JOINED_FIELDS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if column := GRID_COLUMNS.get(field_expr):
            return self._credit_grid_to_sql(alias, query, column)
        return self._credit_zone_to_sql(alias, query)

    def _credit_zone_to_sql(self, alias, query):
        """Join each buyer's country and its zone; one chosen by hand goes first."""
        buyer = query.make_alias(alias, "credit_buyer")
        query.add_join(
            "LEFT JOIN",
            buyer,
            "res_partner",
            SQL(
                "%s = %s",
                self._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(buyer, "id"),
            ),
        )
        zone_by_country = self.env["credit.insurance.zone"]._zone_by_country(
            self.env.company
        )
        zone_map = query.make_alias(alias, "credit_zone_map")
        query.add_join(
            "LEFT JOIN",
            zone_map,
            SQL(
                """(SELECT *
                      FROM unnest(%s::int[], %s::int[]) AS z(country_id, zone_id))""",
                list(zone_by_country),
                list(zone_by_country.values()),
            ),
            SQL(
                "%s = %s",
                self._field_to_sql(buyer, "country_id", query),
                SQL.identifier(zone_map, "country_id"),
            ),
        )
        return SQL(
            "COALESCE(%s, %s)",
            self._field_to_sql(buyer, "credit_zone_override_id", query),
            SQL.identifier(zone_map, "zone_id"),
        )

    def _credit_grid_to_sql(self, alias, query, column):
        """Join every buyer's band and score once to a query on partners."""
        joined = query.make_alias(alias, "credit_band")
        query.add_join(
            "LEFT JOIN",
            joined,
            self.env["credit.insurance.band"]._by_buyer_sql(
                self.env.company, self._sees_credit_of_persons()
            ),
            SQL(
                "%s = %s",
                SQL.identifier(joined, "id"),
                self._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )
        return SQL.identifier(joined, column)

    def write(self, vals):
        # EXTENDS 'base': the company's day depends on its contact's time zone
        if "tz" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    # === Score === #

    @api.depends(
        "commercial_partner_id.country_id",
        "commercial_partner_id.industry_id",
        "commercial_partner_id.is_company",
        "commercial_partner_id.credit_buyer_rating_ids",
    )
    @api.depends_context("company", "uid")
    def _compute_credit_scores(self):
        # sudo: the score reads what record rules keep from users; persons' scores,
        # which are personal data, are left empty below
        buyers = self.commercial_partner_id.sudo()
        company = self.env.company.sudo()
        scores = buyers._credit_scores(company)
        bands = self.env["credit.insurance.band"].search([("active", "=", True)])
        sees_persons = self._sees_credit_of_persons()
        for partner in self:
            buyer = partner.commercial_partner_id.sudo()
            score = scores[buyer]
            shown = buyer.is_company or sees_persons
            partner.country_risk_score = score.country or 0.0
            partner.buyer_credit_score = (score.buyer or 0.0) if shown else 0.0
            partner.credit_grid_score = (score.total or 0.0) if shown else 0.0
            partner.credit_country_is_rated = score.country is not None
            partner.credit_buyer_is_rated = shown and score.buyer is not None
            partner.credit_is_rated = shown and score.total is not None
            partner.credit_band_id = shown and bands._matching(score.total)
            partner.credit_score_confidence = shown and confidence_level(
                score.confidence
            )
            detail = self._credit_score_text(score, shown)
            if shown and score.total is not None and not partner.credit_band_id:
                detail = f"{detail}\n{self._credit_no_band_text(score.total)}"
            partner.credit_score_detail = detail

    def _search_credit_band_id(self, operator, value):
        Band = self.env["credit.insurance.band"]
        band_ids = searched_ids(Band, operator, value)
        if band_ids is None:
            return NotImplemented

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "credit_band_id", query)
            found = SQL("(%s = ANY(%s)) IS TRUE", column, list(band_ids - {False}))
            if False in band_ids:
                found = SQL("(%s OR %s IS NULL)", found, column)
            return found

        return Domain.custom(
            to_sql=to_sql,
            predicate=lambda partner: (partner.credit_band_id.id in band_ids),
        )

    @api.model
    def _sees_credit_of_persons(self):
        """Whether the user may see what is personal data: scores of natural persons."""
        return self.env.su or self.env.user.has_group(CONTROLLER_GROUP)

    def _credit_scores(self, company, day=None, weights=None):
        """Return the risk grid of buyers, as ``company`` weighs it.

        score = Σ weight × score / Σ weight over the criteria somebody rated; within a
        criterion, the same over its sources. No access is checked: the caller decides
        what is shown to whom.

        :param self: commercial partners
        :param day: the day whose ratings count, today by default
        :param weights: other weights of the criteria than the company's
        :return: ``{buyer: CreditScore}``
        """
        company = company.sudo()  # its weights are no secret of the caller's
        day = day or company._credit_today()
        weights = weights or company._credit_weights()
        rated = self._credit_ratings(company, day)
        return {
            buyer: CreditScore(
                tuple(
                    self._credit_criterion(code, weight, rated[buyer].get(code, ()))
                    for code, weight in weights.items()
                )
            )
            for buyer in self
        }

    def _credit_ratings(self, company, day):
        """Return {buyer: {criterion: [(rating, its score)]}}, of all that rate it."""
        if len(self) > PREFETCH_MAX:  # else one query reads them all anyway
            self._origin.fetch(["country_id", "industry_id"])
        of_countries = self.env["credit.insurance.country.rating"]._current(
            self.country_id._origin, day, company
        )
        of_sectors = self.env["credit.insurance.sector.rating"]._current(
            self.industry_id._origin, day, company
        )
        of_buyers = self.env["credit.insurance.buyer.rating"]._current(
            self._origin, day, company
        )
        if len(self) > PREFETCH_MAX:
            self.env["credit.insurance.buyer.rating"].union(*of_buyers.values()).fetch(
                ["source_id", "date", "grade_id", "score", "reliability"]
            )
        result = {}
        for buyer in self:
            parts = result[buyer] = defaultdict(list)
            for rating in of_countries.get(buyer.country_id._origin, ()):
                parts["country"].append((rating, rating.grade_id._score_for(company)))
            for rating in of_sectors.get(buyer.industry_id._origin, ()):
                parts["sector"].append((rating, rating.grade_id._score_for(company)))
            for rating in of_buyers.get(buyer._origin, ()):
                parts[rating.source_id.criterion].append((rating, rating._score()))
        return result

    @api.model
    def _credit_criterion(self, code, weight, rated):
        """Return a :class:`Criterion`, whose confidence is that of its best source."""
        counted = (
            rating
            for rating, score in rated
            if score is not None and rating.source_id.weight > 0
        )
        return Criterion(
            code,
            weight,
            criterion_score(rated),
            tuple(rating for rating, _score in rated),
            max((rating._trust() for rating in counted), default=0.0),
        )

    @api.model
    def _credit_score_text(self, score, shown):
        """Write the grid's lines, the missing ones included."""
        labels = dict(
            self.env["credit.insurance.rating.source"]
            ._fields["criterion"]
            ._description_selection(self.env)
        )
        lines = []
        for criterion in score.criteria:
            if criterion.code != "country" and not shown:
                continue
            if criterion.score is None:
                text = self.env._(
                    "%(criterion)s: not rated, left out",
                    criterion=labels[criterion.code],
                )
            else:
                text = self.env._(
                    "%(criterion)s: %(score)s, weight %(weight)s",
                    criterion=labels[criterion.code],
                    score=formatLang(self.env, criterion.score, digits=2),
                    weight=number_text(self.env, criterion.weight),
                )
            sources = [self._credit_rating_text(r) for r in criterion.ratings]
            lines.append(f"{text} ({', '.join(sources)})" if sources else text)
        return "\n".join(lines)

    @api.model
    def _credit_no_band_text(self, score):
        return self.env._(
            "No risk band holds a score of %(score)s: close the gap between the bands.",
            score=formatLang(self.env, score, digits=2),
        )

    @api.model
    def _credit_rating_text(self, rating):
        values = {
            "rater": rating.source_id.name,
            "value": rating._value_text(),
            "date": format_date(self.env, rating.date),
        }
        if rating._name == "credit.insurance.buyer.rating" and rating.reliability:
            labels = dict(
                rating._fields["reliability"]._description_selection(self.env)
            )
            values["value"] = self.env._(
                "%(value)s (reliability: %(reliability)s)",
                value=values["value"],
                reliability=labels[rating.reliability].lower(),
            )
        if rating.is_stale:
            return self.env._("%(rater)s of %(date)s: %(value)s, stale", **values)
        return self.env._("%(rater)s of %(date)s: %(value)s", **values)

    @api.model
    def _forget_credit_scores(self):
        """Drop the scores that were computed from other ratings, bands or weights."""
        self.invalidate_model(SCORE_FIELDS, flush=False)
