from odoo import fields, models


class CreditInsuranceCutNoticeLine(models.Model):
    """One binding order and what of it was not delivered when the limit was cut.

    In the order's currency, as it was on that day.
    """

    _name = "credit.insurance.cut.notice.line"
    _description = "Order in Progress at a Cut"
    _order = "planned_date, id"

    notice_id = fields.Many2one(
        "credit.insurance.cut.notice",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True)
    order_id = fields.Many2one(
        "sale.order", index=True, ondelete="set null", readonly=True
    )
    order_name = fields.Char(string="Number", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    order_date = fields.Date(readonly=True)
    planned_date = fields.Date(string="Planned Delivery", readonly=True)
    order_total = fields.Monetary(readonly=True)
    undelivered_amount = fields.Monetary(
        string="Not Delivered", readonly=True, help="Tax included."
    )
    undelivered_untaxed = fields.Monetary(
        string="Not Delivered, Before Tax", readonly=True
    )
