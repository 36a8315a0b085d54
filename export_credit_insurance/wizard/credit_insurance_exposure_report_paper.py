from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..models.overview.credit_insurance_ageing import BUCKETS, INSURANCE

# Columns of the paper that are summed.
COVER_COLUMNS = (
    "receivable",
    "unallocated",
    "exposure",
    "eligible",
    "covered",
    "own_share",
    "uninsured",
)
ORDER_COLUMNS = ("draft", "delivered", "ordered")
AGEING_COLUMNS = tuple(name for name, _label in BUCKETS)
#: buyers that are printed: two tables of some hundred pages, minutes of rendering
MOST_PRINTED = 3000


class CreditInsuranceExposureReport(models.TransientModel):
    """What the printed cover by buyer says."""

    _inherit = "credit.insurance.exposure.report"

    def _paper(self):
        """Return what the template prints; every total sums its column."""
        self.ensure_one()
        rows = self._buyers()
        self._check_printable(len(rows))
        names = (*COVER_COLUMNS, *ORDER_COLUMNS, *AGEING_COLUMNS)
        is_today = self._is_of_today()
        policies = self._policies_of(rows)
        return {
            "rows": rows,
            "order_columns": self._used(rows, ORDER_COLUMNS) if is_today else [],
            "totals": {name: self._sum(rows.mapped(name)) for name in names},
            "ageing": self._matrix(),
            "policies_of": policies,
            "policies": rows.policy_id.union(*policies.values()).sorted("sequence"),
            "payees": self._payees(rows) if self.audience == "banker" else {},
            "sold": self._sold() if self.audience == "banker" else [],
            "basis": self._basis(),
        }

    def _check_printable(self, count):
        if count > MOST_PRINTED:
            raise UserError(
                self.env._(
                    "There are %(count)s buyers to print; a paper takes %(most)s. Use "
                    "Export to XLSX: the workbook has all of them.",
                    count=count,
                    most=MOST_PRINTED,
                )
            )

    def _policies_of(self, rows):
        """Return {buyer: policies}: the day's, and those that insure what is open."""
        ageing = self.env["credit.insurance.ageing"]._of_day(self.company_id, self.date)
        groups = ageing._read_group(
            [("base_amount", ">", 0)], ["partner_id"], ["policy_id:recordset"]
        )
        found = {row.partner_id: row.policy_id for row in rows}
        for buyer, policies in groups:
            if buyer in found:
                found[buyer] |= policies
        return found

    @staticmethod
    def _used(rows, names):
        return [name for name in names if any(rows.mapped(name))]

    def _sum(self, amounts):
        return self.currency_id.round(sum(amounts))

    def _matrix(self):
        """Return the ageing by cover as rows of label and amounts, with totals.

        :return: (labels of the columns, [(label, amounts)])
        """
        ageing = self.env["credit.insurance.ageing"]
        buckets, covers = (
            dict(ageing._fields[name]._description_selection(self.env))
            for name in ("bucket", "insurance")
        )
        amounts = self._ageing_by_cover()
        present = [
            cover
            for cover, _label in INSURANCE
            if any((bucket, cover) in amounts for bucket in AGEING_COLUMNS)
        ]
        lines = []
        for bucket in AGEING_COLUMNS:
            line = [amounts.get((bucket, cover), 0.0) for cover in present]
            lines.append((buckets[bucket], [*line, self._sum(line)]))
        totals = [
            self._sum(column)
            for column in zip(*(each for _, each in lines), strict=True)
        ]
        labels = [*(covers[cover] for cover in present), self.env._("Total")]
        return labels, [*lines, (self.env._("Total"), totals)]

    def _payees(self, rows):
        """Return {buyer: name of whom the insurer pays}, for those that have one."""
        payees = {
            row.partner_id: row.policy_id._get_loss_payee(row.partner_id).name
            for row in rows
            if row.policy_id
        }
        return {buyer: name for buyer, name in payees.items() if name}

    def _sold(self):
        """Return what is sold to factors with recourse, [(factor, buyer, amount)].

        The factor of the day; what was sold without recourse is no exposure.
        """
        # sudo: to whom an invoice is sold, for credit users who read no invoices
        sales = (
            self.env["credit.insurance.assignment"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("recourse", "=", "with"),
                    ("date", "<=", self.date),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">", self.date),
                ]
            )
        )
        if not sales:
            return []
        amounts = {}
        factors = {sale.move_id.id: sale.factor_id for sale in sales}
        for line in self._instalments([("move_id", "in", list(factors))]):
            key = (factors[line.move_id.id], line.partner_id)
            amounts[key] = amounts.get(key, 0.0) + line.open_amount
        return [
            (factor.name, buyer.name, self._sum([amount]))
            for (factor, buyer), amount in sorted(
                amounts.items(), key=lambda item: (item[0][0].name, -item[1])
            )
        ]

    def _format(self, amount):
        """Return an amount in the company's currency, without its name."""
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)

    def _format_limit(self, row):
        """Return the limit of a buyer in its own currency."""
        currency = row.limit_currency_id
        amount = formatLang(self.env, row.insured_limit, digits=0)
        return f"{amount} {currency.name}"
