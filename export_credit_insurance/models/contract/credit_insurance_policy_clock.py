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
        string="Maximum Payment Terms",
        default=180,
        tracking=True,
        help="Longest terms that you may grant, in days from the invoice. A sale on "
        "longer terms is not insured.",
    )
    max_invoicing_days = fields.Integer(
        string="Maximum Invoicing Delay",
        default=30,
        tracking=True,
        help="Days after the shipment within which you must invoice.",
    )
    mep_days = fields.Integer(
        string="Maximum Extension Period",
        default=60,
        tracking=True,
        help="Days after the due date in which you may still wait, or grant time, "
        "without asking the insurer. Then cover of new shipments stops. E.g. 60.",
    )
    mep_base = fields.Selection(
        [
            ("due_date", "Original due date"),
            ("invoice_date", "Invoice date"),
            ("shipment_date", "Shipment date"),
        ],
        string="Extension Counted From",
        required=True,
        default="due_date",
        tracking=True,
        help="The day from which the extension period is counted.",
    )
    notification_days = fields.Integer(
        string="Overdue Notice Within",
        default=30,
        tracking=True,
        help="Days to tell the insurer that an invoice is unpaid. Told later, the "
        "loss may not be paid. See “Notification of overdues”.",
    )
    notification_base = fields.Selection(
        DEADLINE_BASES,
        string="Overdue Notice Counted From",
        required=True,
        default="mep_end",
        tracking=True,
        help="The day from which the delay of the overdue notice is counted.",
    )
    collection_days = fields.Integer(
        string="Hand-over Within",
        default=30,
        tracking=True,
        help="Days to hand the debt over to the insurer's collection with the file of "
        "the claim.",
    )
    collection_base = fields.Selection(
        DEADLINE_BASES,
        string="Hand-over Counted From",
        required=True,
        default="mep_end",
        tracking=True,
        help="The day from which the delay of the hand-over is counted.",
    )
    adverse_info_days = fields.Integer(
        string="Adverse Information Within",
        default=10,
        tracking=True,
        help="Days to pass on bad news of a buyer, e.g. a bounced draft, from the day "
        "you learn of it.",
    )
    insolvency_notification_days = fields.Integer(
        string="Insolvency Notice Within",
        default=7,
        tracking=True,
        help="Days to tell the insurer of a buyer's insolvency, from the day you "
        "learn of it.",
    )
    stop_min_amount = fields.Monetary(
        string="Overdue Amount That Stops Cover",
        help="Smaller overdues beyond the extension period do not stop the cover.",
        tracking=True,
    )
    stop_min_pct = fields.Float(
        string="Overdue Share That Stops Cover (%)",
        help="Share of the total due below which an overdue does not stop the cover.",
        tracking=True,
    )
    stop_reinstates = fields.Boolean(
        string="Payment Reinstates Cover",
        help="A shipment made while cover was stopped is insured again once the "
        "cause is paid.",
        tracking=True,
    )
    residue_amount = fields.Monetary(
        string="Small-Balance Threshold",
        default=50.0,
        help="Remainders below this amount, or below 1 % of the invoice, trigger no "
        "stop, notice or reminder.",
        tracking=True,
    )
