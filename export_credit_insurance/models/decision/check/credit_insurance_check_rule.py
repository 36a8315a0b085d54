from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .credit_finding import FINDING_CODES, SANCTION_CODE, SCOPES, SEVERITIES, Rule

NO_RULE = Rule("warn")
SANCTION_RULE = Rule("block")


class CreditInsuranceCheckRule(models.Model):
    """How grave a finding is, for whom.

    The most specific rule decides: zone and band, then zone, then band, then company,
    then the general one; among equals the one that names the finding. Rules are asked
    for at every order, so the table is cached as plain values.
    """

    _name = "credit.insurance.check.rule"
    _description = "Credit Check Rule"
    _order = "scope, sequence, id"

    sequence = fields.Integer(
        default=10,
        help="Where several rules fit equally well, the first one decides.",
    )
    code = fields.Selection(
        FINDING_CODES, string="Finding", help="Empty: every finding without its own."
    )
    scope = fields.Selection(
        SCOPES,
        string="Applies To",
        required=True,
        default="insured",
        help="Whose orders the rule is for.",
    )
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        default="warn",
        help="Blocks: the order needs a release. Warns: it goes, and the banner says "
        "why. Ignored: nobody is told.",
    )
    zone_id = fields.Many2one(
        "credit.insurance.zone",
        index=True,
        ondelete="cascade",
        help="Only for buyers of this zone; empty: all. The most specific rule "
        "decides.",
    )
    band_id = fields.Many2one(
        "credit.insurance.band",
        index=True,
        ondelete="cascade",
        help="Only for buyers of this risk band; empty: all. The most specific rule "
        "decides.",
    )
    company_id = fields.Many2one("res.company", index=True, ondelete="cascade")
    min_amount = fields.Float(
        string="Minimum Order",
        default=500.0,
        help="Smaller orders raise no such finding, but their amount counts. In the "
        "company's currency, tax included.",
    )
    tolerance_pct = fields.Float(
        string="Tolerance (%)",
        help="Share of the limit by which an order may exceed it.",
    )
    active = fields.Boolean(default=True)

    _min_amount_positive = models.Constraint(
        "CHECK (min_amount >= 0)", "The minimum order cannot be negative."
    )
    _tolerance_is_a_share = models.Constraint(
        "CHECK (tolerance_pct >= 0 AND tolerance_pct <= 100)",
        "The tolerance is a percentage between 0 and 100.",
    )
    _rule_unique = models.UniqueIndex(
        "(scope, COALESCE(code, ''), COALESCE(zone_id, 0), COALESCE(band_id, 0), "
        "COALESCE(company_id, 0)) WHERE active",
        "There is already a rule for this finding, zone, band and company: change it.",
    )

    @api.depends("code", "scope", "severity")
    def _compute_display_name(self):
        codes = dict(self._fields["code"]._description_selection(self.env))
        severities = dict(self._fields["severity"]._description_selection(self.env))
        for rule in self:
            rule.display_name = self.env._(
                "%(finding)s: %(severity)s",
                finding=codes.get(rule.code) or self.env._("Any finding"),
                severity=severities.get(rule.severity, ""),
            )

    @api.constrains("code", "severity", "tolerance_pct", "min_amount")
    def _check_sanctions(self):
        for rule in self:
            if rule.code == SANCTION_CODE and (
                rule.severity != "block" or rule.tolerance_pct or rule.min_amount
            ):
                raise ValidationError(
                    self.env._(
                        "Sanctions always block, whatever the amount: this finding "
                        "can be neither ignored nor tolerated."
                    )
                )

    @api.onchange("code")
    def _onchange_code(self):
        if self.code == SANCTION_CODE:
            self.severity = "block"
            self.min_amount = self.tolerance_pct = 0.0

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === BUSINESS === #

    @api.model
    @ormcache("scope", "zone_id", "band_id", "company_id")
    def _get_rules(self, scope, zone_id, band_id, company_id):
        """Return {code: the :class:`Rule` that decides on this finding}."""
        return {
            code: self._find_rule(code, scope, zone_id, band_id, company_id)
            for code, _method in self.env["credit.insurance.check"]._finding_methods()
        }

    @api.model
    def _find_rule(self, code, scope, zone_id, band_id, company_id):
        if code == SANCTION_CODE:
            return SANCTION_RULE
        best, best_rank = NO_RULE, None
        for key, rule in self._rule_table():
            rank = self._rank(key, code, scope, zone_id, band_id, company_id)
            if rank and (best_rank is None or rank > best_rank):
                best, best_rank = rule, rank
        return best

    @api.model
    def _rank(self, key, *wanted):
        """Return how precisely a rule's key fits, None if it does not.

        Zone and band together come before the zone, the zone before the band, the
        band before the company (DESIGN 4, *Findings*).
        """
        code, scope, zone_id, band_id, company_id = (
            own if own in (None, asked) else False
            for own, asked in zip(key, wanted, strict=True)
        )
        if False in (code, scope, zone_id, band_id, company_id):
            return None
        return (
            zone_id is not None,
            band_id is not None,
            company_id is not None,
            code is not None,
        )

    @api.model
    @ormcache()
    def _zones_matter(self):
        """Whether a rule asks for the buyer's zone, so that it is worth reading."""
        return any(zone_id for (_c, _s, zone_id, _b, _co), _rule in self._rule_table())

    @api.model
    @ormcache()
    def _bands_matter(self):
        """Whether a buyer's band decides on anything, so that it is worth reading."""
        # sudo: like the rules
        bands = self.env["credit.insurance.band"].sudo()
        return bool(
            self.sudo().search_count([("band_id", "!=", False)], limit=1)
            or bands.search_count(
                ["|", ("no_credit", "=", True), ("payment_days", ">", 0)], limit=1
            )
        )

    @api.model
    @ormcache()
    def _rule_table(self):
        # sudo: rules decide for every salesperson, who need not read them; those in the
        # archive for nobody, whatever the context of the request that asks first
        return [
            (
                (
                    rule.code or None,
                    rule.scope,
                    rule.zone_id.id or None,
                    rule.band_id.id or None,
                    rule.company_id.id or None,
                ),
                Rule(rule.severity, rule.min_amount, rule.tolerance_pct),
            )
            for rule in self.sudo().search([("active", "=", True)])
        ]
