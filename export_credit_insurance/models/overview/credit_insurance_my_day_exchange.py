from datetime import timedelta

from odoo import models

from .day_section import LATE, LATER, SOON, Section, button, row

#: an insurer that has not answered for so many days is asked again
UNANSWERED_DAYS = 14


class CreditInsuranceMyDay(models.AbstractModel):
    """What goes to insurers and comes from them: requests of limits, their files."""

    _inherit = "credit.insurance.my.day"

    def _section_requests(self):
        return Section(
            key="requests",
            title=self.env._("Limit Requests to Send or Not Answered"),
            empty=self.env._("Every request is answered."),
            model="credit.insurance.limit.request",
            domain=[("state", "in", ("draft", "sent"))],
            order="sent_on, id",
            action="export_credit_insurance.credit_insurance_limit_request_action",
            row=self._row_request,
        )

    def _row_request(self, request):
        last = self._today() - timedelta(days=UNANSWERED_DAYS)
        if request.state == "draft":
            urgency = SOON
            buttons = [
                button(
                    self.env._("Send as a File"),
                    "action_send",
                    self.env._(
                        "The file is yours to hand to the insurer. The request cannot "
                        "be changed afterwards."
                    ),
                )
            ]
        else:
            urgency = LATE if request.sent_on <= last else LATER
            buttons = [button(self.env._("Record the Answer"), "action_record_answer")]
        return row(
            label=self._named(request, "partner_id"),
            detail=self.env._(
                "%(request)s, %(state)s",
                request=self._word(request, "request_type"),
                state=self._word(request, "state"),
            ),
            since=request.sent_on,
            urgency=urgency,
            money=(request.amount, request.currency_id),
            buttons=buttons,
        )

    def _section_imports(self):
        return Section(
            key="imports",
            title=self.env._("Limit Files to Check or Apply"),
            empty=self.env._("No file of an insurer waits."),
            model="credit.insurance.limit.import",
            domain=[
                ("state", "in", ("draft", "checked")),
                ("is_checking", "=", False),
                ("is_applying", "=", False),
            ],
            order="id",
            action="export_credit_insurance.credit_insurance_limit_import_action",
            row=self._row_import,
        )

    def _row_import(self, file):
        buttons = []
        if file.state == "draft":
            buttons = [button(self.env._("Check"), "action_check")]
        elif file.change_count and not file.blocking_count:
            confirm = self.env._(
                "All decisions of this file are recorded. They cannot be deleted "
                "afterwards."
            )
            buttons = [button(self.env._("Apply"), "action_apply", confirm)]
        return row(
            label=file.display_name,
            detail=self.env._(
                "%(state)s, changes: %(changes)s, to settle: %(blocking)s",
                state=self._word(file, "state"),
                changes=file.change_count,
                blocking=file.blocking_count,
            ),
            since=file.received_on,
            urgency=LATER,
            buttons=buttons,
        )
