from odoo import api, fields, models
from odoo.exceptions import UserError

ANSWERS = ("approved", "partial", "conditional", "refused")
#: what the service may say of a decision, as fields of the limit
DECISION_VALUES = (
    "date_from",
    "date_to",
    "decision_date",
    "conditions",
    "reason",
    "reason_code",
    "insurer_reference",
    "insurer_buyer_ref",
)


class CreditInsuranceLimitRequest(models.Model):
    """Requests that go through the insurer's service instead of a file."""

    _inherit = "credit.insurance.limit.request"

    has_service = fields.Boolean(compute="_compute_has_service")
    call_ids = fields.One2many("credit.insurance.provider.call", "request_id")
    call_state = fields.Selection(related="call_ids.state", string="Service")
    call_error = fields.Char(related="call_ids.error", string="Service's Error")

    @api.depends("company_id", "insurer_id")
    def _compute_has_service(self):
        known = self.env["credit.insurance.provider.account"]._known(
            self.company_id, self.insurer_id
        )
        for request in self:
            request.has_service = (request.company_id, request.insurer_id) in known

    def action_send_service(self):
        """Ask the insurers through their services.

        :raise UserError: where the company has no account at one of them
        """
        accounts = self.env["credit.insurance.provider.account"]
        for request in self:
            if not accounts._of(request.company_id, request.insurer_id):
                raise UserError(
                    self.env._(
                        "%(company)s has no account at the service of %(insurer)s: "
                        "send the file, or have an administrator enter the account.",
                        company=request.company_id.name,
                        insurer=request.insurer_id.name,
                    )
                )
        self._send("api")
        for request in self:
            self.env["credit.insurance.provider.call"]._queue(
                account_id=accounts._of(request.company_id, request.insurer_id).id,
                request_id=request.id,
            )
        return True

    def action_retry_service(self):
        """Try the failed calls of these requests again."""
        # sudo: the calls of requests that the user may write
        self.check_access("write")
        self.call_ids.sudo().filtered(
            lambda call: call.state == "failed"
        ).action_retry()
        return True

    def _take_decision(self, decision):
        """Record what the service decided, through the life cycle of limits.

        An answer that somebody recorded by hand meanwhile stays as it is.

        :param decision: see ``credit.insurance.provider.read_decisions``
        :raise UserError: for an answer that does not fit the request
        """
        self.ensure_one()
        if self.limit_id.state != "requested":
            return
        word = decision["decision"]
        if word not in ANSWERS:
            raise UserError(
                self.env._("“%s” is no answer to a request for a limit.", word)
            )
        currency = decision.get("currency")
        if currency and currency != self.currency_id.name:
            raise UserError(
                self.env._(
                    "The answer is in %(currency)s and the request in %(asked)s: "
                    "record it by hand.",
                    currency=currency,
                    asked=self.currency_id.name,
                )
            )
        values = {name: decision.get(name) for name in DECISION_VALUES}
        if word != "refused" and self.request_type != "cancel":
            values["amount"] = decision.get("amount")
        if word == "refused":
            values.pop("date_to")
        self.limit_id._record_decision(word, source="api", **values)
