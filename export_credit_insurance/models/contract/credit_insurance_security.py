from odoo import fields, models

LETTER_OF_CREDIT_KINDS = ("lc_confirmed", "lc_unconfirmed")


class CreditInsuranceSecurity(models.Model):
    """A security of the buyer: it lowers our own risk, never raises a limit.

    It absorbs the open amount of the orders it serves, up to its own amount; the
    rest serves other orders only where the security is general.
    """

    _name = "credit.insurance.security"
    _description = "Security"
    _inherit = ["mail.thread"]
    _order = "date_to, id"

    name = fields.Char(string="Reference", required=True, tracking=True)
    kind = fields.Selection(
        [
            ("lc_confirmed", "Confirmed letter of credit"),
            ("lc_unconfirmed", "Unconfirmed letter of credit"),
            ("standby", "Standby letter of credit"),
            ("bank_guarantee", "Bank guarantee"),
            ("first_demand", "First-demand guarantee"),
            ("deposit", "Deposit"),
        ],
        required=True,
        default="lc_confirmed",
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Buyer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    issuer_id = fields.Many2one(
        "res.partner", string="Issuer", help="The bank or guarantor that pays."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(required=True, aggregator=None, tracking=True)
    date_from = fields.Date(
        string="Valid from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Expires on", tracking=True)
    latest_shipment_date = fields.Date(
        string="Latest shipment", help="Last day on which the goods may be shipped."
    )
    presentation_days = fields.Integer(
        string="Presentation (days)",
        default=21,
        help="Days after the shipment within which documents are presented.",
    )
    is_general = fields.Boolean(
        string="Serves any order",
        help="What the named orders leave of it serves any other order of the buyer.",
    )
    order_ids = fields.Many2many(
        "sale.order",
        "credit_insurance_security_order_rel",
        "security_id",
        "order_id",
        string="Orders served",
        copy=False,
        domain="[('partner_invoice_id', 'child_of', partner_id),"
        " ('company_id', '=', company_id)]",
    )
    note = fields.Text()
