from odoo import fields, models

from ..check.credit_finding import FINDING_CODES, SEVERITIES


class CreditInsuranceHoldFinding(models.Model):
    """What the check said when a release was asked for, kept as it was.

    In every language in use: who decides reads it in another one than who asked.
    """

    _name = "credit.insurance.hold.finding"
    _description = "Finding of a Credit Hold"
    _order = "sequence, id"
    _rec_name = "code"

    hold_id = fields.Many2one(
        "credit.insurance.hold", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="hold_id.company_id", store=True)
    sequence = fields.Integer()
    code = fields.Selection(FINDING_CODES, string="Finding", required=True)
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        help="Blocks the order, or only warns; the check rules say which.",
    )
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    message = fields.Char(translate=True)
    cure = fields.Char(string="Remedy", translate=True)

    def _say_in(self, lang, findings):
        """Say these findings in another language.

        :param lang: code of a language
        :param findings: what the check says in it
        """
        texts = {finding.code: finding for finding in findings}
        for finding in self.with_context(lang=lang):
            if said := texts.get(finding.code):
                finding.write({"message": said.message, "cure": said.cure})
