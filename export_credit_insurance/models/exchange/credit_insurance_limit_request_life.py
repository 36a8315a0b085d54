import base64
import io

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contract.credit_insurance_limit import OPEN_STATES
from ..indemnity.pack_writer import PackWriter
from .credit_insurance_limit_request import PENDING
from .request_file import to_csv, to_xlsx

ANSWER_ACTIVITY = "export_credit_insurance.mail_activity_type_insurer_answer"


class CreditInsuranceLimitRequest(models.Model):
    """Life of a request: drafted, sent, answered or withdrawn.

    Sending makes the line of the limits that is asked for; the decision recorded on
    that line closes the request (see ``credit.insurance.limit._store``).
    """

    _inherit = "credit.insurance.limit.request"

    # === SEND === #

    def action_send(self):
        """Ask the insurers, and hand out the files that say so, one per insurer.

        :raise UserError: where one was sent already, or asks for nothing
        """
        self._send("file")
        return self._download_files()

    def _send(self, channel):
        """Make the lines that are asked for and mark the requests as sent."""
        self.check_access("write")
        for request in self:
            request._check_sendable()
        # one lock at a time, always in this order: two people never wait in a circle
        for request in self.sorted("id"):
            today = request.company_id._credit_today()
            line = self.env["credit.insurance.limit"].create(request._prepare_line())
            # sudo: nobody else writes these
            request.sudo().write(
                {
                    "state": "sent",
                    "sent_on": today,
                    "channel": channel,
                    "limit_id": line.id,
                }
            )

    def _check_sendable(self):
        """Refuse what no insurer could answer; say what to correct."""
        self.ensure_one()
        names = {"buyer": self.partner_id.display_name}
        order = self.currency_id.compare_amounts(self.amount, self.current_amount)
        same_currency = self.currency_id == self.previous_id.currency_id
        if self.state != "draft":
            message = self.env._(
                "The request for %(buyer)s was sent already: record the answer, or "
                "withdraw it.",
                **names,
            )
        elif self.request_type != "cancel" and self.amount <= 0:
            message = self.env._(
                "Enter the amount that %(buyer)s needs before you send the request.",
                **names,
            )
        elif self.limit_kind == "temporary" and not (
            self.date_to or self.request_type == "cancel"
        ):
            message = self.env._(
                "Enter the day until which %(buyer)s needs the temporary limit.",
                **names,
            )
        elif self.previous_id and self.previous_id.state not in OPEN_STATES:
            message = self.env._(
                "The limit of %(buyer)s that the request would change has ended "
                "meanwhile. Delete the request and ask anew.",
                **names,
            )
        elif same_currency and (
            (self.request_type == "increase" and order <= 0)
            or (self.request_type == "reduce" and order >= 0)
        ):
            message = self.env._(
                "The limit of %(buyer)s is %(current)s, and %(amount)s is asked for: "
                "an increase asks for more, a reduction for less.",
                **names,
                current=self.currency_id.format(self.current_amount),
                amount=self.currency_id.format(self.amount),
            )
        else:
            return
        raise UserError(message)

    def _prepare_line(self):
        """Values of the line of the limits that is asked for."""
        self.ensure_one()
        end = self.date_to
        if self.request_type == "cancel":
            end = self.previous_id.date_to
        return {
            "policy_id": self.policy_id.id,
            "partner_id": self.partner_id.id,
            "kind": self.limit_kind,
            "state": "requested",
            "request_type": self.request_type,
            "previous_id": self.previous_id.id,
            "currency_id": self.currency_id.id,
            "requested_amount": self.amount,
            "amount_mode": self.previous_id.amount_mode or "additional",
            "request_date": self.company_id._credit_today(),
            "date_from": self.date_from,
            "date_to": end,
        }

    def action_withdraw(self):
        """Take requests back: drafts are forgotten, the insurer is no longer asked."""
        self.check_access("write")
        for request in self.filtered(lambda each: each.state not in PENDING):
            raise UserError(
                self.env._(
                    "The request for %(buyer)s waits for no answer: there is nothing "
                    "to withdraw.",
                    buyer=request.partner_id.display_name,
                )
            )
        lines = self.limit_id
        lines.action_withdraw()
        # sudo: nobody else writes the state
        self.sudo().filtered(lambda each: each.state == "draft").state = "withdrawn"
        # sudo: a line that was never answered says nothing, whoever may delete drafts
        lines.sudo().unlink()
        self.flush_recordset(["state"])
        return True

    # === ANSWER === #

    def action_record_answer(self):
        """Open the dialogue that records what the insurer decided."""
        self.ensure_one()
        return self.limit_id.action_record_decision()

    @api.model
    def _close_by(self, lines):
        """Close the requests whose lines were just answered or withdrawn.

        :param lines: lines of the limits whose state has changed
        """
        # sudo: the answer closes the request, whoever records it
        sent = self.sudo().search(
            [("limit_id", "in", lines.ids), ("state", "=", "sent")]
        )
        for request in sent:
            line = request.limit_id
            if line.state == "requested":
                continue
            if line.state == "draft":
                request.write({"state": "withdrawn", "limit_id": False})
                continue
            request.write(
                {
                    "state": "answered",
                    "answered_on": line.notified_on
                    or request.company_id._credit_today(),
                    "insurer_ref": line.insurer_reference or request.insurer_ref,
                }
            )
            request._tell_author()
        # the next request may be drafted in this transaction: the index must see it
        sent.flush_recordset(["state"])

    def _tell_author(self):
        """Plan a task for who asked: the insurer has answered."""
        self.ensure_one()
        if self.author_id == self.env.user or not self.author_id.active:
            return
        states = dict(
            self.env["credit.insurance.limit"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        self.activity_schedule(
            ANSWER_ACTIVITY,
            user_id=self.author_id.id,
            summary=self.env._(
                "%(buyer)s: %(answer)s, %(granted)s of %(asked)s",
                buyer=self.partner_id.name,
                answer=states[self.limit_id.state],
                granted=self.limit_id.currency_id.format(self.limit_id.amount),
                asked=self.currency_id.format(self.amount),
            ),
        )

    # === FILES === #

    def action_download(self):
        """Hand out the files again."""
        self.check_access("read")
        return self._download_files()

    def _download_files(self):
        """Return the action that downloads the file, or a ZIP where there are several.

        Each file stays with the requests of its insurer.
        """
        files = [
            requests._make_file(insurer)
            for insurer, requests in self.grouped("insurer_id").items()
        ]
        name, content = files[0] if len(files) == 1 else _zip(files)
        # sudo: whoever sends requests takes their file, kept with the first of them
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "datas": base64.b64encode(content),
                    "res_model": self._name,
                    "res_id": self[:1].id,
                }
            )
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _make_file(self, insurer):
        """Return (name, content) of the file for one insurer, as it wants it."""
        kind = insurer.request_file_format
        content = to_csv(self) if kind == "csv" else to_xlsx(self)
        day = fields.Date.to_string(self[:1].company_id._credit_today())
        return f"{insurer.code}-requests-{day}.{kind}", content


def _zip(files):
    content = io.BytesIO()
    with PackWriter(content) as archive:
        for name, data in files:
            archive.add((), name, data)
    return "requests.zip", content.getvalue()
