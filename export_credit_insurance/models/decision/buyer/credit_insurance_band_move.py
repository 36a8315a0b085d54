from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...job import attempt
from ...reference.credit_score import CreditScore

MOVE_CRON = "export_credit_insurance.ir_cron_credit_band_move"
DIRECTIONS = [
    ("down", "▼ Worse"),
    ("up", "▲ Better"),
    ("lost", "Not Rated Any More"),
    ("first", "First"),
]
#: buyers graded in one transaction
BATCH = 1000


class CreditInsuranceBandMove(models.Model):
    """A buyer stands in another risk band from a day on; what had changed by then.

    Whatever it came by: a rating that was recorded or whose day has come, other
    weights, other bands, another country or sector of the buyer. A job compares the
    grid of all buyers with the last row of each, right after such a change and each
    night, for what comes with the calendar. Rows are history: nobody writes more on
    them than that a fall was told. Natural persons have none, their scores are
    personal data and decide on nothing (DESIGN 7).
    """

    _name = "credit.insurance.band.move"
    _description = "Move of a Risk Band"
    _inherit = ["credit.insurance.thread.mixin", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    country_id = fields.Many2one(related="partner_id.country_id")
    date = fields.Date(
        string="Noticed On",
        required=True,
        readonly=True,
        help="The day on which the buyer was first seen in this band.",
    )
    band_from_id = fields.Many2one(
        "credit.insurance.band",
        string="Band Before",
        readonly=True,
        ondelete="set null",
    )
    band_id = fields.Many2one(
        "credit.insurance.band",
        string="Band Now",
        readonly=True,
        ondelete="set null",
        help="Empty: nothing of the grid is rated any more, or no band has this score.",
    )
    score_from = fields.Float(string="Score Before", readonly=True, aggregator=None)
    score = fields.Float(
        string="Score Now",
        readonly=True,
        aggregator=None,
        help="0 worst .. 100 best, on the day of the move.",
    )
    direction = fields.Selection(
        DIRECTIONS, string="Move", required=True, readonly=True, index=True
    )
    grid = fields.Json(readonly=True)
    grid_from = fields.Json(readonly=True)
    reason = fields.Text(
        compute="_compute_reason",
        help="What differs from the day on which the buyer came into the band before.",
    )
    # of a fall, until the controllers are told: once of all that a job recorded
    is_to_tell = fields.Boolean(string="To Be Told", readonly=True)
    exposure = fields.Monetary(
        string="Exposure Today", compute="_compute_exposure", aggregator=None
    )

    _to_tell_idx = models.Index("(company_id) WHERE is_to_tell")
    _latest_idx = models.Index("(company_id, partner_id, date DESC, id DESC)")

    @api.depends("grid", "grid_from", "direction")
    @api.depends_context("lang")
    def _compute_reason(self):
        for move in self:
            move.reason = "\n".join(move._reasons())

    def _reasons(self):
        self.ensure_one()
        if not self.grid_from:
            return [self.env._("Graded for the first time.")]
        changes = self.env["res.partner"]._credit_grid_changes(
            self.grid_from or {}, self.grid or {}
        )
        return changes or [self.env._("The bounds of the risk bands were changed.")]

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_exposure(self):
        for company, moves in self.grouped("company_id").items():
            for move in moves:
                move.exposure = move.partner_id.with_company(company).credit_exposure

    # === JOB === #

    @api.model
    def _soon(self):
        """Have the buyers' bands compared in a moment, once this is committed."""
        if self.env["res.company"]._credit_check_modes():
            cron = self.env.ref(MOVE_CRON, raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()  # sudo: whoever changes what the grid is made of

    @api.model
    def _regrade(self, partner_ids):
        """Have bands compared if one of these partners is a buyer that has moves."""
        graded = self._legal_person_domain() & self._buyer_domain()
        # sudo: whoever edits contacts may not read what is insured on them
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        if partner_ids and partners.search_count(
            Domain("id", "in", partner_ids) & graded, limit=1
        ):
            self._soon()

    @api.model
    def _cron_record(self):
        """Record who stands in another band, company by company, and what follows.

        Each batch is a transaction of its own: what it recorded and what it started
        are committed together, and the next run finds the rest.
        """
        since = self.env.ref(MOVE_CRON).lastcall
        companies = self.env["res.company"].browse(
            sorted(self.env["res.company"]._credit_check_modes())
        )
        # whose ratings came of age tonight: those have reviews of their own
        attempt(self.env, self.env["credit.insurance.review"]._notice_recent_ratings)
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(companies))
        for left, company in zip(range(len(companies), 0, -1), companies, strict=True):
            go_on = partial(commit, 1, remaining=left)
            done = attempt(self.env, self._record_company, company, since, go_on)
            if done is False:
                return  # no time left: the next run finds the rest
            if not commit(1, remaining=left - 1):
                return

    @api.model
    def _record_company(self, company, since=None, commit=None):
        """Record one company's moves, and have followed what follows.

        :param since: when the job ran last
        :param commit: called after each batch; says what time is left
        :return: whether all of them are recorded, and told of
        """
        for rows in split_every(BATCH, self._find_moved(company), list):
            moves = self._record(company, rows)
            moves._have_followed(company, since)
            if commit and not commit():
                return False
        # those of runs before, too, which had no time left or were killed
        fallen = self.search(
            Domain("company_id", "=", company.id)
            & Domain("is_to_tell", "=", True)
            & Domain("partner_id", "any!", self._legal_person_domain())
        )
        fallen._tell(company)
        fallen.is_to_tell = False
        return True

    @api.model
    def _legal_person_domain(self):
        """Return which partners are no natural persons."""
        return Domain("is_company", "=", True) & Domain(
            "credit_party_kind", "!=", "private"
        )

    @api.model
    def _graded_domain(self, company):
        """Return who has moves: the company's buyers that are no natural persons.

        Buyers as the list of buyers has them, quoted to, invoiced or insured; shared
        ones, and those that belong to the company or to the one it is a branch of.
        """
        is_its = Domain("company_id", "in", [False, *company.parent_ids.ids])
        return self._legal_person_domain() & self._buyer_domain() & is_its

    @api.model
    def _buyer_domain(self):
        """Return who is quoted to, invoiced or insured."""
        return (
            Domain("customer_rank", ">", 0)
            | Domain("insured_limit_line_ids", "!=", False)
            | Domain("sale_order_ids", "!=", False)
        )

    @api.model
    def _purge_persons(self):
        """Delete the moves of who turned out to be a natural person."""
        of_persons = Domain("partner_id", "not any!", self._legal_person_domain())
        self.search(of_persons).unlink()

    @api.model
    def _find_moved(self, company):
        """Return the buyers who stand in another band than their last row says.

        :return: list of (id of the buyer, last row's id or None), in one query
        """
        self.flush_model()
        partners = self.env["res.partner"].with_company(company)
        buyers = partners._search(self._graded_domain(company))
        rated = self.env["credit.insurance.band"]._by_buyer_sql(company, False)
        return self.env.execute_query(
            SQL(
                """
                SELECT buyer.id, last.id
                  FROM %(buyers)s AS buyer
             LEFT JOIN %(rated)s AS rated ON rated.id = buyer.id
             LEFT JOIN (SELECT DISTINCT ON (partner_id) id, partner_id, band_id
                          FROM credit_insurance_band_move
                         WHERE company_id = %(company)s
                      ORDER BY partner_id, date DESC, id DESC) AS last
                    ON last.partner_id = buyer.id
                 WHERE rated.band_id IS DISTINCT FROM last.band_id
              ORDER BY buyer.id
                """,
                buyers=buyers.subselect(),
                rated=rated,
                company=company.id,
            )
        )

    @api.model
    def _record(self, company, rows):
        """Create the moves of some buyers, see :meth:`_find_moved`; return them."""
        buyers = self.env["res.partner"].browse(buyer_id for buyer_id, _last in rows)
        last = self.browse(last_id for _buyer, last_id in rows if last_id)
        before = {move.partner_id: move for move in last}
        scores = buyers._credit_scores(company)
        bands = self.env["credit.insurance.band"].search([("active", "=", True)])
        return self.with_context(mail_create_nolog=True).create(
            [
                self._prepare(
                    company,
                    buyer,
                    before.get(buyer, self.browse()),
                    bands._matching(scores[buyer].total),
                    scores[buyer],
                )
                for buyer in buyers
            ]
        )

    @api.model
    def _prepare(self, company, buyer, before, band, score: CreditScore):
        direction = self._direction(before.band_id, band)
        return {
            "company_id": company.id,
            "partner_id": buyer.id,
            "date": company._credit_today(),
            "band_from_id": before.band_id.id,
            "band_id": band.id,
            "score_from": before.score,
            "score": score.total or 0.0,
            "direction": direction,
            "is_to_tell": direction == "down",
            "grid": score.grid,
            "grid_from": before.grid or False,
        }

    @api.model
    def _direction(self, before, after):
        if not after:
            return "lost"
        if not before:
            return "first"
        return "down" if after.score_min < before.score_min else "up"
