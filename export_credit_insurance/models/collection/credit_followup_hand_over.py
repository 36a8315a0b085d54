from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..groups import CONTROLLER_GROUP


class CreditFollowupReminder(models.Model):
    """Handing over: a fact of the ledger that a credit controller records.

    What is handed over to the insurer or to a collection agency leaves follow-up, and
    stops the cover of new shipments (DOMAIN 1.8).
    """

    _inherit = "credit.followup.reminder"

    can_hand_over = fields.Boolean(compute="_compute_can_hand_over")

    @api.depends("state", "line_ids.state", "line_ids.step_id.hand_over")
    def _compute_can_hand_over(self):
        left = self._lines_to_hand_over()
        for reminder in self:
            reminder.can_hand_over = bool(reminder.line_ids & left)

    def _lines_to_hand_over(self):
        """Return the instalments whose step hands over and that nobody has yet."""
        lines = self.line_ids.filtered(
            lambda line: line.state == "taken" and line.step_id.hand_over
        )
        # sudo: whether they are open and handed over, for who reads no invoices
        instalments = lines.sudo().move_line_id
        handed = self.env["credit.insurance.stop"].sudo()
        handed = handed.search(
            [
                ("cause", "=", "handed_over"),
                ("move_line_id", "in", instalments.ids),
                ("date_to", "=", False),
            ]
        ).move_line_id
        return lines.filtered(
            lambda line: line.sudo().move_line_id
            and not line.sudo().move_line_id.reconciled
            and line.sudo().move_line_id not in handed
        )

    def action_hand_over(self):
        """Record that the instalments were handed over today.

        :raise AccessError: for anyone but a credit controller
        """
        if not self.env.user.has_group(CONTROLLER_GROUP):
            raise AccessError(
                self.env._("Only a credit controller hands debts over to collection.")
            )
        self.check_access("read")
        lines = self._lines_to_hand_over().sudo()  # sudo: their invoices' policies
        self.env["credit.insurance.stop"].create(
            [
                {
                    "partner_id": line.reminder_id.partner_id.id,
                    "policy_id": line.move_id.insurance_policy_id.id,
                    "move_line_id": line.move_line_id.id,
                    "date_from": line.company_id._credit_today(),
                    "cause": "handed_over",
                }
                for line in lines
            ]
        )
        hand_over = "export_credit_insurance.mail_activity_type_hand_over"
        self.sudo().activity_feedback([hand_over])  # sudo: whoever it was planned for
        return True
