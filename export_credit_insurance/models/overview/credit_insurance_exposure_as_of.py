from odoo import fields, models


class CreditInsuranceExposureAsOf(models.Model):
    """One row per buyer as of a day, for the active company; ``id`` is the partner's.

    exposure = covered + own share + not insured, and receivables = the sum of the
    buckets. Of today the rows of ``credit.insurance.exposure``; of a past day what the
    ledger tells of it: receivables and credits, without orders, deliveries not invoiced
    and drafts.
    """

    _name = "credit.insurance.exposure.as.of"
    _description = "Buyer's Exposure as of a Date"
    _inherit = ["credit.insurance.dated.table", "credit.insurance.buyer.table"]
    _auto = False

    insured_limit = fields.Monetary(help="The limit in force on the day of the report.")
    unallocated = fields.Monetary(
        string="Credits Not Matched",
        help="Receipts and credit notes that no invoice was matched with that day.",
    )
    delivered = fields.Monetary(
        help="Of today only: no history is kept of what orders had delivered."
    )
    ordered = fields.Monetary(
        help="Of today only: no history is kept of what orders had delivered."
    )
    draft = fields.Monetary(
        help="Of today only, where the company counts them; with what was sold on "
        "account at the till and is not posted yet."
    )
    within_limit = fields.Monetary(
        string="Within the Limit",
        readonly=True,
        help="What the limits of the days of shipment take of it.",
    )
    covered = fields.Monetary(
        help="What the insurer would have paid for a commercial loss that day."
    )
    own_share = fields.Monetary(
        readonly=True,
        help="Within the limit, less what the insurer pays of it: the percentage that "
        "stays with the company.",
    )
    uninsured = fields.Monetary(
        string="Not Insured",
        readonly=True,
        help="Exposure that no limit takes. Below zero where the buyer is in credit.",
    )
    overdue_000 = fields.Monetary(
        string="Not Due", readonly=True, help="Receivables not due that day."
    )
    overdue_001 = fields.Monetary(string="1–30 Days", readonly=True)
    overdue_031 = fields.Monetary(string="31–60 Days", readonly=True)
    overdue_061 = fields.Monetary(string="61–90 Days", readonly=True)
    overdue_091 = fields.Monetary(string="91–180 Days", readonly=True)
    overdue_181 = fields.Monetary(string="Over 180 Days", readonly=True)

    def _position_query(self, query):
        return query.aged_position()

    def action_open_instalments(self):
        """Open the instalments behind the row, as of the same day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "export_credit_insurance.credit_insurance_ageing_action"
        )
        return action | {
            "name": self.env._(
                "Ageing of %(buyer)s", buyer=self.partner_id.display_name
            ),
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {"credit_report_day": fields.Date.to_string(self._report_day())},
        }
