from odoo import fields, models

DEADLINE_BASES = [
    ("due_date", "Original due date"),
    ("invoice_date", "Invoice date"),
    ("mep_end", "End of the extension period"),
    ("max_terms_end", "End of the longest terms"),
]


class CreditInsurancePolicy(models.Model):
    """What a policy says about delays: terms of payment, notices, stops of cover.

    Without dates: they are those of the contract. Changes are told in its chatter.
    """

    _inherit = "credit.insurance.policy"

    max_payment_days = fields.Integer(
        string="Maximum payment terms", default=180, tracking=True
    )
    max_invoicing_days = fields.Integer(
        string="Maximum invoicing delay", default=30, tracking=True
    )
    mep_days = fields.Integer(
        string="Maximum extension period", default=60, tracking=True
    )
    mep_base = fields.Selection(
        [
            ("due_date", "Original due date"),
            ("invoice_date", "Invoice date"),
            ("shipment_date", "Shipment date"),
        ],
        string="Extension counted from",
        required=True,
        default="due_date",
        tracking=True,
    )
    notification_days = fields.Integer(
        string="Overdue notice within", default=30, tracking=True
    )
    notification_base = fields.Selection(
        DEADLINE_BASES,
        string="Overdue notice counted from",
        required=True,
        default="mep_end",
        tracking=True,
    )
    collection_days = fields.Integer(
        string="Hand-over within", default=30, tracking=True
    )
    collection_base = fields.Selection(
        DEADLINE_BASES,
        string="Hand-over counted from",
        required=True,
        default="mep_end",
        tracking=True,
    )
    adverse_info_days = fields.Integer(
        string="Adverse information within", default=10, tracking=True
    )
    insolvency_notification_days = fields.Integer(
        string="Insolvency notice within", default=7, tracking=True
    )
    stop_min_amount = fields.Monetary(
        string="Overdue amount that stops cover",
        help="Smaller overdues beyond the extension period do not stop the cover.",
        tracking=True,
    )
    stop_min_pct = fields.Float(
        string="Overdue share that stops cover (%)",
        help="Share of the total due below which an overdue does not stop the cover.",
        tracking=True,
    )
    stop_reinstates = fields.Boolean(
        string="Payment reinstates cover",
        help="A shipment made while cover was stopped is insured again once the "
        "cause is paid.",
        tracking=True,
    )
    residue_amount = fields.Monetary(
        string="Residue ignored",
        default=50.0,
        help="Remainders below this amount, or below 1 % of the invoice, trigger no "
        "stop, notice or reminder.",
        tracking=True,
    )
