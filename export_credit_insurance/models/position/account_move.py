from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..groups import CREDIT_GROUP
from .credit_insurance_cover import INSURABILITY_REASONS, amount_due, uninsured_reason
from .position_search import search_position

# {amount of the invoice: column of its instalments}
COVER_AMOUNTS = {
    "insured_amount": "covered_amount",
    "uninsured_amount": "uncovered_amount",
}


class AccountMove(models.Model):
    _inherit = "account.move"

    insurability = fields.Selection(
        [
            ("insurable", "Insured"),
            ("partly", "Partly Insured"),
            ("not_insurable", "Not Insured"),
        ],
        string="Insurance",
        compute="_compute_cover",
        groups=CREDIT_GROUP,
    )
    insurability_reason = fields.Selection(
        INSURABILITY_REASONS,
        string="Not Insured Because",
        compute="_compute_cover",
        groups=CREDIT_GROUP,
        help="The first reason for which a part of the invoice is not insured.",
    )
    insurance_policy_id = fields.Many2one(
        "credit.insurance.policy",
        string="Policy",
        compute="_compute_cover",
        groups=CREDIT_GROUP,
    )
    insured_amount = fields.Monetary(
        compute="_compute_cover",
        search=lambda self, *condition: search_position("insured_amount", *condition),
        currency_field="company_currency_id",
        groups=CREDIT_GROUP,
        help="What the insurer would pay for this invoice in a commercial loss.",
    )
    uninsured_amount = fields.Monetary(
        compute="_compute_cover",
        search=lambda self, *condition: search_position("uninsured_amount", *condition),
        currency_field="company_currency_id",
        groups=CREDIT_GROUP,
        help="What is still due of this invoice and the insurer would not pay.",
    )
    cover_stop_date = fields.Date(
        string="Cover Stops On",
        compute="_compute_cover",
        groups=CREDIT_GROUP,
        help="Shipments to the buyer from this day on are not insured while the "
        "earliest instalment stays unpaid.",
    )
    overdue_notice_deadline = fields.Date(
        compute="_compute_cover",
        groups=CREDIT_GROUP,
        help="Last calendar day to notify the insurer of this unpaid invoice.",
    )
    collection_deadline = fields.Date(
        compute="_compute_cover",
        groups=CREDIT_GROUP,
        help="Last calendar day to hand this unpaid invoice over to the insurer.",
    )

    @api.depends_context("company")
    @api.depends(
        "state",
        "amount_residual",
        "credit_shipment_date",
        "credit_delivery_date",
        "credit_dispute_amount",
        "partner_id",
    )
    def _compute_cover(self):
        """Read the allocation of the invoices' buyers, in one query per company."""
        lines = self._cover_lines()
        for move in self:
            own = lines.get(move._origin.id, [])
            for name, column in COVER_AMOUNTS.items():
                move[name] = sum(line[column] for line in own)
            move.update(move._cover_facts(own))

    def _cover_lines(self):
        """Return {move id: rows of its open instalments, the earliest first}."""
        position = self.env["credit.insurance.position"]
        rows = []
        known = self.filtered(lambda move: move.company_id and move.partner_id)
        for company, moves in known.grouped("company_id").items():
            query = position._query(company, partners=moves.commercial_partner_id)
            rows += position._execute(query.cover(0))
        found = {}
        for row in sorted(rows, key=lambda row: (row["due_date"], row["id"])):
            found.setdefault(row["move_id"], []).append(row)
        return found

    def _cover_facts(self, rows):
        """Return what the instalments say of the invoice as a whole."""
        if not rows:
            return {
                "insurability": False,
                "insurability_reason": False,
                "insurance_policy_id": False,
                "cover_stop_date": False,
                "overdue_notice_deadline": False,
                "collection_deadline": False,
            }
        first = rows[0]
        base = sum(row["base_amount"] for row in rows)
        due = round(sum(map(amount_due, rows)), 6)
        reason = next(filter(None, map(uninsured_reason, rows)), False)
        return {
            "insurability": False
            if due <= 0
            else "not_insurable"
            if not base
            else "insurable"
            if round(base - due, 6) >= 0
            else "partly",
            "insurability_reason": reason,
            "insurance_policy_id": first["policy_id"],
            "cover_stop_date": first["mep_end"]
            and first["mep_end"] + timedelta(days=1),
            "overdue_notice_deadline": first["notification_deadline"],
            "collection_deadline": first["collection_deadline"],
        }

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'ledger': the insured amounts sort, filter and group
        if field_expr not in COVER_AMOUNTS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        joined = query.make_alias(alias, "credit_cover")
        lines = self.env["credit.insurance.cover.line"]
        query.add_join(
            "LEFT JOIN",
            joined,
            SQL(
                "(SELECT move_id, sum(covered_amount) AS covered_amount,"
                " sum(uncovered_amount) AS uncovered_amount FROM (%s) line"
                " GROUP BY move_id)",
                SQL(" UNION ALL ").join(
                    SQL("SELECT * FROM %s line", lines.with_company(company)._table_sql)
                    for company in self.env.companies
                ),
            ),
            SQL(
                "%s = %s",
                SQL.identifier(joined, "move_id"),
                SQL.identifier(alias, "id"),
            ),
        )
        column = SQL.identifier(joined, COVER_AMOUNTS[field_expr])
        return SQL("COALESCE(%s, 0)", column)
