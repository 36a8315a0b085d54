import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from ..contract.credit_insurance_limit import OPEN_STATES
from ..contract.credit_insurance_policy_fee import watched_limits

MONTHS = 12
#: filters of the search view, and the threshold that each asks for
FILTERS = {"first": "first", "second": "second", "near": "third"}
#: what uses a limit in force: securities carry their part before it does
USED = SQL("GREATEST(row.exposure_limit_currency - row.secured_limit_currency, 0)")
#: the same in percent of the limit
USE_SHARE = SQL("%s * 100.0 / row.insured_limit", USED)


class CreditInsuranceLimitUse(models.Model):
    """How much of each limit in force is used, and since when it is not.

    One row per buyer with a limit in force, for the active company. The use is the
    engine's, in the limit's currency and tax basis. Months unused and the highest
    balance come from the books of the active company: a limit that nobody uses costs
    the monitoring fee of its policy all the same (DOMAIN 1.12). ``id`` is the
    partner's.
    """

    _name = "credit.insurance.limit.use"
    _description = "Use of a Limit"
    _inherit = "credit.insurance.position.table"
    _auto = False
    _order = "use_share desc, id"
    _rec_name = "partner_id"

    country_id = fields.Many2one(related="partner_id.country_id")
    zone_id = fields.Many2one(related="partner_id.credit_zone_id", string="Zone")
    policy_id = fields.Many2one("credit.insurance.policy", readonly=True)
    insurer_id = fields.Many2one("credit.insurance.insurer", readonly=True)
    limit_currency_id = fields.Many2one("res.currency", readonly=True)
    insured_limit = fields.Monetary(
        readonly=True, currency_field="limit_currency_id", aggregator=None
    )
    used = fields.Monetary(
        readonly=True,
        currency_field="limit_currency_id",
        aggregator=None,
        help="What uses the limit today: owed, delivered and ordered, less what "
        "securities carry.",
    )
    limit_amount = fields.Monetary(
        string="Limit (Company Currency)", readonly=True, help="At today's rate."
    )
    used_amount = fields.Monetary(
        string="Used (Company Currency)", readonly=True, help="At today's rate."
    )
    use_share = fields.Float(
        string="Use (%)", readonly=True, aggregator="avg", digits=(16, 1)
    )
    level = fields.Selection(
        selection="_selection_level",
        readonly=True,
        help="By the thresholds in the settings of credit insurance. Unused: the buyer "
        "owes nothing, not even what securities carry.",
    )
    limit_date_to = fields.Date(string="Limit Ends On", readonly=True)
    peak_balance = fields.Monetary(
        string="Highest Balance (12 Months)",
        readonly=True,
        help="What the buyer owed at most in the last twelve months, by the books.",
    )
    unused_since = fields.Date(
        readonly=True,
        help="The buyer has owed nothing since, and the limit is in force since.",
    )
    months_unused = fields.Integer(readonly=True, aggregator="max")
    policy_currency_id = fields.Many2one("res.currency", readonly=True)
    fees = fields.Monetary(
        string="Fees for Nothing",
        readonly=True,
        currency_field="policy_currency_id",
        help="Months unused times the monitoring fee of the policy, which is per buyer "
        "with a limit, as in declarations.",
    )

    # === THE COMPANY'S OWN THRESHOLDS === #

    @api.model
    def _selection_level(self):
        """Say the levels in percent of the limit, by the company's own thresholds."""
        first, second, third = self._threshold_texts().values()

        def between(low, high):
            return self.env._("%(low)s to %(high)s %%", low=low, high=high)

        levels = {
            "unused": self.env._("Unused"),
            "low": self.env._("Below %s %%", first),
            "first": between(first, second),
            "second": between(second, third),
            "third": between(third, "100"),
            "over": self.env._("Limit Exceeded"),
        }
        return list(levels.items())

    @api.model
    def _threshold_texts(self):
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return {
            name: lang.format("%g", share) for name, share in self._thresholds().items()
        }

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base': the filters say the company's own thresholds
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, *self._thresholds().values())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # EXTENDS 'base'
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search":
            texts = self._threshold_texts()
            for name, threshold in FILTERS.items():
                for node in arch.xpath(f"//filter[@name='{name}']"):
                    node.set(
                        "string", self.env._("Used %s %% or More", texts[threshold])
                    )
        return arch, view

    # === ROWS === #

    def _position_query(self, query):
        for model in (
            "credit.insurance.limit",
            "credit.insurance.policy",
            "credit.insurance.policy.fee",
        ):
            self.env[model].flush_model()
        self.env["account.move.line"].flush_model(["date", "balance"])
        return SQL(
            """
            SELECT used.*,
                   CASE WHEN used.is_idle THEN 'unused'
                        WHEN used.used > used.insured_limit THEN 'over'
                        WHEN used.use_share >= %(third)s THEN 'third'
                        WHEN used.use_share >= %(second)s THEN 'second'
                        WHEN used.use_share >= %(first)s THEN 'first'
                        ELSE 'low' END AS level,
                   used.months_unused * used.monitoring_fee AS fees
              FROM (%(rows)s) AS used
            """,
            rows=self._use_rows(query),
            **self._thresholds(),
        )

    @api.model
    def _thresholds(self):
        company = self.env.company.sudo()  # sudo: settings for whoever reads the report
        return {
            "first": company.credit_use_first_pct,
            "second": company.credit_use_second_pct,
            "third": company.credit_use_third_pct,
        }

    def _use_rows(self, query):
        """The limits in force with their use, and what the books say."""
        factor = SQL(
            "CASE WHEN row.limit_currency_id = %s THEN 1 ELSE %s / row.limit_rate END",
            query.facts.own_currency_id,
            query.own_rate,
        )
        return SQL(
            """
            SELECT row.id, row.company_id, row.currency_id, row.partner_id,
                   row.policy_id, policy.insurer_id, row.limit_currency_id,
                   row.insured_limit, row.limit_date_to,
                   %(used)s AS used,
                   row.insured_limit * %(factor)s AS limit_amount,
                   %(used)s * %(factor)s AS used_amount,
                   %(use_share)s AS use_share,
                   COALESCE(ledger.peak, 0) AS peak_balance,
                   row.exposure_limit_currency <= 0 AS is_idle,
                   idle.since AS unused_since,
                   COALESCE(12 * date_part('year', age(%(day)s, idle.since))
                       + date_part('month', age(%(day)s, idle.since)), 0)::int
                       AS months_unused,
                   CASE WHEN (row.policy_id, row.partner_id) IN (%(watched)s)
                        THEN COALESCE(fee.amount, 0) ELSE 0 END AS monitoring_fee,
                   policy.currency_id AS policy_currency_id
              FROM (%(position)s) AS row
              JOIN credit_insurance_policy policy ON policy.id = row.policy_id
         LEFT JOIN (%(lines)s) AS line ON line.partner_id = row.partner_id
                                      AND line.policy_id = row.policy_id
         LEFT JOIN jsonb_to_recordset(%(fees)s) AS fee(policy_id int, amount numeric)
                ON fee.policy_id = row.policy_id
         LEFT JOIN (%(ledger)s) AS ledger ON ledger.partner_id = row.partner_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN row.exposure_limit_currency <= 0
                               THEN GREATEST(ledger.last_day, line.date_from)
                          END AS since) AS idle
             WHERE row.insured_limit > 0
            """,
            factor=factor,
            fees=self._monthly_fees(query.day),
            watched=self._watched(query.day),
            used=USED,
            use_share=USE_SHARE,
            day=query.day,
            position=query.position(),
            lines=self._lines_in_force(query),
            ledger=self._ledger(query),
        )

    def _monthly_fees(self, day):
        """What each policy charges a month for watching one buyer, as JSON."""
        fees = self.env["credit.insurance.policy.fee"]._monthly_monitoring(day)
        return json.dumps(
            [{"policy_id": id_, "amount": amount} for id_, amount in fees.items()]
        )

    def _watched(self, day):
        """The (policy, buyer) pairs that insurers watch, and charge for."""
        # sudo: as the rows themselves, which the position takes of the whole contract
        limits = self.env["credit.insurance.limit"].sudo()
        return limits._search(watched_limits(day, day), bypass_access=True).select(
            "policy_id", "partner_id"
        )

    def _lines_in_force(self, query):
        """Per policy and buyer: since when a line is in force."""
        return SQL(
            """
            SELECT policy_id, partner_id, min(date_from) AS date_from
              FROM credit_insurance_limit
             WHERE state IN %(states)s AND date_from <= %(day)s
               AND (date_to IS NULL OR date_to >= %(day)s)
             GROUP BY policy_id, partner_id
            """,
            states=OPEN_STATES,
            day=query.day,
        )

    def _ledger(self, query):
        """Per buyer: the highest balance in twelve months, the last day with one.

        ``balance`` holds from its day to the day of the next movement (``until``).
        """
        return SQL(
            """
            SELECT partner_id,
                   GREATEST(max(balance) FILTER (WHERE until > %(first)s), 0) AS peak,
                   max(until) FILTER (WHERE balance > 0) AS last_day
              FROM (
                SELECT partner_id,
                       sum(amount) OVER (whole ORDER BY date) AS balance,
                       COALESCE(lead(date) OVER (whole ORDER BY date), %(day)s)
                           AS until
                  FROM (
                    SELECT partner.commercial_partner_id AS partner_id, line.date,
                           sum(line.balance) AS amount
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                      JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND account.account_type = 'asset_receivable'
                       AND line.date <= %(day)s
                       AND %(wanted)s
                     GROUP BY partner.commercial_partner_id, line.date
                  ) movement
                WINDOW whole AS (PARTITION BY partner_id)
              ) running
             GROUP BY partner_id
            """,
            first=query.day - relativedelta(months=MONTHS),
            day=query.day,
            company=self.env.company.id,
            wanted=SQL("TRUE")
            if query.partners is None
            else SQL("partner.commercial_partner_id = ANY(%s)", query.partners),
        )

    # === ASK === #

    def action_ask_increase(self):
        """Draft requests for larger limits of these buyers; open what is pending."""
        return self.env["credit.insurance.limit.request"]._ask(
            self.partner_id, self.env.company
        )

    def action_ask_reduction(self):
        """Draft requests to reduce the limits of these buyers to what is used."""
        return self._lines().action_ask_reduction()

    def action_ask_cancellation(self):
        """Draft requests to cancel the limits of these buyers, which cost fees."""
        return self._lines().action_ask_cancellation()

    def _lines(self):
        """The lines in force behind these rows."""
        pairs = {(row.policy_id, row.partner_id) for row in self}
        lines = self.env["credit.insurance.limit"].search(
            [
                ("policy_id", "in", self.policy_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", OPEN_STATES),
            ]
        )
        return lines.filtered(lambda line: (line.policy_id, line.partner_id) in pairs)
