from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# What is signed is not rewritten; only its end may come earlier or later.
SIGNED_FIELDS = {
    "partner_id",
    "company_id",
    "amount",
    "date_from",
    "author_id",
    "signed_on",
    "prolonged_by_id",
    "prolonged_on",
    "reason",
}


class CreditInsuranceOwnRisk(models.Model):
    """An amount we accept to owe to nobody but ourselves, signed by its author."""

    _name = "credit.insurance.own.risk"
    _description = "Own Risk"
    _inherit = ["credit.insurance.thread.mixin", "credit.insurance.buyer.mixin"]
    _order = "date_from desc, id desc"
    _rec_names_search = ["partner_id"]

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True, aggregator=None, tracking=True)
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self.env.company._credit_today(),
    )
    date_to = fields.Date(string="Last Day", tracking=True)
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    signed_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which its author accepted it, in the company's time zone.",
    )
    prolonged_by_id = fields.Many2one(
        "res.users",
        string="Prolonged By",
        readonly=True,
        copy=False,
        help="Who last had it end later, or not at all: they accepted it, too.",
    )
    prolonged_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which they did so, in the company's time zone.",
    )
    reason = fields.Text(required=True)

    @api.depends("partner_id", "amount")
    def _compute_display_name(self):
        for row in self:
            if not row.partner_id:
                row.display_name = False
                continue
            row.display_name = (
                f"{row.partner_id.name} - {row.currency_id.format(row.amount)}"
            )

    def _contact_refusal(self, **names):
        return self.env._(
            "%(contact)s is a contact of %(company)s. Own risk is accepted on legal "
            "persons: choose %(company)s.",
            **names,
        )

    @api.constrains("amount")
    def _check_amount(self):
        for row in self:
            if row.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "The own risk on %(buyer)s must be above zero. To take it "
                        "back, end the row in force.",
                        buyer=row.partner_id.display_name,
                    )
                )

    @api.constrains("partner_id", "company_id", "date_from", "date_to")
    def _check_dates(self):
        """Own risk runs forward, and one amount at a time per buyer and company."""
        peers = self.search(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
        ).grouped(lambda row: (row.partner_id, row.company_id))
        for row in self:
            if row.date_to and row.date_to < row.date_from:
                raise ValidationError(
                    self.env._(
                        "The own risk on %(buyer)s ends on %(end)s, before it starts "
                        "on %(start)s. Correct its dates.",
                        buyer=row.partner_id.display_name,
                        start=format_date(self.env, row.date_from),
                        end=format_date(self.env, row.date_to),
                    )
                )
            for other in peers.get((row.partner_id, row.company_id), self) - row:
                if (not other.date_to or row.date_from <= other.date_to) and (
                    not row.date_to or other.date_from <= row.date_to
                ):
                    raise ValidationError(
                        self.env._(
                            "%(company)s already accepts %(amount)s of own risk on "
                            "%(buyer)s from %(start)s. End that row first.",
                            company=row.company_id.name,
                            amount=other.currency_id.format(other.amount),
                            buyer=row.partner_id.display_name,
                            start=format_date(self.env, other.date_from),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Sign with the user who creates, whatever was sent."""
        companies = self.env["res.company"]
        return super().create(
            [
                {
                    **vals,
                    "author_id": self.env.uid,
                    "prolonged_by_id": False,
                    "prolonged_on": False,
                    "signed_on": (
                        companies.browse(vals.get("company_id")) or self.env.company
                    )._credit_today(),
                }
                for vals in vals_list
            ]
        )

    def _note_prolonged(self):
        """Sign a later end, which nobody writes: with the user who set it, and when."""
        for company, rows in self.grouped("company_id").items():
            today = company._credit_today()
            super(CreditInsuranceOwnRisk, rows).write(
                {"prolonged_by_id": self.env.uid, "prolonged_on": today}
            )
        return True

    def write(self, vals):
        """Refuse to rewrite what was signed."""
        if SIGNED_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Accepted own risk is not rewritten. End this row and add a new "
                    "one under your own name."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_future(self):
        """Keep what has been in force: orders may have gone on it."""
        for row in self:
            if row.date_from <= row.company_id._credit_today():
                raise UserError(
                    self.env._(
                        "The own risk on %(buyer)s has been in force since %(day)s: it "
                        "is kept. End it instead.",
                        buyer=row.partner_id.display_name,
                        day=format_date(self.env, row.date_from),
                    )
                )

    def action_end(self):
        """End the rows with their company's today: nothing more from tomorrow on."""
        for row in self:
            row.date_to = max(row.company_id._credit_today(), row.date_from)
        return True

    @api.model
    def _accepted(self, partners, company, day):
        """Return what a company accepts at its own risk: ``{buyer: amount}``, in
        the company's currency; buyers without a row are left out."""
        rows = self._in_force(partners, company, day)
        return {row.partner_id: row.amount for row in rows}

    @api.model
    def _in_force(self, partners, company, day):
        """Return the rows of these buyers that are in force on a day."""
        return self.search(
            Domain("partner_id", "in", partners.commercial_partner_id.ids)
            & Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _signers(self):
        """Return who accepted these rows: who wrote them, and who prolonged them."""
        return self.author_id | self.prolonged_by_id
