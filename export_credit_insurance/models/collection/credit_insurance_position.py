from odoo import api, models
from odoo.tools import SQL


class CreditInsurancePosition(models.AbstractModel):
    """What was contested on a past day, from the disputes that people recorded."""

    _inherit = "credit.insurance.position"

    @api.model
    def _disputes_of(self, day):
        # EXTENDS position: a dispute counts from its day until it was settled; the
        # amount of an invoice that has no dispute on record is today's
        dispute = self.env["credit.followup.dispute"]
        dispute.flush_model(["move_id", "amount", "date", "state", "settled_on"])
        return SQL(
            """
            SELECT move_id, sum(amount) AS amount
              FROM credit_followup_dispute
             WHERE date <= %(day)s AND (state = 'open' OR settled_on > %(day)s)
             GROUP BY move_id
            UNION ALL
            SELECT today.move_id, today.amount
              FROM (%(today)s) today
             WHERE NOT EXISTS (SELECT FROM credit_followup_dispute known
                                WHERE known.move_id = today.move_id)
            """,
            day=day,
            today=super()._disputes_of(day),
        )
