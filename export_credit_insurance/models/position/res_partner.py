from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..groups import CREDIT_GROUP
from .credit_insurance_buyer_table import COVER_BADGES, COVER_STATES, LIMIT_STATES
from .position_rows import AMOUNT_COLUMNS
from .position_search import search_position

# {field of the buyer: column of the position}
POSITION_FIELDS = {
    "insured_limit": "insured_limit",
    "insured_limit_currency_id": "limit_currency_id",
    "insured_limit_state": "limit_state",
    "insured_limit_date_to": "limit_date_to",
    "credit_insurance_policy_id": "policy_id",
    "credit_exposure": "exposure",
    "credit_eligible": "eligible",
    "credit_covered": "covered",
    "credit_covered_political": "covered_political",
    "credit_uncovered": "uncovered",
    "credit_headroom": "headroom",
    "credit_headroom_limit_currency": "headroom_limit_currency",
    "credit_overdue_amount": "overdue_amount",
    "cover_state": "cover_state",
}
# Columns that say how the limit is used: they take another look at every document.
USE_COLUMNS = {"headroom", "headroom_limit_currency", "cover_state"}
# {alias: its rows}, each part with all columns of the ones before.
POSITION_PARTS = {
    "credit_amounts": lambda query: query.totals(AMOUNT_COLUMNS),
    "credit_totals": lambda query: query.totals(),
    "credit_position": lambda query: query.position(with_cover=True),
}
# A buyer outside every policy of whom single-transaction policies insure some orders.
EMPTY_SELECTIONS = {"insured_limit_state": "none", "cover_state": "not_insured"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    insured_limit = fields.Monetary(
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("insured_limit", *condition),
        currency_field="insured_limit_currency_id",
        groups=CREDIT_GROUP,
        help="The limit in force today, in the currency the insurer granted it.",
    )
    insured_limit_currency_id = fields.Many2one(
        "res.currency",
        string="Limit Currency",
        compute="_compute_credit_position",
        groups=CREDIT_GROUP,
    )
    insured_limit_state = fields.Selection(
        LIMIT_STATES,
        string="Limit State",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position(
            "insured_limit_state", *condition
        ),
        groups=CREDIT_GROUP,
    )
    insured_limit_date_to = fields.Date(
        string="Limit Ends On",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position(
            "insured_limit_date_to", *condition
        ),
        groups=CREDIT_GROUP,
    )
    credit_insurance_policy_id = fields.Many2one(
        "credit.insurance.policy",
        string="Policy",
        compute="_compute_credit_position",
        groups=CREDIT_GROUP,
        help="The policy that would insure a shipment of today.",
    )
    credit_exposure = fields.Monetary(
        string="Exposure",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("credit_exposure", *condition),
        groups=CREDIT_GROUP,
        help="Receivables less receipts not matched, deliveries not invoiced and "
        "orders not delivered, tax included.",
    )
    credit_eligible = fields.Monetary(
        string="Eligible",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("credit_eligible", *condition),
        groups=CREDIT_GROUP,
        help="The part that was shipped and is insurable under the policy.",
    )
    credit_covered = fields.Monetary(
        string="Covered",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("credit_covered", *condition),
        groups=CREDIT_GROUP,
        help="What the insurer would pay for a commercial loss today.",
    )
    credit_covered_political = fields.Monetary(
        string="Covered (Political)",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position(
            "credit_covered_political", *condition
        ),
        groups=CREDIT_GROUP,
        help="What the insurer would pay for a political loss today.",
    )
    credit_uncovered = fields.Monetary(
        string="Uncovered",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("credit_uncovered", *condition),
        groups=CREDIT_GROUP,
        help="Exposure less what the insurer would pay.",
    )
    credit_headroom = fields.Monetary(
        string="Headroom",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("credit_headroom", *condition),
        groups=CREDIT_GROUP,
        help="Limit, securities and own risk, less what already uses the limit.",
    )
    credit_headroom_limit_currency = fields.Monetary(
        string="Headroom in Limit Currency",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position(
            "credit_headroom_limit_currency", *condition
        ),
        currency_field="insured_limit_currency_id",
        groups=CREDIT_GROUP,
    )
    credit_overdue_amount = fields.Monetary(
        string="Overdue",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position(
            "credit_overdue_amount", *condition
        ),
        groups=CREDIT_GROUP,
    )
    cover_state = fields.Selection(
        COVER_STATES,
        string="Cover",
        compute="_compute_credit_position",
        search=lambda self, *condition: search_position("cover_state", *condition),
        groups=CREDIT_GROUP,
    )
    credit_cover_badge = fields.Selection(
        COVER_BADGES,
        string="Cover Shown",
        compute="_compute_credit_position",
        groups=CREDIT_GROUP,
        help="The cover, with buyers told apart of whom only the orders that a policy"
        " names are insured.",
    )
    cover_state_reason = fields.Char(
        string="Cover Explained",
        compute="_compute_credit_position",
        groups=CREDIT_GROUP,
    )

    @api.depends_context("company", "lang")
    @api.depends("commercial_partner_id")
    def _compute_credit_position(self):
        """Read the position of the commercial entities, in one query."""
        buyers = self.commercial_partner_id
        position = self.env["credit.insurance.position"]
        rows = {}
        if buyers.ids:
            query = position._query(self.env.company, partners=buyers)
            rows = {
                row["id"]: row
                for row in position._execute(query.position(with_cover=True))
            }
        for partner in self:
            row = rows.get(partner.commercial_partner_id._origin.id, {})
            for name, column in POSITION_FIELDS.items():
                partner[name] = row.get(column) or EMPTY_SELECTIONS.get(name, False)
            is_single = partner.cover_state == "not_insured" and partner.credit_covered
            partner.credit_cover_badge = "single" if is_single else partner.cover_state
            partner.cover_state_reason = position._explain_cover_state(row)

    def credit_explanation(self):
        """Return what the figures of the buyer are made of, for the panel *Explain*.

        :return: see ``credit.insurance.position._explain``
        :raise AccessError: for users without a credit group
        """
        self.ensure_one()
        if not self.env.user.has_group(CREDIT_GROUP):
            raise AccessError(
                self.env._("Only credit users may see what the exposure is made of.")
            )
        self.check_access("read")
        return self.env["credit.insurance.position"]._explain(
            self.commercial_partner_id, self.env.company
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base': the engine's figures sort, filter and group
        if field_expr == "credit_cover_badge":
            field_expr = "cover_state"  # lists sort by what it shows
        if field_expr not in POSITION_FIELDS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        field = self._fields[field_expr]
        self._check_field_access(field, "read")
        name = POSITION_FIELDS[field_expr]
        joined = self._join_position(alias, query, name)
        column = SQL.identifier(joined, name)
        if field.type == "monetary":
            return SQL("COALESCE(%s, 0)", column)
        if field_expr in EMPTY_SELECTIONS:
            return SQL("COALESCE(%s, %s)", column, EMPTY_SELECTIONS[field_expr])
        return column

    def _join_position(self, alias, query, name):
        """Join every buyer's position once to a query on partners.

        As much of it as the column takes, or what another one has joined already:
        exposure and cover, these with the limit, or the use of the limit besides.
        """
        parts = list(POSITION_PARTS)
        wanted = "credit_totals"
        if name in AMOUNT_COLUMNS:
            wanted = "credit_amounts"
        elif name in USE_COLUMNS:
            wanted = "credit_position"
        for part in parts[parts.index(wanted) :]:
            joined = query.make_alias(alias, part)
            if joined in query._joins:
                return joined
        joined = query.make_alias(alias, wanted)
        position = self.env["credit.insurance.position"]._query(self.env.company)
        buyer = super()._field_to_sql(alias, "commercial_partner_id", query)
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL("(%s)", POSITION_PARTS[wanted](position)),
            SQL("%s = %s", SQL.identifier(joined, "id"), buyer),
        )
        return joined
