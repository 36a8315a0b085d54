from odoo import api, fields, models
from odoo.tools import SQL

from ..models.decision.buyer.credit_insurance_band_move import DIRECTIONS

#: context key: the trial whose moves are read
TRIAL = "credit_grid_trial_id"


class CreditInsuranceGridTrialMove(models.Model):
    """A buyer who would stand in another band with the weights of a trial, and why.

    Rows of the trial that the context names; ``id`` is the partner's. Nothing is
    stored: what is shown follows the weights of the trial.
    """

    _name = "credit.insurance.grid.trial.move"
    _description = "Buyer Who Would Change Band"
    _auto = False
    _log_access = False
    _order = "score_to, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Buyer", readonly=True)
    country_id = fields.Many2one(related="partner_id.country_id")
    currency_id = fields.Many2one("res.currency", readonly=True)
    band_from_id = fields.Many2one(
        "credit.insurance.band", string="Band Today", readonly=True
    )
    band_to_id = fields.Many2one(
        "credit.insurance.band", string="Band Then", readonly=True
    )
    score_from = fields.Float(string="Score Today", readonly=True, aggregator=None)
    score_to = fields.Float(string="Score Then", readonly=True, aggregator=None)
    direction = fields.Selection(DIRECTIONS, string="Move", readonly=True)
    reason = fields.Text(
        compute="_compute_reason", help="The scores whose weight would be another."
    )
    exposure = fields.Monetary(compute="_compute_reason", aggregator=None)

    @property
    def _table_query(self):
        trial = self._trial()
        if not trial:
            return SQL(
                """
                SELECT NULL::int AS id, NULL::int AS partner_id,
                       NULL::int AS currency_id, NULL::int AS band_from_id,
                       NULL::int AS band_to_id, NULL::numeric AS score_from,
                       NULL::numeric AS score_to, NULL::text AS direction
                 WHERE FALSE
                """
            )
        columns = SQL(
            """
            buyer.id, buyer.id AS partner_id, %s AS currency_id,
            old.band_id AS band_from_id, new.band_id AS band_to_id,
            old.score AS score_from, new.score AS score_to,
            CASE WHEN new.band_id IS NULL THEN 'lost'
                 WHEN old.band_id IS NULL THEN 'first'
                 WHEN new.score < old.score THEN 'down' ELSE 'up' END AS direction
            """,
            trial.company_id.currency_id.id,
        )
        return SQL(
            "%s WHERE old.band_id IS DISTINCT FROM new.band_id",
            trial._bands_sql(columns),
        )

    def _trial(self):
        """Return the trial in the context, empty for none and for others' trials."""
        trial_id = self.env.context.get(TRIAL)
        trials = self.env["credit.insurance.grid.trial"]
        return trials.search([("id", "=", trial_id)]) if trial_id else trials

    @api.depends("partner_id")
    @api.depends_context(TRIAL, "lang", "uid")
    def _compute_reason(self):
        trial = self._trial()
        partners = self.env["res.partner"]
        # sudo: scores of all sources count; persons are no rows for who may not see
        buyers = self.partner_id.sudo()
        today = buyers._credit_scores(trial.company_id) if trial else {}
        then = (
            buyers._credit_scores(trial.company_id, weights=trial._weights())
            if trial
            else {}
        )
        for move in self:
            buyer = move.partner_id.sudo()
            move.reason = trial and "\n".join(
                partners._credit_grid_changes(today[buyer].grid, then[buyer].grid)
            )
            of_company = move.partner_id.with_company(trial.company_id)
            move.exposure = of_company.credit_exposure

    def action_open_buyer(self):
        """Open the buyer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }
