from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

INSOLVENCY_KINDS = [
    ("safeguard", "Safeguard Proceedings"),
    ("reorganisation", "Reorganisation or Administration"),
    ("liquidation", "Liquidation or Bankruptcy"),
    ("composition", "Composition with Creditors"),
    ("other", "Other Collective Proceedings"),
]


class CreditInsuranceInsolvency(models.Model):
    _name = "credit.insurance.insolvency"
    _description = "Buyer's Insolvency"
    _order = "judgment_date desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Buyer", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(INSOLVENCY_KINDS, required=True, default="reorganisation")
    judgment_date = fields.Date(required=True)
    publication_date = fields.Date(
        help="In the official gazette (in France the BODACC): the law's delays count "
        "from it. Until it is entered they are counted from the judgment, prudently.",
    )
    learned_on = fields.Date(
        default=lambda self: self.env.company._credit_today(),
        help="The policy's days to tell the insurer count from it.",
    )
    date_end = fields.Date(
        string="Ended On", help="The day the proceedings were closed, if they are."
    )
    court = fields.Char()
    administrator = fields.Char()
    source = fields.Char(help="Where the information comes from: gazette, agency, …")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= judgment_date)",
        "Proceedings cannot end before the judgment that opened them.",
    )

    _publication_after_judgment = models.Constraint(
        "CHECK (publication_date IS NULL OR publication_date >= judgment_date)",
        "A judgment cannot be published before it was given.",
    )

    @api.depends("partner_id", "kind", "judgment_date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for insolvency in self:
            if not insolvency.partner_id:
                insolvency.display_name = ""
                continue
            insolvency.display_name = self.env._(
                "%(buyer)s: %(kind)s of %(day)s",
                buyer=insolvency.partner_id.display_name,
                kind=kinds.get(insolvency.kind, ""),
                day=format_date(self.env, insolvency.judgment_date),
            )

    @api.constrains("partner_id")
    def _check_partner_is_buyer(self):
        for insolvency in self:
            buyer = insolvency.partner_id.commercial_partner_id
            if insolvency.partner_id != buyer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(buyer)s: record the insolvency "
                        "of the company.",
                        contact=insolvency.partner_id.display_name,
                        buyer=buyer.display_name,
                    )
                )

    @api.model
    def _buyers_with_any(self, buyers, day):
        """Return those of these buyers whose proceedings go on on a day."""
        # sudo: that there are any, whoever proposes a limit
        groups = self.sudo()._read_group(
            [
                ("partner_id", "in", buyers.ids),
                ("judgment_date", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ],
            ["partner_id"],
        )
        return buyers.browse(buyer.id for (buyer,) in groups)
