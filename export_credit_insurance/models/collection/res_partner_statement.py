from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..groups import CREDIT_GROUP
from ..position.open_items import OPEN_ITEM
from .statement import Statement, StatementLine

STATEMENT_REPORT = "export_credit_insurance.credit_statement_action"
READERS = (
    CREDIT_GROUP,
    "account.group_account_invoice",
    "account.group_account_readonly",
)


class ResPartner(models.Model):
    """The statement of account: what is open, as the customer may read it.

    It comes from the engine of follow-up and computes no amount of its own; it knows
    nothing of insurers, limits or risk.
    """

    _inherit = "res.partner"

    def _get_statements(self, company, day=None):
        """Return {commercial entity: [Statement]}, one per currency; constant queries.

        :raise AccessError: for customers who ask for another's, and for employees who
            read neither invoices nor credit
        """
        buyers = self.commercial_partner_id
        buyers._check_statement_access()
        day = day or company._credit_today()
        # sudo: what is open, for whom the check above lets read it
        due = self.env["credit.followup.due"].sudo()
        found = due._get_items(buyers.sudo(), company, day)
        # sudo: their names and dates, for whom the check above lets read them
        moves = self.env["account.move"].sudo()
        moves = moves.browse({i.move_id for items in found.values() for i in items})
        by_id = {move.id: move for move in moves}
        return {
            buyer: self._split_by_currency(
                [(item, by_id[item.move_id]) for item in items], day
            )
            for buyer, items in found.items()
        }

    @api.model
    def _split_by_currency(self, items, day):
        """Return the statements of one buyer, each with its lines by due date."""
        groups = {}
        for item, move in items:
            line = StatementLine(
                move=move,
                kind=self._statement_kind(item, move),
                date=move.invoice_date or move.date,
                due_date=item.due_date,
                amount=item.amount,
                disputed=item.disputed,
                days_late=(day - item.due_date).days if item.amount > 0 else 0,
            )
            groups.setdefault(item.currency_id, []).append(line)
        currencies = self.env["res.currency"].browse(groups).sorted("name")
        return [
            Statement(
                currency,
                sorted(
                    groups[currency.id], key=lambda line: (line.due_date, line.date)
                ),
            )
            for currency in currencies
        ]

    @api.model
    def _statement_kind(self, item, move):
        if item.amount > 0:
            return "invoice"
        return "credit_note" if move.move_type == "out_refund" else "payment"

    def _check_statement_access(self):
        """Let customers read their own entity's alone, and employees as they may."""
        if self.env.su:
            return
        user = self.env.user
        if user._is_internal():
            allowed = any(user.has_group(group) for group in READERS)
        else:
            # sudo: whom a customer belongs to; they need not read that partner
            allowed = self == user.sudo().partner_id.commercial_partner_id
        if not allowed:
            raise AccessError(
                self.env._("This statement of account is not yours to read.")
            )

    def _get_statement_companies(self):
        """Return the companies that have anything open with this customer."""
        self.commercial_partner_id._check_statement_access()
        self.env["credit.insurance.position"]._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.company_id
                  FROM account_move_line line
                  JOIN res_partner contact ON contact.id = line.partner_id
                 WHERE %s AND contact.commercial_partner_id = %s
                   AND line.amount_residual_currency <> 0
                 ORDER BY 1
                """,
                OPEN_ITEM,
                self.commercial_partner_id.id,
            )
        )
        # sudo: the seller's name, for its customer
        return self.env["res.company"].sudo().browse(row[0] for row in rows)

    def _statement_language(self):
        """Return the language of the buyer's statement, one that is installed."""
        self.ensure_one()
        installed = self.env["res.lang"]._get_data(code=self.lang)
        return installed.code or self.env.company.partner_id.lang or "en_US"

    def _statement_paper(self, company):
        """Return a reminder that is never stored: papers format and address alike."""
        self.ensure_one()
        invoiced = self.browse(self.address_get(["invoice"])["invoice"])
        # sudo: addresses and account printed on our papers, for whom may read them
        return (
            self.env["credit.followup.reminder"]
            .sudo()
            .new({"company_id": company, "partner_id": self, "contact_id": invoiced})
        )

    def action_credit_statement(self):
        """Print the statements of account, each in its buyer's language."""
        self.commercial_partner_id._check_statement_access()
        return self.env.ref(STATEMENT_REPORT).report_action(self.commercial_partner_id)
