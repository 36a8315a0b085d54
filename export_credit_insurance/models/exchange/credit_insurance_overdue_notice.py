from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditInsuranceOverdueNotice(models.Model):
    """Overdue notices that go through the insurer's service."""

    _inherit = "credit.insurance.overdue.notice"

    call_ids = fields.One2many("credit.insurance.provider.call", "notice_id")
    call_state = fields.Selection(related="call_ids.state", string="Service")
    call_error = fields.Char(related="call_ids.error", string="Service's Error")

    has_service = fields.Boolean(compute="_compute_has_service")

    @api.depends("company_id", "policy_id.insurer_id")
    def _compute_has_service(self):
        known = self.env["credit.insurance.provider.account"]._known(
            self.company_id, self.insurer_id
        )
        for notice in self:
            notice.has_service = (notice.company_id, notice.insurer_id) in known

    def action_send_service(self):
        """Mark the notices as sent, and have the services told.

        :raise UserError: where the company has no account at one of the insurers
        """
        accounts = self.env["credit.insurance.provider.account"]
        for notice in self:
            if not accounts._of(notice.company_id, notice.insurer_id):
                raise UserError(
                    self.env._(
                        "%(company)s has no account at the service of %(insurer)s: "
                        "hand the notice over as a file.",
                        company=notice.company_id.name,
                        insurer=notice.insurer_id.name,
                    )
                )
        self.action_send()
        for notice in self:
            self.env["credit.insurance.provider.call"]._queue(
                account_id=accounts._of(notice.company_id, notice.insurer_id).id,
                notice_id=notice.id,
            )
        return True

    def _take_decision(self, decision):
        """Keep the reference under which the insurer took the notice.

        What the insurer decides on it is recorded by a person.
        """
        self.ensure_one()
        reference = decision.get("insurer_reference")
        if reference and not self.insurer_ref:
            self.insurer_ref = reference
