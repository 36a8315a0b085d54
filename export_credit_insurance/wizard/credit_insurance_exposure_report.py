from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

AUDIENCES = [
    ("auditor", "The auditor"),
    ("banker", "A bank or factor"),
]
# What the dialogue sums of the buyers' rows.
TOTALS = ("receivable", "exposure", "covered", "own_share", "uninsured")
# Buyers about whom there is something to say on paper.
TOLD = Domain("exposure", "!=", 0) | Domain("receivable", "!=", 0)


class CreditInsuranceExposureReport(models.TransientModel):
    """The exposure of a company as of a day: opened, printed, exported.

    Every figure is the engine's (``credit.insurance.exposure.as.of``,
    ``credit.insurance.ageing``). What a past day cannot be asked is left out, and said
    on paper (:meth:`_basis`).
    """

    _name = "credit.insurance.exposure.report"
    _description = "Exposure as of a Date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "As Of",
        required=True,
        default=lambda self: self._default_date(),
        help="Figures at the end of this day, recomputed from the ledger.",
    )
    audience = fields.Selection(
        AUDIENCES,
        "Printed For",
        required=True,
        default="auditor",
        help="For a bank or factor, to whom indemnities are assigned is printed too.",
    )
    basis = fields.Text("What the Figures Are", compute="_compute_basis")
    receivable = fields.Monetary("Receivables", compute="_compute_totals")
    exposure = fields.Monetary(compute="_compute_totals")
    covered = fields.Monetary(compute="_compute_totals")
    own_share = fields.Monetary(compute="_compute_totals")
    uninsured = fields.Monetary("Not Insured", compute="_compute_totals")

    @api.model
    def _default_date(self):
        """Propose the end of last month, which books are closed on."""
        return self.env.company._credit_today().replace(day=1) - relativedelta(days=1)

    def _compute_display_name(self):
        # EXTENDS 'base'
        for report in self:
            report.display_name = self.env._(
                "Exposure as of %(day)s", day=format_date(self.env, report.date)
            )

    @api.constrains("date")
    def _check_date(self):
        for report in self:
            today = report.company_id._credit_today()
            if report.date > today:
                raise ValidationError(
                    self.env._(
                        "%(day)s has not come yet. Choose %(today)s or an earlier day.",
                        day=format_date(self.env, report.date),
                        today=format_date(self.env, today),
                    )
                )

    @api.depends("date", "company_id")
    def _compute_basis(self):
        for report in self:
            report.basis = "\n".join(report._basis()) if report.date else ""

    @api.depends("date", "company_id")
    def _compute_totals(self):
        for report in self:
            rows = self.env["credit.insurance.exposure.as.of"]._of_day(
                report.company_id, report.date or report._default_date()
            )
            (sums,) = rows._read_group([], [], [f"{name}:sum" for name in TOTALS])
            report.update(dict(zip(TOTALS, sums, strict=True)))

    def _is_of_today(self):
        self.ensure_one()
        return self.date >= self.company_id._credit_today()

    def _basis(self):
        """Return the sentences that say what the figures are of, and what is left out.

        :return: list of translated texts
        """
        self.ensure_one()
        currency = self.env._(
            "Amounts are in %(currency)s; other currencies at the rates of that day.",
            currency=self.currency_id.name,
        )
        if self._is_of_today():
            return [
                self.env._(
                    "Figures of today: open invoices and credits, deliveries not "
                    "invoiced and orders not delivered, as the screen Exposure has "
                    "them."
                ),
                currency,
            ]
        return [
            self.env._(
                "Recomputed from the ledger: entries with an accounting date up to "
                "that day; what was matched with a later entry is open again."
            ),
            self.env._(
                "Of that day: limits, percentages, countries off cover, securities, "
                "stops, insolvencies, extensions agreed by insurers, disputes, sales "
                "to factors."
            ),
            self.env._(
                "Left out, because no history of them is kept: orders, deliveries not "
                "invoiced, draft invoices, sales at the till that are not posted."
            ),
            self.env._(
                "As they are today: due dates and days of shipment, which policies are "
                "active and their other terms, loss payees, names and countries of "
                "buyers."
            ),
            self.env._(
                "Invoices entered, cancelled or put back to draft since count as they "
                "are now. Goods that left after that day count as invoiced, not as "
                "shipped later."
            ),
            currency,
        ]

    # === ACTIONS === #

    def action_open_exposure(self):
        """Open the buyers as of the day."""
        return self._open(
            "credit_insurance_exposure_as_of_action", {"search_default_owing": 1}
        )

    def action_open_ageing(self):
        """Open the ageing as of the day."""
        return self._open("credit_insurance_ageing_action", {})

    def _open(self, action, context):
        self.ensure_one()
        name = f"export_credit_insurance.{action}"
        found = self.env["ir.actions.act_window"]._for_xml_id(name)
        return found | {
            "name": self.env._(
                "%(report)s as of %(day)s",
                report=found["name"],
                day=format_date(self.env, self.date),
            ),
            "target": "current",
            "context": {
                **context,
                "credit_report_day": fields.Date.to_string(self.date),
            },
        }

    def action_print(self):
        """Print the cover by buyer.

        :raise UserError: for more buyers than a paper is read of
        """
        rows = self.env["credit.insurance.exposure.as.of"]
        rows = rows._of_day(self.company_id, self.date)
        self._check_printable(rows.search_count(TOLD))
        return self.env.ref(
            "export_credit_insurance.credit_insurance_exposure_report_action_report"
        ).report_action(self)

    # === FIGURES === #

    def _buyers(self):
        """Return the rows of the buyers to be told of, the largest exposure first."""
        self.ensure_one()
        rows = self.env["credit.insurance.exposure.as.of"]
        return rows._rows_of(self.company_id, self.date, TOLD)

    def _instalments(self, domain=()):
        """Return the rows of the ageing, those longest overdue first."""
        self.ensure_one()
        rows = self.env["credit.insurance.ageing"]
        return rows._rows_of(self.company_id, self.date, domain)

    def _ageing_by_cover(self):
        """Return {(bucket, insurance): open amount}."""
        self.ensure_one()
        rows = self.env["credit.insurance.ageing"]._of_day(self.company_id, self.date)
        groups = rows._read_group([], ["bucket", "insurance"], ["open_amount:sum"])
        return {(bucket, cover): amount for bucket, cover, amount in groups}
