from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..job import do_each

LETTER_OF_CREDIT_KINDS = ("lc_confirmed", "lc_unconfirmed")


class CreditInsuranceSecurity(models.Model):
    """A security of the buyer: it lowers our own risk, never raises a limit.

    It absorbs the open amount of the orders it serves, up to its own amount; the
    rest serves other orders only where the security is general.
    """

    _name = "credit.insurance.security"
    _description = "Security"
    _inherit = ["credit.insurance.thread.mixin", "credit.insurance.buyer.mixin"]
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
        help="Letter of credit: a bank pays against documents. Guarantee: it pays if "
        "the buyer does not; on first demand, without asking why.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
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
    amount = fields.Monetary(
        required=True,
        aggregator=None,
        tracking=True,
        help="Up to which amount it stands for the buyer's debt.",
    )
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    date_to = fields.Date(
        string="Expires On",
        tracking=True,
        help="Last day on which it can be called upon.",
    )
    closed_on = fields.Date(
        readonly=True,
        copy=False,
        help="First day on which it secures nothing more. Figures of days before it, "
        "as those of a past loss, go on counting it.",
    )
    latest_shipment_date = fields.Date(
        string="Latest Shipment", help="Last day on which the goods may be shipped."
    )
    presentation_days = fields.Integer(
        string="Presentation (days)",
        default=21,
        help="Days after the shipment within which documents are presented.",
    )
    is_general = fields.Boolean(
        string="Serves Any Order",
        help="What the named orders leave of it serves any other order of the buyer.",
    )
    order_ids = fields.Many2many(
        "sale.order",
        "credit_insurance_security_order_rel",
        "security_id",
        "order_id",
        string="Orders Served",
        copy=False,
        domain="[('partner_invoice_id', 'child_of', partner_id),"
        " ('company_id', '=', company_id)]",
        help="It serves these orders alone; empty: any debt of the buyer.",
    )
    note = fields.Text()

    @api.constrains("amount", "presentation_days")
    def _check_amount(self):
        for security in self:
            if security.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "The amount of security %(name)s must be above zero.",
                        name=security.name,
                    )
                )
            if security.presentation_days < 0:
                raise ValidationError(
                    self.env._(
                        "The presentation days of security %(name)s cannot be "
                        "negative.",
                        name=security.name,
                    )
                )

    @api.constrains("date_from", "date_to", "latest_shipment_date", "kind")
    def _check_dates(self):
        """Shipment, then presentation, then expiry: a letter of credit has all."""
        for security in self:
            last = security.date_to
            shipment = security.latest_shipment_date
            if security.kind in LETTER_OF_CREDIT_KINDS and not last:
                raise ValidationError(
                    self.env._(
                        "Letter of credit %(name)s needs its expiry date.",
                        name=security.name,
                    )
                )
            if last and last < security.date_from:
                raise ValidationError(
                    self.env._(
                        "Security %(name)s expires on %(end)s, before it is valid on "
                        "%(start)s. Correct its dates.",
                        name=security.name,
                        start=format_date(self.env, security.date_from),
                        end=format_date(self.env, last),
                    )
                )
            if last and shipment and shipment > last:
                raise ValidationError(
                    self.env._(
                        "Security %(name)s expires on %(end)s, before its latest "
                        "shipment on %(day)s. Correct its dates.",
                        name=security.name,
                        day=format_date(self.env, shipment),
                        end=format_date(self.env, last),
                    )
                )

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Securities are given by legal "
            "persons: choose %(company)s.",
            **names,
        )

    @api.constrains("partner_id", "company_id", "order_ids")
    def _check_orders(self):
        """A security is given by a legal person for orders of its own."""
        for security in self:
            buyer = security.partner_id.commercial_partner_id
            # sudo: who records a security need not read all orders
            for order in security.sudo().order_ids:
                if (
                    order.partner_invoice_id.commercial_partner_id != buyer
                    or order.company_id != security.company_id
                ):
                    raise ValidationError(
                        self.env._(
                            "Order %(order)s is not an order of %(buyer)s with "
                            "%(company)s: security %(name)s cannot serve it.",
                            order=order.name,
                            buyer=buyer.display_name,
                            company=security.company_id.name,
                            name=security.name,
                        )
                    )

    def write(self, vals):
        """Keep the day on which a security was closed: before it, it stood."""
        if "state" not in vals:
            return super().write(vals)
        if vals["state"] != "closed":
            return super().write({**vals, "closed_on": False})
        ended = self.filtered(lambda security: security.state != "closed")
        super(CreditInsuranceSecurity, self - ended).write(vals)
        for company, own in ended.grouped("company_id").items():
            super(CreditInsuranceSecurity, own).write(
                {"closed_on": company._credit_today(), **vals}
            )
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for security in self:
            if security.state != "draft":
                raise UserError(
                    self.env._(
                        "Security %(name)s has been active. Close it instead.",
                        name=security.name,
                    )
                )

    def action_activate(self):
        self.write({"state": "active"})
        return True

    def action_close(self):
        self.write({"state": "closed"})
        return True

    @api.model
    def _cron_expire(self):
        """Each night: close the securities that have expired, by their company's day.

        No place is more than a day ahead of UTC.
        """
        today = fields.Date.today()
        ended = self.search([("state", "=", "active"), ("date_to", "<=", today)])
        over = ended.filtered(
            lambda security: security.date_to < security.company_id._credit_today()
        )
        by_company = over.grouped("company_id").values()
        do_each(self.env, by_company, lambda some: some.write({"state": "closed"}))
