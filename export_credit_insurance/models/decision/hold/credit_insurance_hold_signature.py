from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CreditInsuranceHold(models.Model):
    """Releases that two people sign.

    The first signature fills in the release and leaves the hold to decide: nothing goes
    yet. The second one, of somebody else who has the authority himself, confirms the
    release as it stands, or refuses it.
    """

    _inherit = "credit.insurance.hold"

    first_signed_by = fields.Many2one(
        "res.users",
        string="First Signature",
        readonly=True,
        tracking=True,
        help="Large releases are signed by two people.",
    )
    first_signed_on = fields.Datetime(readonly=True)
    release_day = fields.Date(
        string="Signed On",
        readonly=True,
        help="The day in the company's time zone whose rates the own risk is told at.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    release_own_risk = fields.Monetary(
        string="Own Risk Released",
        currency_field="company_currency_id",
        readonly=True,
        help="What this release puts at our own risk, in the company's currency.",
    )
    confirmable_amount = fields.Monetary(
        string="May Be Confirmed Up To",
        readonly=True,
        help="The released amount and the deviation that the company allows.",
    )

    def _prepare_release(self, vals):
        """Return what a release says, as the first or only signature writes it."""
        company = self.company_id.sudo()  # sudo: settings of a company in view
        return {
            "release_kind": vals["release_kind"],
            "release_amount": vals["release_amount"],
            "release_until": vals["release_until"],
            "reason": vals["reason"],
            "agreement_ref": vals.get("agreement_ref"),
            "legal_basis": vals.get("legal_basis") if self.has_sanction else False,
            "attachment_ids": [fields.Command.set(vals.get("attachment_ids") or [])],
            "release_day": self.env["credit.insurance.position"]._today(company),
            "release_own_risk": company.currency_id.round(
                self._stake(vals["release_amount"], vals["release_kind"]).own_risk
            ),
            "confirmable_amount": self._confirmable(vals["release_amount"]),
        }

    def _confirmable(self, amount):
        """Return up to which total an order released for this amount may go.

        The company may let totals deviate by some percent, as D365 and SAP do
        (DOMAIN 1.16); never where sanctions are in force.
        """
        if self.has_sanction:
            return amount
        # sudo: the gate asks for salespeople, who may not read the settings
        percent = self.company_id.sudo().credit_release_deviation_pct
        return self.currency_id.round(amount * (1 + percent / 100))

    def _sign_second(self, vals):
        """Return what the second signature confirms: what was signed first.

        :raise UserError: where the user has not seen what was signed
        """
        if not self.first_signed_by:
            return vals
        if vals.get("second_to") != self.first_signed_by.id:
            raise UserError(
                self.env._(
                    "%(user)s has signed a release of %(order)s meanwhile. Open it "
                    "again, then confirm what was signed or refuse it.",
                    user=self.first_signed_by.name,
                    order=self.name,
                )
            )
        return {
            "release_kind": self.release_kind,
            "release_amount": self.release_amount,
            "release_until": self.release_until,
            "reason": self.reason,
            "agreement_ref": self.agreement_ref,
            "legal_basis": self.legal_basis,
            "attachment_ids": self.attachment_ids.ids,
        }

    def _sign_first(self):
        """Note the acting user's signature; ask others for the second one."""
        hold = self.sudo()  # see _release
        hold.write(
            {
                "first_signed_by": self.env.uid,
                "first_signed_on": fields.Datetime.now(),
                # whoever signs next is given time, too
                "reminded_on": False,
                "escalated_on": False,
            }
        )
        hold._close_activities()
        hold._tell_controllers()

    def _signature_text(self):
        """Say in the reader's language what was signed first, and by whom."""
        kinds = dict(self._fields["release_kind"]._description_selection(self.env))
        return self.env._(
            "%(user)s signed on %(day)s: %(kind)s, up to %(amount)s, valid until "
            "%(until)s. %(reason)s",
            user=self.first_signed_by.name,
            day=format_date(self.env, self.first_signed_on),
            kind=kinds[self.release_kind].lower(),
            amount=self.currency_id.format(self.release_amount),
            until=format_date(self.env, self.release_until),
            reason=self.reason,
        )
