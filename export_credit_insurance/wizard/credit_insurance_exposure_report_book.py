from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.overview import report_book
from ..models.overview.report_book import (
    Column,
    Money,
    Sheet,
    money_format,
    write_report,
)
from .credit_insurance_exposure_report import TOLD

# The columns of both sheets, in order.
BUYER_FIELDS = (
    "partner_id",
    "country_id",
    "policy_id",
    "insurer_id",
    "insured_limit",
    "receivable",
    "unallocated",
    "draft",
    "delivered",
    "ordered",
    "exposure",
    "eligible",
    "within_limit",
    "covered",
    "own_share",
    "uninsured",
    "overdue_000",
    "overdue_001",
    "overdue_031",
    "overdue_061",
    "overdue_091",
    "overdue_181",
    "overdue_days",
    "cover_state",
    "stop_date",
)
OF_TODAY = ("draft", "delivered", "ordered")
AGEING_FIELDS = (
    "move_id",
    "partner_id",
    "country_id",
    "policy_id",
    "invoice_date",
    "shipment_date",
    "date_maturity",
    "due_date",
    "days_overdue",
    "bucket",
    "insurance",
    "uninsured_reason",
    "usable_limit",
    "open_amount",
    "credited_amount",
    "received_amount",
    "due_amount",
    "eligible_amount",
    "base_amount",
    "covered_amount",
    "own_share_amount",
    "uninsured_amount",
)
KINDS = {"date": "day", "integer": "number", "monetary": "amount"}
# In the currency of the limit: nothing to sum.
OF_LIMIT = ("insured_limit", "usable_limit")


class CreditInsuranceExposureReport(models.TransientModel):
    """The report as a workbook: buyers, instalments, and what the figures are."""

    _inherit = "credit.insurance.exposure.report"

    def _book_name(self):
        """Return the name of the file."""
        return self.env._(
            "exposure %(company)s %(day)s.xlsx",
            company=self.company_id.name,
            day=fields.Date.to_string(self.date),
        )

    def action_export(self):
        """Download the workbook.

        :raise UserError: where a sheet has no room for the rows
        """
        self.ensure_one()
        for model, domain in (
            ("credit.insurance.exposure.as.of", TOLD),
            ("credit.insurance.ageing", []),
        ):
            rows = self.env[model]._of_day(self.company_id, self.date)
            self._check_room(rows.search_count(domain))
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit/exposure_report/{self.id}",
            "target": "self",
        }

    def _check_room(self, count):
        if count > report_book.MOST_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s rows do not fit on a sheet of a workbook, which takes "
                    "%(most)s. Open the list instead, filter it and export a part.",
                    count=count,
                    most=report_book.MOST_ROWS,
                )
            )

    def _make_book(self):
        """Return the workbook."""
        self.ensure_one()
        names = BUYER_FIELDS
        if not self._is_of_today():
            names = [name for name in names if name not in OF_TODAY]
        title = self.env._(
            "%(company)s: exposure as of %(day)s",
            company=self.company_id.name,
            day=format_date(self.env, self.date),
        )
        return write_report(
            [
                self._sheet(self.env._("Buyers"), title, self._buyers(), names),
                self._sheet(
                    self.env._("Ageing"), title, self._instalments(), AGEING_FIELDS
                ),
                Sheet(self.env._("What the Figures Are"), (title, *self._basis())),
            ]
        )

    def _sheet(self, name, title, rows, names):
        self._check_room(len(rows))
        currency = self.currency_id
        labels = rows.fields_get(names, ["string", "selection"])
        words = {each: dict(labels[each].get("selection", ())) for each in names}
        return Sheet(
            name=name,
            titles=(title,),
            columns=tuple(
                Column(
                    labels[each]["string"],
                    KINDS.get(rows._fields[each].type, "text"),
                    rows._fields[each].type == "monetary" and each not in OF_LIMIT,
                )
                for each in names
            ),
            rows=(
                [self._cell(row, each, words[each]) for each in names] for row in rows
            ),
            money_format=_format_of(currency),
            total=self.env._("Total"),
        )

    def _cell(self, row, name, words):
        """Return what a cell of a column holds."""
        if name in OF_LIMIT:
            return Money(row[name], _format_of(row.limit_currency_id))
        value = row[name]
        kind = row._fields[name].type
        if kind == "selection":
            return words.get(value)
        if kind == "many2one":
            # sudo: the name alone, for credit users who read no invoices
            return value.sudo().display_name
        return value


def _format_of(currency):
    return money_format(
        currency.symbol or currency.name,
        currency.decimal_places,
        currency.position == "before",
    )
