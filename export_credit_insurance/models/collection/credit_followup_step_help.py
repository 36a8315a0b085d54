from odoo import fields, models


class CreditFollowupStep(models.Model):
    """What a step does."""

    _inherit = "credit.followup.step"

    base = fields.Selection(
        help="The day from which the days of the step are counted.",
    )
    send_mail = fields.Boolean(
        help="A reminder by e-mail, in the buyer's language.",
    )
    tone = fields.Selection(
        help="How firm the text is; only a mark for whoever writes it.",
    )
    show_fees = fields.Boolean(
        help="Names the fixed fee that the law of late payment allows to ask for.",
    )
